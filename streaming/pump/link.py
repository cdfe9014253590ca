"""One attached peer, as the event loop's side sees it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from streaming.errors import UnfinishedDataError
from streaming.pump import privates
from streaming.pump.established import Established
from streaming.pump.outbox import MOST_MESSAGE, Outbox
from streaming.pump.reassembly import Message, Piece, Reassembly
from streaming.pump.sctp import CHUNK, DATA, ENDED, FORWARD_TSN

#: Bytes of reliable messages that may wait; a client that reads slower than that is given up.
MOST_WAITING = 256 * 1024


class LinkEvents(Protocol):
    """What a link tells, in the event loop's thread."""

    def message(self, stream: int, kind: int, data: bytes) -> None:
        """A message came; `kind` is its payload protocol identifier (RFC 8831, section 8)."""

    def ended(self) -> None:
        """The other side closed, or is gone."""

    def misuse(self, code: str) -> None:
        """The other side did what the protocol has no place for."""


@dataclass(frozen=True, slots=True, eq=False)
class Peer:
    """What aiortc set up of a peer.

    Attributes:
        person: By whom the mix knows them.
        sctp: The association, which stands, with both channels open.
        transceiver: Of the one track each way.
        lossy_stream: Stream of the channel that sends nothing again.
        events: Who is told.
    """

    person: int
    sctp: Any
    transceiver: Any
    lossy_stream: int
    events: LinkEvents


class Link:
    """A peer that the pump moves.

    Args:
        peer: Who it is.
        row: Where it stands.
        progress: Returns the last TSN in order and the next to be sent.
        held: What must not be freed while the row knows its address.

    Attributes:
        attached: Whether the row is still this peer's.
        outbox: Reliable messages on their way to the row; the pump's thread alone touches it.
    """

    def __init__(
        self, peer: Peer, row: int, progress: Callable[[], tuple[int, int]], held: tuple[object, ...]
    ) -> None:
        self.peer = peer
        self.row = row
        self.attached = False
        self.outbox = Outbox()
        self._reassembly = Reassembly()
        self._progress = progress
        self._held = held
        self._given = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def person(self) -> int:
        """By whom the mix knows them."""
        return self.peer.person

    @property
    def waiting(self) -> int:
        """Bytes of reliable messages that the line has not taken yet."""
        return self._given - self.outbox.taken

    def give(self, size: int) -> bool:
        """Note that a reliable message is handed over; False when it is too long, or too much waits."""
        if not 0 < size <= MOST_MESSAGE or self.waiting + size > MOST_WAITING:
            return False
        self._given += size
        return True

    def begin(self, established: Established) -> None:
        """Go on where aiortc stopped."""
        for stream, sequence in established.sequences.items():
            self.outbox.resume(stream, sequence)
        for stream, sequence in established.expected.items():
            self._reassembly.resume(stream, sequence)
        for piece in established.pieces:
            self._take_messages(lambda piece=piece: self._reassembly.take(piece))  # type: ignore[misc]

    def take(self, kind: int, data: bytes) -> None:
        """Take an entry of the pump's inbox: its kind, and one chunk as it came."""
        if not self.attached:
            return
        if kind == ENDED:
            self.peer.events.ended()
        elif kind != CHUNK:
            self.peer.events.misuse("bad_data")
        elif data[0] == DATA:
            self._take_messages(lambda: self._reassembly.take(Piece.of(data)))
        elif data[0] == FORWARD_TSN:
            self._take_messages(lambda: self._reassembly.skip(data))
        else:
            self._take_control(data)

    def give_back(self) -> None:
        """Let aiortc have the peer again, to be closed; the pump holds nothing of it any more."""
        privates.report_received(self.peer.transceiver.receiver, {})
        privates.give_back(self.peer.sctp)
        for task in self._tasks:
            task.cancel()
        self._held = ()

    def _take_messages(self, take: Callable[[], list[Message]]) -> None:
        try:
            messages = take()
        except UnfinishedDataError:
            # The line was told that these came, so it cannot go on without them.
            self.peer.events.misuse("too_large")
            self.peer.events.ended()
            return
        for one in messages:
            self.peer.events.message(one.stream, one.kind, one.data)

    def _take_control(self, data: bytes) -> None:
        privates.follow(self.peer.sctp, *self._progress())
        task = asyncio.get_running_loop().create_task(self._controlled(data), name="sctp control")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _controlled(self, data: bytes) -> None:
        if not await privates.take_control(self.peer.sctp, data):
            self.peer.events.misuse("bad_data")
