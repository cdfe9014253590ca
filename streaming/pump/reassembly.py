"""Puts user data of an SCTP association together: fragments to messages, messages in order. Pure.

RFC 9260, sections 6.5 and 6.9; RFC 3758, section 3.6. Bounded: somebody who sends pieces that never make a
message is refused by :class:`streaming.errors.UnfinishedDataError`.
"""

import struct
from dataclasses import dataclass, field

from streaming.errors import UnfinishedDataError
from streaming.pump.association import DATA_HEADER, WINDOW
from streaming.pump.sctp import FIRST, LAST, UNORDERED

_HALF, _ALL = 1 << 31, 1 << 32
#: Streams of an association; a client has two channels. Pieces of unfinished messages.
_MOST_STREAMS = 64
_MOST_PIECES = 256
_DATA = struct.Struct("!BBHIHHI")
_SKIP = struct.Struct("!HH")


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `kind` is its payload protocol identifier (RFC 8831, section 8)."""

    stream: int
    kind: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """User data of one chunk."""

    tsn: int
    flags: int
    stream: int
    sequence: int
    kind: int
    data: bytes

    @staticmethod
    def of(chunk: bytes) -> "Piece":
        """Read a DATA chunk of at least its header."""
        _, flags, _, tsn, stream, sequence, kind = _DATA.unpack_from(chunk)
        return Piece(tsn, flags, stream, sequence, kind, chunk[DATA_HEADER:])


@dataclass(slots=True)
class _Stream:
    """One incoming stream: which ordered message is next, and those that came before their turn."""

    next: int = 0
    early: dict[int, Message] = field(default_factory=dict)


class Reassembly:
    """All incoming streams of an association."""

    def __init__(self) -> None:
        self._streams: dict[int, _Stream] = {}
        self._pieces: dict[int, Piece] = {}
        self._bytes = 0

    def resume(self, stream: int, sequence: int) -> None:
        """Say which ordered message of a stream is next."""
        self._stream(stream).next = sequence

    def take(self, piece: Piece) -> list[Message]:
        """Take a piece that came for the first time; return the messages that are whole now, in order.

        Raises:
            UnfinishedDataError: There is too much that is not.
        """
        if piece.flags & (FIRST | LAST) == FIRST | LAST:
            return self._whole([piece])
        self._pieces[piece.tsn] = piece
        self._bytes += len(piece.data)
        self._check()
        run = self._run(piece)
        if run is None:
            return []
        for part in run:
            del self._pieces[part.tsn]
            self._bytes -= len(part.data)
        return self._whole(run)

    def skip(self, chunk: bytes) -> list[Message]:
        """Take a FORWARD-TSN chunk; return the messages that need wait no longer.

        Raises:
            UnfinishedDataError: It names too many streams.
        """
        (tsn,) = struct.unpack_from("!I", chunk, 4)
        messages: list[Message] = []
        for at in range(8, len(chunk) - 3, 4):
            number, sequence = _SKIP.unpack_from(chunk, at)
            stream = self._stream(number)
            skipped = [one for one in stream.early if _ahead16(sequence, one) >= 0]
            skipped.sort(key=lambda one: -((sequence - one) & 0xFFFF))
            messages += [self._let_go(stream, one) for one in skipped]
            if _ahead16(sequence, stream.next) >= 0:
                stream.next = (sequence + 1) & 0xFFFF
            messages += self._deliver(stream)
        for old in [one for one in self._pieces if (tsn - one) % _ALL < _HALF]:
            self._bytes -= len(self._pieces.pop(old).data)
        return messages

    def _run(self, piece: Piece) -> list[Piece] | None:
        """Return the pieces of a message that is whole, by their consecutive TSNs."""
        first = piece
        while not first.flags & FIRST:
            before = self._pieces.get((first.tsn - 1) % _ALL)
            if before is None or before.flags & LAST:
                return None
            first = before
        run = [first]
        while not run[-1].flags & LAST:
            after = self._pieces.get((run[-1].tsn + 1) % _ALL)
            if after is None or after.flags & FIRST:
                return None
            run.append(after)
        return run

    def _whole(self, run: list[Piece]) -> list[Message]:
        first = run[0]
        message = Message(first.stream, first.kind, b"".join(part.data for part in run))
        if first.flags & UNORDERED:
            return [message]
        stream = self._stream(first.stream)
        if _ahead16(first.sequence, stream.next) < 0:
            # Its turn was skipped; better late than never.
            return [message]
        stream.early[first.sequence] = message
        self._bytes += len(message.data)
        ready = self._deliver(stream)
        self._check()
        return ready

    def _deliver(self, stream: _Stream) -> list[Message]:
        messages: list[Message] = []
        while stream.next in stream.early:
            messages.append(self._let_go(stream, stream.next))
            stream.next = (stream.next + 1) & 0xFFFF
        return messages

    def _let_go(self, stream: _Stream, sequence: int) -> Message:
        message = stream.early.pop(sequence)
        self._bytes -= len(message.data)
        return message

    def _stream(self, number: int) -> _Stream:
        if number not in self._streams:
            if len(self._streams) >= _MOST_STREAMS:
                raise UnfinishedDataError(f"An association has at most {_MOST_STREAMS} streams.")
            self._streams[number] = _Stream()
        return self._streams[number]

    def _check(self) -> None:
        waiting = len(self._pieces) + sum(len(stream.early) for stream in self._streams.values())
        if self._bytes > WINDOW or waiting > _MOST_PIECES:
            raise UnfinishedDataError(
                f"Unfinished messages hold at most {WINDOW} bytes in {_MOST_PIECES} pieces."
            )


def _ahead16(later: int, earlier: int) -> int:
    return (later - earlier + 0x8000) % 0x10000 - 0x8000
