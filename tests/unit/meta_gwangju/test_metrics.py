"""What the city tells those who watch it: numbers, its health, and one line for every change asked for."""

import asyncio
import dataclasses
import json
import logging
import re
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from meta_gwangju import __version__
from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.log import JsonLines, request_id
from meta_gwangju.node import CityNode
from meta_gwangju.offices import make_offices
from meta_gwangju.places import Places
from meta_gwangju.vitals import DatabaseProbe, database_bytes
from municipality.ledger import OpenAccount, key_of
from municipality.store import Store, revisions
from streaming.client import Citizen, Identity
from tests.support.postgres import Postgres, postgres
from tests.support.server import PROJECT
from tests.unit.meta_gwangju.callers import Caller, citizen
from tests.unit.meta_gwangju.land import Flat
from tests.unit.meta_gwangju.serving import opened
from tests.unit.streaming.city import until

TOKEN = "a-token-of-the-operator"  # noqa: S105 -- of a test


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture
def app(node: CityNode, settings: Settings) -> FastAPI:
    return create_app(node, dataclasses.replace(settings, metrics_token=TOKEN))


def ask(app: FastAPI, path: str, client: str = "127.0.0.1", **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://city") as browser:
            return await browser.get(path, headers=headers)

    return asyncio.run(send())


def samples(text: str) -> dict[str, float]:
    """Return every sample by name and labels, as Prometheus reads them."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            key = f"{sample.name}{{{labels}}}" if labels else sample.name
            assert key not in found
            found[key] = sample.value
    return found


def during(node: CityNode, settings: Settings, visit: Callable[[str], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened(node, settings) as address:
            await visit(f"http://{address}")

    asyncio.run(run())


# --- numbers --------------------------------------------------------------------------------------------


def test_prometheus_reads_a_running_city(node: CityNode, settings: Settings) -> None:
    async def visit(url: str) -> None:
        async with Citizen(url, Identity("나은")), httpx.AsyncClient(base_url=url) as browser:
            await until(lambda: node.world.count == 1 and node.world.tick > 10)
            await node.offices.ledger.ask(OpenAccount(key_of("test", "one")))
            await browser.get("/tiles/gwangju/tileset.json")
            await browser.get("/nothing")
            await browser.post("/api/v1/moderation/acts/7/lift", json={"reason": "x"})
            await browser.request("BREW", "/healthz")
            answer = await browser.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert answer.headers["cache-control"] == "no-store"
        found = samples(answer.text)
        assert (
            found["meta_gwangju_people"] == found["meta_gwangju_connections"] == found["meta_gwangju_up"] == 1
        )
        assert found["meta_gwangju_ticks_total"] > 10
        assert found["meta_gwangju_tick_seconds_count"] > 10
        assert found["meta_gwangju_tick_seconds_bucket{le=+Inf}"] == found["meta_gwangju_tick_seconds_count"]
        assert found["meta_gwangju_late_ticks_total"] >= 0
        assert found["meta_gwangju_lost_audio_frames_total"] >= 0
        assert found["meta_gwangju_ledger_commit_seconds_count"] == 1
        assert found["meta_gwangju_ledger_waiting"] == 0
        assert found["meta_gwangju_ledger_alive"] == found["meta_gwangju_database_writable"] == 1
        assert found["meta_gwangju_database_bytes"] > 100_000
        assert found["process_resident_memory_bytes"] > 1e6
        _, schema = revisions(settings.database)
        assert found[f"meta_gwangju_build_info{{schema={schema},version={__version__}}}"] == 1
        requests = {key: value for key, value in found.items() if "http_requests_total" in key}
        assert requests == {
            "meta_gwangju_http_requests_total{method=GET,route=/tiles/*,status=200}": 1,
            "meta_gwangju_http_requests_total{method=GET,route=/*,status=404}": 1,
            "meta_gwangju_http_requests_total"
            "{method=POST,route=/api/v1/moderation/acts/{number}/lift,status=404}": 1,
            "meta_gwangju_http_requests_total{method=other,route=/*,status=405}": 1,
        }

    during(node, settings, visit)


def test_refusals_are_counted_by_code(node: CityNode, app: FastAPI) -> None:
    for code in (4007, 4007, 403):
        node.refusals.note(code, "full")
    found = samples(ask(app, "/metrics").text)
    assert found["meta_gwangju_refusals_total{code=4007}"] == 2
    assert found["meta_gwangju_refusals_total{code=403}"] == 1


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("192.0.2.7", {"authorization": f"Bearer {TOKEN}"}, 200),
        ("192.0.2.7", {"authorization": f"Bearer {TOKEN}x"}, 403),
        ("192.0.2.7", {"authorization": "Bearer "}, 403),
        ("192.0.2.7", {"authorization": f"Basic {TOKEN}"}, 403),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, 403),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, 403),
        ("192.0.2.7", {"x-forwarded-for": "127.0.0.1"}, 403),
    ],
)
def test_numbers_are_for_this_machine_and_for_who_has_the_token(
    app: FastAPI, client: str, headers: dict[str, str], status: int
) -> None:
    answer = ask(app, "/metrics", client, **headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "metrics_closed"
        assert "meta_gwangju_people" not in answer.text


def test_without_a_token_in_the_settings_no_token_opens_the_numbers(
    node: CityNode, settings: Settings
) -> None:
    closed = create_app(node, settings)
    for token in ("", " ", "x"):
        assert ask(closed, "/metrics", "192.0.2.7", authorization=f"Bearer {token}").status_code == 403


def test_paths_and_names_stand_in_no_number(app: FastAPI) -> None:
    for path in ("/api/v1/proposals/4711", "/secret-of-somebody", "/tiles/gwangju/4711.glb"):
        ask(app, path)
    told = ask(app, "/metrics").text
    assert "4711" not in told
    assert "secret" not in told


def test_the_manual_names_every_number_and_no_other(app: FastAPI) -> None:
    manual = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(meta_gwangju_\w+)` \|", manual, re.MULTILINE))
    told = ask(app, "/metrics").text
    served = set(re.findall(r"^# TYPE (meta_gwangju_\w+) ", told, re.MULTILINE))
    assert named == {name for name in served if not name.endswith("_created")}


# --- health ---------------------------------------------------------------------------------------------


def test_a_database_that_takes_nothing_is_told_and_so_is_its_return(
    settings: Settings, postgres_server: Postgres
) -> None:
    settings = dataclasses.replace(settings, database=postgres_server.database())
    with Store(settings.database) as store:
        offices = make_offices(store, settings, CityLand.load(settings.city, Flat()))
        node = CityNode(settings, offices, Places.load(settings.city), Flat())
        app = create_app(node, settings)
        node.step(time.monotonic())
        assert ask(app, "/healthz").json()["database"] is True
        assert samples(ask(app, "/metrics").text)["meta_gwangju_database_bytes"] > 100_000
        now = [0.0]
        probe = DatabaseProbe(store, lambda: now[0])
        assert probe.is_writable()
        postgres_server.stop()
        try:
            assert probe.is_writable()  # within two seconds it is not asked again
            now[0] = 2.0
            assert not probe.is_writable()
            assert database_bytes(store) == 0
            broken = create_app(node, settings)
            node.step(time.monotonic())
            answer = ask(broken, "/healthz")
            assert (answer.status_code, answer.json()["status"]) == (503, "not_recording")
        finally:
            postgres_server.start()
        now[0] = 4.0
        assert probe.is_writable()


def test_a_database_that_others_keep_busy_is_well_and_one_that_is_held_is_not(node: CityNode) -> None:
    store = node.offices.store
    probe = DatabaseProbe(store)
    stop = threading.Event()

    def commit() -> None:
        with closing(sqlite3.connect(str(store.url.database), timeout=10.0)) as connection:
            while not stop.is_set():
                connection.execute("UPDATE alembic_version SET version_num = version_num")
                connection.commit()

    with ThreadPoolExecutor(1) as threads:
        committing = threads.submit(commit)
        try:
            assert probe.others_commit()
        finally:
            stop.set()
        committing.result()
    with closing(sqlite3.connect(str(store.url.database), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert not probe.is_writable()


def test_a_ledger_whose_writer_ended_is_told(node: CityNode, app: FastAPI) -> None:
    async def end_it() -> None:
        async with node.offices.ledger:
            next(task for task in asyncio.all_tasks() if task.get_name() == "ledger").cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not node.offices.ledger.is_alive
            node.step(time.monotonic())
            health = await asyncio.to_thread(ask, app, "/healthz")
            assert (health.status_code, health.json()["status"]) == (503, "not_recording")

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(end_it())


# --- lines ----------------------------------------------------------------------------------------------


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[str], list[dict[str, Any]]]:
    caplog.set_level(logging.INFO)
    written: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(JsonLines().format(record)))

    keeper = Keep()
    logging.getLogger().addHandler(keeper)
    request_id.set("")
    return lambda event: [line for line in written if line["event"] == event]


def test_a_change_leaves_one_line_that_names_nobody(
    app: FastAPI, node: CityNode, lines: Callable[[str], list[dict[str, Any]]]
) -> None:
    caller = citizen(app, node.offices, "나은")
    answer = caller.ask(
        "PUT", "/api/v1/session/profile?x=비밀", json={"name": "보라", "colour": 1, "language": "ko"}
    )
    assert answer.status_code == 200, answer.text
    caller.ask("GET", "/api/v1/session")
    (line,) = lines("answered")
    assert line["request"] == answer.headers["x-request-id"]
    fields = line["fields"]
    assert fields.pop("ms") > 0
    assert fields == {"method": "PUT", "route": "/api/v1/session/profile", "status": 200, "door": "page"}
    told = json.dumps(line, ensure_ascii=False)
    assert not any(secret in told for secret in ("나은", "보라", "비밀", caller.headers["cookie"]))


def test_a_refusal_is_found_in_the_log_by_the_number_in_its_problem(
    app: FastAPI, lines: Callable[[str], list[dict[str, Any]]]
) -> None:
    answer = Caller(app).ask("POST", "/api/v1/moderation/acts/7/lift", json={"reason": "x"})
    assert answer.status_code == 404
    assert answer.json()["request"] == answer.headers["x-request-id"]
    assert [line["request"] for line in lines("refused")] == [answer.headers["x-request-id"]]
    assert [line["fields"]["door"] for line in lines("answered")] == ["api"]


def test_a_clients_own_number_is_not_taken(app: FastAPI) -> None:
    first = ask(app, "/healthz", **{"x-request-id": "forged\u0020id"})
    second = ask(app, "/healthz", **{"x-request-id": "forged"})
    assert len({first.headers["x-request-id"], second.headers["x-request-id"], "forged"}) == 3
