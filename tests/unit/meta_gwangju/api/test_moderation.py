"""Sanctions over HTTP, and felt in a running city."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from municipality import journal
from municipality.access import EXPO, Role
from streaming.client import Citizen, Identity
from streaming.errors import RefusedError
from streaming.messages import Close, Notice, Said, ServerEvent
from tests.unit.meta_gwangju.callers import Caller, citizen
from tests.unit.meta_gwangju.serving import opened
from tests.unit.streaming.city import until
from world.entity import PersonId

PATH = "/api/v1/moderation"
HTML = "<img src=x onerror=alert(1)> '; DROP TABLE moderation_acts; --"


@pytest.fixture
def officer(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "담당", Role.OFFICER)


@pytest.fixture
def operator(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "운영", Role.OPERATOR)


@pytest.fixture
def noisy(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "떠들이")


def about(whom: Caller, kind: str = "mute", **changes: object) -> dict[str, object]:
    return {
        "kind": kind,
        "citizen": whom.number,
        "category": "noise",
        "reason": HTML,
        "seconds": 0 if kind == "kick" else 3600,
    } | changes


def sanction(caller: Caller, whom: Caller, kind: str = "mute", **changes: object) -> httpx.Response:
    return caller.ask("POST", f"{PATH}/acts", json=about(whom, kind, **changes))


def told(node: CityNode) -> list[str]:
    with node.offices.store.engine.connect() as connection:
        assert journal.verify(connection, "moderation") == []
        return [entry.kind for entry in journal.entries(connection, "moderation")]


def test_a_muted_citizen_is_told_appeals_and_another_officer_lifts_it(
    node: CityNode, officer: Caller, operator: Caller, noisy: Caller
) -> None:
    made = sanction(officer, noisy)
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    (own,) = noisy.ask("GET", f"{PATH}/mine").json()
    assert (own["id"], own["kind"], own["holds"]) == (number, "mute", True)
    assert "이의" in own["ko"]
    assert "speak" not in noisy.ask("GET", "/api/v1/session").json()["may"]
    assert "vote" in noisy.ask("GET", "/api/v1/session").json()["may"]
    sent = noisy.ask("POST", f"{PATH}/acts/{number}/appeal", json={"text": HTML})
    assert sent.status_code == 201, sent.text
    (waiting,) = operator.ask("GET", f"{PATH}/appeals").json()
    assert (waiting["text"], waiting["act"]["id"]) == (HTML, number)
    reply = {"outcome": "lifted", "text": "맞아요."}
    assert officer.ask("POST", f"{PATH}/acts/{number}/appeal/answer", json=reply).status_code == 403
    assert operator.ask("POST", f"{PATH}/acts/{number}/appeal/answer", json=reply).status_code == 200
    mine = noisy.ask("GET", f"{PATH}/acts/{number}").json()
    assert (mine["appeal"]["outcome"], mine["appeal"]["answer"], mine["act"]["holds"]) == (
        "lifted",
        "맞아요.",
        False,
    )
    assert "speak" in noisy.ask("GET", "/api/v1/session").json()["may"]
    assert told(node) == ["muted", "appealed", "appeal_answered", "lifted"]


def test_officers_see_reasons_and_names_and_everybody_sees_a_log_without(
    app: FastAPI, officer: Caller, noisy: Caller
) -> None:
    sanction(officer, noisy)
    (line,) = officer.ask("GET", f"{PATH}/acts").json()
    assert (line["reason"], line["name"], line["citizen"]) == (HTML, "떠들이", noisy.number)
    assert officer.ask("GET", f"{PATH}/acts?holding=true").json() == [line]
    seen = Caller(app).ask("GET", f"{PATH}/log")
    (entry,) = seen.json()["entries"]
    assert set(entry) == {"kind", "place", "category", "visitor", "at", "seconds", "lifted", "appeal"}
    for secret in ("떠들이", "alert", "담당"):
        assert secret not in seen.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/acts", {"kind": "mute", "citizen": 1, "category": "noise", "reason": "x", "seconds": 600}),
        ("GET", "/acts", None),
        ("GET", "/appeals", None),
        ("POST", "/acts/1/lift", {"reason": "x"}),
        ("POST", "/acts/1/appeal/answer", {"outcome": "kept", "text": "x"}),
    ],
)
def test_who_is_no_officer_does_none_of_it(
    app: FastAPI, node: CityNode, officer: Caller, noisy: Caller, method: str, path: str, body: object
) -> None:
    sanction(officer, noisy)
    noisy.ask("POST", f"{PATH}/acts/1/appeal", json={"text": "아니에요"})
    before = told(node)
    for caller in (noisy, Caller(app)):
        answer = caller.ask(method, PATH + path, **({"json": body} if body else {}))
        assert answer.status_code == 403, answer.text
        assert answer.json()["code"] == "not_allowed"
    assert told(node) == before


def test_what_may_not_be_done_changes_nothing(
    app: FastAPI, node: CityNode, officer: Caller, operator: Caller, noisy: Caller
) -> None:
    at_expo = citizen(app, node.offices, "전시", Role.OFFICER, place=EXPO)
    for status, answer in [
        (403, sanction(officer, operator)),
        (403, sanction(officer, officer)),
        (403, sanction(officer, at_expo)),
        (403, sanction(officer, noisy, "ban", category="danger")),
        (403, sanction(at_expo, noisy)),
        (403, sanction(at_expo, noisy, place="city/city_hall")),
        (404, sanction(officer, noisy, citizen=9_999)),
        (404, sanction(officer, noisy, citizen=None, person=77)),
        (404, sanction(officer, noisy, person=77)),
        (404, sanction(officer, noisy, citizen=None)),
        (409, sanction(officer, noisy, "kick")),
        (409, sanction(officer, noisy, seconds=90_000)),
        (409, sanction(operator, noisy, "ban")),
        (422, sanction(officer, noisy, reason=" ")),
        (422, sanction(officer, noisy, reason="a\u202eb")),
        (422, sanction(officer, noisy, kind="hang")),
        (422, sanction(officer, noisy, place="city/../x")),
        (422, sanction(officer, noisy, place="CITY")),
        (422, sanction(officer, noisy, seconds=-1)),
        (422, sanction(officer, noisy, category="politics")),
    ]:
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert told(node) == []
    assert sanction(at_expo, noisy, place=f"{EXPO}/a1").status_code == 201


def test_an_act_asked_twice_is_done_once(node: CityNode, officer: Caller, noisy: Caller) -> None:
    officer.headers["idempotency-key"] = "0190-abcdef"
    first, again = sanction(officer, noisy), sanction(officer, noisy)
    assert first.json()["id"] == again.json()["id"]
    assert told(node) == ["muted"]
    assert sanction(officer, noisy, seconds=60).status_code == 409


def test_a_page_of_another_site_sanctions_nobody(node: CityNode, officer: Caller, noisy: Caller) -> None:
    officer.headers["origin"] = "https://evil.example"
    assert sanction(officer, noisy).status_code == 403
    assert told(node) == []


# --- in a running city ----------------------------------------------------------------------------------


class Town:
    """A running city with people in it, and officers who call its API."""

    def __init__(self, address: str, node: CityNode) -> None:
        self.url = f"http://{address}"
        self.node = node

    async def ask(self, caller: Caller, method: str, path: str, **more: Any) -> httpx.Response:
        headers = caller.headers | {"origin": self.url}
        async with httpx.AsyncClient(base_url=self.url, headers=headers) as client:
            return await client.request(method, path, **more)

    async def act(self, caller: Caller, person: int, kind: str, **changes: object) -> httpx.Response:
        body: dict[str, object] = {
            "kind": kind,
            "person": person,
            "category": "danger",
            "reason": "소란",
            "seconds": 0 if kind == "kick" else 3600,
        }
        return await self.ask(caller, "POST", f"{PATH}/acts", json=body | changes)


def during(node: CityNode, settings: Settings, visit: Callable[[Town], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened(node, settings) as address:
            await visit(Town(address, node))

    asyncio.run(run())


def heard(who: Citizen) -> list[ServerEvent]:
    events: list[ServerEvent] = []

    async def listen() -> None:
        async for event in who.events():
            events.append(event)  # noqa: PERF401 -- each as it comes

    who.listening = asyncio.create_task(listen())  # type: ignore[attr-defined] # kept from the collector
    return events


def of(events: list[ServerEvent], kind: type) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_a_muted_visitor_neither_speaks_nor_writes_until_it_is_lifted(
    node: CityNode, settings: Settings, officer: Caller
) -> None:
    async def visit(town: Town) -> None:
        async with Citizen(town.url, Identity("떠들이")) as loud, Citizen(town.url, Identity("나은")) as near:
            person = PersonId(loud.person)
            events, hears = heard(loud), heard(near)
            await until(lambda: person in node.world and len(node.world.person[: node.world.count]) == 2)
            loud.microphone(live=True)
            await until(lambda: bool(node.world.microphone[node.world.row(person)]))
            made = await town.act(officer, loud.person, "mute")
            assert made.status_code == 201, made.text
            await until(lambda: not node.world.microphone[node.world.row(person)])
            (notice,) = of(events, Notice)
            assert notice.code == "sanctioned"
            assert "이의" in notice.ko
            loud.microphone(live=True)
            loud.say("들리나요?")
            await until(lambda: "not_allowed" in {told.code for told in of(events, Notice)})
            near.say("조용해졌네요")
            await until(lambda: bool(of(hears, Said)))
            assert [said.text for said in of(hears, Said)] == ["조용해졌네요"]
            assert not node.world.microphone[node.world.row(person)]
            lift = f"{PATH}/acts/{made.json()['id']}/lift"
            assert (await town.ask(officer, "POST", lift, json={"reason": "끝"})).status_code == 200
            await until(lambda: "sanction_lifted" in {told.code for told in of(events, Notice)})
            loud.say("고마워요")
            await until(lambda: "고마워요" in {said.text for said in of(hears, Said)})

    during(node, settings, visit)


def test_a_kicked_visitor_is_out_and_may_come_back(
    node: CityNode, settings: Settings, officer: Caller
) -> None:
    async def visit(town: Town) -> None:
        loud = Citizen(town.url, Identity("떠들이"))
        await loud.__aenter__()
        await until(lambda: PersonId(loud.person) in node.world)
        officer.headers["idempotency-key"] = "0190-kick-once"
        assert (await town.act(officer, loud.person, "kick")).status_code == 201
        await until(lambda: loud.state == "refused")
        await until(lambda: PersonId(loud.person) not in node.world)
        async with Citizen(town.url, Identity("떠들이", session=loud.session)) as again:
            assert again.person == loud.person
            await until(lambda: PersonId(loud.person) in node.world)
            asked_again = await town.act(officer, loud.person, "kick")  # a reply was lost on its way
            assert asked_again.status_code == 201
            later = node.world.tick + 10
            await until(lambda: node.world.tick > later)
            assert again.state == "connected"
        assert (await town.act(officer, 9_999, "kick")).status_code == 404

    during(node, settings, visit)


def test_who_has_a_timeout_is_kept_out_and_told_until_when_and_others_are_not(
    node: CityNode, settings: Settings, officer: Caller
) -> None:
    async def visit(town: Town) -> None:
        loud = Citizen(town.url, Identity("떠들이"))
        await loud.__aenter__()
        await until(lambda: PersonId(loud.person) in node.world)
        made = await town.act(officer, loud.person, "timeout")
        assert made.status_code == 201, made.text
        await until(lambda: loud.state == "refused")
        with pytest.raises(RefusedError) as refused:
            await Citizen(town.url, Identity("떠들이", session=loud.session)).__aenter__()
        assert (refused.value.close, refused.value.code) == (Close.REMOVED, "removed")
        assert "KST" in str(refused.value) or "까지" in str(refused.value)
        async with Citizen(town.url, Identity("다른이")) as other:
            assert other.person != loud.person

    during(node, settings, visit)


def test_a_muted_citizen_does_not_speak_again_by_signing_out(
    node: CityNode, settings: Settings, officer: Caller, noisy: Caller
) -> None:
    async def visit(town: Town) -> None:
        async with Citizen(town.url, Identity("떠들이")) as loud:
            await until(lambda: PersonId(loud.person) in node.world)
            linked = await town.ask(noisy, "PUT", "/api/v1/session/presence", json={"session": loud.session})
            assert linked.status_code == 204, linked.text
            made = await town.act(officer, loud.person, "mute")
            assert made.status_code == 201, made.text
            lines = (await town.ask(officer, "GET", f"{PATH}/acts")).json()
            assert [line["citizen"] for line in lines] == [noisy.number]
            assert not node.offices.presence.may(loud.person, "chat")
            assert (await town.ask(noisy, "DELETE", "/api/v1/session")).status_code == 204
            assert node.offices.presence.citizen(loud.person) is None
            assert not node.offices.presence.may(loud.person, "chat")

    during(node, settings, visit)


def test_a_banned_citizen_is_removed_as_soon_as_they_are_known(
    node: CityNode, settings: Settings, operator: Caller, noisy: Caller
) -> None:
    async def visit(town: Town) -> None:
        ban = about(noisy, "ban", category="danger", seconds=86_400 * 30)
        assert (await town.ask(operator, "POST", f"{PATH}/acts", json=ban)).status_code == 201
        loud = Citizen(town.url, Identity("떠들이"))
        await loud.__aenter__()
        await until(lambda: PersonId(loud.person) in node.world)
        await town.ask(noisy, "PUT", "/api/v1/session/presence", json={"session": loud.session})
        await until(lambda: loud.state == "refused")
        await until(lambda: PersonId(loud.person) not in node.world)

    during(node, settings, visit)


def test_rights_come_back_when_a_sanction_ends(node: CityNode, settings: Settings, officer: Caller) -> None:
    async def visit(town: Town) -> None:
        async with Citizen(town.url, Identity("떠들이")) as loud:
            await until(lambda: PersonId(loud.person) in node.world)
            assert (await town.act(officer, loud.person, "mute", seconds=60)).status_code == 201
            enforcement, presence = node.offices.enforcement, node.offices.presence
            enforcement.look(time.time() + 59)
            assert not presence.may(loud.person, "speak")
            enforcement.look(time.time() + 61)
            assert presence.may(loud.person, "speak")

    during(node, settings, visit)
