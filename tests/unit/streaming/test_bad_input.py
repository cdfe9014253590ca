"""Hostile clients against the real bridge: each gets a clear end, nobody else notices, nothing grows."""

import asyncio
import json
import logging
from collections.abc import Coroutine
from typing import Any, Self

import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from streaming import signalling_server
from streaming.client import Citizen, Identity, standing
from streaming.codec import encode_pose_sample
from streaming.guest import logger as guest_logger
from streaming.messages import MAX_EVENT_BYTES, MAX_SIGNAL_BYTES, PROTOCOL_VERSION, Census, Close
from streaming.signalling import State
from tests.unit.streaming.city import City, open_city, until
from world.entity import PersonId

pytestmark = pytest.mark.usefixtures("media")


def run(body: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(body, 60.0))


def hello(**changes: Any) -> dict[str, Any]:
    good = {"type": "hello", "protocol": PROTOCOL_VERSION, "name": "나쁜이", "colour": 1, "language": "ko"}
    return {**good, "kind": "browser", **changes}


def offer(sdp: str) -> dict[str, Any]:
    return {"type": "offer", "sdp": sdp}


class Attacker:
    """A client without manners: raw socket, raw peer connection."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.state = self.peer.createDataChannel("state", ordered=False, maxRetransmits=0)
        self.events = self.peer.createDataChannel("events")
        self.peer.addTransceiver("audio", direction="recvonly")
        self.told: list[dict[str, Any]] = []
        self.packets = 0
        self.events.on("message", lambda text: self.told.append(json.loads(text)))
        self.state.on("message", self._count)

    def _count(self, _: bytes) -> None:
        self.packets += 1

    @classmethod
    async def greet(cls, city: City) -> Self:
        attacker = cls(await connect(city.url.replace("http", "ws") + "/signal", proxy=None))
        await attacker.send(hello())
        assert (await attacker.heard())["type"] == "welcome"
        return attacker

    @classmethod
    async def enter(cls, city: City) -> Self:
        attacker = await cls.greet(city)
        await attacker.peer.setLocalDescription(await attacker.peer.createOffer())
        await attacker.send(offer(attacker.peer.localDescription.sdp))
        answer = await attacker.heard()
        await attacker.peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        await until(lambda: attacker.packets > 0)
        return attacker

    async def send(self, message: dict[str, Any] | str | bytes) -> None:
        await self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    async def heard(self) -> dict[str, Any]:
        """Return the next message on the socket."""
        return dict(json.loads(await self.socket.recv()))

    async def ended(self) -> tuple[int, dict[str, Any]]:
        """Return the close code and the last message before it."""
        last: dict[str, Any] = {}
        while True:
            try:
                last = json.loads(await self.socket.recv())
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 0, last

    async def close(self) -> None:
        await self.peer.close()
        await self.socket.close()


async def still_seen(bystander: Citizen) -> None:
    """Check that the bystander's world goes on."""
    assert bystander.state == "connected"
    visit = bystander._visit
    assert visit is not None
    before = visit._seen
    await until(lambda: visit._seen > before + 0.1)
    assert bystander.reconnects == 0


SIGNALS: dict[str, tuple[list[dict[str, Any] | str | bytes], Close]] = {
    "no JSON": (["{"], Close.MALFORMED),
    "a list": (["[1]"], Close.MALFORMED),
    "infinity": (['{"type":"hello","protocol":1e999}'], Close.MALFORMED),
    "NaN": (['{"type":"hello","protocol":NaN}'], Close.MALFORMED),
    "deep": (["[" * 30_000], Close.MALFORMED),
    "bytes": ([b"\xff\xfe"], Close.OUT_OF_ORDER),
    "unknown type": ([{"type": "sudo"}], Close.MALFORMED),
    "unknown field": ([hello(admin=True)], Close.MALFORMED),
    "too large": ([hello(session="x" * MAX_SIGNAL_BYTES)], Close.MALFORMED),
    "another protocol": ([hello(protocol=99)], Close.UNSUPPORTED_PROTOCOL),
    "another protocol with other fields": (
        [hello(protocol=PROTOCOL_VERSION + 1, face="x")],
        Close.UNSUPPORTED_PROTOCOL,
    ),
    "empty name": ([hello(name="")], Close.BAD_NAME),
    "long name": ([hello(name="가" * 25)], Close.BAD_NAME),
    "name the door refuses": ([hello(name="nobody")], Close.BAD_NAME),
    "offer first": ([offer("v=0")], Close.OUT_OF_ORDER),
    "candidate first": ([{"type": "candidate", "candidate": None}], Close.OUT_OF_ORDER),
    "hello twice": ([hello(), hello()], Close.OUT_OF_ORDER),
    "candidate before offer": ([hello(), {"type": "candidate", "candidate": ""}], Close.OUT_OF_ORDER),
    "empty SDP": ([hello(), offer("")], Close.BAD_OFFER),
    "no SDP": ([hello(), offer("나는 SDP가 아닙니다")], Close.BAD_OFFER),
    "bare SDP": ([hello(), offer("v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")], Close.BAD_OFFER),
    "bye": ([{"type": "bye"}], Close.LEFT),
}


@pytest.mark.parametrize(("messages", "close"), SIGNALS.values(), ids=SIGNALS.keys())
def test_a_bad_signal_closes_with_its_code_and_a_reason_in_both_languages(
    messages: list[dict[str, Any] | str | bytes], close: Close
) -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("구경꾼")) as bystander:
            async with connect(city.url.replace("http", "ws") + "/signal", proxy=None) as socket:
                attacker = Attacker(socket)
                for message in messages[:-1]:
                    await attacker.send(message)
                    await socket.recv()
                await attacker.send(messages[-1])
                code, last = await attacker.ended()
                await attacker.peer.close()
            assert code == close
            if close is not Close.LEFT:
                assert last["type"] == "refusal"
                assert last["fatal"] is True
                assert last["ko"]
                assert last["en"]
            await still_seen(bystander)
            await until(lambda: len(city.bridge._of) == 1)

    run(body())


SPOILED = {
    "no ice": ("a=ice-ufrag", "a=x-ufrag"),
    "short password": ("a=ice-pwd:", "a=ice-pwd:x\r\na=y:"),
    "no mux": ("a=rtcp-mux", "a=z"),
    "no opus": ("opus/48000/2", "vorbis/48000/2"),
    "broken rtpmap": ("a=rtpmap:", "a=rtpmap:x"),
    "broken sctp port": ("a=sctp-port:5000", "a=sctp-port:x"),
    "no sctp port": ("a=sctp-port:5000\r\n", ""),
    "broken setup": ("a=setup:actpass", "a=setup:nonsense"),
    "no fingerprint": ("a=fingerprint", "a=w"),
    "broken connection": ("c=IN IP4", "c=XX"),
    "broken port": ("m=audio ", "m=audio x"),
    "broken ssrc": ("a=mid:0", "a=mid:0\r\na=ssrc:x cname:y\r\na=ssrc-group:FID"),
    "broken extmap": ("a=mid:0", "a=mid:0\r\na=extmap:x"),
    "broken msid": ("a=mid:0", "a=mid:0\r\na=fmtp:x"),
    "broken size": ("a=max-message-size:", "a=max-message-size:x"),
}


@pytest.mark.parametrize(("found", "instead"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_offer_is_refused_or_never_connects_and_raises_nothing(found: str, instead: str) -> None:
    async def body() -> None:
        unhandled: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
        async with open_city() as city:
            async with connect(city.url.replace("http", "ws") + "/signal", proxy=None) as socket:
                attacker = Attacker(socket)
                await attacker.peer.setLocalDescription(await attacker.peer.createOffer())
                sdp = attacker.peer.localDescription.sdp
                assert found in sdp
                await attacker.send(hello())
                await socket.recv()
                await attacker.send(offer(sdp.replace(found, instead)))
                reply = json.loads(await socket.recv())
                if reply["type"] == "refusal":
                    assert (await attacker.ended())[0] == Close.BAD_OFFER
                else:
                    assert reply["type"] == "answer"
                    await attacker.send({"type": "bye"})
                    assert (await attacker.ended())[0] == Close.LEFT
                await attacker.peer.close()
            await until(lambda: not city.bridge._parting)
        assert unhandled == []

    run(body())


@pytest.mark.parametrize(
    "text", ["candidate:nonsense", "candidate:" + "9 " * 400, "1 1 udp x 1.2.3.4 9 typ host"]
)
def test_a_bad_candidate_closes_with_bad_offer(text: str) -> None:
    async def body() -> None:
        async with open_city() as city:
            attacker = await Attacker.enter(city)
            await attacker.send({"type": "candidate", "candidate": text, "sdp_mid": "0"})
            code, last = await attacker.ended()
            assert (code, last["code"]) == (Close.BAD_OFFER, "bad_offer")
            await attacker.close()

    run(body())


def test_candidates_that_are_good_late_or_too_many_change_nothing() -> None:
    async def body() -> None:
        async with open_city() as city:
            attacker = await Attacker.enter(city)
            for port in range(1, 55):
                good = f"candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host"
                await attacker.send({"type": "candidate", "candidate": good, "sdp_mid": "0"})
            await attacker.send({"type": "candidate", "candidate": None})
            before = attacker.packets
            await until(lambda: attacker.packets > before + 10)
            guest = next(iter(city.bridge._guests.values()))
            assert guest.seat is not None
            ice: Any = guest.seat.peer.ice
            assert len(ice._connection.remote_candidates) <= 40
            await attacker.close()

    run(body())


def test_a_flood_of_signals_ends_the_socket() -> None:
    async def body() -> None:
        async with open_city() as city:
            attacker = await Attacker.enter(city)
            for _ in range(200):
                try:
                    await attacker.send({"type": "candidate", "candidate": None})
                except ConnectionClosed:
                    break
            assert (await attacker.ended())[0] == Close.MALFORMED
            await attacker.close()

    run(body())


def test_who_says_no_hello_or_never_connects_is_timed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streaming.signalling.HELLO_SECONDS", 0.3)
    monkeypatch.setattr("streaming.signalling.CONNECT_SECONDS", 0.3)

    async def body() -> None:
        async with open_city() as city:
            url = city.url.replace("http", "ws") + "/signal"
            for messages in ([], [hello()]):
                async with connect(url, proxy=None) as socket:
                    attacker = Attacker(socket)
                    for message in messages:
                        await attacker.send(message)
                    code, last = await attacker.ended()
                    assert (code, last["code"]) == (Close.TIMED_OUT, "timed_out")
                    await attacker.peer.close()

    run(body())


GOOD = encode_pose_sample(1, standing((0.0, 0.0, 0.0), 0.0))
BAD_PACKETS: dict[str, bytes | str] = {
    "empty": b"",
    "cut": GOOD[:-1],
    "too long": GOOD + b"\0",
    "sixty thousand": bytes(60_000),
    "another version": bytes([PROTOCOL_VERSION + 1]) + GOOD[1:],
    "the server's type": GOOD[:1] + b"\x02" + GOOD[2:],
    "text": "hello",
}
BAD_EVENTS: dict[str, bytes | str] = {
    "no JSON": "wave",
    "unknown": '{"type":"grant"}',
    "NaN": '{"type":"teleport","position":[NaN,0,0]}',
    "infinity": '{"type":"teleport","position":[1e999,0,0]}',
    "both targets": '{"type":"teleport","spot":"far","position":[0,0,0]}',
    "no such spot": '{"type":"teleport","spot":"../../etc"}',
    "too large": json.dumps({"type": "say", "text": "가" * MAX_EVENT_BYTES}),
    "empty": "",
    "bytes": b"\0\1",
}


@pytest.mark.parametrize(
    ("channel", "message"),
    [("state", packet) for packet in BAD_PACKETS.values()]
    + [("events", text) for text in BAD_EVENTS.values()],
    ids=[*BAD_PACKETS.keys(), *BAD_EVENTS.keys()],
)
def test_a_bad_message_gets_a_notice_and_one_log_line(
    channel: str, message: bytes | str, caplog: pytest.LogCaptureFixture
) -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("구경꾼")) as bystander:
            attacker = await Attacker.enter(city)
            target: RTCDataChannel = getattr(attacker, channel)
            for _ in range(3):
                target.send(message)
            await until(lambda: len([event for event in attacker.told if event["type"] == "notice"]) == 3)
            notice = next(event for event in attacker.told if event["type"] == "notice")
            assert notice["ko"]
            assert notice["en"]
            await still_seen(bystander)
            await attacker.close()

    with caplog.at_level(logging.WARNING, guest_logger.name):
        run(body())
    lines = [record for record in caplog.records if record.name == guest_logger.name]
    # What is well formed and not possible is no misuse.
    harmless = "both targets" in str(message) or '"spot":' in str(message)
    assert len(lines) == (0 if harmless else 1)


def test_endless_rubbish_ends_that_client_alone_and_notices_stay_few() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("구경꾼")) as bystander:
            attacker = await Attacker.enter(city)
            person = next(person for person in city.bridge._guests if person != bystander.person)
            for number in range(60):
                attacker.state.send(GOOD[: number % 40])
            code, _ = await attacker.ended()
            assert code == Close.MALFORMED
            assert len([event for event in attacker.told if event["type"] == "notice"]) <= 8
            await until(lambda: person not in city.world)
            assert city.door.gone == [(person, False)]
            await still_seen(bystander)
            await attacker.close()

    run(body())


def test_a_flood_of_good_poses_is_thinned_and_ends_nobody() -> None:
    async def body() -> None:
        async with open_city() as city:
            attacker = await Attacker.enter(city)
            for number in range(600):
                attacker.state.send(encode_pose_sample(number, standing((0.0, 0.0, 0.0), number / 100)))
            before = attacker.packets
            await until(lambda: attacker.packets > before + 10)
            assert attacker.socket.state.name == "OPEN"
            await attacker.close()

    run(body())


def test_a_flood_of_events_is_told_to_slow_down_and_then_ends() -> None:
    async def body() -> None:
        async with open_city() as city:
            attacker = await Attacker.enter(city)
            for _ in range(100):
                attacker.events.send('{"type":"wave"}')
            code, _ = await attacker.ended()
            assert code == Close.MALFORMED
            # Socket and channel end at once: which of them is heard first is chance.
            await until(lambda: any(event.get("code") == "too_often" for event in attacker.told))
            await attacker.close()

    run(body())


def test_a_third_channel_is_told_and_many_end_it() -> None:
    async def body() -> None:
        async with open_city() as city:
            attacker = await Attacker.enter(city)
            attacker.peer.createDataChannel("files")
            await until(lambda: any(event.get("code") == "unknown_channel" for event in attacker.told))
            for number in range(40):
                attacker.peer.createDataChannel(f"more{number}")
            assert (await attacker.ended())[0] == Close.MALFORMED
            await attacker.close()

    run(body())


def test_a_message_without_end_is_bounded() -> None:
    """A quarter of a megabyte announced as one message: refused before it is whole."""

    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("구경꾼")) as bystander:
            attacker = await Attacker.enter(city)
            guest = next(g for person, g in city.bridge._guests.items() if person != bystander.person)
            assert guest.seat is not None
            sctp: Any = guest.seat.peer._connection.sctp
            largest = 0
            attacker.events.send("x" * 262_144)
            deadline = asyncio.get_running_loop().time() + 30.0
            while city.bridge._guests.get(guest.person) is guest:
                held = sum(
                    len(chunk.user_data)
                    for stream in sctp._inbound_streams.values()
                    for chunk in stream.reassembly
                )
                largest = max(largest, held)
                assert asyncio.get_running_loop().time() < deadline
                if any(event.get("code") == "too_large" for event in attacker.told):
                    break
                await asyncio.sleep(0.005)
            assert largest <= 128 * 1024
            await still_seen(bystander)
            await attacker.close()

    run(body())


def test_a_client_that_does_not_read_its_events_is_given_up() -> None:
    async def body() -> None:
        async with open_city() as city:
            attacker = await Attacker.enter(city)
            guest = next(iter(city.bridge._guests.values()))
            assert guest.seat is not None
            peer = guest.seat.peer
            # As if nothing left the server any more.
            sctp: Any = peer._connection.sctp
            sctp._data_channel_flush = _nothing
            told = 0
            while guest.seat is not None and told < 50_000:
                guest.tell(Census(city=told, near=0))
                told += 1
            assert guest.link is None
            await attacker.close()

    run(body())


async def _nothing() -> None:
    return


def test_the_stuck_reader_of_a_socket_does_not_hold_the_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signalling_server, "_SEND_SECONDS", 0.2)

    class Stuck:
        """A socket whose sends never finish."""

        async def receive(self) -> str | bytes | None:
            return json.dumps(hello(protocol=9))

        async def send(self, text: str) -> None:
            del text
            await asyncio.Event().wait()

        async def close(self, code: int, reason: str) -> None:
            del code, reason

    async def body() -> None:
        async with open_city() as city:
            await asyncio.wait_for(city.bridge.serve(Stuck()), 5.0)
            assert not city.bridge._of

    run(body())


def test_wild_but_well_formed_poses_leave_everybody_where_they_may_be() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("구경꾼")) as bystander:
            attacker = await Attacker.enter(city)
            person = next(person for person in city.bridge._guests if person != bystander.person)
            for number in range(20):
                place = (90_000.0 * (-1) ** number, -90_000.0, 50_000.0)
                attacker.state.send(encode_pose_sample(number, standing(place, 1.0, eyes=32.0)))
            await until(lambda: any(event["type"] == "moved" for event in attacker.told))
            row = city.world.row(PersonId(person))
            assert np.abs(city.world.position[row]).max() < 10.0
            assert np.abs(city.world.parts[row]).max() <= 3.0
            await until(lambda: bystander.people)
            assert np.isfinite(bystander.people[0].pose.position).all()
            await attacker.close()

    run(body())


def test_the_states_of_conversations_are_those_of_the_table() -> None:
    async def body() -> None:
        async with open_city() as city:
            attacker = await Attacker.enter(city)
            (conversation,) = city.bridge._of
            assert conversation.state is State.CONNECTED
            await attacker.send({"type": "bye"})
            assert (await attacker.ended())[0] == Close.LEFT
            await until(lambda: conversation.state is State.CLOSED)
            await attacker.close()

    run(body())
