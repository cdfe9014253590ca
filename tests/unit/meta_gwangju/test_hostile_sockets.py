"""Whom the server lets open a WebSocket, and what it keeps of what comes over one."""

import asyncio
import os
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from meta_gwangju.sockets import ImpatientHttp
from streaming.messages import Close
from streaming.signalling_server import SignalSocket
from tests.unit.meta_gwangju.serving import opened
from tests.unit.streaming.city import until

SPREAD = b"GET /signal HTTP/1.1\r\nHost: city\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
UPGRADE = SPREAD + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"


def during(node: CityNode, settings: Settings, visit: Callable[[str], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened(node, settings) as address:
            await asyncio.wait_for(visit(address), 30.0)

    asyncio.run(run())


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True) -> bytes:
    """Return a masked frame (RFC 6455, section 5.2) of less than 126 bytes."""
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    return struct.pack("!BB", opcode | (0x80 if fin else 0), 0x80 | len(payload)) + mask + masked


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "http://127.0.0.1:1"])
def test_a_page_of_another_site_opens_no_socket(node: CityNode, settings: Settings, origin: str) -> None:
    async def visit(address: str) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://{address}/signal", additional_headers={"Origin": origin}):
                pass
        assert refused.value.response.status_code == 403

    during(node, settings, visit)


def test_the_city_s_own_page_opens_one_and_so_does_a_program(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        own = {"Origin": f"http://{address}"}
        behind = {"Origin": "https://City.example", "X-Forwarded-Host": "city.example"}
        for headers in (own, behind, {}):
            async with connect(f"ws://{address}/signal", additional_headers=headers) as socket:
                await socket.send('{"type":"bye"}')
                with suppress(ConnectionClosed):
                    await socket.recv()
                assert socket.close_code == Close.LEFT

    during(node, settings, visit)


def test_one_address_cannot_hold_every_socket(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        async def knock(whom: str) -> int | None:
            socket = await connect(f"ws://{address}/signal", additional_headers={"X-Forwarded-For": whom})
            held.append(socket)
            with suppress(TimeoutError, ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 0.3)
            return socket.close_code

        held: list[object] = []
        share = max((settings.capacity + settings.queue + settings.spectators + 64) // 4, 16)
        crowd = await asyncio.gather(*(knock(f"2001:db8:0:7::{one:x}") for one in range(1, share + 4)))
        assert crowd.count(Close.FULL) == 3
        assert await knock("2001:db8:0:8::1") is None
        assert await knock("203.0.113.9") is None
        for socket in held:
            await socket.close()  # type: ignore[attr-defined]

    during(node, settings, visit)


def test_who_pings_without_reading_the_answers_is_cut_off(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
        writer.write(UPGRADE)
        await reader.readuntil(b"\r\n\r\n")
        pings = frame(9, b"x" * 125) * 512

        async def flood() -> None:
            for _ in range(3000):
                writer.write(pings)
                await writer.drain()

        with pytest.raises(ConnectionError):
            await flood()
        writer.close()

    during(node, settings, visit)


def test_a_message_of_pieces_without_end_is_refused(node: CityNode, settings: Settings) -> None:
    async def visit(address: str) -> None:
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(UPGRADE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frame(1, b"{", fin=False) + frame(0, b"", fin=False) * 100)
        head = await asyncio.wait_for(reader.readexactly(4), 5.0)
        # A close frame with 1009, message too big.
        assert (head[0], struct.unpack("!H", head[2:])[0]) == (0x88, 1009)
        writer.close()

    during(node, settings, visit)


@pytest.mark.parametrize("begun", [b"", b"GET / HT", UPGRADE[:60]])
def test_a_request_that_does_not_come_is_not_waited_for(
    node: CityNode, settings: Settings, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(ImpatientHttp, "seconds_to_ask", 0.3)

    async def visit(address: str) -> None:
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))

        async def drip() -> None:
            for byte in begun:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        with suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 10.0) == b""
        dripping.cancel()
        writer.close()

    during(node, settings, visit)


def test_who_asks_in_time_is_answered_however_long_they_stay(
    node: CityNode, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImpatientHttp, "seconds_to_ask", 0.3)

    async def visit(address: str) -> None:
        host, port = address.split(":")
        async with connect(f"ws://{address}/signal") as socket:
            reader, writer = await asyncio.open_connection(host, int(port))
            for _ in range(4):  # on one connection, for longer than one request may take to come
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: city\r\n\r\n")
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
                await reader.readuntil(b"}")
                await asyncio.sleep(0.15)
            writer.close()
            await socket.send('{"type":"bye"}')
            with suppress(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == Close.LEFT

    during(node, settings, visit)


def test_the_bridge_sees_what_waits_for_a_client_that_does_not_read(
    node: CityNode, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def serve(socket: SignalSocket) -> None:
        assert socket.waiting() == 0
        await socket.receive()
        # What the kernel takes of it is bounded, so the rest is seen here.
        await socket.send(bytes(8 * 1024 * 1024))
        waiting.append(socket.waiting())
        await until(lambda: socket.waiting() == 0)
        await socket.close(Close.LEFT, "read")

    waiting: list[int] = []
    monkeypatch.setattr(node.bridge, "serve", serve)

    async def visit(address: str) -> None:
        async with connect(f"ws://{address}/signal", max_size=None, compression=None) as socket:
            socket.transport.pause_reading()
            await socket.send("now")
            await until(lambda: waiting)
            assert waiting[0] > 4 * 1024 * 1024
            socket.transport.resume_reading()
            assert len(await socket.recv()) == 8 * 1024 * 1024

    during(node, settings, visit)
