"""State and events over the signalling socket, where no peer connection can be made.

The same bytes as on the channels: a state packet is a binary frame, an event stands in an `event` message.
A WebSocket is one ordered, reliable stream, so nothing may pile up in it: of state only the newest packet
waits, and only while nothing of the stream is still to leave this process. Sound is not carried.
"""

import asyncio
from collections import deque
from typing import Protocol

from streaming.codec_json import encode_json
from streaming.link import LinkEvents
from streaming.messages import Envelope, Message

#: Characters of events that may wait; who reads slower than that is given up.
MOST_WAITING = 256 * 1024
#: Seconds that the other side may take to read one message.
SEND_SECONDS = 5.0


class Carrier(Protocol):
    """A WebSocket, whatever library it comes from."""

    async def send(self, message: str | bytes) -> None:
        """Send one message: text, or binary. To somebody who is gone it does nothing."""

    def waiting(self) -> int:
        """Return how many bytes were sent and have not left this process."""


class SocketLink:
    """A :class:`streaming.link.Link` over a WebSocket that somebody else opens, reads and closes.

    Its owner hands it what was read with :meth:`take_state` and :meth:`take_event`.

    Args:
        carrier: The socket.
        events: Who is told.
    """

    carries_sound = False
    loses_packets = False

    def __init__(self, carrier: Carrier, events: LinkEvents) -> None:
        self._carrier = carrier
        self._events = events
        #: What is to be sent before any state: whole messages.
        self._texts: deque[str] = deque()
        self._queued = 0
        self._packet: bytes | None = None
        self._wake = asyncio.Event()
        self._closed = False
        self._writing: asyncio.Task[None] | None = None

    def open(self, first: Message | None = None) -> None:
        """Begin, with a message that the other side waits for before it takes anything else."""
        if first is not None:
            self._texts.append(encode_json(first))
        self._writing = asyncio.get_running_loop().create_task(self._write(), name="socket link")
        self._events.connected()

    def send_state(self, packet: bytes) -> bool:
        """Have the newest packet sent, unless something of the stream still waits to leave."""
        if self._closed or self._texts or self._carrier.waiting() > 0:
            return False
        self._packet = packet
        self._wake.set()
        return True

    def send_event(self, text: str) -> bool:
        """Queue an event; False when too much waits already, and the other side should be given up."""
        if self._closed:
            return True
        message = encode_json(Envelope(text=text))
        if self._queued + len(message) > MOST_WAITING:
            return False
        self._texts.append(message)
        self._queued += len(message)
        self._wake.set()
        return True

    def send_audio(self, payload: bytes, timestamp: int) -> None:
        """Drop it: late sound is no sound, and a stream makes all sound late."""

    def take_state(self, data: bytes) -> None:
        """Take a binary frame that came."""
        if not self._closed:
            self._events.state(data)

    def take_event(self, text: str) -> None:
        """Take the text of an `event` message that came."""
        if not self._closed:
            self._events.event(text)

    def silence(self) -> None:
        """Tell nothing from now on; events that wait still go out."""
        self._closed = True

    async def close(self) -> None:
        """Send the events that wait, within :data:`SEND_SECONDS`, and stop writing; the socket stays open."""
        self._closed = True
        self._wake.set()
        if self._writing is not None:
            await asyncio.wait([self._writing], timeout=SEND_SECONDS)
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write(self) -> None:
        try:
            while self._texts or not self._closed:
                if not self._texts and self._packet is None:
                    await self._wake.wait()
                    self._wake.clear()
                await self._write_waiting()
        except TimeoutError:
            if not self._closed:
                self._events.lost()

    async def _write_waiting(self) -> None:
        while self._texts:
            await self._send(self._texts[0])
            self._queued -= len(self._texts.popleft())
        packet, self._packet = self._packet, None
        if packet is not None and not self._closed:
            await self._send(packet)

    async def _send(self, message: str | bytes) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await self._carrier.send(message)
