"""A client of the bridge that keeps no rules: it sends whatever a test hands it, byte for byte."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from streaming.client import standing
from streaming.codec import encode_pose_sample
from streaming.messages import EVENTS_CHANNEL, PROTOCOL_VERSION, STATE_CHANNEL


def hello(name: str = "방문자", **changes: Any) -> dict[str, Any]:
    """Return a good first message, with fields changed or added."""
    good = {"type": "hello", "protocol": PROTOCOL_VERSION, "name": name, "colour": 1, "language": "ko"}
    return {**good, "kind": "browser", **changes}


class RawPeer:
    """One WebSocket and, when asked for, one peer connection with the two channels.

    Attributes:
        signals: Every message that came over the WebSocket.
        events: Every message that came over `events`.
        packets: How many packets came over `state`.
        closed: Close code and reason of the WebSocket once it is closed.
        peer: The peer connection.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._standing: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self.signals: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.packets = 0
        self.closed: tuple[int | None, str | None] | None = None
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.state = self.peer.createDataChannel(STATE_CHANNEL, ordered=False, maxRetransmits=0)
        self.channel = self.peer.createDataChannel(EVENTS_CHANNEL)
        self.peer.addTransceiver("audio", direction="recvonly")
        self.state.on("message", self._packet)
        self.channel.on("message", self._event)

    def _packet(self, _: bytes) -> None:
        self.packets += 1
        self._news.set()

    def _event(self, text: str) -> None:
        self.events.append(json.loads(text))
        self._news.set()

    async def open(self) -> "RawPeer":
        """Open the WebSocket."""
        self._socket = await connect(self._url, max_size=None)
        self._reading = asyncio.create_task(self._read(self._socket))
        return self

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                self.signals.append(json.loads(text))
                self._news.set()
        finally:
            self.closed = (socket.close_code, socket.close_reason)
            self._news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something that comes over the wire has made this true."""
        while not true():
            self._news.clear()
            await self._news.wait()

    async def send(self, message: dict[str, Any] | str | bytes) -> None:
        """Send over the WebSocket: a mapping as JSON, anything else as it is."""
        assert self._socket is not None
        try:
            as_it_is = (
                message if isinstance(message, str | bytes) else json.dumps(message, ensure_ascii=False)
            )
            await self._socket.send(as_it_is)
        except ConnectionClosed:
            # The server may have closed before the last piece of a large message went out.
            await self.end()

    async def answer(self, kind: str) -> dict[str, Any]:
        """Wait for the first signal of a type and return it; fails when the socket closes before."""

        def found() -> list[dict[str, Any]]:
            return [signal for signal in self.signals if signal["type"] == kind]

        await self.until(lambda: bool(found()) or self.closed is not None)
        assert found(), f"no {kind}: {self.signals}, closed with {self.closed}"
        return found()[0]

    async def end(self) -> tuple[int | None, str | None]:
        """Wait until the server has closed the WebSocket; returns code and reason."""
        await self.until(lambda: self.closed is not None)
        assert self.closed is not None
        return self.closed

    async def greet(self, **changes: Any) -> dict[str, Any]:
        """Open, say hello and return the welcome."""
        await self.open()
        await self.send(hello(**changes))
        return await self.answer("welcome")

    async def join(self, *, stand: bool = True, **changes: Any) -> dict[str, Any]:
        """Come all the way in: both channels open and state arriving. Returns the welcome.

        Args:
            stand: Whether to send a pose now and then, as the server expects of those who live.
            changes: To the first message.
        """
        welcome = await self.greet(**changes)
        await self.peer.setLocalDescription(await self.peer.createOffer())
        await self.send({"type": "offer", "sdp": self.peer.localDescription.sdp})
        answer = await self.answer("answer")
        await self.peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        await self.see(1)
        if stand:
            self._standing = asyncio.create_task(self._stand(welcome))
        return welcome

    async def _stand(self, welcome: dict[str, Any]) -> None:
        pose = standing(welcome["position"], welcome["yaw"])
        for sequence in count():
            if self.state.readyState != "open":
                return
            self.state.send(encode_pose_sample(sequence, pose))
            await asyncio.sleep(0.5)

    async def see(self, more: int) -> None:
        """Wait until that many more state packets have arrived."""
        goal = self.packets + more
        await self.until(lambda: self.packets >= goal)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of a type so far."""
        return [event for event in self.events if event["type"] == kind]

    async def event(self, kind: str) -> dict[str, Any]:
        """Wait for an event of a type and return the first."""
        await self.until(lambda: bool(self.told(kind)))
        return self.told(kind)[0]

    async def close(self) -> None:
        """Let everything go."""
        if self._standing is not None:
            self._standing.cancel()
        steps: list[Awaitable[Any]] = [self.peer.close()]
        if self._socket is not None:
            steps.append(self._socket.close())
        await asyncio.gather(*steps)
        tasks = [task for task in (self._reading, self._standing) if task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)
