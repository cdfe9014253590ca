import logging
import time
from collections.abc import AsyncIterator

import pytest

from meta_gwangju.node import CityNode
from meta_gwangju.plain.reports import _LATITUDE_LONGITUDE
from municipality.journal import entries
from municipality.participation import JOURNAL
from tests.unit.meta_gwangju.plain.browser import Browser

NEW = "/plain/proposals/new"
WRITTEN = {"title": "골목에 가로등을", "text": "밤길이 어두워요.", "category": "safety"}


def told(node: CityNode) -> list[str]:
    with node.offices.store.engine.connect() as connection:
        return [entry.kind for entry in entries(connection, JOURNAL)]


def test_a_form_sent_leads_to_what_it_made(author: Browser, node: CityNode) -> None:
    author.open(NEW)
    page = author.fill(NEW, **WRITTEN)
    assert author.answer.status_code == 200
    assert "제안을 올렸어요" in page.text
    assert WRITTEN["title"] in page.title
    assert told(node) == ["proposed"]


def test_a_refused_form_comes_back_as_it_was_filled(author: Browser, node: CityNode) -> None:
    author.open(NEW)
    page = author.fill(NEW, **WRITTEN | {"title": " ", "category": "culture", "place": "hall"})
    assert author.answer.status_code == 422
    assert page.title.startswith("확인 필요")
    (form,) = [one for one in page.forms if one.action == NEW]
    assert form.fields["text"] == [WRITTEN["text"]]
    assert (form.fields["category"], form.fields["place"]) == (["culture"], ["hall"])
    attributes = next(named for tag, named in page.tags if tag == "input" and named.get("id") == "title")
    assert attributes["aria-invalid"] == "true"
    assert "title-wrong" in (attributes["aria-describedby"] or "")
    summary = next(named for tag, named in page.tags if named.get("class") == "faults")
    assert (summary["role"], "autofocus" in summary) == ("alert", True)
    assert ("a", {"href": "#title"}) in page.tags
    assert told(node) == []


def test_the_same_form_sent_twice_makes_one_thing(author: Browser, node: CityNode) -> None:
    author.open(NEW)
    (form,) = [one for one in author.page.forms if one.action == NEW]
    data = {name: value[0] for name, value in form.fields.items()} | WRITTEN
    first, again = (author.caller.ask("POST", NEW, data=data).headers["location"] for _ in range(2))
    assert first == again
    assert told(node) == ["proposed"]


def test_a_form_changed_after_it_was_sent_asks_once_more(author: Browser, node: CityNode) -> None:
    author.open(NEW)
    (form,) = [one for one in author.page.forms if one.action == NEW]
    data = {name: value[0] for name, value in form.fields.items()} | WRITTEN
    author.caller.ask("POST", NEW, data=data)
    author.page.forms[:] = [form]
    page = author.fill(NEW, **WRITTEN | {"title": "다른 제목"})
    assert author.answer.status_code == 409
    assert "한 번 더" in page.text
    author.fill(NEW)
    assert author.answer.status_code == 200
    assert told(node) == ["proposed", "proposed"]


@pytest.mark.parametrize("token", ["", "x", None])
def test_a_form_of_another_page_does_nothing(author: Browser, node: CityNode, token: str | None) -> None:
    data = WRITTEN if token is None else WRITTEN | {"csrf": token}
    answer = author.caller.ask("POST", NEW, data=data)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert told(node) == []


def test_a_page_of_another_site_does_nothing(author: Browser, node: CityNode) -> None:
    author.open(NEW)
    author.caller.headers["origin"] = "https://evil.example"
    (form,) = [one for one in author.page.forms if one.action == NEW]
    answer = author.caller.ask("POST", NEW, data=form.fields | WRITTEN)
    assert answer.status_code == 403
    assert told(node) == []


def test_markup_is_shown_as_it_was_written(author: Browser) -> None:
    wild = {"title": "<script>alert(1)</script>", "text": "</textarea><img src=x onerror=alert(1)>{{7*7}}"}
    author.open(NEW)
    page = author.fill(NEW, **WRITTEN | wild)
    assert wild["title"] in page.text
    assert wild["text"] in page.text
    assert "script" not in {tag for tag, _ in page.tags}
    assert "<script>" not in author.answer.text
    author.open(author.answer.url.path + "/edit")
    (form,) = [one for one in author.page.forms if "edit" in one.action]
    assert (form.fields["title"], form.fields["text"]) == ([wild["title"]], [wild["text"]])


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded", 400),
        (b"a=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"a=\xff", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"", "", 415),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415),
    ],
)
def test_a_body_that_is_no_form_is_refused(
    author: Browser, node: CityNode, content: bytes, kind: str, status: int
) -> None:
    answer = author.caller.ask("POST", NEW, content=content, headers={"content-type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert told(node) == []


def test_an_endless_upload_is_not_read_to_its_end(author: Browser) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
        while True:
            sent += 65_536
            assert sent < 20_000_000
            yield b"\0" * 65_536

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = author.caller.ask("POST", "/plain/reports/new", content=endless(), headers=headers)
    assert answer.status_code == 413


def test_a_refusal_is_one_line_in_the_log(author: Browser, caplog: pytest.LogCaptureFixture) -> None:
    author.open(NEW)
    with caplog.at_level(logging.WARNING):
        author.fill(NEW, **WRITTEN | {"title": ""})
    assert [record.getMessage() for record in caplog.records if "refused" in record.getMessage()] == [
        f"refused status=422 code=text_refused method=POST path={NEW}"
    ]


def test_whoever_is_turned_away_reads_why(author: Browser, node: CityNode) -> None:
    author.caller.headers["origin"] = "https://evil.example"
    answer = author.caller.ask("POST", NEW, data=WRITTEN)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "다른 사이트" in answer.text
    assert told(node) == []


@pytest.mark.parametrize(
    "written", ["35.1547, 126.8500", "35.1547 126.8500", "35.1547,126.8500", "35 ,  126"]
)
def test_a_position_is_latitude_and_longitude(written: str) -> None:
    assert _LATITUDE_LONGITUDE.fullmatch(written)


def test_a_form_full_of_spaces_costs_no_more_than_one_of_letters() -> None:
    began = time.thread_time()
    assert _LATITUDE_LONGITUDE.fullmatch("35" + " " * 60_000 + "x") is None
    assert time.thread_time() - began < 0.5
