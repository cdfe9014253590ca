"""The queue of a full city: the order of it by itself, and real clients in it."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from streaming.client import Citizen, Identity
from streaming.errors import AdmissionRefused, NoRoomError
from streaming.lobby import KEPT_SECONDS, Lobby
from streaming.messages import PROTOCOL_VERSION, Close, Hello
from tests.unit.streaming.city import City, open_city, until

HELLO = Hello(protocol=PROTOCOL_VERSION, name="기다림", colour=0, language="ko", kind="browser")


class Hall:
    """A room of so many places."""

    def __init__(self, free: int = 0) -> None:
        self.free = free

    def has_room(self, hello: Hello, ahead: int, now: float) -> bool:
        del hello, now
        return ahead < self.free


class Person:
    """Somebody at the lobby."""

    def __init__(self, lobby: Lobby, origin: str = "") -> None:
        self.origin = origin
        self.calls = 0
        self.ends: list[Close] = []
        self.inside = False
        self.ahead: int | None = None
        self.token: str | None = None
        self._lobby = lobby

    def call(self) -> None:
        self.calls += 1

    def end(self, close: Close) -> None:
        self.ends.append(close)

    def ask(self, now: float, token: str | None = None) -> bool:
        hello = HELLO if token is None else msgspec.structs.replace(HELLO, session=token)
        try:
            self._lobby.check(self, hello, now, now)
        except NoRoomError as full:
            self.ahead, self.token = full.ahead, full.token
        else:
            self.inside = True
        return self.inside


def people(lobby: Lobby, count: int) -> list[Person]:
    crowd = [Person(lobby) for _ in range(count)]
    for person in crowd:
        assert not person.ask(0.0)
    return crowd


def test_people_come_in_in_the_order_in_which_they_came() -> None:
    hall = Hall()
    lobby = Lobby(hall, 10)
    crowd = people(lobby, 5)
    assert [person.ahead for person in crowd] == [0, 1, 2, 3, 4]
    hall.free = 2
    late = Person(lobby)
    # The last asks first, and somebody new asks before all of them.
    assert not late.ask(1.0)
    assert [person.ask(1.0) for person in reversed(crowd)] == [False, False, False, True, True]
    hall.free = 0
    assert not crowd[2].ask(2.0)
    assert (crowd[2].ahead, late.ahead, len(lobby)) == (0, 5, 4)


def test_whose_place_moved_is_called_and_nobody_is_called_for_nothing() -> None:
    hall = Hall()
    lobby = Lobby(hall, 10)
    first, second, third = people(lobby, 3)
    lobby.ended(first, 1.0, for_good=True)
    lobby.call(1.0)
    assert (second.calls, third.calls) == (1, 1)
    for person in (second, third):
        person.ask(1.0)
    lobby.call(1.5)
    # The first of the queue looks for room each time.
    assert (second.calls, third.calls) == (2, 1)
    lobby.call(11.5)
    assert third.calls == 2


def test_a_place_is_kept_for_half_a_minute_and_no_longer() -> None:
    lobby = Lobby(Hall(), 10)
    first, second = people(lobby, 2)
    lobby.ended(first, 1.0, for_good=False)
    lobby.call(1.0 + KEPT_SECONDS)
    again = Person(lobby)
    assert not again.ask(20.0, first.token)
    assert (again.ahead, again.token, len(lobby)) == (0, first.token, 2)
    lobby.ended(again, 30.0, for_good=False)
    lobby.call(31.0 + KEPT_SECONDS)
    assert len(lobby) == 1
    second.ask(70.0)
    assert second.ahead == 0


def test_the_same_ticket_on_another_socket_replaces_the_first() -> None:
    lobby = Lobby(Hall(), 10)
    (first,) = people(lobby, 1)
    again = Person(lobby)
    again.ask(1.0, first.token)
    assert first.ends == [Close.REPLACED]
    lobby.ended(first, 1.0, for_good=False)
    lobby.call(100.0)
    assert len(lobby) == 1
    lobby.close()
    assert again.ends == [Close.GOING_DOWN]


def test_the_queue_is_bounded_and_no_address_has_more_than_its_share() -> None:
    lobby = Lobby(Hall(), 40)
    crowd = [Person(lobby, "198.51.100.7") for _ in range(10)]
    for person in crowd:
        person.ask(0.0)
    with pytest.raises(AdmissionRefused) as refused:
        Person(lobby, "198.51.100.7").ask(0.0)
    assert refused.value.close is Close.FULL
    assert refused.value.ko
    for number in range(30):
        Person(lobby, f"203.0.113.{number}").ask(0.0)
    with pytest.raises(AdmissionRefused):
        Person(lobby, "192.0.2.1").ask(0.0)
    assert len(lobby) == 40


STEPS = st.sampled_from(["come", "ask", "free", "leave", "back"])


@given(st.lists(st.tuples(STEPS, st.integers(0, 30))))
def test_whatever_happens_nobody_passes_somebody_who_was_there_before(steps: list[tuple[str, int]]) -> None:
    hall = Hall()
    lobby = Lobby(hall, 100)
    queue: list[Person] = []
    for now, (what, which) in enumerate(steps):
        at = which % len(queue) if queue else 0
        if what == "come":
            newcomer = Person(lobby)
            if not newcomer.ask(now / 100):
                queue.append(newcomer)
            else:
                assert len(queue) < hall.free
                hall.free -= 1
        elif what == "free":
            hall.free += 1
        elif queue and what == "ask":
            if queue[at].ask(now / 100):
                assert at < hall.free
                hall.free -= 1
                queue.pop(at)
            else:
                assert queue[at].ahead == at >= hall.free
        elif queue and what == "leave":
            lobby.ended(queue.pop(at), now / 100, for_good=True)
        elif queue and what == "back":
            token = queue[at].token
            lobby.ended(queue[at], now / 100, for_good=False)
            queue[at] = Person(lobby)
            if queue[at].ask(now / 100, token):
                assert at < hall.free
                hall.free -= 1
                queue.pop(at)
        assert len(lobby) == len(queue)


# --- real clients -----------------------------------------------------------------------------------------


def run(body: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(body, 60.0))


@asynccontextmanager
async def full_city(capacity: int) -> AsyncIterator[City]:
    async with open_city() as city:
        city.door.capacity = capacity
        yield city


def socket_to(city: City, origin: str = "") -> Any:
    headers = {"X-Origin": origin} if origin else {}
    return connect(city.url.replace("http", "ws") + "/signal", proxy=None, additional_headers=headers)


async def greet(socket: ClientConnection, session: str | None = None) -> dict[str, Any]:
    hello = {"type": "hello", "protocol": PROTOCOL_VERSION, "name": "기다림", "colour": 0, "language": "ko"}
    await socket.send(json.dumps({**hello, "kind": "browser", "session": session}))
    return dict(json.loads(await socket.recv()))


def test_who_waits_comes_in_when_somebody_leaves_and_nobody_inside_is_thrown_out() -> None:
    async def body() -> None:
        async with full_city(1) as city:
            first = Citizen(city.url, Identity("가온"))
            await first.__aenter__()
            waiting = [Citizen(city.url, Identity(f"손님{number}")) for number in range(2)]
            tasks = []
            for number, citizen in enumerate(waiting):
                tasks.append(asyncio.create_task(citizen.__aenter__()))
                await until(lambda citizen=citizen: citizen.state == "waiting")  # type: ignore[misc]
                assert citizen.ahead == number
            assert city.bridge.waiting == 2
            assert (first.state, first.reconnects) == ("connected", 0)
            await first.leave(for_good=True)
            await until(lambda: waiting[0].state == "connected")
            await until(lambda: waiting[1].ahead == 0)
            assert waiting[1].state == "waiting"
            await tasks[0]
            await waiting[0].leave(for_good=True)
            await tasks[1]
            assert city.bridge.waiting == 0
            await waiting[1].leave(for_good=True)

    run(body())


def test_a_place_in_the_queue_survives_a_lost_socket_and_a_bye_gives_it_up() -> None:
    async def body() -> None:
        async with full_city(0) as city:
            one, two = await socket_to(city), await socket_to(city)
            told = await greet(one)
            assert (told["type"], told["ahead"]) == ("waiting", 0)
            assert (await greet(two))["ahead"] == 1
            one.transport.abort()
            await until(lambda: city.bridge._lobby._tickets[told["session"]].waiter is None)
            again = await socket_to(city)
            back = await greet(again, told["session"])
            assert (back["ahead"], back["session"]) == (0, told["session"])
            assert back["since"] >= told["since"]
            await again.send('{"type":"bye"}')
            assert json.loads(await two.recv())["ahead"] == 0
            await two.send('{"type":"offer","sdp":""}')
            with suppress(ConnectionClosed):
                while True:
                    await two.recv()
            assert two.close_code == Close.OUT_OF_ORDER

    run(body())


def test_fifty_at_once_never_are_more_than_fit_and_all_come_in_in_the_end() -> None:
    async def body() -> None:
        async with full_city(10) as city:
            answers: list[str] = []

            async def come(number: int) -> None:
                async with socket_to(city, f"203.0.113.{number}") as socket:
                    told = await greet(socket)
                    while told["type"] == "waiting":
                        told = json.loads(await socket.recv())
                    answers.append(told["type"])
                    # The door asserts that no more than ten are in.
                    await asyncio.sleep(0.01)
                    await socket.send('{"type":"bye"}')
                    await socket.wait_closed()

            async with asyncio.TaskGroup() as tasks:
                for number in range(50):
                    tasks.create_task(come(number))
            assert answers == ["welcome"] * 50
            assert city.bridge.waiting == 0

    run(body())


def test_one_address_cannot_hold_the_queue_and_who_finds_it_full_is_told() -> None:
    async def body() -> None:
        async with full_city(0) as city:
            sockets = [await socket_to(city, "198.51.100.7") for _ in range(17)]
            told = [await greet(socket) for socket in sockets]
            assert [answer["type"] for answer in told] == ["waiting"] * 16 + ["refusal"]
            assert told[-1]["code"] == "full"
            other = await socket_to(city, "192.0.2.1")
            assert (await greet(other))["type"] == "waiting"
            for socket in [*sockets, other]:
                socket.transport.abort()
            await until(lambda: not city.bridge._lobby._of)

    run(body())
