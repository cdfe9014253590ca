import asyncio

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from meta_gwangju.node import CityNode
from meta_gwangju.plain.visit import local_address
from tests.unit.meta_gwangju.plain.browser import Browser

PUBLIC = [
    "/plain/",
    "/plain/sign-in",
    "/plain/proposals",
    "/plain/votes",
    "/plain/votes/verify",
    "/plain/reports",
]


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize(("language", "words"), [("ko", "본문으로 바로 가기"), ("en", "Skip to the content")])
def test_everybody_reads_in_their_language(visitor: Browser, path: str, language: str, words: str) -> None:
    visitor.caller.headers["accept-language"] = f"{language}-XX,{language};q=0.9"
    page = visitor.open(path)
    assert visitor.answer.status_code == 200
    assert words in page.text
    assert ("html", {"lang": language}) in page.tags
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert visitor.answer.headers["content-language"] == language


@pytest.mark.parametrize("path", [*PUBLIC, "/plain/nothing"])
def test_no_page_runs_a_script(visitor: Browser, path: str) -> None:
    page = visitor.open(path)
    policy = visitor.answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    for tag, attributes in page.tags:
        assert tag not in {"script", "iframe", "object", "embed", "style"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    # Browsers send the origin of a form only under a policy that tells it: with none, nobody could send one.
    assert visitor.answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", PUBLIC)
def test_every_field_has_a_label(visitor: Browser, path: str) -> None:
    page = visitor.open(path)
    labelled = {attributes.get("for") for tag, attributes in page.tags if tag == "label"}
    for tag, attributes in page.tags:
        if tag in {"select", "textarea"} or (tag == "input" and attributes.get("type") != "hidden"):
            assert attributes["id"] in labelled


def test_the_language_is_chosen_by_a_link_and_kept(visitor: Browser) -> None:
    page = visitor.open("/plain/proposals?sort=newest")
    (link,) = [a["href"] for tag, a in page.tags if tag == "a" and a.get("hreflang") == "en"]
    assert link is not None
    answer = visitor.caller.ask("GET", link)
    assert answer.headers["location"] == "/plain/proposals?sort=newest"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("meta_gwangju_language=en")
    assert "HttpOnly" in cookie
    visitor.caller.headers["cookie"] = cookie.partition(";")[0]
    assert "Proposals" in visitor.open("/plain/proposals").title


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/plain/",
        "/plain//evil.example",
        "/plain/\\evil",
        "/api/v1/session",
        "/plainly",
        "",
        "/plain/\r\nset-cookie: x",
        "/plain/" + "a" * 600,
    ],
)
def test_nobody_is_led_elsewhere(address: str) -> None:
    assert local_address(address) == "/plain/"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/plain/nothing", 404),
        ("GET", "/plain/proposals/999", 404),
        ("GET", "/plain/proposals/0", 404),
        ("GET", "/plain/proposals/99999999999999999999999", 404),
        pytest.param("GET", f"/plain/proposals/{'9' * 5000}", 404, id="5000 digits"),
        ("GET", "/plain/proposals/abc", 404),
        ("GET", "/plain/votes/999", 404),
        ("GET", "/plain/reports/999", 404),
        ("GET", "/plain/language/fr", 404),
        ("GET", "/plain/proposals/new", 403),
        ("GET", "/plain/reports/new", 403),
        ("GET", "/plain/wallet", 403),
        ("GET", "/plain/sessions", 403),
        ("GET", "/plain/proposals?cursor=x", 422),
        ("PUT", "/plain/proposals", 405),
        ("POST", "/plain/proposals", 405),
    ],
)
def test_what_cannot_be_had_is_said_in_html(visitor: Browser, method: str, path: str, status: int) -> None:
    answer = visitor.caller.ask(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text


def test_the_address_without_its_slash_leads_in(visitor: Browser) -> None:
    assert visitor.caller.ask("GET", "/plain").headers["location"] == "/plain/"


def test_the_style_sheet_may_be_kept_for_ever(visitor: Browser) -> None:
    page = visitor.open("/plain/")
    (path,) = [a["href"] for tag, a in page.tags if tag == "link" and a.get("rel") == "stylesheet"]
    assert path is not None
    answer = visitor.caller.ask("GET", path)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]


def test_a_database_that_answers_nothing_is_said_in_html(visitor: Browser, node: CityNode) -> None:
    with node.offices.store.write() as connection:
        connection.execute(sa.text("DROP TABLE proposal_comments"))
        connection.execute(sa.text("DROP TABLE proposal_supports"))
        connection.execute(sa.text("DROP TABLE proposal_answers"))
        connection.execute(sa.text("DROP TABLE proposals"))
    answer = visitor.caller.ask("GET", "/plain/proposals")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "잠시 뒤" in answer.text
    assert "sqlite" not in answer.text.lower()


def test_a_fault_of_ours_is_said_in_html_without_its_insides(
    app: FastAPI, author: Browser, node: CityNode
) -> None:
    author.open("/plain/proposals/new")
    author.fill("/plain/proposals/new", title="제안", text="내용")
    with node.offices.store.write() as connection:
        connection.execute(sa.text("UPDATE proposals SET state = 'secret insides'"))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://city:8000") as client:
            return await client.get("/plain/proposals/1")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "이 번호를 알려 주세요" in answer.text
    assert "secret" not in answer.text
