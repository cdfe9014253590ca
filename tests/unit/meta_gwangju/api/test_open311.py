"""The desk against GeoReport v2 as it is written (wiki.open311.org/GeoReport_v2), in both formats."""

import datetime as dt
import json
import re
import time
import xml.etree.ElementTree as ET
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from meta_gwangju.node import CityNode
from municipality.access import CITY_HALL, Role
from municipality.journal import entries
from municipality.reports import SERVICES
from tests.unit.meta_gwangju.api.test_reports import picture, with_photo
from tests.unit.meta_gwangju.callers import ORIGIN, Caller, citizen

PATH = "/open311/v2"
FORMATS = ["json", "xml"]
#: The specification's field lists, in its order, and the names of its lists and of what stands in them.
SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
REQUEST = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]
ACCEPTED = ["service_request_id", "service_notice", "account_id"]
UPDATE = ["update_id", "service_request_id", "status", "updated_datetime", "description", "media_url"]
ITEMS = {"services": "service", "service_requests": "request", "service_request_updates": "request_update"}
W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FORM = {
    "service_code": "road",
    "lat": "35.1596",
    "long": "126.8527",
    "description": "맨홀 뚜껑이 깨졌어요.\n조심하세요.",
    "address_string": "내방로 111",
    "first_name": "보라",
    "last_name": "김",
    "phone": "062-000-0000",
    "email": "bora@example.org",
    "device_id": "tt222111",
    "account_id": "123456",
    "jurisdiction_id": "meta-gwangju",
}
HOSTILE = '\'); DROP TABLE reports;-- <script>alert(1)</script> ]]> &amp; <!ENTITY x "y">'

WRONG_QUESTIONS = [
    ("requests.{}?jurisdiction_id=sfgov.org", 404),
    ("services.{}?jurisdiction_id=sfgov.org", 404),
    ("services/taxes.{}", 404),
    ("services/%3Cscript%3E.{}", 404),
    ("requests/999.{}", 404),
    ("requests/abc.{}", 404),
    ("requests/" + "9" * 40 + ".{}", 404),
    ("requests/%D9%A1.{}", 404),
    ("tokens/123456.{}", 404),
    ("requests.{}?status=stolen", 400),
    ("requests.{}?status=%3Cb%3E%00", 400),
    ("requests.{}?start_date=yesterday", 400),
    ("requests.{}?start_date=2010-01-01", 400),
    ("requests.{}?start_date=2010-01-01T00:00:00", 400),
    ("requests.{}?start_date=2010-01-01T00:00:00Z&end_date=2011-01-01T00:00:00Z", 400),
    ("requests.{}?start_date=2010-02-01T00:00:00Z&end_date=2010-01-01T00:00:00Z", 400),
    ("requests.{}?page=0", 400),
    ("requests.{}?page_size=1001", 400),
    ("requests.{}?page=" + "9" * 30, 400),
    ("servicerequestupdates.{}?start_date=x", 400),
]
WRONG_FORMS: list[tuple[dict[str, str], int, str]] = [
    ({"service_code": "taxes"}, 404, "service_code"),
    ({"service_code": ""}, 400, "service_code was not provided"),
    ({"jurisdiction_id": "sfgov.org"}, 404, "jurisdiction_id"),
    ({"lat": ""}, 400, "lat and long"),
    ({"lat": "north"}, 400, "lat and long"),
    ({"lat": "NaN"}, 400, "not in Gwangju"),
    ({"lat": "1e999"}, 400, "not in Gwangju"),
    ({"lat": "37.76524078", "long": "-122.4212043"}, 400, "not in Gwangju"),
    ({"description": "x" * 4_001}, 400, "too long"),
    ({"description": "a\x00b"}, 400, "control characters"),
    ({"email": "nobody"}, 400, "e-mail"),
    ({"phone": "0" * 31}, 400, "too long"),
    ({"api_key": "stolen"}, 403, "api_key"),
    ({"api_key": ""}, 403, "Missing api_key"),
    ({"api_key": "' OR 1=1 --"}, 403, "api_key"),
    ({"api_key": "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")}, 403, "api_key"),
]


@pytest.fixture
def program(app: FastAPI) -> Caller:
    """Some program without a session, such as an Open311 client: it sends no Origin."""
    caller = Caller(app)
    caller.headers = {}
    return caller


@pytest.fixture
def officer(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "담당", Role.OFFICER, place=CITY_HALL)


@pytest.fixture
def key(app: FastAPI, node: CityNode) -> str:
    """The key of a program, which stands for a citizen."""
    number = citizen(app, node.offices, "걷기 앱").number
    assert number is not None
    return node.offices.api_keys.issue(number, "걷기 앱", time.time())[1]


def parsed(answer: httpx.Response) -> ET.Element:
    return ET.fromstring(answer.content)  # noqa: S314 -- our own server's


def listed(answer: httpx.Response, root: str) -> list[dict[str, Any]]:
    """The objects of a list, whichever format they come in; XML's are all texts."""
    assert answer.status_code in {200, 201}, answer.text
    if answer.headers["content-type"] == "application/json; charset=utf-8":
        found: list[dict[str, Any]] = answer.json()
        return found
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    document = parsed(answer)
    assert document.tag == root
    assert {item.tag for item in document} <= {ITEMS[root]}
    return [{field.tag: field.text for field in item} for item in document]


def errors(answer: httpx.Response, status: int) -> list[dict[str, Any]]:
    assert answer.status_code == status, answer.text
    if answer.headers["content-type"] == "application/json; charset=utf-8":
        found = answer.json()
    else:
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        document = parsed(answer)
        assert (document.tag, {item.tag for item in document}) == ("errors", {"error"})
        found = [{field.tag: field.text for field in item} for item in document]
    assert found
    for error in found:
        assert list(error) == ["code", "description"]
        assert str(error["code"]) == str(status)
        assert any("가" <= sign <= "힣" for sign in error["description"])
    return found


def post(program: Caller, key: str, form: str = "json", **more: str) -> httpx.Response:
    return program.ask("POST", f"{PATH}/requests.{form}", data=FORM | {"api_key": key} | more)


def made(program: Caller, key: str, **more: str) -> str:
    (accepted,) = listed(post(program, key, **more), "service_requests")
    number: str = accepted["service_request_id"]
    return number


def told(node: CityNode) -> list[str]:
    with node.offices.store.engine.connect() as connection:
        return [entry.kind for entry in entries(connection, "reports")]


@pytest.mark.parametrize("form", FORMATS)
def test_the_service_list_has_the_specifications_fields(program: Caller, form: str) -> None:
    services = listed(program.ask("GET", f"{PATH}/services.{form}"), "services")
    assert [one["service_code"] for one in services] == list(SERVICES)
    for one in services:
        assert list(one) == SERVICE
        assert one["metadata"] in {False, "false"}
        assert one["type"] == "realtime"
        assert all(one.values()) or one["metadata"] is False


def test_a_service_definition_has_no_attributes(program: Caller) -> None:
    answer = program.ask("GET", f"{PATH}/services/road.json")
    assert answer.json() == {"service_code": "road", "attributes": []}
    document = parsed(program.ask("GET", f"{PATH}/services/road.xml"))
    assert document.tag == "service_definition"
    assert [(field.tag, field.text) for field in document] == [("service_code", "road"), ("attributes", None)]


@pytest.mark.parametrize("form", FORMATS)
def test_a_request_is_accepted_and_listed_with_the_specifications_fields(
    program: Caller, key: str, form: str
) -> None:
    answer = post(program, key, form)
    assert answer.status_code == 201
    (accepted,) = listed(answer, "service_requests")
    assert list(accepted) == ACCEPTED
    assert accepted["account_id"] is None
    number = accepted["service_request_id"]
    (one,) = listed(program.ask("GET", f"{PATH}/requests/{number}.{form}"), "service_requests")
    (same,) = listed(program.ask("GET", f"{PATH}/requests.{form}"), "service_requests")
    assert one == same
    assert list(one) == REQUEST
    assert (one["status"], one["service_code"]) == ("open", "road")
    assert one["service_name"] == "도로 파손 · Road damage"
    assert (one["description"], one["address"]) == (FORM["description"], FORM["address_string"])
    assert W3C.fullmatch(one["requested_datetime"])
    assert W3C.fullmatch(one["updated_datetime"])
    assert float(one["lat"]) == pytest.approx(35.1596, abs=1e-6)
    assert float(one["long"]) == pytest.approx(126.8527, abs=1e-6)
    assert [one[name] for name in ("status_notes", "service_notice", "expected_datetime", "media_url")] == [
        None
    ] * 4


def test_both_formats_say_the_same(program: Caller, key: str) -> None:
    made(program, key)
    (in_json,) = listed(program.ask("GET", f"{PATH}/requests.json"), "service_requests")
    (in_xml,) = listed(program.ask("GET", f"{PATH}/requests.xml"), "service_requests")
    assert {name: None if value is None else str(value) for name, value in in_json.items()} == in_xml


@pytest.mark.parametrize("form", FORMATS)
def test_who_asked_stays_unknown_and_officers_can_reach_them(
    program: Caller, key: str, officer: Caller, form: str
) -> None:
    number = made(program, key)
    text = program.ask("GET", f"{PATH}/requests/{number}.{form}").text
    assert not any(FORM[name] in text for name in ("first_name", "last_name", "phone", "email", "device_id"))
    contact = officer.ask("GET", f"/api/v1/reports/{number}").json()["contact"]
    assert contact == {"name": "김 보라", "phone": FORM["phone"], "email": FORM["email"]}


def test_an_answered_request_is_closed_when_it_was_answered(
    program: Caller, key: str, officer: Caller
) -> None:
    number = made(program, key)
    path = f"/api/v1/reports/{number}/steps"
    soon = time.time() + 86_400.0
    officer.ask("POST", path, json={"step": "start", "expected_at": soon})
    (one,) = listed(program.ask("GET", f"{PATH}/requests/{number}.json"), "service_requests")
    assert one["expected_datetime"] == dt.datetime.fromtimestamp(int(soon), dt.UTC).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    officer.ask("POST", path, json={"step": "answer", "note_ko": "고쳤어요.", "note_en": "Fixed."})
    (one,) = listed(program.ask("GET", f"{PATH}/requests/{number}.json"), "service_requests")
    assert (one["status"], one["status_notes"]) == ("closed", "고쳤어요.\nFixed.")
    assert listed(program.ask("GET", f"{PATH}/requests.json?status=open"), "service_requests") == []
    assert (
        len(listed(program.ask("GET", f"{PATH}/requests.json?status=closed,open"), "service_requests")) == 1
    )


@pytest.mark.parametrize("form", FORMATS)
def test_updates_have_the_extensions_fields(program: Caller, key: str, officer: Caller, form: str) -> None:
    number = made(program, key)
    path = f"/api/v1/reports/{number}/steps"
    officer.ask("POST", path, json={"step": "acknowledge"})
    officer.ask("POST", path, json={"step": "answer", "note_ko": "고쳤어요."})
    found = listed(program.ask("GET", f"{PATH}/servicerequestupdates.{form}"), "service_request_updates")
    assert [list(one) for one in found] == [UPDATE, UPDATE]
    assert [(one["service_request_id"], one["status"], one["description"]) for one in found] == [
        (number, "CLOSED", "고쳤어요."),
        (number, "OPEN", None),
    ]
    assert all(W3C.fullmatch(one["updated_datetime"]) for one in found)
    assert len({one["update_id"] for one in found}) == 2
    past = {"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-02-01T00:00:00Z"}
    answer = program.ask("GET", f"{PATH}/servicerequestupdates.{form}", params=past)
    assert listed(answer, "service_request_updates") == []


def test_a_photo_is_named_with_the_host_that_was_asked(app: FastAPI, node: CityNode, program: Caller) -> None:
    with_photo(citizen(app, node.offices, "보라"), picture())
    (one,) = listed(program.ask("GET", f"{PATH}/requests.json"), "service_requests")
    assert one["media_url"].startswith(f"{ORIGIN}/api/v1/reports/")
    assert program.ask("GET", one["media_url"]).headers["content-type"] == "image/webp"
    evil = program.ask("GET", f"{PATH}/requests.xml", headers={"host": 'a"><script>'})
    assert parsed(evil).findtext("request/media_url") == one["media_url"].replace("city:8000", 'a"><script>')


def test_requests_are_chosen_by_the_specifications_arguments(program: Caller, key: str) -> None:
    road, noise = made(program, key), made(program, key, service_code="noise")

    def ids(query: str) -> list[str]:
        answer = program.ask("GET", f"{PATH}/requests.json?{query}")
        return [one["service_request_id"] for one in listed(answer, "service_requests")]

    assert ids("") == [noise, road]
    assert ids("service_code=&status=&start_date=&end_date=&service_request_id=&jurisdiction_id=") == [
        noise,
        road,
    ]
    assert ids("service_code=noise") == [noise]
    assert ids("service_code=noise,road") == ids("service_code=noise&service_code=road") == [noise, road]
    assert ids("service_code=taxes") == []
    assert ids(f"service_request_id={road},999,x,{'9' * 40}&status=closed&start_date=x") == [road]
    now = dt.datetime.now(dt.UTC)
    day = dt.timedelta(days=1)
    assert ids(f"start_date={(now - day).isoformat()}&end_date={(now + day).isoformat()}") == [noise, road]
    assert ids(f"end_date={(now - day).strftime('%Y-%m-%dT%H:%M:%SZ')}") == []
    assert ids("start_date=2010-01-01T00:00:00Z") == []
    assert ids("page_size=1") == [noise]
    assert ids("page_size=1&page=2") == [road]
    assert ids("page_size=1&page=3") == []


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_asked_wrongly_is_answered_in_the_specifications_errors(
    program: Caller, key: str, form: str
) -> None:
    made(program, key)  # there is a request 1 to be found by mistake
    for path, status in WRONG_QUESTIONS:
        errors(program.ask("GET", f"{PATH}/{path.format(form)}"), status)


@pytest.mark.parametrize("form", FORMATS)
def test_a_request_that_does_not_fit_is_refused_and_not_recorded(
    program: Caller, key: str, node: CityNode, form: str
) -> None:
    for change, status, says in WRONG_FORMS:
        (error, *_) = errors(post(program, key, form, **change), status)
        assert says in error["description"]
    assert told(node) == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_body_that_is_no_form_is_refused(program: Caller, form: str, node: CityNode) -> None:
    path, kind = f"{PATH}/requests.{form}", {"content-type": "application/x-www-form-urlencoded"}
    errors(program.ask("POST", path, json=FORM), 400)
    errors(program.ask("POST", path, content=b"description=%ff", headers=kind), 400)
    errors(program.ask("POST", path, content=b"\xff\xfe", headers=kind), 400)
    errors(program.ask("POST", path, content=b"a=1&" * 1_000, headers=kind), 400)
    errors(program.ask("POST", path, content=bytes(200_000), headers=kind), 413)
    assert told(node) == []


def test_a_key_may_come_in_a_header_and_never_in_the_address(program: Caller, key: str) -> None:
    in_header = program.ask("POST", f"{PATH}/requests.json", data=FORM, headers={"x-api-key": key})
    assert in_header.status_code == 201
    errors(program.ask("POST", f"{PATH}/requests.json", data=FORM, params={"api_key": key}), 403)


def test_a_revoked_key_opens_nothing(program: Caller, key: str, node: CityNode) -> None:
    node.offices.api_keys.revoke(1, time.time())
    errors(post(program, key), 403)


def test_a_citizen_reports_in_their_own_session_but_not_from_another_site(
    app: FastAPI, node: CityNode
) -> None:
    reporter = citizen(app, node.offices, "보라")
    answer = reporter.ask("POST", f"{PATH}/requests.json", data=FORM)
    (accepted,) = listed(answer, "service_requests")
    assert reporter.ask("GET", f"/api/v1/reports/{accepted['service_request_id']}").json()["mine"]
    evil = reporter.ask(
        "POST", f"{PATH}/requests.json", data=FORM, headers={"origin": "https://evil.example"}
    )
    assert evil.status_code == 403
    assert told(node) == ["submit"]


def test_the_same_idempotency_key_reports_once(program: Caller, key: str, node: CityNode) -> None:
    headers = {"idempotency-key": "0190-open311-client"}
    form = FORM | {"api_key": key}
    first, again = (
        program.ask("POST", f"{PATH}/requests.json", data=form, headers=headers) for _ in range(2)
    )
    assert first.json() == again.json()
    other = form | {"description": "다른 일"}
    errors(program.ask("POST", f"{PATH}/requests.json", data=other, headers=headers), 400)
    assert told(node) == ["submit"]


def test_what_a_link_points_to_is_not_fetched_and_the_answer_says_so(program: Caller, key: str) -> None:
    (accepted,) = listed(post(program, key, media_url="http://127.0.0.1/secret"), "service_requests")
    assert "not fetched" in accepted["service_notice"]
    (one,) = listed(program.ask("GET", f"{PATH}/requests.json"), "service_requests")
    assert one["media_url"] is None


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_texts_come_back_as_texts(program: Caller, key: str, form: str) -> None:
    made(program, key, description=HOSTILE + "\ufffe", address_string=HOSTILE)
    answer = program.ask("GET", f"{PATH}/requests.{form}")
    (one,) = listed(answer, "service_requests")
    assert one["address"] == HOSTILE
    assert one["description"].startswith(HOSTILE)
    assert form == "json" or "<script>" not in answer.text


def test_a_request_may_do_without_words(program: Caller, key: str) -> None:
    made(program, key, description="", address_string="")
    (one,) = listed(program.ask("GET", f"{PATH}/requests.xml"), "service_requests")
    assert one["description"] is None


@pytest.mark.parametrize("form", FORMATS)
def test_the_discovery_names_the_endpoint(program: Caller, form: str) -> None:
    answer = program.ask("GET", f"/open311/discovery.{form}")
    if form == "json":
        found = answer.json()
        (endpoint,) = found["endpoints"]
    else:
        document = parsed(answer)
        assert document.tag == "discovery"
        found = {field.tag: field.text for field in document}
        (element,) = document.findall("endpoints/endpoint")
        endpoint = {field.tag: field.text for field in element}
        endpoint["formats"] = [one.text for one in element.findall("formats/format")]
    assert list(found) == ["changeset", "contact", "key_service", "endpoints"]
    assert endpoint["url"] == f"{ORIGIN}/open311/v2"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert program.ask("GET", f"{endpoint['url']}/services.{form}").status_code == 200


def test_another_format_is_refused(program: Caller) -> None:
    assert program.ask("GET", f"{PATH}/services.yaml").status_code == 400


def test_the_journal_names_the_door_that_a_program_came_by(program: Caller, key: str, node: CityNode) -> None:
    made(program, key)
    with node.offices.store.engine.connect() as connection:
        (entry,) = entries(connection, "reports")
    assert (entry.door, entry.kind) == ("api", "submit")
    assert FORM["phone"] not in json.dumps(entry.body)


def test_a_number_that_nothing_has_finds_nothing_however_long_it_is(program: Caller) -> None:
    answer = program.ask("GET", f"{PATH}/requests.json", params={"service_request_id": "9" * 5_000})
    assert listed(answer, "service_requests") == []
