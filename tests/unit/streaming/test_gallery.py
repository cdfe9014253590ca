"""Those who only look, against the real bridge."""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Self

import pytest
import uvloop
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from streaming.client import Citizen, Identity, standing
from streaming.codec import People, decode_people, encode_pose_sample
from streaming.messages import Close, Left
from streaming.state.view import View
from tests.unit.streaming.city import City, open_city, until
from tests.unit.streaming.test_bad_input import hello
from tests.unit.streaming.test_bridge import Diary


def run(body: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(body, 60.0))


class Onlooker:
    """A spectator without a library."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.view = View()
        self.people: People | None = None
        self.seen: dict[int, list[float]] = {}
        self.packets = 0
        self.told: list[dict[str, Any]] = []
        self.closed: int | None = None
        self.reading: asyncio.Task[None] | None = None

    @classmethod
    async def enter(cls, city: City, spot: str | None = None) -> Self:
        one = cls(await connect(city.url.replace("http", "ws") + "/signal", proxy=None))
        await one.socket.send(json.dumps(hello(spectator=True, spot=spot)))
        one.told.append(json.loads(await one.socket.recv()))
        with suppress(ConnectionClosed):
            await one.socket.send('{"type":"fallback","meanwhile":false}')
        one.reading = asyncio.create_task(one._read())
        return one

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for data in self.socket:
                if isinstance(data, bytes):
                    self._see(data)
                    continue
                message = json.loads(data)
                self.told.append(json.loads(message["text"]) if message["type"] == "event" else message)
        self.closed = self.socket.close_code

    def _see(self, data: bytes) -> None:
        self.packets += 1
        self.people = decode_people(data, self.view)
        assert self.people is not None
        for person, position in zip(self.people.person.tolist(), self.people.positions.tolist(), strict=True):
            self.seen[person] = position

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.told if event["type"] == kind]

    async def ask(self, event: dict[str, Any]) -> None:
        await self.socket.send(json.dumps({"type": "event", "text": json.dumps(event)}))

    async def close(self) -> None:
        if self.reading is not None:
            self.reading.cancel()
        await self.socket.close()


def test_who_looks_sees_people_move_by_name_and_is_nobody() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("나은", colour=4)) as citizen:
            diary = Diary(citizen)
            citizen.send_pose(standing((3.0, 0.0, 1.0), 0.5))
            person = citizen.person or 0
            first = await Onlooker.enter(city)
            await until(lambda: abs(first.seen.get(person, [0.0])[0] - 3.0) < 0.01)
            assert first.of("entered")[0]["name"] == "나은"
            # Who comes later needs nothing of what was sent before.
            late = await Onlooker.enter(city)
            citizen.send_pose(standing((3.5, 0.0, 1.0), 0.5))
            for one in (first, late):
                await until(lambda one=one: abs(one.seen.get(person, [0.0])[0] - 3.5) < 0.01)  # type: ignore[misc]
                await until(lambda one=one: one.of("census"))  # type: ignore[misc]
                assert one.of("census")[-1] == {"type": "census", "city": 1, "near": 1}
                # Of the crowd, too, they are told of people alone: not of viewpoints, their own included.
                await until(lambda one=one: one.view.crowd.people.person.tolist() == [person])  # type: ignore[misc]
            citizen.wave()
            await until(lambda: first.of("waved"))
            assert (city.world.count, city.bridge.spectators, citizen.people) == (1, 2, [])
            for one in (first, late):
                await one.close()
            await until(lambda: city.bridge.spectators == 0)
            assert not diary.of(Left)
            assert citizen.reconnects == 0

    run(body())


def test_who_looks_from_elsewhere_sees_those_who_are_there() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("나은")) as citizen:
            onlooker = await Onlooker.enter(city, "far")
            await until(lambda: onlooker.packets > 5)
            assert onlooker.seen == {}
            await onlooker.ask({"type": "teleport", "spot": "may18_square"})
            await until(lambda: onlooker.of("moved"))
            assert onlooker.of("moved")[0]["position"] == [0.0, 0.0, 0.0]
            await until(lambda: citizen.person in onlooker.seen)
            people = onlooker.people
            assert people is not None
            assert people.listener.position.tolist() == [0.0, 0.0, 0.0]
            await onlooker.ask({"type": "teleport", "spot": "nowhere"})
            await until(lambda: onlooker.of("notice"))
            assert onlooker.of("notice")[0]["code"] == "unknown_spot"
            await onlooker.close()

    run(body())


def test_viewpoints_do_not_see_each_other_and_their_places_are_used_again() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("나은")) as citizen:
            # All of them within sight of one another.
            city.door.spots |= {f"spot{number}": ((float(number), 0.0, 0.0), 0.0) for number in range(8)}
            for _ in range(2):
                crowd = [await Onlooker.enter(city, f"spot{number}") for number in range(8)]
                await until(lambda crowd=crowd: all(one.packets > 12 for one in crowd))  # type: ignore[misc]
                for one in crowd:
                    assert set(one.seen) == {citizen.person}
                    await one.close()
                await until(lambda: city.bridge.spectators == 0)
                assert not city.bridge._gallery._viewpoints

    run(body())


def test_a_crowd_larger_than_a_packet_is_seen_whole() -> None:
    async def body() -> None:
        async with open_city() as city:
            citizens = [Citizen(city.url, Identity(f"사람{number}"), link="socket") for number in range(48)]
            for number, citizen in enumerate(citizens):
                await citizen.__aenter__()
                citizen.send_pose(standing((number % 7, 0.0, number // 7), 0.1 * number))
            onlooker = await Onlooker.enter(city)
            await until(lambda: set(onlooker.seen) == {citizen.person for citizen in citizens})
            await onlooker.close()
            await asyncio.gather(*(citizen.leave(for_good=True) for citizen in citizens))

    run(body())


@pytest.mark.parametrize(
    "asked",
    [{"type": "say", "text": "저도요"}, {"type": "wave"}, {"type": "teleport", "position": [1, 0, 1]}],
)
def test_who_looks_can_do_nothing_in_the_city(asked: dict[str, Any]) -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, Identity("나은")) as citizen:
            await until(lambda: city.world.count == 1)
            onlooker = await Onlooker.enter(city)
            await onlooker.ask(asked)
            await until(lambda: onlooker.of("notice"))
            assert onlooker.of("notice")[0]["code"] == "only_looking"
            assert citizen.inspect()["chat"] == []
            for _ in range(60):
                await onlooker.socket.send(encode_pose_sample(1, standing((0.0, 0.0, 0.0), 0.0)))
            await until(lambda: onlooker.closed == Close.MALFORMED)
            assert city.world.count == 1
            await until(lambda: city.bridge.spectators == 0)

    run(body())


def test_who_looks_has_no_peer_connection_and_a_full_gallery_says_so() -> None:
    async def body() -> None:
        async with open_city() as city:
            city.bridge._gallery._most = 1
            onlooker = await Onlooker.enter(city)
            more = await Onlooker.enter(city)
            await until(lambda: more.closed == Close.FULL)
            assert more.told[0]["code"] == "gallery_full"
            await onlooker.socket.send('{"type":"offer","sdp":"v=0"}')
            await until(lambda: onlooker.closed == Close.BAD_OFFER)

    run(body())
