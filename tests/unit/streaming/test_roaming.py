"""People who move between networks, vanish, or never arrive: real peers behind a scripted router."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aioice.ice
import numpy as np
import pytest
import uvloop
from aioice import stun
from aiortc import RTCSessionDescription

from streaming import bridge as bridge_module
from streaming import signalling
from streaming.client import Citizen, Identity, Sound, standing
from streaming.messages import Close
from streaming.peer import Peer
from tests.support.raw_peer import RawPeer
from tests.support.udp_relay import UdpRelay, without_candidates
from tests.unit.streaming.city import City, open_city, until
from tests.unit.streaming.test_bridge import Tone, seen
from world.entity import PersonId

pytestmark = pytest.mark.usefixtures("media")


def run(body: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(body, 60.0))


@asynccontextmanager
async def behind_router(city: City, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[UdpRelay]:
    """Let the next citizen reach the city through a relay alone; the city learns of no other address."""
    host = city.mux.ports[0].host
    relay = UdpRelay((host, city.mux.number))
    offer, accept = Peer.offer, Peer.accept

    async def offer_nothing(peer: Peer) -> str:
        return without_candidates(await offer(peer))

    async def accept_relay(peer: Peer, answer: str) -> None:
        await accept(peer, relay.lead_here(answer))

    monkeypatch.setattr(Peer, "offer", offer_nothing)
    monkeypatch.setattr(Peer, "accept", accept_relay)
    try:
        yield relay
    finally:
        relay.close()


def ice_of(citizen: Citizen) -> Any:
    """Return the client's own ICE connection."""
    visit: Any = citizen._visit
    return visit._link.ice._connection


def server_peer(city: City, citizen: Citizen) -> Any:
    seat = city.bridge._guests[PersonId(citizen.person or 0)].seat
    assert seat is not None
    return seat.peer


def sends_to(city: City, citizen: Citizen) -> tuple[str, int]:
    """Return where the server sends what it has for somebody."""
    (pair,) = server_peer(city, citizen).ice._connection._nominated.values()
    host, port = pair.remote_addr
    return host, port


def nomination(ice: Any, *, nominate: bool = True) -> stun.Message:
    """Return a check of the client's, as browsers send them every few seconds: with USE-CANDIDATE."""
    (pair,) = ice._nominated.values()
    request: stun.Message = ice.build_request(pair, nominate=nominate)
    return request


async def ask(ice: Any, request: stun.Message) -> None:
    """Send a check over the client's pair, and wait for its answer."""
    (pair,) = ice._nominated.values()
    await pair.protocol.request(request, pair.remote_addr, integrity_key=ice.remote_password.encode())


@pytest.mark.parametrize(("host", "elsewhere"), [("127.0.0.1", "127.0.0.2"), ("::1", "::1")])
def test_who_moves_to_another_network_goes_on_seeing_and_hearing(
    host: str, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> None:
        heard: dict[str, list[np.ndarray]] = {"stays": [], "moves": []}
        async with open_city(host) as city:
            stays, moves = (
                Citizen(city.url, Identity(name), sound=Sound(source=Tone().frame, sink=heard[name].append))
                for name in ("stays", "moves")
            )
            async with stays, behind_router(city, monkeypatch) as relay, moves:
                for citizen in (stays, moves):
                    citizen.microphone(live=True)
                await until(lambda: len(heard["stays"]) > 5 and len(heard["moves"]) > 5)
                peer = server_peer(city, moves)
                assert sends_to(city, moves) == relay.outer

                relay.move(elsewhere)
                await ask(ice_of(moves), nomination(ice_of(moves), nominate=False))
                assert sends_to(city, moves) != relay.outer
                await ask(ice_of(moves), nomination(ice_of(moves)))
                await until(lambda: sends_to(city, moves) == relay.outer)

                before = {name: len(frames) for name, frames in heard.items()}
                stays.send_pose(standing((0.0, 0.0, 2.0), 0.0))
                moves.send_pose(standing((2.0, 0.0, 0.0), 0.0))
                await until(lambda: all(len(heard[name]) > before[name] + 20 for name in heard))
                await until(lambda: (p := seen(stays, "moves")) is not None and p.position[0] > 1.95)
                await until(lambda: (p := seen(moves, "stays")) is not None and p.position[2] > 1.95)
                assert server_peer(city, moves) is peer
                assert (moves.reconnects, stays.reconnects) == (0, 0)
            await until(lambda: city.mux.routes.sizes() == (0, 0, 0))

    run(body())


def test_a_check_that_somebody_else_repeats_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who overheard a good check can send it again from elsewhere, but not answer the one that comes back."""

    async def body() -> None:
        async with (
            open_city() as city,
            behind_router(city, monkeypatch) as relay,
            Citizen(city.url, Identity("가온")) as citizen,
        ):
            await ask(ice_of(citizen), nomination(ice_of(citizen)))
            await until(lambda: sends_to(city, citizen) == relay.outer)
            request = nomination(ice_of(citizen))
            request.add_message_integrity(ice_of(citizen).remote_password.encode())
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.settimeout(0.0)
                stranger.sendto(bytes(request), ("127.0.0.1", city.mux.number))
                loop = asyncio.get_running_loop()
                kinds = {(await loop.sock_recv(stranger, 2048))[:2] for _ in range(3)}
            # An answer, and a check of the server's own, which nobody can answer.
            assert kinds == {b"\x01\x01", b"\x00\x01"}
            assert sends_to(city, citizen) == relay.outer
            tick = citizen._visit.view.seen if citizen._visit else 0
            await until(lambda: citizen._visit is not None and citizen._visit.view.seen > tick + 5)

    run(body())


def test_who_moves_often_is_still_followed_and_addresses_stay_few(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body() -> None:
        async with (
            open_city() as city,
            behind_router(city, monkeypatch) as relay,
            Citizen(city.url, Identity("가온")) as citizen,
        ):
            peer = server_peer(city, citizen)
            monkeypatch.setattr("streaming.peer_guards._MOST_ADDRESSES", 4)
            for _ in range(8):
                relay.move("127.0.0.1")
                await ask(ice_of(citizen), nomination(ice_of(citizen)))
                await until(lambda: sends_to(city, citizen) == relay.outer)
                assert len(peer.ice._connection._remote_candidates) <= 4
                assert len(peer.ice._connection._check_list) <= 4
            assert citizen.reconnects == 0

    run(body())


def test_who_answers_no_checks_any_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Consent to send ends (RFC 7675, section 5.1), long before which the person would have left."""
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.05)
    monkeypatch.setattr(aioice.ice, "CONSENT_FAILURES", 2)

    async def body() -> None:
        async with open_city() as city, behind_router(city, monkeypatch) as relay:
            citizen = Citizen(city.url, Identity("가온"))
            async with citizen:
                # What the client sends still comes: only the answers to the server's checks are missing.
                ice_of(citizen).request_received = lambda *_: None
                peer = server_peer(city, citizen)
                relay.cut = True
                await until(lambda: peer.ice.state in {"failed", "closed"})
                await until(lambda: city.mux.routes.sizes() == (0, 0, 0))
                relay.cut = False
            await until(lambda: not city.bridge._parting)
            assert city.mux._shares == {}

    run(body())


@pytest.mark.parametrize("reached", ["nothing", "ice"])
def test_a_connection_that_never_comes_about_is_closed(reached: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signalling, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(bridge_module, "SOCKET_SECONDS", 0.2)

    async def body() -> None:
        async with open_city() as city:
            raw = RawPeer(city.url.replace("http", "ws") + "/signal")
            welcome = await raw.greet()
            await raw.peer.setLocalDescription(await raw.peer.createOffer())
            await raw.send({"type": "offer", "sdp": raw.peer.localDescription.sdp})
            answer = await raw.answer("answer")
            peer: Any = city.bridge._guests[PersonId(welcome["person"])].trial.seat.peer
            assert city.mux.routes.sizes()[0] == 1
            if reached == "ice":
                assert raw.peer.sctp is not None

                async def no_handshake(_: object) -> None:
                    return

                raw.peer.sctp.transport.start = no_handshake  # type: ignore[method-assign]
                await raw.peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
                await until(lambda: peer.ice.state == "completed")
                assert city.mux.routes.sizes()[2] == 1
            assert (await raw.end())[0] == Close.TIMED_OUT
            await until(lambda: city.mux.routes.sizes() == (0, 0, 0))
            await until(lambda: not city.bridge._guests and not city.bridge._parting)
            await raw.close()

    run(body())
