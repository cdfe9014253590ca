"""Reliable messages on their way into an association's slots: cut into chunks, in order. Pure."""

import struct
from collections import deque

from streaming.pump.association import DATA_HEADER, MOST_DATA, SLOTS, Associations
from streaming.pump.sctp import DATA, FIRST, LAST

#: Bytes of the longest message: all of its chunks must have consecutive TSNs, so they go in at once.
MOST_MESSAGE = SLOTS * MOST_DATA
_DATA = struct.Struct("!BBHIHHI")


class Outbox:
    """What waits to go, of one peer.

    Attributes:
        taken: Bytes of messages that left for the slots, so far.
    """

    def __init__(self) -> None:
        self.taken = 0
        self._sequences: dict[int, int] = {}
        self._waiting: deque[tuple[int, list[bytes]]] = deque()

    def resume(self, stream: int, sequence: int) -> None:
        """Say which number the next message of a stream has."""
        self._sequences[stream] = sequence

    def put(self, stream: int, kind: int, data: bytes) -> None:
        """Take a message of 1 to :data:`MOST_MESSAGE` bytes."""
        sequence = self._sequences.get(stream, 0)
        self._sequences[stream] = (sequence + 1) & 0xFFFF
        parts = [data[at : at + MOST_DATA] for at in range(0, len(data), MOST_DATA)]
        chunks = []
        for index, part in enumerate(parts):
            flags = (FIRST if index == 0 else 0) | (LAST if index == len(parts) - 1 else 0)
            chunks.append(_DATA.pack(DATA, flags, DATA_HEADER + len(part), 0, stream, sequence, kind) + part)
        self._waiting.append((len(data), chunks))

    def move(self, associations: Associations, row: int) -> None:
        """Fill an association's slots with as many whole messages as there is room for."""
        while self._waiting and associations.room(row) >= len(self._waiting[0][1]):
            size, chunks = self._waiting.popleft()
            for chunk in chunks:
                associations.fill(row, chunk)
            self.taken += size

    def __len__(self) -> int:
        return len(self._waiting)
