"""The real server on a real port: signalling from the first word to the last."""

import asyncio
import math
import os
import resource
import signal
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from meta_gwangju.certificates import ensure_certificate
from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.node import CityNode
from meta_gwangju.offices import make_offices
from meta_gwangju.places import Places
from meta_gwangju.serve import allow_many_files
from municipality.store import Store
from streaming.client import Citizen, Identity
from streaming.messages import MAX_SIGNAL_BYTES, PROTOCOL_VERSION, Close
from tests.unit.meta_gwangju.land import Flat
from tests.unit.meta_gwangju.serving import opened

HELLO = {
    "type": "hello",
    "protocol": PROTOCOL_VERSION,
    "name": "나은",
    "colour": 1,
    "language": "ko",
    "kind": "browser",
}


def during(node: CityNode, settings: Settings, visit: Callable[[str], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened(node, settings) as address:
            await visit(address)

    asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so, for twenty seconds at most."""
    async with asyncio.timeout(20.0):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)


async def greet(socket: ClientConnection, **changes: object) -> dict[str, Any]:
    await socket.send(msgspec.json.encode(HELLO | changes).decode())
    return await answer(socket)


async def answer(socket: ClientConnection) -> dict[str, Any]:
    return dict(msgspec.json.decode(await asyncio.wait_for(socket.recv(), 10.0)))


async def closing(socket: ClientConnection) -> int:
    """Return the code that the server closes with, whatever it says before."""
    async with asyncio.timeout(10.0):
        with suppress(ConnectionClosed):
            async for _ in socket:
                continue
        await socket.wait_closed()
    assert socket.close_code is not None
    return socket.close_code


def test_a_visitor_is_welcomed_where_they_stand(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        async with connect(f"ws://{address}/signal") as socket:
            welcome = await greet(socket, spot="hall")
            assert (welcome["type"], welcome["city"], welcome["name"]) == ("welcome", "gwangju", "나은")
            assert welcome["resumed"] is False
            assert abs(welcome["position"][0] - 120.0) < 3.0

    during(node, settings, visit)


def test_who_reconnects_with_their_session_is_the_same_person(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        async with connect(f"ws://{address}/signal") as socket:
            before = await greet(socket)
        async with connect(f"ws://{address}/signal") as socket:
            after = await greet(socket, session=before["session"])
        assert (after["person"], after["resumed"]) == (before["person"], True)

    during(node, settings, visit)


def test_the_older_of_two_logins_with_one_session_is_closed(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        async with connect(f"ws://{address}/signal") as old, connect(f"ws://{address}/signal") as new:
            before = await greet(old)
            after = await greet(new, session=before["session"])
            assert await closing(old) == Close.REPLACED
            assert after["person"] == before["person"]
            await new.send('{"type":"bye"}')
            assert await closing(new) == Close.LEFT

    during(node, settings, visit)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("not json", Close.MALFORMED),
        (b"\xff\x00", Close.OUT_OF_ORDER),
        ("x" * (MAX_SIGNAL_BYTES + 1), Close.MALFORMED),
        ("x" * (3 * MAX_SIGNAL_BYTES), 1009),
        (msgspec.json.encode(HELLO | {"protocol": 99}).decode(), Close.UNSUPPORTED_PROTOCOL),
        (msgspec.json.encode(HELLO | {"name": "\u202e"}).decode(), Close.BAD_NAME),
        (msgspec.json.encode(HELLO | {"spot": "atlantis"}).decode(), Close.UNKNOWN_SPOT),
        ('{"type":"offer","sdp":""}', Close.OUT_OF_ORDER),
    ],
)
def test_bad_input_is_closed_with_a_reason_and_one_line_in_the_log(
    node: CityNode, settings: Settings, caplog: pytest.LogCaptureFixture, message: str | bytes, code: int
) -> None:
    async def visit(address: str) -> None:
        async with (
            connect(f"ws://{address}/signal", max_size=None) as socket,
            connect(f"ws://{address}/signal") as bystander,
        ):
            await socket.send(message)
            assert await closing(socket) == code
            assert (await greet(bystander))["type"] == "welcome"

    during(node, settings, visit)
    lines = [record.getMessage() for record in caplog.records if "refused code=" in record.getMessage()]
    assert [line.split()[1] for line in lines] == [f"code={int(code)}"]
    assert "나은" not in caplog.text


def test_who_is_inside_is_told_that_the_city_closes_and_comes_back_when_it_opens_again(
    settings: Settings,
) -> None:
    sessions: list[dict[str, Any]] = []

    async def leave(address: str) -> None:
        async with connect(f"ws://{address}/signal") as socket:
            sessions.append(await greet(socket))
            os.kill(os.getpid(), signal.SIGTERM)
            assert await closing(socket) == Close.GOING_DOWN

    async def come_back(address: str) -> None:
        async with connect(f"ws://{address}/signal") as socket:
            sessions.append(await greet(socket, session=sessions[0]["session"]))

    for visit in (leave, come_back):
        with Store(settings.database) as store:
            offices = make_offices(store, settings, CityLand.load(settings.city, Flat()))
            during(CityNode(settings, offices, Places.load(settings.city), Flat()), settings, visit)
    assert sessions[1]["person"] == sessions[0]["person"]
    assert sessions[1]["resumed"] is True
    assert sessions[1]["position"] == sessions[0]["position"]


def test_the_world_steps_while_the_server_runs(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        async with httpx.AsyncClient(base_url=f"http://{address}") as client, asyncio.timeout(10.0):
            while (health := (await client.get("/healthz")).json())["tick"] < 5:
                continue
            assert health["status"] == "ok"

    during(node, settings, visit)


def test_two_citizens_see_each_other_and_where_each_stands(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        url = f"http://{address}"
        async with (
            Citizen(url, Identity("나은")) as one,
            Citizen(url, Identity("Minh", spot="square")) as two,
        ):
            two.teleport(position=(6.0, 0.0, 8.0), yaw=1.0)
            await until(
                lambda: [math.dist(p.pose.position, (6.0, 30.0, 8.0)) < 0.05 for p in one.people] == [True]
            )
            assert [(person.id, person.name) for person in one.people] == [(two.person, "Minh")]
            await until(lambda: [person.id for person in two.people] == [one.person])
            assert two.people[0].pose.position.tolist() == pytest.approx(one.place[0], abs=0.05)
            await two.leave(for_good=True)
            await until(lambda: one.people == [])

    during(node, settings, visit)


def test_with_a_certificate_the_page_comes_over_https(node: CityNode, settings: Settings) -> None:
    certificate = ensure_certificate(settings.certificates, frozenset({"127.0.0.1"}))

    async def run() -> None:
        trusting = ssl.create_default_context(cafile=str(certificate.certificate))
        async with (
            opened(node, settings, certificate) as address,
            httpx.AsyncClient(verify=trusting) as client,
            connect(f"wss://{address}/signal", ssl=trusting) as socket,
        ):
            assert "메타 광주" in (await client.get(f"https://{address}/")).text
            assert (await greet(socket))["type"] == "welcome"

    asyncio.run(run())


def test_as_many_files_are_taken_as_may_be() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        allow_many_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
