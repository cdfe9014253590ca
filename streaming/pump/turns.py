"""What the pump's thread does with its arrays: one method a kernel, and the memory that they work in."""

import select
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streaming.audio import FRAME, FRAME_SECONDS
from streaming.pump import tick
from streaming.pump.datagrams import MOST_OCTETS, Datagrams
from streaming.pump.functions import addresses
from streaming.pump.lookup import address_tuple
from streaming.pump.sctp import Inbox
from streaming.pump.table import Table, scratch

Samples = NDArray[np.floating[Any]]
Rows = NDArray[np.int64]

#: Datagrams that are taken with one call, and calls in one turn.
_BATCH, _MOST_BATCHES = 256, 16
#: Chunks and bytes that one turn may bring; what has no room is not acknowledged, and comes again.
_ENTRIES, _ROOM = 4096, 1 << 20
#: Frames that may be late before the lost time is given up.
_MOST_LATE = 5


class Turns:
    """Rows, and what it takes to move them.

    Args:
        capacity: Rows.

    Attributes:
        table: The rows.
        inbox: What came for the owner.
        due: When the next frame of sound is due, monotonic seconds.
        lost_frames: Frames given up because the thread lagged.

    Raises:
        PumpUnavailableError: This machine lacks something.
    """

    def __init__(self, capacity: int) -> None:
        self._functions = addresses()
        self._sockets: list[int] = []
        self.table = Table(capacity)
        self.inbox = Inbox(_ENTRIES, _ROOM)
        self._incoming, outgoing = Datagrams(_BATCH), Datagrams(max(capacity, _BATCH))
        self._outgoing = outgoing
        self._in = (
            self._incoming.octets,
            self._incoming.addresses,
            self._incoming.sizes,
            self._incoming.headers,
        )
        self._out = (
            outgoing.octets, outgoing.addresses, outgoing.sizes, outgoing.headers, outgoing.vectors,
            outgoing.sockets,
        )  # fmt: skip
        self._inbox = (self.inbox.entries, self.inbox.octets, self.inbox.used)
        self._others = np.zeros(_BATCH, np.int64)
        self._scratch = scratch()
        self._datagram = np.zeros(MOST_OCTETS, np.uint8)
        self._poll = select.poll()
        self._frame = 0
        self.due = time.monotonic()
        self.lost_frames = 0

    def open(self, socket: int) -> None:
        """Read a socket from now on."""
        self._sockets.append(socket)
        self._poll.register(socket, select.POLLIN)

    def close(self, socket: int) -> None:
        """Forget a socket: from now on nothing is read from it, or sent by it."""
        if socket in self._sockets:
            self._sockets.remove(socket)
            self._poll.unregister(socket)
        self.table.cut(socket)

    def sweep(self, now: float) -> list[tuple[int, bytes, tuple[Any, ...]]]:
        """Take what came; return socket, bytes and address of what is not the pump's."""
        left: list[tuple[int, bytes, tuple[Any, ...]]] = []
        for socket in self._sockets:
            for _ in range(_MOST_BATCHES):
                count, others = tick.sweep(
                    self._functions, socket, self.table.rows, self._in, now, self._scratch, self._inbox,
                    self._others,
                )  # fmt: skip
                for place in self._others[:others].tolist():
                    data = self._incoming.octets[place, : self._incoming.sizes[place]].tobytes()
                    left.append((socket, data, address_tuple(self._incoming.addresses[place].tobytes())))
                if count < _BATCH:
                    break
        return left

    def take(self, row: int, data: bytes, now: float) -> None:
        """Take a datagram of a row's peer that somebody else read."""
        size = min(len(data), MOST_OCTETS)
        self._datagram[:size] = np.frombuffer(data, np.uint8, size)
        tick.take_datagram(
            self._functions, self.table.rows, row, self._datagram, size, now, self._scratch, self._inbox
        )

    def play(self) -> tuple[Rows, Rows]:
        """Make the next 20 ms of every microphone; return the rows that sound, and those that speak."""
        rows = self.table.rows
        tick.play(self._functions, rows, self._scratch)
        return np.flatnonzero(rows.sounds), np.flatnonzero(rows.gates["speaking"])

    def frames(self, rows: Rows) -> Samples:
        """Return the newest 20 ms of (m,) rows, (m, FRAME) float32."""
        return np.asarray(self.table.rows.frames[rows])

    def speak(self, listeners: Rows, mixes: Samples) -> None:
        """Send (k,) rows what they hear, (k, 2, FRAME) samples, and go on to the next frame."""
        tick.speak(
            self._functions,
            self.table.rows,
            np.ascontiguousarray(listeners, np.int64),
            np.ascontiguousarray(mixes, np.float32).reshape(-1, 2, FRAME),
            self._frame * FRAME,
            self._out,
            self._scratch,
        )
        self._advance(time.monotonic())

    def _advance(self, now: float) -> None:
        self._frame += 1
        self.due += FRAME_SECONDS
        if now - self.due > _MOST_LATE * FRAME_SECONDS:
            lost = int((now - self.due) / FRAME_SECONDS)
            self._frame += lost
            self.lost_frames += lost
            self.due += lost * FRAME_SECONDS

    def deliver(self, messages: dict[int, bytes], now: float) -> None:
        """Send what is due to everybody, and lossy messages by row."""
        receivers = np.array(sorted(messages), np.int64)
        parts = [messages[row] for row in receivers.tolist()]
        ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
        data = np.frombuffer(b"".join(parts) or b"\0", np.uint8)
        tick.deliver(
            self._functions,
            self.table.rows,
            receivers,
            data,
            ends,
            now,
            self._out,
            self._scratch,
            self._inbox,
        )

    def pass_on(self, row: int, packet: bytes) -> None:
        """Send an SCTP packet that is whole already."""
        data = np.frombuffer(packet, np.uint8)
        tick.pass_packet(self._functions, self.table.rows, row, data, len(packet), self._out)

    def wait(self, until: float, *, busy: bool) -> None:
        """Wait: while nobody is attached, only until something comes."""
        seconds = until - time.monotonic()
        if seconds <= 0.0:
            return
        if busy:
            # What comes meanwhile is taken together: one call for many is what makes this cheap.
            time.sleep(seconds)
        else:
            self._poll.poll(seconds * 1000.0)
