import asyncio
import time

import httpx
import pytest
from fastapi import FastAPI

from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode


@pytest.fixture
def app(node: CityNode, settings: Settings) -> FastAPI:
    return create_app(node, settings)


def ask(app: FastAPI, path: str, method: str = "GET") -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://city:8000") as client:
            return await client.request(method, path)

    return asyncio.run(send())


def test_the_page_stands_at_the_root_and_is_asked_for_again(app: FastAPI) -> None:
    page = ask(app, "/?enter=1&name=나은")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "메타 광주" in page.text
    assert page.headers["cache-control"] == "public, no-cache"
    assert "immutable" in ask(app, "/assets/main-a1b2.js").headers["cache-control"]


def test_the_city_is_served_below_tiles(app: FastAPI) -> None:
    answer = ask(app, "/tiles/gwangju/tileset.json")
    assert answer.json() == {"asset": {"version": "1.1"}}
    assert answer.headers["access-control-allow-origin"] == "*"


def test_health_says_that_the_world_steps(app: FastAPI, node: CityNode) -> None:
    node.step(time.monotonic())
    answer = ask(app, "/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "people": 0,
        "tick": 1,
        "late_ticks": 0,
        "database": True,
        "ledger": True,
    }
    assert answer.headers["cache-control"] == "no-store"


def test_health_says_that_the_world_stands_still(app: FastAPI, node: CityNode) -> None:
    node.step(time.monotonic() - 60.0)
    answer = ask(app, "/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "stalled")


def test_the_census_counts_people(app: FastAPI) -> None:
    assert ask(app, "/api/v1/census").json() == {"people": 0}


def test_the_api_describes_itself(app: FastAPI) -> None:
    document = ask(app, "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {"/healthz", "/api/v1/census"} <= set(document["paths"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing/here", 404), ("GET", "/tiles/gwangju/none.glb", 404), ("POST", "/healthz", 405)],
)
def test_errors_are_problem_documents(app: FastAPI, method: str, path: str, status: int) -> None:
    answer = ask(app, path, method)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["instance"] == path
    assert {"type", "title", "detail"} <= set(problem)


def test_a_fault_of_ours_is_a_problem_document_without_its_insides(app: FastAPI) -> None:
    @app.get("/api/v1/broken")
    def broken() -> None:
        raise ValueError("secret insides")

    # The page's mount takes every path, so what is added later must stand before it.
    app.router.routes.insert(0, app.router.routes.pop())
    answer = ask(app, "/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/tiles/gwangju/tileset.json", "/nothing"])
def test_every_answer_carries_the_security_headers(app: FastAPI, path: str) -> None:
    headers = ask(app, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "microphone=(self)" in headers["permissions-policy"]
    assert "xr-spatial-tracking=(self)" in headers["permissions-policy"]
    assert "camera=(self), display-capture=(self)" in headers["permissions-policy"]
    assert "ws://city:8000" in headers["content-security-policy"]
