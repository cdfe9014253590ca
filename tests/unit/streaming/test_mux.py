"""Everybody on one UDP port: real peers over real sockets."""

import asyncio
import os
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
import uvloop

from streaming import mux as mux_module
from streaming.client import Citizen, Identity, Sound, standing
from streaming.mux import Mux
from tests.unit.streaming.city import City, open_city, until
from tests.unit.streaming.test_bridge import Tone

pytestmark = pytest.mark.usefixtures("media")

LOOPS = pytest.mark.parametrize(
    "factory", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)


def run(body: Coroutine[Any, Any, None], factory: Any = uvloop.new_event_loop) -> None:
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(asyncio.wait_for(body, 60.0))


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def local_candidates(city: City) -> set[tuple[str, int]]:
    """Return where the server's side of every peer connection says that it is."""
    peers: list[Any] = [guest.seat.peer for guest in city.bridge._guests.values() if guest.seat is not None]
    return {(one.ip, one.port) for peer in peers for one in peer.ice.iceGatherer.getLocalCandidates()}


@LOOPS
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_people_meet_talk_and_leave_over_one_port(host: str, factory: Any) -> None:
    async def body() -> None:
        async with open_city(host) as city:
            talker = Citizen(city.url, Identity("말하는이"), sound=Sound(source=Tone().frame))
            others = [Citizen(city.url, Identity(name)) for name in ("가온", "나은", "Minh")]
            async with talker, others[0], others[1], others[2]:
                talker.send_pose(standing((2.0, 0.0, 0.0), 0.0))
                talker.microphone(live=True)
                await until(lambda: all(len(citizen.people) == 3 for citizen in (talker, *others)))
                await until(lambda: all(citizen.ears()[0] is not None for citizen in others))
                assert local_candidates(city) == {(host, city.mux.number)}
                assert city.mux.routes.sizes()[0] == 4
                assert city.mux.routes.sizes()[2] == 4
            await until(lambda: city.mux.routes.sizes() == (0, 0, 0))
            assert city.mux._shares == {}

    run(body(), factory)


def test_a_city_holds_one_socket_an_address_however_many_come() -> None:
    async def body() -> None:
        async with open_city() as city:
            assert [port.host for port in city.mux.ports] == ["127.0.0.1"]
            before = descriptors()
            async with Citizen(city.url, Identity("가온")) as one, Citizen(city.url, Identity("나은")) as two:
                await until(lambda: len(one.people) == len(two.people) == 1)
                # For each: two ends of its WebSocket, and the client's own UDP socket; the server's is there.
                assert descriptors() - before == 6
            await until(lambda: descriptors() == before)

    run(body())


def test_a_stranger_who_knows_the_port_is_dropped_and_disturbs_nobody() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("가온")) as citizen:
            routes = city.mux.routes
            before, dropped = routes.sizes(), routes.dropped
            junk = [
                b"",
                b"\x00",
                b"\x80" + os.urandom(60),
                b"\x16\xfe\xfd" + os.urandom(60),
                os.urandom(1500),
            ]
            junk += [bytes.fromhex("000100002112a442") + os.urandom(12), b"\x00\x01" + os.urandom(200)]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.setblocking(False)  # noqa: FBT003 - the socket's own signature
                for data in junk:
                    stranger.sendto(data, ("127.0.0.1", city.mux.number))
                await until(lambda: routes.dropped - dropped == len(junk))
                with pytest.raises(BlockingIOError):
                    stranger.recv(100)
            assert routes.sizes() == before
            assert citizen.state == "connected"

    run(body())


def test_all_addresses_get_the_same_number_and_a_taken_one_is_refused() -> None:
    with Mux("::") as mux:
        mux.bind()
        hosts = {port.host for port in mux.ports}
        assert "127.0.0.1" in hosts
        assert {port.number for port in mux.ports} == {mux.number}
        with Mux("127.0.0.1") as second, pytest.raises(OSError, match="in use"):
            second.bind(mux.number)
        # The other family's number is another one, unless it is bound as well.
        with Mux("::1") as third:
            third.bind(mux.number)
            assert third.number == mux.number


def test_an_address_that_comes_later_gets_a_socket_and_one_that_goes_loses_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = ["127.0.0.1"]
    monkeypatch.setattr(mux_module, "offered", lambda _: list(there))
    monkeypatch.setattr(mux_module, "_LOOK_SECONDS", 0.0)

    async def body() -> None:
        with Mux("::") as mux:
            mux.listen()
            share = mux.share("p" * 22, lambda: None)
            assert [transport.port.host for transport in share.transports] == ["127.0.0.1"]
            there.append("::1")
            share = mux.share("p" * 22, lambda: None)
            assert [transport.port.host for transport in share.transports] == ["127.0.0.1", "::1"]
            assert {port.number for port in mux.ports} == {mux.number}
            there.remove("127.0.0.1")
            share = mux.share("p" * 22, lambda: None)
            assert [transport.port.host for transport in share.transports] == ["::1"]

    run(body())


def test_somebody_else_may_read_the_socket() -> None:
    """As a path does that moves media by itself: it reads the descriptor, and feeds what it does not know."""

    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("가온")) as citizen:
            (port,) = city.mux.ports
            city.mux.rest()
            loop, fed = asyncio.get_running_loop(), 0

            def read() -> None:
                nonlocal fed
                data, address = port.socket.recvfrom(2048)
                fed += 1
                port.feed(data, address)

            loop.add_reader(port.fileno(), read)
            async with Citizen(city.url, Identity("나은")) as other:
                await until(lambda: len(citizen.people) == len(other.people) == 1)
            loop.remove_reader(port.fileno())
            assert fed > 10
            city.mux.listen()
            async with Citizen(city.url, Identity("Minh")) as other:
                await until(lambda: len(other.people) == 1)

    run(body())
