"""Booths over HTTP: an organisation builds one, everybody visits it, nobody else touches it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from meta_gwangju.config import Settings
from meta_gwangju.halls import Halls
from meta_gwangju.node import CityNode
from municipality.access import EXPO
from scenes.glb import parse
from tests.unit.meta_gwangju.api.expo.booth_builders import A1, A2, GLB, found, kept, refusal, says, told
from tests.unit.meta_gwangju.callers import Caller, citizen
from tests.unit.scenes.uploads import picture, triangle


def test_the_halls_are_those_of_the_built_city(visitor: Caller, hall_file: bytes) -> None:
    answer = visitor.ask("GET", "/api/v1/halls")
    assert answer.status_code == 200, answer.text
    assert answer.json() == json.loads(hall_file)


def test_at_first_every_slot_is_free(visitor: Caller) -> None:
    booths = visitor.ask("GET", "/api/v1/booths").json()
    assert [booth["number"] for booth in booths] == [f"{row}{k}" for row in "ABC" for k in range(1, 5)]
    assert {booth["state"] for booth in booths} == {"free"}
    assert booths[0]["place"] == "city/kdj_center/a1"
    refusal(visitor.ask("GET", "/api/v1/booths/kdj_center-z1"), 404, "not_found")


def test_a_booth_is_built_and_opened(
    exhibitor: Caller, visitor: Caller, node: CityNode, settings: Settings
) -> None:
    mine = exhibitor.ask("GET", A1).json()
    assert (mine["state"], mine["mine"], mine["title_en"]) == ("draft", True, "Bitgoeul Robots")
    seen = visitor.ask("GET", A1).json()
    assert (seen["state"], seen["mine"], seen["title_en"]) == ("draft", False, None)
    assert seen["organisation"]["name_ko"] == "로봇"

    uploaded = exhibitor.ask("PUT", f"{A1}/model", content=triangle(image=picture()), headers=GLB)
    assert uploaded.status_code == 200, uploaded.text
    model = uploaded.json()
    assert (model["figures"]["triangles"], model["figures"]["textures"]) == (1, 1)
    assert model["findings"] == []
    refusal(visitor.ask("GET", model["url"]), 404, "not_found")
    draft = exhibitor.ask("GET", model["url"])
    assert draft.headers["cache-control"] == "private, no-store"

    opened = exhibitor.ask("POST", f"{A1}/open").json()
    assert (opened["state"], opened["model"]["sha256"]) == ("open", model["sha256"])
    assert visitor.ask("GET", A1).json()["title_ko"] == "빛고을 로봇"
    served = visitor.ask("GET", model["url"])
    assert served.status_code == 200
    assert parse(served.content)[0]["asset"]["generator"] == "meta-gwangju"
    assert served.headers["content-type"] == "model/gltf-binary"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-disposition"] == 'attachment; filename="kdj_center-a1.glb"'
    assert "immutable" in served.headers["cache-control"]
    again = visitor.ask("GET", f"{A1}/model", headers={"if-none-match": served.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(kept(settings)) == 1
    assert kept(settings)[0].name == f"{model['sha256']}.glb"
    assert told(node) == ["take", "model", "open"]

    closed = exhibitor.ask("POST", f"{A1}/close").json()
    assert closed["state"] == "closed"
    refusal(visitor.ask("GET", model["url"]), 404, "not_found")


def test_taking_a_slot_gives_rights_there_at_once(exhibitor: Caller, node: CityNode) -> None:
    session = exhibitor.ask("GET", "/api/v1/session").json()
    assert {"role": "exhibitor", "place": f"{EXPO}/a1"} in session["roles"]
    assert exhibitor.ask("POST", f"{A1}/release", json={}).status_code == 200
    session = exhibitor.ask("GET", "/api/v1/session").json()
    assert all(role["role"] != "exhibitor" for role in session["roles"])
    assert told(node) == ["take", "free"]


def test_an_officer_frees_a_slot_with_a_reason(exhibitor: Caller, officer: Caller) -> None:
    refusal(officer.ask("POST", f"{A1}/release", json={}), 422, "text_refused")
    freed = officer.ask("POST", f"{A1}/release", json={"reason": "행사가 끝났어요"})
    assert freed.json()["state"] == "free"
    refusal(exhibitor.ask("POST", f"{A1}/open"), 404, "not_found")


FORBIDDEN: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", f"{A1}/model", {"content": triangle(), "headers": GLB}),
    ("DELETE", f"{A1}/model", {}),
    ("POST", f"{A1}/open", {}),
    ("POST", f"{A1}/close", {}),
    ("POST", f"{A1}/release", {"json": {}}),
    ("POST", f"{A1}/publish-token", {}),
    ("DELETE", f"{A1}/publish-token", {}),
    ("GET", f"{A1}/visits", {}),
    ("GET", f"{A1}/contacts", {}),
]


@pytest.mark.parametrize(("method", "path", "more"), FORBIDDEN)
@pytest.mark.usefixtures("exhibitor")
def test_another_organisation_is_refused_with_one_line(
    rival: Caller,
    visitor: Caller,
    node: CityNode,
    settings: Settings,
    one_line: Callable[[], list[str]],
    method: str,
    path: str,
    more: dict[str, Any],
) -> None:
    before = told(node), kept(settings)
    for stranger in (rival, visitor):
        lines = len(one_line())
        refusal(stranger.ask(method, path, **more), 403, "not_allowed")
        assert len(one_line()) == lines + 1
    assert (told(node), kept(settings)) == before


def test_a_slot_of_others_and_a_slot_too_many_are_refused(
    exhibitor: Caller, rival: Caller, organisation: int, node: CityNode
) -> None:
    refusal(rival.ask("PUT", A1, json=says(found(rival))), 409, "conflict")
    refusal(rival.ask("PUT", A2, json=says(organisation)), 403, "not_allowed")
    assert exhibitor.ask("PUT", A2, json=says(organisation)).status_code == 200
    refusal(exhibitor.ask("PUT", "/api/v1/booths/kdj_center-b1", json=says(organisation)), 409, "conflict")
    assert told(node) == ["take", "take"]


def test_a_stale_invitation_opens_no_booth(
    app: FastAPI, exhibitor: Caller, organisation: int, node: CityNode
) -> None:
    late = citizen(app, node.offices, "늦은이")
    invited = exhibitor.ask(
        "POST", f"/api/v1/organisations/{organisation}/invitations", json={"rank": "staff"}
    ).json()
    withdrawn = f"/api/v1/organisations/{organisation}/invitations/{invited['id']}"
    assert exhibitor.ask("DELETE", withdrawn).status_code == 204
    refusal(late.ask("POST", "/api/v1/invitations/accept", json={"token": invited["token"]}), 401, "sign_in")
    refusal(late.ask("PUT", A1, json=says(organisation)), 403, "not_allowed")


@pytest.mark.parametrize("field", ["title_ko", "title_en", "summary_ko", "summary_en", "description_ko"])
def test_html_is_kept_as_text_in_every_field(owner: Caller, organisation: int, field: str) -> None:
    html = "<img src=x onerror=alert(1)>'; DROP TABLE booths;--"
    answer = owner.ask("PUT", A1, json=says(organisation, **{field: html}))
    assert answer.json()[field] == html
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("link", "javascript:alert(1)"),
        ("link", "http://example.org"),
        ("title_ko", "\u202e뒤집힌 제목"),
        ("title_en", "x" * 61),
    ],
)
def test_texts_that_may_not_be_shown_change_nothing(
    owner: Caller, organisation: int, node: CityNode, field: str, value: str
) -> None:
    refusal(owner.ask("PUT", A1, json=says(organisation, **{field: value})), 422, "text_refused")
    assert told(node) == []


def test_a_city_without_a_hall_has_no_booths(visitor: Caller, settings: Settings) -> None:
    (settings.city / "halls.json").unlink()
    halls = Halls.load(settings.city)
    assert (halls.slots, halls.staff) == ((), ())
    assert visitor.ask("GET", "/api/v1/booths").status_code == 200
