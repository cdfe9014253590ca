"""What every link does, whichever it is: one suite over a peer connection and over a WebSocket."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from socket import IPPROTO_TCP, TCP_NOTSENT_LOWAT
from typing import Any

import pytest
import uvloop
from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from streaming.codec_json import decode_server_signal
from streaming.link import Link
from streaming.messages import Envelope
from streaming.peer import Peer
from streaming.socket_link import SocketLink
from tests.unit.streaming.city import until

LOCAL = ("127.0.0.1",)
EVENT = '{"type":"say","text":"안녕하세요 \\"여러분\\""}'


class Heard:
    """LinkEvents that keeps what it is told."""

    def __init__(self) -> None:
        self.up = 0
        self.ends = 0
        self.states: list[bytes] = []
        self.texts: list[str] = []
        self.sounds: list[bytes] = []
        self.misuses: list[str] = []

    def connected(self) -> None:
        self.up += 1

    def lost(self) -> None:
        self.ends += 1

    def state(self, data: bytes) -> None:
        self.states.append(data)

    def event(self, text: str) -> None:
        self.texts.append(text)

    def audio(self, sequence: int, payload: bytes) -> None:
        del sequence
        self.sounds.append(payload)

    def misuse(self, code: str) -> None:
        self.misuses.append(code)


@dataclass
class Pair:
    """Two ends of one connection, and what each was told. `stall` has the second read nothing from now on."""

    a: Link
    b: Link
    at_a: Heard
    at_b: Heard
    stall: Callable[[], None]


@asynccontextmanager
async def peers() -> AsyncIterator[Pair]:
    at_a, at_b = Heard(), Heard()
    a, b = Peer(LOCAL, at_a), Peer(LOCAL, at_b)
    await a.accept(await b.answer(await a.offer()))

    def stall() -> None:
        # Nothing is acknowledged any more.
        sctp: Any = b._connection.sctp

        async def deaf(data: bytes) -> None:
            del data

        sctp._handle_data = deaf

    await until(lambda: at_a.up and at_b.up)
    try:
        yield Pair(a, b, at_a, at_b, stall)
    finally:
        await asyncio.gather(a.close(), b.close())


class Carrier:
    """A WebSocket of either side, and the reading of it for its link."""

    def __init__(self, socket: Connection, heard: Heard) -> None:
        self._socket = socket
        self.link = SocketLink(self, heard)
        self.reading = asyncio.create_task(self._read())

    async def send(self, message: str | bytes) -> None:
        with suppress(ConnectionClosed):
            await self._socket.send(message)

    def waiting(self) -> int:
        return self._socket.transport.get_write_buffer_size()

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for data in self._socket:
                if isinstance(data, bytes):
                    self.link.take_state(data)
                else:
                    message = decode_server_signal(data)
                    assert isinstance(message, Envelope)
                    self.link.take_event(message.text)


@asynccontextmanager
async def sockets() -> AsyncIterator[Pair]:
    at_a, at_b = Heard(), Heard()
    others: list[Carrier] = []
    over = asyncio.Event()

    async def answer(socket: Connection) -> None:
        others.append(Carrier(socket, at_b))
        others[0].link.open()
        await over.wait()

    async with serve(answer, "127.0.0.1", 0, compression=None, close_timeout=0.1) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(
            f"ws://127.0.0.1:{port}", proxy=None, compression=None, close_timeout=0.1
        ) as socket:
            # As the server does it: see meta_gwangju.sockets.
            raw = socket.transport.get_extra_info("socket")
            raw.setsockopt(IPPROTO_TCP, TCP_NOTSENT_LOWAT, 16 * 1024)
            carrier = Carrier(socket, at_a)
            carrier.link.open()
            await until(lambda: others)
            (other,) = others

            def stall() -> None:
                other.reading.cancel()
                other._socket.transport.pause_reading()

            try:
                yield Pair(carrier.link, other.link, at_a, at_b, stall)
            finally:
                socket.transport.abort()
                await asyncio.gather(carrier.link.close(), other.link.close())
                carrier.reading.cancel()
                over.set()


Make = Callable[[], AbstractAsyncContextManager[Pair]]


@pytest.fixture(params=[peers, sockets], ids=["peer", "socket"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def run(body: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(body, 60.0))


def test_each_side_is_told_once_that_it_is_connected(make: Make) -> None:
    async def body() -> None:
        async with make() as pair:
            assert (pair.at_a.up, pair.at_b.up) == (1, 1)
            assert (pair.at_a.ends, pair.at_b.ends) == (0, 0)

    run(body())


def test_state_arrives_byte_for_byte_both_ways(make: Make) -> None:
    packet = bytes(range(256)) * 4

    async def body() -> None:
        async with make() as pair:
            assert pair.a.send_state(packet)
            assert pair.b.send_state(packet[::-1])
            await until(lambda: pair.at_a.states and pair.at_b.states)
            assert (pair.at_b.states, pair.at_a.states) == ([packet], [packet[::-1]])

    run(body())


def test_events_arrive_whole_and_in_order_both_ways(make: Make) -> None:
    async def body() -> None:
        async with make() as pair:
            texts = [EVENT, *(f'{{"n":{number}}}' for number in range(200))]
            for text in texts:
                assert pair.a.send_event(text)
                assert pair.b.send_event(text)
            await until(lambda: len(pair.at_a.texts) == len(pair.at_b.texts) == len(texts))
            assert pair.at_a.texts == pair.at_b.texts == texts

    run(body())


def test_sound_is_carried_or_said_not_to_be(make: Make) -> None:
    async def body() -> None:
        async with make() as pair:
            for number in range(5):
                pair.a.send_audio(b"\xf8\xff\xfe", number * 960)
            pair.a.send_event(EVENT)
            await until(lambda: pair.at_b.texts and (pair.at_b.sounds or not pair.a.carries_sound))
            assert bool(pair.at_b.sounds) == pair.a.carries_sound

    run(body())


def test_state_for_somebody_who_does_not_read_is_refused_and_not_queued(make: Make) -> None:
    async def body() -> None:
        async with make() as pair:
            pair.stall()
            taken = 0
            for _ in range(20_000):
                taken += pair.a.send_state(bytes(20_000))
                await asyncio.sleep(0)
                if not pair.a.send_state(bytes(20_000)):
                    break
            else:
                raise AssertionError(f"{taken} packets were taken")
            # Refused for as long as it does not read, however often it is tried.
            assert not any(pair.a.send_state(bytes(20_000)) for _ in range(100))

    run(body())


def test_who_does_not_read_events_is_to_be_given_up(make: Make) -> None:
    async def body() -> None:
        async with make() as pair:
            pair.stall()
            text = "x" * 4000
            for _ in range(20_000):
                if not pair.a.send_event(text):
                    break
                await asyncio.sleep(0)
            else:
                raise AssertionError("everything was taken")
            pair.a.silence()

    run(body())


def test_after_silence_nothing_is_told_and_after_close_nothing_is_sent(make: Make) -> None:
    async def body() -> None:
        async with make() as pair:
            pair.a.silence()
            pair.b.send_state(b"x")
            pair.b.send_event(EVENT)
            await asyncio.sleep(0.1)
            await pair.a.close()
            assert not pair.a.send_state(b"x")
            pair.a.send_event(EVENT)
            pair.a.send_audio(b"\xf8\xff\xfe", 0)
            assert (pair.at_a.states, pair.at_a.texts, pair.at_a.ends) == ([], [], 0)
            await pair.a.close()

    run(body())
