"""Puts one microphone's packets in order and smooths their arrival.

Bounded: :data:`MOST` packets; when they overflow, the oldest go, down to the target. A packet that comes
after its turn is dropped. Clocks that drift apart show as a buffer that stays too full (one packet is
left out) or runs dry (it fills up again before it plays).
"""

from enum import Enum

#: Packets that wait before play begins: 60 ms of 20 ms packets.
TARGET = 3
MOST = 16
#: After this many pops with a buffer fuller than needed, one packet is left out: 2 s.
PATIENCE = 100
#: A jump in sequence numbers beyond this is a new stream.
JUMP = 200


class Gap(Enum):
    """Why there is no packet to play."""

    LOST = "lost"
    """One is missing: conceal it."""
    IDLE = "idle"
    """Nothing is being sent."""


class Jitter:
    """One stream's buffer. Sequence numbers are RTP's: 16 bits, wrapping."""

    def __init__(self) -> None:
        self._packets: dict[int, bytes] = {}
        self._newest = 0
        self._next: int | None = None
        self._waited = 0
        self._full = 0

    def __len__(self) -> int:
        return len(self._packets)

    def push(self, sequence: int, payload: bytes) -> None:
        """Take a packet as it arrives."""
        step = (sequence - self._newest + 0x8000) % 0x10000 - 0x8000
        if abs(step) > JUMP:
            self._packets.clear()
            self._next, self._waited = None, 0
        position = self._newest + step
        self._newest = max(self._newest, position) if self._packets or self._next is not None else position
        if self._next is not None and position < self._next:
            return
        self._packets[position] = payload
        if len(self._packets) > MOST:
            for old in sorted(self._packets)[:-TARGET]:
                del self._packets[old]
            if self._next is not None:
                self._next = min(self._packets)

    def pop(self) -> bytes | Gap:
        """Return what is to be played now; call once a packet's length."""
        if self._next is None and not self._begin():
            return Gap.IDLE
        if not self._packets:
            # Dry: the caller fades out now, and play begins again when enough waits.
            self._next = None
            return Gap.LOST
        self._drift()
        wanted = self._next if self._next is not None else min(self._packets)
        self._next = wanted + 1
        return self._packets.pop(wanted, Gap.LOST)

    def _begin(self) -> bool:
        """Begin to play when the target waits, or when less has waited long enough."""
        if not self._packets:
            self._waited = 0
            return False
        self._waited += 1
        if len(self._packets) < TARGET and self._waited < TARGET:
            return False
        self._next, self._waited, self._full = min(self._packets), 0, 0
        return True

    def _drift(self) -> None:
        """Leave one packet out when the buffer has been fuller than needed for long."""
        self._full = self._full + 1 if len(self._packets) > TARGET + 1 else 0
        if self._full > PATIENCE:
            self._full = 0
            oldest = min(self._packets)
            del self._packets[oldest]
            self._next = max(self._next or 0, oldest + 1)
