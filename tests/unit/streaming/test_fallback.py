"""State and events over the signalling socket, against the real bridge."""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Self

import numpy as np
import pytest
import uvloop
from aiortc import RTCSessionDescription
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from streaming import guest as guest_module
from streaming.client import Citizen, Identity, Sound, standing
from streaming.codec import decode_people, encode_pose_sample
from streaming.messages import MAX_STATE_BYTES, Close, Said
from streaming.signalling import State
from streaming.socket_link import SocketLink
from streaming.state.view import View
from tests.unit.streaming.city import City, open_city, until
from tests.unit.streaming.test_bad_input import BAD_EVENTS, BAD_PACKETS, Attacker, hello, still_seen
from tests.unit.streaming.test_bridge import Diary, Tone, seen
from world.entity import PersonId

pytestmark = pytest.mark.usefixtures("media")


def run(body: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(body, 60.0))


class Carried(Attacker):
    """A client without a library whose socket carries; it may try a peer connection beside it."""

    def __init__(self, socket: Any) -> None:
        super().__init__(socket)
        self.view = View()
        self.answers: list[str] = []
        self.came = 0
        self.told: list[dict[str, Any]] = []
        self.closed: int | None = None

    @classmethod
    async def enter(cls, city: City) -> Self:
        client = await cls.greet(city)
        await client.send({"type": "fallback", "meanwhile": False})
        assert await client.heard() == {"type": "carried"}
        client.reading = asyncio.create_task(client._read())
        await until(lambda: client.came > 0)
        return client

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for data in self.socket:
                if isinstance(data, bytes):
                    decode_people(data, self.view)
                    self.came += 1
                    continue
                message = json.loads(data)
                if message["type"] == "event":
                    self.told.append(json.loads(message["text"]))
                elif message["type"] == "answer":
                    self.answers.append(message["sdp"])
                else:
                    self.told.append(message)
        self.closed = self.socket.close_code

    async def say(self, text: str) -> None:
        await self.event(json.dumps({"type": "say", "text": text}))

    async def event(self, text: str) -> None:
        await self.send({"type": "event", "text": text})

    async def pose(self, sequence: int, x: float) -> None:
        view = self.view
        pose = standing((x, 0.0, 0.0), 0.0)
        await self.send(encode_pose_sample(sequence, pose, view.seen, view.seen_before))

    async def offers(self) -> None:
        """Try a peer connection while the socket carries."""
        await self.peer.setLocalDescription(await self.peer.createOffer())
        await self.send({"type": "offer", "sdp": self.peer.localDescription.sdp})
        await until(lambda: self.answers)

    async def upgrade(self) -> None:
        await self.offers()
        await self.peer.setRemoteDescription(RTCSessionDescription(self.answers[-1], "answer"))

    async def close(self) -> None:
        self.reading.cancel()
        await super().close()


def guest_of(city: City) -> Any:
    (guest,) = city.bridge._guests.values()
    return guest


def test_who_comes_over_the_socket_is_seen_sees_and_chats_both_ways() -> None:
    async def body() -> None:
        async with open_city() as city:
            a, b = Citizen(city.url, Identity("가온"), link="socket"), Citizen(city.url, Identity("나은"))
            async with a, b:
                diaries = Diary(a), Diary(b)
                a.send_pose(standing((1.0, 0.0, 2.0), 0.5))
                b.send_pose(standing((-2.0, 0.0, 1.0), 1.0))
                await until(lambda: (pose := seen(b, "가온")) is not None and pose.position[0] > 0.95)
                await until(lambda: (pose := seen(a, "나은")) is not None and pose.position[0] < -1.95)
                b.send_pose(standing((-2.5, 0.0, 1.0), 1.0))
                await until(lambda: (pose := seen(a, "나은")) is not None and pose.position[0] < -2.45)
                assert a.say("글은 가요")
                assert b.say("잘 보여요")
                for diary in diaries:
                    await until(lambda diary=diary: len(diary.of(Said)) == 2)  # type: ignore[misc]
                assert a.reconnects == b.reconnects == 0
                assert city.world.count == 2

    run(body())


def test_who_comes_over_the_socket_neither_speaks_nor_costs_a_mix() -> None:
    async def body() -> None:
        async with open_city() as city:
            mute = Citizen(city.url, Identity("글만"), link="socket", sound=Sound(source=Tone().frame))
            async with mute, Citizen(city.url, Identity("듣는이")) as listener:
                diary = Diary(mute)
                assert mute.microphone(live=True)
                await until(lambda: any(getattr(event, "code", "") == "no_sound" for event in diary.events))
                assert [one.person for one in city.bridge._guests.values() if one.seat] == [listener.person]
                assert listener.ears() == (None, None)

    run(body())


def test_a_peer_connection_that_comes_up_takes_over_and_may_be_given_up_again() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("구경꾼")) as bystander:
            client = await Carried.enter(city)
            guest = next(g for person, g in city.bridge._guests.items() if person != bystander.person)
            assert isinstance(guest.link, SocketLink)
            before = client.came
            await client.upgrade()
            await until(lambda: guest.seat is not None)
            await until(lambda: client.packets > 5)
            assert guest.conversation is not None
            assert guest.conversation.state is State.CONNECTED
            assert client.came >= before
            # What was on its way over the socket meanwhile is taken.
            await client.say("갈아타는 중")
            await until(lambda: any(line["text"] == "갈아타는 중" for line in bystander.inspect()["chat"]))
            await client.send({"type": "fallback", "meanwhile": False})
            await until(lambda: {"type": "carried"} in client.told)
            came = client.came
            await until(lambda: client.came > came + 5)
            assert isinstance(guest.link, SocketLink)
            assert city.world.count == 2
            assert bystander.reconnects == 0
            await client.close()

    run(body())


def test_a_slow_peer_connection_is_tried_on_while_the_socket_carries() -> None:
    async def body() -> None:
        async with open_city() as city:
            client = await Carried.greet(city)
            client.reading = asyncio.create_task(client._read())
            await client.offers()
            await client.send({"type": "fallback", "meanwhile": True})
            await until(lambda: client.came > 3)
            conversation = guest_of(city).conversation
            assert conversation.state is State.UPGRADING
            await client.peer.setRemoteDescription(RTCSessionDescription(client.answers[0], "answer"))
            await until(lambda: conversation.state is State.CONNECTED)
            await until(lambda: client.packets > 3)
            # Sent before it was known that the connection is up: nothing changes.
            await client.send({"type": "fallback", "meanwhile": True})
            packets = client.packets
            await until(lambda: client.packets > packets + 3)
            assert conversation.state is State.CONNECTED
            await client.close()

    run(body())


@pytest.mark.parametrize("by", ["client", "deadline"])
def test_a_peer_connection_that_does_not_come_up_is_given_up_and_the_socket_carries_on(
    by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> None:
        async with open_city() as city:
            client = await Carried.enter(city)
            if by == "deadline":
                monkeypatch.setattr("streaming.signalling.CONNECT_SECONDS", 0.2)
            await client.offers()
            guest = guest_of(city)
            if by == "client":
                assert guest.trial is not None
                await client.send({"type": "fallback", "meanwhile": False})
            await until(lambda: guest.trial is None)
            assert guest.conversation.state is State.CARRIED
            came = client.came
            await until(lambda: client.came > came + 3)
            await until(lambda: not city.bridge._parting)
            await client.close()

    run(body())


def test_who_offers_again_and_again_is_ended() -> None:
    async def body() -> None:
        async with open_city() as city:
            client = await Carried.enter(city)
            for _ in range(5):
                await client.send({"type": "offer", "sdp": "v=0"})
                await client.send({"type": "fallback", "meanwhile": False})
            await until(lambda: client.closed is not None)
            assert client.closed in {Close.BAD_OFFER, Close.MALFORMED}
            await client.close()

    run(body())


@pytest.mark.parametrize(
    "message", [encode_pose_sample(1, standing((0, 0, 0), 0.0)), '{"type":"event","text":"{}"}']
)
@pytest.mark.parametrize("greeted", [False, True])
def test_nothing_is_carried_before_it_was_asked_for(message: str | bytes, *, greeted: bool) -> None:
    async def body() -> None:
        async with open_city() as city:
            async with connect(city.url.replace("http", "ws") + "/signal", proxy=None) as socket:
                client = Attacker(socket)
                if greeted:
                    await client.send(hello())
                    await client.heard()
                await client.send(message)
                code, last = await client.ended()
                await client.peer.close()
            assert (code, last["code"]) == (Close.OUT_OF_ORDER, "out_of_order")

    run(body())


@pytest.mark.parametrize(
    "message",
    [packet for packet in BAD_PACKETS.values() if isinstance(packet, bytes)]
    + [text for text in BAD_EVENTS.values() if isinstance(text, str)],
)
def test_what_cannot_be_read_gets_the_same_notices_as_on_the_channels(message: str | bytes) -> None:
    async def body() -> None:
        async with open_city() as city:
            client = await Carried.enter(city)
            for _ in range(3):
                await (client.send(message) if isinstance(message, bytes) else client.event(message))
            await until(lambda: len([event for event in client.told if event["type"] == "notice"]) == 3)
            assert client.closed is None
            await client.close()

    run(body())


def test_rubbish_without_end_and_floods_end_that_client_alone() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("구경꾼")) as bystander:
            good = encode_pose_sample(1, standing((0.0, 0.0, 0.0), 0.0))
            for message in (b"\0", '{"type":"event","text":"{\\"type\\":\\"wave\\"}"}', good):
                client = await Carried.enter(city)
                for _ in range(1000):
                    try:
                        await client.send(message)
                    except ConnectionClosed:
                        break
                await until(lambda client=client: client.closed == Close.MALFORMED)  # type: ignore[misc]
                await client.close()
            await still_seen(bystander)

    run(body())


def test_who_does_not_say_what_came_is_sent_one_packet_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guest_module, "_BEHIND_SECONDS", 0.5)

    async def body() -> None:
        async with open_city() as city:
            client = await Carried.enter(city)
            await until(lambda: client.came >= guest_module._MOST_UNSEEN)
            ticks = city.world.tick
            came = client.came
            await until(lambda: city.world.tick >= ticks + 30)
            # A second and a half: three or four packets, not thirty.
            assert client.came - came <= 5
            # And small ones, for this viewer: what is left out is left out of the next one as well.
            slot = city.world.slot_of(PersonId(guest_of(city).person))
            assert city.bridge._replication._limit[slot] < 4 * MAX_STATE_BYTES
            await client.pose(1, 0.5)
            ticks, came = city.world.tick, client.came
            await until(lambda: city.world.tick >= ticks + 10)
            assert client.came - came >= 8
            row = city.world.row(PersonId(guest_of(city).person))
            assert np.isclose(city.world.position[row, 0], 0.5, atol=0.51)
            await client.close()

    run(body())
