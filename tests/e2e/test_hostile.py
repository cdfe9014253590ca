"""Bad input over the real server: a clear answer, only the sender affected, one log line, flat memory.

A bystander stands in the city throughout; after every blow the world still reaches them.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from spatial.quaternion import IDENTITY
from streaming.codec import encode_pose_sample
from streaming.messages import MAX_EVENT_BYTES, MAX_SIGNAL_BYTES, PROTOCOL_VERSION, Close
from tests.support.deadline import eventually
from tests.support.loop import LoopThread
from tests.support.namespaces import Network
from tests.support.raw_peer import RawPeer, hello
from tests.support.server import Server
from world.commands import BodyPose

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

#: Every refusal at the door, and everything unusable over a channel, is one line of these shapes.
REFUSED = r"refused code=\d{4} reason="
UNUSABLE = r"sent what cannot be used \("
#: What a burst of bad input may leave behind, MB: allocator slack, no more.
FLAT_MEGABYTES = 12.0


@dataclass(frozen=True, slots=True)
class Square:
    """A city with a bystander in it, and a loop that attackers run on."""

    server: Server
    loop: LoopThread
    bystander: RawPeer

    def attacker(self) -> RawPeer:
        async def make() -> RawPeer:
            return RawPeer(self.server.signalling)

        return self.loop.run(make())

    def refusals(self) -> list[str]:
        return [line for line in self.server.log() if "refused code=" in line]

    def still_streams(self) -> None:
        """Check that the bystander's world goes on: half a second of it within two."""
        self.loop.run(self.bystander.see(10), within=2.0)
        assert self.bystander.closed is None


@pytest.fixture(scope="module")
def square(server: Server, network: Network) -> Iterator[Square]:
    server.expected += [REFUSED, UNUSABLE]
    with LoopThread(network.machine("square")) as loop:

        async def enter() -> RawPeer:
            bystander = RawPeer(server.signalling)
            await bystander.join(name="구경꾼")
            return bystander

        square = Square(server, loop, loop.run(enter()))
        yield square
        loop.run(square.bystander.close())


@dataclass(frozen=True, slots=True)
class Blow:
    """Messages on the WebSocket, the last of them bad, and the close code they deserve."""

    name: str
    messages: tuple[dict[str, Any] | str | bytes, ...]
    close: Close


def _offer(sdp: str) -> dict[str, Any]:
    return {"type": "offer", "sdp": sdp}


def _candidate(text: str, mid: str = "0") -> dict[str, Any]:
    return {"type": "candidate", "candidate": text, "sdp_mid": mid, "sdp_m_line_index": 0}


#: Valid to the last line but one, which makes no sense.
_BENT_SDP = (
    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:x\r\n"
)

BLOWS = (
    Blow("no JSON", ("{",), Close.MALFORMED),
    Blow("JSON that is no object", ("[1, 2]",), Close.MALFORMED),
    Blow("a number too large for a float", ('{"type": "hello", "protocol": 1e999}',), Close.MALFORMED),
    Blow("nesting without end", ("[" * 30_000,), Close.MALFORMED),
    Blow("bytes that are no text", (b"\xff\xfe\x00",), Close.OUT_OF_ORDER),
    Blow("an unknown type", ({"type": "sudo"},), Close.MALFORMED),
    Blow("an unknown field", (hello(admin=True),), Close.MALFORMED),
    Blow("a field of another type", (hello(colour="red"),), Close.MALFORMED),
    Blow("a colour that is not there", (hello(colour=10),), Close.MALFORMED),
    Blow("too large", (hello(name="n" * MAX_SIGNAL_BYTES),), Close.MALFORMED),
    Blow("an unknown protocol version", (hello(protocol=PROTOCOL_VERSION + 1),), Close.UNSUPPORTED_PROTOCOL),
    Blow("an offer before hello", (_offer("v=0"),), Close.OUT_OF_ORDER),
    Blow("hello twice", (hello(), hello()), Close.OUT_OF_ORDER),
    Blow("an empty name", (hello(name=""),), Close.BAD_NAME),
    Blow("a name of blanks", (hello(name="   "),), Close.BAD_NAME),
    Blow("a name too long", (hello(name="가" * 25),), Close.BAD_NAME),
    Blow("a name with a line break", (hello(name="나은\nERROR root"),), Close.BAD_NAME),
    Blow("a name that turns text round", (hello(name="\u202eadmin"),), Close.BAD_NAME),
    Blow("a name nobody can see", (hello(name="\u200b\u200b"),), Close.BAD_NAME),
    Blow("a spot that is not there", (hello(spot="../../etc/passwd"),), Close.UNKNOWN_SPOT),
    Blow("an empty SDP", (hello(), _offer("")), Close.BAD_OFFER),
    Blow("an SDP that is none", (hello(), _offer("나는 SDP가 아닙니다")), Close.BAD_OFFER),
    Blow("a bent SDP", (hello(), _offer(_BENT_SDP)), Close.BAD_OFFER),
    Blow(
        "an SDP without anything",
        (hello(), _offer("v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")),
        Close.BAD_OFFER,
    ),
)


@pytest.mark.parametrize("blow", BLOWS, ids=lambda blow: blow.name)
def test_a_bad_signal_closes_the_socket_with_a_reason_and_touches_nobody_else(
    square: Square, blow: Blow
) -> None:
    before = len(square.refusals())
    attacker = square.attacker()

    async def strike() -> tuple[int | None, str | None]:
        await attacker.open()
        for message in blow.messages[:-1]:
            await attacker.send(message)
            await attacker.answer("welcome")
        await attacker.send(blow.messages[-1])
        try:
            return await attacker.end()
        finally:
            await attacker.close()

    code, reason = square.loop.run(strike(), within=10)
    assert (code, bool(reason)) == (blow.close, True), f"closed with {code} {reason!r}: {attacker.signals}"
    refusal = attacker.signals[-1]
    assert refusal["type"] == "refusal"
    assert refusal["fatal"] is True
    assert refusal["ko"], refusal
    assert refusal["en"], refusal
    eventually(lambda: len(square.refusals()) == before + 1, 3, square.refusals)
    square.still_streams()


def test_a_frame_much_too_large_never_gets_into_memory(square: Square) -> None:
    attacker = square.attacker()

    async def strike() -> tuple[int | None, str | None]:
        await attacker.open()
        await attacker.send("x" * 10_000_000)
        try:
            return await attacker.end()
        finally:
            await attacker.close()

    code, reason = square.loop.run(strike(), within=10)
    # RFC 6455, section 7.4.1: 1009 is "message too big".
    assert (code, bool(reason)) == (1009, True)
    square.still_streams()


@pytest.mark.parametrize(
    "text", ["candidate:nonsense", "candidate:" + "9 " * 400, "1 1 udp x 10.87.0.9 99999 typ host"]
)
def test_a_bad_candidate_is_answered_and_touches_nobody_else(square: Square, text: str) -> None:
    attacker = square.attacker()

    async def strike() -> tuple[int | None, str | None]:
        await attacker.greet()
        await attacker.peer.setLocalDescription(await attacker.peer.createOffer())
        await attacker.send(_offer(attacker.peer.localDescription.sdp))
        await attacker.answer("answer")
        await attacker.send(_candidate(text))
        try:
            return await attacker.end()
        finally:
            await attacker.close()

    code, reason = square.loop.run(strike(), within=10)
    assert (code, bool(reason)) == (Close.BAD_OFFER, True)
    square.still_streams()


STANDING = BodyPose(
    position=np.zeros(3),
    yaw=0.0,
    parts=np.array([[0.0, 1.6, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
    orientations=np.tile(IDENTITY, (3, 1)),
    has_left=False,
    has_right=False,
)


def _sample(sequence: int, x: float, y: float, z: float) -> bytes:
    return encode_pose_sample(sequence, replace(STANDING, position=np.array([x, y, z])))


GOOD = _sample(1, 0.0, 0.0, 0.0)

BAD_PACKETS = {
    "empty": b"",
    "cut short": GOOD[:-1],
    "one byte": GOOD[:1],
    "too long": GOOD + bytes(1),
    "sixty thousand bytes": bytes(60_000),
    "another version": bytes([PROTOCOL_VERSION + 1]) + GOOD[1:],
    "an unknown type": GOOD[:1] + b"\xff" + GOOD[2:],
    "the server's own type": GOOD[:1] + b"\x02" + GOOD[2:],
    "a place on another planet": _sample(1, 2_000_000.0, 0.0, 0.0),
    "unknown flags": GOOD[:12] + b"\xff" + GOOD[13:],
}

BAD_EVENTS: dict[str, str | bytes] = {
    "no JSON": "wave",
    "an unknown type": '{"type": "grant", "role": "mayor"}',
    "NaN": '{"type": "teleport", "position": [NaN, 0, 0]}',
    "infinity": '{"type": "teleport", "position": [1e999, 0, 0]}',
    "out of the world": '{"type": "teleport", "position": [1e9, 0, 0]}',
    "too large": json.dumps({"type": "say", "text": "가" * MAX_EVENT_BYTES}),
    "an empty text": '{"type": "say", "text": ""}',
    "bytes": b"\x00\x01",
}


def _assert_answered(square: Square, send: Callable[[RawPeer], None]) -> None:
    """Send something bad over a channel: one notice in both languages, one log line, nobody else affected."""
    attacker = square.attacker()

    async def strike() -> int:
        welcome = await attacker.join(name="구멍")
        send(attacker)
        await attacker.event("notice")
        return int(welcome["person"])

    person = square.loop.run(strike(), within=15)
    (notice,) = attacker.told("notice")
    assert notice["ko"], notice
    assert notice["en"], notice
    assert attacker.closed is None, "one bad message is no reason to throw somebody out"
    square.still_streams()
    lines = [line for line in square.server.log() if f"person {person} " in line]
    assert len(lines) == 1, lines
    square.loop.run(attacker.close())


@pytest.mark.parametrize("packet", BAD_PACKETS.values(), ids=BAD_PACKETS.keys())
def test_a_bad_state_packet_is_answered_and_touches_nobody_else(square: Square, packet: bytes) -> None:
    _assert_answered(square, lambda attacker: attacker.state.send(packet))


@pytest.mark.parametrize("event", BAD_EVENTS.values(), ids=BAD_EVENTS.keys())
def test_a_bad_event_is_answered_and_touches_nobody_else(square: Square, event: str | bytes) -> None:
    _assert_answered(square, lambda attacker: attacker.channel.send(event))


def test_whoever_does_not_stop_is_sent_away(square: Square) -> None:
    attacker = square.attacker()

    async def strike() -> tuple[int | None, str | None]:
        await attacker.join(name="구멍")
        while attacker.closed is None:
            if attacker.channel.readyState == "open":
                attacker.channel.send("{")
            await asyncio.sleep(0.02)
        return await attacker.end()

    code, reason = square.loop.run(strike(), within=20)
    assert (code, bool(reason)) == (Close.MALFORMED, True)
    square.still_streams()
    square.loop.run(attacker.close())


@pytest.mark.parametrize("leap", [(100.0, 0.0, 0.0), (0.0, 0.0, -4_000.0)], ids=str)
def test_a_leaping_pose_is_put_back(square: Square, leap: tuple[float, float, float]) -> None:
    """The sample is well formed; the world refuses the step and says where the person really is."""
    attacker = square.attacker()

    async def strike() -> tuple[list[float], dict[str, Any]]:
        welcome = await attacker.join(name="홍길동", stand=False)
        x, y, z = welcome["position"]
        for sequence in range(1, 4):
            attacker.state.send(_sample(sequence, x + leap[0], y + leap[1], z + leap[2]))
        return welcome["position"], await attacker.event("moved")

    start, moved = square.loop.run(strike(), within=15)
    assert moved["reason"] in {"too_fast", "out_of_bounds"}
    assert np.linalg.norm(np.subtract(moved["position"], start)[[0, 2]]) <= 6.5
    square.still_streams()
    square.loop.run(attacker.close())


async def _close(*peers: RawPeer) -> None:
    await asyncio.gather(*(peer.close() for peer in peers))


def test_two_logins_with_one_token_leave_one_person(square: Square) -> None:
    first, second = square.attacker(), square.attacker()

    async def strike() -> tuple[dict[str, Any], dict[str, Any], tuple[int | None, str | None]]:
        one = await first.join(name="둘째")
        two = await second.join(name="둘째", session=one["session"])
        return one, two, await first.end()

    one, two, (code, reason) = square.loop.run(strike(), within=20)
    assert two["resumed"]
    assert two["person"] == one["person"]
    assert (code, bool(reason)) == (Close.REPLACED, True)
    eventually(lambda: second.packets > 5, 5)
    square.still_streams()
    square.loop.run(_close(first, second))


def test_a_made_up_token_makes_a_new_person(square: Square) -> None:
    attacker = square.attacker()
    welcome = square.loop.run(attacker.greet(session="x" * 43))
    assert not welcome["resumed"]
    assert welcome["session"] != "x" * 43
    square.loop.run(attacker.close())


def _burst(square: Square, count: int) -> None:
    """Throw bad connections and, over one good one, bad channel messages at the server."""

    async def knock(number: int) -> None:
        attacker = await RawPeer(square.server.signalling).open()
        await attacker.send(("{", "[" * 30_000, hello(protocol=99), hello(name=""))[number % 4])
        await attacker.end()
        await attacker.close()

    async def storm() -> None:
        for start in range(0, count, 10):
            await asyncio.gather(*(knock(start + offset) for offset in range(10)))
        attacker = RawPeer(square.server.signalling)
        await attacker.join(name="폭풍")
        for number in range(count):
            if attacker.closed is not None or attacker.state.readyState != "open":
                break
            attacker.state.send(GOOD[: number % len(GOOD)] or b"?")
            await asyncio.sleep(0)
        await attacker.close()

    square.loop.run(storm(), within=90)


def test_memory_stays_flat_under_a_burst_of_bad_input(square: Square) -> None:
    _burst(square, 100)
    before = square.server.resident_megabytes()
    _burst(square, 300)
    eventually(
        lambda: square.server.resident_megabytes() - before <= FLAT_MEGABYTES,
        15,
        square.server.resident_megabytes,
    )
    square.still_streams()
    assert len(square.refusals()) < 300, "a flood of refusals floods the log"
