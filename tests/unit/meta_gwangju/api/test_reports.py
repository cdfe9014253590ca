import asyncio
import io
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.exceptions import HTTPException
from starlette.requests import Request

from meta_gwangju.api.report_form import bounded_body
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from municipality.access import CITY_HALL, Role
from municipality.journal import entries
from municipality.reports import SERVICES
from tests.unit.meta_gwangju.callers import Caller, citizen

PATH = "/api/v1/reports"
REPORT: dict[str, Any] = {
    "service": "road",
    "description": "보도블록이 깨졌어요.",
    "address": "내방로 111 앞",
    "x": 10.0,
    "z": -20.0,
    "contact_phone": "062-000-0000",
}
HOSTILE = "'); DROP TABLE reports;-- <script>alert(1)</script> {{7*7}} %00 \\"


@pytest.fixture
def reporter(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "보라")


@pytest.fixture
def neighbour(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "이웃")


@pytest.fixture
def officer(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "담당", Role.OFFICER, place=CITY_HALL)


@pytest.fixture
def path(reporter: Caller) -> str:
    """Of a report without a photo."""
    made = reporter.ask("POST", PATH, json=REPORT)
    assert made.status_code == 201, made.text
    return made.headers["location"]


@pytest.fixture
def news(node: CityNode) -> Iterator[Callable[[], list[str]]]:
    """What everybody in the city was told since."""
    told: list[str] = []
    loop = asyncio.new_event_loop()
    node.offices.news.attach(loop, lambda topic, citizens: told.append(f"{topic}{citizens or ''}"))

    def hear() -> list[str]:
        loop.call_soon(loop.stop)
        loop.run_forever()
        return told

    yield hear
    node.offices.news.detach()
    loop.close()


def picture(colour: str = "red", kind: str = "JPEG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(written, kind)
    return written.getvalue()


def with_photo(
    caller: Caller, photo: bytes, headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    fields = {name: str(value) for name, value in (REPORT | more).items()}
    return caller.ask(
        "POST", PATH, data=fields, files={"photo": ("a.svg", photo, "image/svg+xml")}, headers=headers
    )


def told(node: CityNode) -> list[str]:
    with node.offices.store.engine.connect() as connection:
        return [entry.kind for entry in entries(connection, "reports")]


def refusal(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert any("가" <= sign <= "힣" for sign in body["ko"])
    return body


def kept(settings: Settings) -> list[str]:
    return sorted(file.name for file in settings.data.glob("uploads/photos/*/*"))


def test_everybody_reads_a_report_but_not_whose_it_is(
    path: str, visitor: Caller, reporter: Caller, officer: Caller
) -> None:
    seen = visitor.ask("GET", path).json()
    assert (seen["description"], seen["address"]) == (REPORT["description"], REPORT["address"])
    assert (seen["x"], seen["z"], seen["status"], seen["open"]) == (10.0, -20.0, "submitted", True)
    assert (seen["mine"], seen["acts"], seen["contact"]) == (False, [], None)
    assert "reporter" not in json.dumps(seen).replace("by_reporter", "")
    assert REPORT["contact_phone"] not in json.dumps(seen)
    assert "보라" not in json.dumps(visitor.ask("GET", PATH).json(), ensure_ascii=False)
    own = reporter.ask("GET", path).json()
    assert (own["mine"], own["contact"]["phone"]) == (True, REPORT["contact_phone"])
    assert officer.ask("GET", path).json()["acts"] == ["acknowledge", "answer", "assign", "hide", "start"]


def test_a_report_is_answered_and_reopened_and_the_reporter_sees_each_step(
    path: str, reporter: Caller, officer: Caller, node: CityNode, news: Callable[[], list[str]]
) -> None:
    for body in (
        {"step": "acknowledge"},
        {"step": "start", "expected_at": time.time() + 86_400.0, "note_ko": "나가요."},
        {"step": "answer", "note_ko": "고쳤어요.", "note_en": "Fixed."},
    ):
        answer = officer.ask("POST", f"{path}/steps", json=body)
        assert answer.status_code == 200, answer.text
    assert reporter.ask("GET", path).json()["acts"] == ["reopen"]
    reporter.ask("POST", f"{path}/steps", json={"step": "reopen", "note_ko": "또 깨졌어요."})
    seen = reporter.ask("GET", path).json()
    assert [step["step"] for step in seen["steps"]] == ["submit", "acknowledge", "start", "answer", "reopen"]
    assert [step["by_reporter"] for step in seen["steps"]] == [True, False, False, False, True]
    assert (seen["note_ko"], seen["note_en"]) == ("고쳤어요.", "Fixed.")
    assert news() == ["reports"] * 4
    assert told(node) == ["submit", "acknowledge", "start", "answer", "reopen"]


def test_a_photo_comes_with_a_report_and_goes_when_it_is_hidden(
    reporter: Caller, visitor: Caller, officer: Caller, settings: Settings
) -> None:
    made = with_photo(reporter, picture())
    assert made.status_code == 201, made.text
    shown = made.json()
    for name, width in (("photo", 640), ("thumbnail", 320)):
        answer = visitor.ask("GET", shown[name])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert Image.open(io.BytesIO(answer.content)).width == width
        again = visitor.ask("GET", shown[name], headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert len(kept(settings)) == 2
    path = f"{PATH}/{shown['id']}"
    hidden = officer.ask("POST", f"{path}/hide", json={"part": "photo", "reason": "얼굴이 보여요."}).json()
    assert (hidden["photo"], hidden["redactions"][0]["reason"]) == (None, "얼굴이 보여요.")
    refusal(visitor.ask("GET", shown["photo"]), 404, "not_found")
    assert kept(settings) == []


def test_a_photo_of_two_reports_stays_while_one_shows_it(
    reporter: Caller, neighbour: Caller, officer: Caller, settings: Settings
) -> None:
    one, two = with_photo(reporter, picture()).json(), with_photo(neighbour, picture()).json()
    officer.ask("POST", f"{PATH}/{one['id']}/hide", json={"part": "photo", "reason": "중복"})
    assert neighbour.ask("GET", two["photo"]).status_code == 200
    officer.ask("POST", f"{PATH}/{two['id']}/hide", json={"part": "photo", "reason": "중복"})
    assert kept(settings) == []


def test_a_replayed_report_is_one_report_and_brings_back_no_hidden_photo(
    reporter: Caller, officer: Caller, settings: Settings, node: CityNode
) -> None:
    key = {"idempotency-key": "0190-a-key-of-mine"}
    first = with_photo(reporter, picture(), headers=key).json()
    officer.ask("POST", f"{PATH}/{first['id']}/hide", json={"part": "photo", "reason": "얼굴"})
    assert with_photo(reporter, picture(), headers=key).json()["id"] == first["id"]
    assert kept(settings) == []
    refusal(with_photo(reporter, picture("blue"), headers=key), 409, "key_reused")
    assert told(node) == ["submit", "hide"]


@pytest.mark.parametrize(
    "photo",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        picture(kind="GIF"),
        picture()[:200],
    ],
)
def test_a_photo_that_is_none_is_refused_and_nothing_is_reported(
    reporter: Caller, photo: bytes, settings: Settings, node: CityNode
) -> None:
    refusal(with_photo(reporter, photo), 422, "photo_refused")
    assert (told(node), kept(settings)) == ([], [])


def test_a_photo_of_a_report_that_is_refused_is_not_kept(reporter: Caller, settings: Settings) -> None:
    refusal(with_photo(reporter, picture(), x=5_000.0), 422, "report_refused")
    assert kept(settings) == []


def test_a_body_that_does_not_end_is_cut_off(reporter: Caller) -> None:
    answer = with_photo(reporter, b"\xff\xd8\xff" + bytes(11_000_000))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    many = {f"field{number}": "x" for number in range(40)}
    refusal(with_photo(reporter, picture(), **many), 400, "bad_request")


def test_no_more_of_a_body_is_read_than_there_may_be() -> None:
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": bytes(1000), "more_body": True}

    request = Request({"type": "http", "headers": [], "method": "POST", "path": "/"}, receive)
    with pytest.raises(HTTPException):
        asyncio.run(bounded_body(request, 5_000))
    assert read == 6


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-type": "text/plain"}, b"{}", 415),
        ({}, b"", 415),
        ({"content-type": "application/json"}, b"{", 400),
        ({"content-type": "application/json"}, b"\xff\xfe", 400),
        ({"content-type": "application/json"}, b"[" * 100_000, 400),
        ({"content-type": "application/json"}, b"[]", 422),
        ({"content-type": "application/json"}, b"null", 422),
        ({"content-type": "application/json"}, bytes(200_000), 413),
        ({"content-type": "multipart/form-data"}, b"x", 400),
        ({"content-type": "multipart/form-data; boundary=x"}, b"y", 400),
        ({"content-type": "multipart/form-data; boundary=x; charset=base64"}, b"--x\r\n\r\n", 400),
    ],
)
def test_a_body_that_is_no_report_is_refused(
    reporter: Caller, headers: dict[str, str], content: bytes, status: int, node: CityNode
) -> None:
    answer = reporter.ask("POST", PATH, content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told(node) == []


@pytest.mark.parametrize(
    "change",
    [
        {"service": "taxes"},
        {"description": ""},
        {"description": "x" * 4_001},
        {"description": "a\u202eb"},
        {"description": None},
        {"x": None},
        {"longitude": 126.85, "latitude": 35.16},
        {"longitude": 126.85},
        {"x": 1e308},
        {"x": "NaN"},
        {"x": 300.0},
        {"x": None, "z": None, "longitude": 126.85, "latitude": 37.5},
        {"address": "x" * 401},
        {"contact_email": "nobody"},
    ],
)
def test_a_report_that_does_not_fit_is_refused(
    reporter: Caller, change: dict[str, Any], node: CityNode
) -> None:
    answer = reporter.ask("POST", PATH, json=REPORT | change)
    assert answer.status_code == 422, answer.text
    assert told(node) == []


def test_a_place_on_the_map_is_the_place_in_the_world(reporter: Caller, path: str) -> None:
    there = reporter.ask("GET", path).json()
    on_map = {"x": None, "z": None, "longitude": there["longitude"], "latitude": there["latitude"]}
    again = reporter.ask("POST", PATH, json=REPORT | on_map).json()
    assert (again["x"], again["z"]) == pytest.approx((there["x"], there["z"]), abs=0.02)


def test_visitors_report_nothing_and_are_told_why(visitor: Caller, node: CityNode) -> None:
    body = refusal(visitor.ask("POST", PATH, json=REPORT), 403, "not_allowed")
    assert "citizen" in body["en"]
    refusal(with_photo(visitor, picture()), 403, "not_allowed")
    refusal(visitor.ask("GET", PATH, params={"mine": True}), 403, "not_allowed")
    assert told(node) == []


@pytest.mark.parametrize("what", ["steps", "assign", "hide"])
def test_who_is_no_officer_does_nothing_to_somebody_elses_report(
    path: str, neighbour: Caller, visitor: Caller, what: str, node: CityNode
) -> None:
    bodies = {
        "steps": {"step": "answer", "note_ko": "네"},
        "assign": {"officer": "me"},
        "hide": {"part": "description", "reason": "싫어요"},
    }
    for caller in (neighbour, visitor):
        refusal(caller.ask("POST", f"{path}/{what}", json=bodies[what]), 403, "not_allowed")
    refusal(
        neighbour.ask("POST", f"{path}/steps", json={"step": "reopen", "note_ko": "네"}), 403, "not_allowed"
    )
    refusal(neighbour.ask("GET", PATH, params={"assignee": "nobody"}), 403, "not_allowed")
    refusal(visitor.ask("GET", PATH, params={"assignee": "me"}), 403, "not_allowed")
    assert told(node) == ["submit"]


def test_a_step_that_does_not_follow_is_a_conflict(path: str, officer: Caller, reporter: Caller) -> None:
    refusal(reporter.ask("POST", f"{path}/steps", json={"step": "reopen", "note_ko": "네"}), 409, "conflict")
    refusal(officer.ask("POST", f"{path}/steps", json={"step": "note", "note_ko": "네"}), 409, "conflict")
    assert officer.ask("POST", f"{path}/steps", json={"step": "submit"}).status_code == 422


def test_a_cross_site_request_changes_nothing(path: str, officer: Caller, node: CityNode) -> None:
    body = {"step": "acknowledge"}
    foreign = officer.ask("POST", f"{path}/steps", json=body, headers={"origin": "https://evil.example"})
    refusal(foreign, 403, "foreign_page")
    officer.headers.pop("x-csrf-token")
    refusal(officer.ask("POST", f"{path}/steps", json=body), 403, "csrf")
    assert told(node) == ["submit"]


def test_officers_take_reports_and_find_theirs(path: str, officer: Caller, visitor: Caller) -> None:
    taken = officer.ask("POST", f"{path}/assign", json={"officer": "me"}).json()
    assert taken["assignee"] == officer.number
    for wish, count in (({"assignee": "me"}, 1), ({"assignee": "nobody"}, 0)):
        assert len(officer.ask("GET", PATH, params=wish).json()["reports"]) == count
    assert visitor.ask("GET", path).json()["assignee"] is None
    assert officer.ask("POST", f"{path}/assign", json={"officer": None}).json()["assignee"] is None
    refusal(officer.ask("POST", f"{path}/assign", json={"officer": 99}), 404, "not_found")


def test_the_list_is_filtered_and_paged(reporter: Caller, officer: Caller, visitor: Caller) -> None:
    made = [
        reporter.ask("POST", PATH, json=REPORT | {"service": code, "x": float(n)}).json()["id"]
        for n, code in enumerate(SERVICES)
    ]
    officer.ask("POST", f"{PATH}/{made[0]}/steps", json={"step": "answer", "note_ko": "네"})

    def ids(**wish: Any) -> list[int]:
        answer = visitor.ask("GET", PATH, params=wish)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["reports"]]

    assert ids(status=["answered"]) == made[:1]
    assert ids(service=["road", "noise"]) == [made[4], made[0]]
    assert ids(bbox="0.5,-30,2.5,0") == [made[2], made[1]]
    assert ids(oldest_first=True, limit=2) == made[:2]
    first = visitor.ask("GET", PATH, params={"limit": 5}).json()
    assert ids(limit=5, after=first["after"]) == made[2::-1]
    assert [one["id"] for one in reporter.ask("GET", PATH, params={"mine": True}).json()["reports"]] == made[
        ::-1
    ]
    pins = visitor.ask("GET", f"{PATH}/pins").json()
    assert [pin["id"] for pin in pins] == made[:0:-1]
    assert pins[0] == {"id": made[7], "service": "other", "status": "submitted", "x": 7.0, "z": -20.0}
    assert (
        len(visitor.ask("GET", f"{PATH}/pins", params={"closed": True, "bbox": "-1,-30,0.5,0"}).json()) == 1
    )


@pytest.mark.parametrize(
    "wish",
    [
        {"status": "1 OR 1=1"},
        {"gu": HOSTILE},
        {"bbox": "1,2,3"},
        {"bbox": "nan,nan,nan,nan"},
        {"after": 0},
        {"after": 10**30},
        {"limit": 101},
        {"assignee": "1"},
    ],
)
def test_a_wish_that_cannot_be_is_refused(visitor: Caller, wish: dict[str, Any]) -> None:
    assert visitor.ask("GET", PATH, params=wish).status_code == 422


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "1;--", "..%2f..%2fetc", "99"])
@pytest.mark.parametrize("what", ["", "/photo", "/thumbnail"])
def test_a_report_that_is_not_there_is_not_found(visitor: Caller, number: str, what: str) -> None:
    answer = visitor.ask("GET", f"{PATH}/{number}{what}")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_hostile_texts_come_back_as_texts(reporter: Caller, visitor: Caller, officer: Caller) -> None:
    made = reporter.ask("POST", PATH, json=REPORT | {"description": HOSTILE, "address": HOSTILE}).json()
    path = f"{PATH}/{made['id']}"
    officer.ask("POST", f"{path}/steps", json={"step": "answer", "note_en": HOSTILE})
    seen = visitor.ask("GET", path)
    assert seen.headers["content-type"] == "application/json"
    assert (seen.json()["description"], seen.json()["address"], seen.json()["note_en"]) == (HOSTILE,) * 3


def test_the_offered_services_are_those_that_are_taken(visitor: Caller, app: FastAPI) -> None:
    offered = [one["code"] for one in visitor.ask("GET", f"{PATH}/services").json()]
    body = app.openapi()["paths"][PATH]["post"]["requestBody"]["content"]
    taken = body["multipart/form-data"]["schema"]["properties"]
    assert offered == taken["service"]["enum"] == list(SERVICES)
    assert set(taken) - set(body["application/json"]["schema"]["properties"]) == {"photo"}
