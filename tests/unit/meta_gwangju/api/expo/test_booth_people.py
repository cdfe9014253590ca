"""Who comes to a booth: keys of its screen, contacts, visits."""

import asyncio

import httpx
import numpy as np
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from meta_gwangju import expo_rounds, footfall
from meta_gwangju.api import contacts
from meta_gwangju.api.guard import Buckets
from meta_gwangju.node import CityNode
from municipality.access import EXPO, Actor
from municipality.schema import booth_visits
from tests.support.deadline import eventually
from tests.unit.meta_gwangju.api.expo.booth_builders import (
    A1,
    CONTACT,
    refusal,
    told,
)
from tests.unit.meta_gwangju.callers import ORIGIN, Caller, citizen
from world.entity import Appearance, PersonId


def test_the_publishing_token_is_shown_once_and_ends(exhibitor: Caller, node: CityNode) -> None:
    made = exhibitor.ask("POST", f"{A1}/publish-token")
    assert made.status_code == 201
    token = made.json()["token"]
    assert made.json()["whip"] == f"{A1}/whip"
    booth = node.offices.expo.publishing.publisher(token)
    assert booth is not None
    assert booth.slot == "kdj_center-a1"
    assert token not in exhibitor.ask("GET", A1).text
    assert exhibitor.ask("GET", A1).json()["token_made_at"] == made.json()["made_at"]
    other = exhibitor.ask("POST", f"{A1}/publish-token").json()["token"]
    assert node.offices.expo.publishing.publisher(token) is None
    assert exhibitor.ask("DELETE", f"{A1}/publish-token").status_code == 204
    assert node.offices.expo.publishing.publisher(other) is None
    refusal(exhibitor.ask("DELETE", f"{A1}/publish-token"), 404, "not_found")


def test_whoever_is_erased_knows_no_key_of_their_organisation_s_screen(
    exhibitor: Caller, node: CityNode
) -> None:
    token = exhibitor.ask("POST", f"{A1}/publish-token").json()["token"]
    assert node.offices.expo.publishing.publisher(token) is not None
    assert exhibitor.ask("DELETE", "/api/v1/citizen").status_code == 204
    assert node.offices.expo.publishing.publisher(token) is None


def test_a_contact_goes_to_the_organisation_and_can_be_taken_back(
    exhibitor: Caller, visitor: Caller, rival: Caller, node: CityNode
) -> None:
    refusal(visitor.ask("POST", f"{A1}/contacts", json=CONTACT), 409, "conflict")
    exhibitor.ask("POST", f"{A1}/open")
    by_visitor = visitor.ask("POST", f"{A1}/contacts", json=CONTACT)
    assert by_visitor.status_code == 201, by_visitor.text
    number, token = by_visitor.json()["id"], by_visitor.json()["token"]
    by_rival = rival.ask("POST", f"{A1}/contacts", json=CONTACT | {"name": "경쟁"}).json()
    assert by_rival["token"] is None
    found = exhibitor.ask("GET", f"{A1}/contacts").json()
    assert [one["contact"]["name"] for one in found] == ["경쟁", "나은"]
    for stranger in (visitor, rival):
        refusal(stranger.ask("GET", f"{A1}/contacts"), 403, "not_allowed")
    assert [one["id"] for one in rival.ask("GET", "/api/v1/contacts").json()] == [by_rival["id"]]

    contact = f"/api/v1/contacts/{number}"
    refusal(visitor.ask("DELETE", contact), 404, "not_found")
    refusal(rival.ask("DELETE", contact), 404, "not_found")
    assert visitor.ask("DELETE", contact, headers={"x-contact-token": token}).status_code == 204
    assert rival.ask("DELETE", f"/api/v1/contacts/{by_rival['id']}").status_code == 204
    left = exhibitor.ask("GET", f"{A1}/contacts").json()
    assert [(one["state"], one["contact"]) for one in left] == [("withdrawn", None)] * 2
    assert told(node).count("contact_withdrawn") == 2


@pytest.mark.parametrize("change", [{"consent": False}, {"email": ""}, {"name": ""}, {"email": "nobody"}])
def test_a_contact_without_consent_or_address_is_refused(
    exhibitor: Caller, visitor: Caller, change: dict[str, object]
) -> None:
    exhibitor.ask("POST", f"{A1}/open")
    assert visitor.ask("POST", f"{A1}/contacts", json=CONTACT | change).status_code == 422
    assert exhibitor.ask("GET", f"{A1}/contacts").json() == []


def test_visits_are_shown_to_the_exhibitor(exhibitor: Caller, visitor: Caller, node: CityNode) -> None:
    exhibitor.ask("POST", f"{A1}/open")
    assert node.offices.expo.visits.visit(Actor(), "kdj_center-a1", 7200.0)
    assert exhibitor.ask("GET", f"{A1}/visits").json()["total"] == 1
    refusal(visitor.ask("GET", f"{A1}/visits"), 403, "not_allowed")


def test_who_stays_in_an_open_booth_is_counted(
    exhibitor: Caller, node: CityNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibitor.ask("POST", f"{A1}/open")
    monkeypatch.setattr(expo_rounds, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(footfall, "STAY_SECONDS", 0.05)
    visitor = PersonId(7)
    x, z = np.mean(node.offices.halls.slots[0].corners, axis=0)
    node.world.position[node.world.add(visitor, Appearance("나은", 0, "browser"))] = (x, 43.6, z)

    async def watch() -> None:
        rounds = asyncio.create_task(expo_rounds.make_expo_rounds(node.offices, node.world))
        await asyncio.to_thread(eventually, lambda: hours_counted(node) == 1, 10.0)
        rounds.cancel()

    asyncio.run(watch())
    assert exhibitor.ask("GET", f"{A1}/visits").json()["total"] == 1


def hours_counted(node: CityNode) -> int:
    with node.offices.store.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(booth_visits)).scalar_one())


def test_one_address_does_not_fill_a_booth_with_inventions(
    app: FastAPI, exhibitor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "_FROM_VISITORS", Buckets(1.0 / 60.0, 2.0))
    exhibitor.ask("POST", f"{A1}/open")

    async def leave(address: str) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(address, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await client.post(f"{A1}/contacts", json=CONTACT)

    assert [asyncio.run(leave("203.0.113.7")).status_code for _ in range(2)] == [201, 201]
    refusal(asyncio.run(leave("203.0.113.7")), 429, "too_often")
    assert asyncio.run(leave("203.0.113.8")).status_code == 201
    assert len(exhibitor.ask("GET", f"{A1}/contacts").json()) == 3


def test_who_may_not_publish_any_more_knows_no_key(
    exhibitor: Caller, officer: Caller, node: CityNode
) -> None:
    token = exhibitor.ask("POST", f"{A1}/publish-token").json()["token"]
    assert node.offices.expo.publishing.publisher(token) is not None
    sanction = {"citizen": exhibitor.number, "place": EXPO, "category": "obscenity", "reason": "화면"}
    sanctioned = officer.ask(
        "POST", "/api/v1/moderation/acts", json={**sanction, "kind": "mute", "seconds": 300}
    )
    assert sanctioned.status_code == 201, sanctioned.text
    assert node.offices.expo.publishing.publisher(token) is not None
    sanctioned = officer.ask(
        "POST", "/api/v1/moderation/acts", json={**sanction, "kind": "timeout", "seconds": 300}
    )
    assert sanctioned.status_code == 201, sanctioned.text
    assert node.offices.expo.publishing.publisher(token) is None
    refusal(exhibitor.ask("POST", f"{A1}/publish-token"), 403, "not_allowed")
    assert told(node) == ["take", "key", "key_end"]


def test_who_leaves_the_organisation_knows_no_key(
    exhibitor: Caller, organisation: int, node: CityNode, app: FastAPI
) -> None:
    office = f"/api/v1/organisations/{organisation}"
    staff = citizen(app, node.offices, "직원")
    invitation = exhibitor.ask("POST", f"{office}/invitations", json={"rank": "staff"}).json()["token"]
    assert staff.ask("POST", "/api/v1/invitations/accept", json={"token": invitation}).status_code == 200
    token = staff.ask("POST", f"{A1}/publish-token").json()["token"]
    assert node.offices.expo.publishing.publisher(token) is not None
    assert exhibitor.ask("DELETE", f"{office}/members/{staff.number}").status_code == 204
    assert node.offices.expo.publishing.publisher(token) is None
    assert told(node) == ["take", "key", "key_end"]
