"""Real aiortc clients, and servers' ends of them that the pump moves, on one port."""

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from streaming.audio import FRAME
from streaming.audio.hrtf import kemar
from streaming.audio.mixer import Heads
from streaming.audio.opus import VOICE_BITS, Encoder
from streaming.audio.scene import Scene
from streaming.ears import Ears
from streaming.messages import EVENTS_CHANNEL, STATE_CHANNEL
from streaming.peer import Peer
from streaming.pump import link
from streaming.pump.effort import Effort
from streaming.pump.pump import Pump
from tests.unit.streaming.pump.one_port import OnePort

BINARY, TEXT = 53, 51


class _Client:
    """What a client hears. Implements :class:`streaming.peer.PeerEvents`."""

    def __init__(self, news: asyncio.Event) -> None:
        self.news = news
        self.states: list[bytes] = []
        self.events: list[str] = []
        self.packets = 0
        self.ears = Ears()
        self.open = self.gone = False
        self.peer = Peer(["127.0.0.1"], self)

    def connected(self) -> None:
        self.open = True
        self.news.set()

    def lost(self) -> None:
        self.gone = True
        self.news.set()

    def state(self, data: bytes) -> None:
        self.states.append(data)
        self.news.set()

    def event(self, text: str) -> None:
        self.events.append(text)
        self.news.set()

    def audio(self, sequence: int, payload: bytes) -> None:
        self.packets += 1
        self.ears.take(sequence, payload)
        self.news.set()

    def misuse(self, code: str) -> None:
        raise AssertionError(code)


class _Server(_Client):
    """The server's end until it is attached, and what its link tells afterwards."""

    def __init__(self, news: asyncio.Event) -> None:
        super().__init__(news)
        self.faults: list[str] = []

    def message(self, stream: int, kind: int, data: bytes) -> None:
        del stream
        if kind == BINARY:
            self.state(data)
        else:
            self.event(data.decode())

    def ended(self) -> None:
        self.lost()

    def misuse(self, code: str) -> None:
        self.faults.append(code)


class Crowd:
    """Clients 1 … n who stand in a row, a metre apart, looking north.

    Attributes:
        clients: Their ends.
        servers: Ours.
        links: The pump's.
        pump: The pump.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.port = OnePort()
        scene, ids = Scene(kemar()), np.arange(1, 17)
        positions = np.stack([ids * 1.0, np.zeros(16), np.zeros(16)], axis=1)
        scene.look(Heads(ids, positions, np.tile([0.0, 0.0, 0.0, 1.0], (16, 1))))
        self.pump = Pump(scene.mix, Effort(5, adapts=False), capacity=16)
        self._news = asyncio.Event()
        self.clients: list[_Client] = []
        self.servers: list[_Server] = []
        self.links: list[link.Link] = []
        self._talking: list[asyncio.Task[None]] = []

    async def join(self, count: int) -> "Crowd":
        """Connect so many and attach them."""
        self.pump.start()
        self.pump.add(self.port)
        for person in range(1, count + 1):
            await self.enter(person)
        return self

    async def enter(self, person: int) -> None:
        """Connect one more and attach them."""
        client = _Client(self._news)
        with self._monkeypatch.context() as patch:
            self.port.share(patch)
            server = _Server(self._news)
        answer = await server.peer.answer(await client.peer.offer())
        await client.peer.accept(answer)
        await self.until(lambda: client.open and server.open)
        self.clients.append(client)
        self.servers.append(server)
        self.links.append(await self.attach(person, server))

    async def attach(self, person: int, server: _Server) -> link.Link:
        """Hand a server's end over to the pump."""
        connection: Any = server.peer._connection
        self.streams = {label: channel.id for label, channel in server.peer._channels.items()}
        (transceiver,) = connection.getTransceivers()
        peer = link.Peer(person, connection.sctp, transceiver, self.streams[STATE_CHANNEL], server)
        attached = await self.pump.attach(peer, self.port)
        self.pump.listen(attached, live=True)
        return attached

    def tell(self, index: int, text: str) -> bool:
        """Send an event to a client."""
        return self.pump.send(self.links[index], self.streams[EVENTS_CHANNEL], TEXT, text.encode())

    def talk(self, index: int) -> None:
        """Have a client say a tone from now on."""

        async def say() -> None:
            encoder, frame = Encoder(1, VOICE_BITS), 0
            while True:
                wave = 0.3 * np.sin(2.0 * np.pi * 500.0 * (frame * FRAME + np.arange(FRAME)) / 48_000.0)
                self.clients[index].peer.send_audio(encoder.encode(wave[None]), frame * FRAME)
                frame += 1
                await asyncio.sleep(0.02)

        self._talking.append(asyncio.create_task(say()))

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something that came has made this true."""
        async with asyncio.timeout(30.0):
            while not true():
                self._news.clear()
                await self._news.wait()

    async def close(self) -> None:
        """Let everything go."""
        for task in self._talking:
            task.cancel()
        await asyncio.gather(*self._talking, return_exceptions=True)
        for attached in self.links:
            await self.pump.detach(attached)
        await asyncio.gather(*(one.peer.close() for one in self.clients + self.servers))
        await self.pump.stop()
        self.port.socket.close()
