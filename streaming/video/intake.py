"""How much a publisher may send before it is dropped, and before they are sent away. Pure."""

from streaming.budget import Budget

#: Bits a second of picture and sound together: what a publisher is told to send, and what is taken at most.
ASKED_BITS = 2_500_000
MOST_BITS = 6_000_000
_MOST_PACKETS = 1500.0
#: Packets of sound a second; Opus sends 50, or 100 when its packets last 10 ms.
_MOST_SOUNDS = 110.0
#: Packets that may be over the limit, or broken, before the publisher is sent away: a second, and at once.
_PATIENCE_RATE, _PATIENCE_BURST = 40.0, 1500.0
_BURST_SECONDS = 2.0


class Intake:
    """One publisher's limits.

    Attributes:
        spent: Whether their patience ran out: they go on sending what is refused.
    """

    def __init__(self) -> None:
        self.spent = False
        self._bytes = Budget(MOST_BITS / 8, MOST_BITS / 8 * _BURST_SECONDS)
        self._packets = Budget(_MOST_PACKETS, _MOST_PACKETS * _BURST_SECONDS)
        self._sounds = Budget(_MOST_SOUNDS, _MOST_SOUNDS * _BURST_SECONDS)
        self._patience = Budget(_PATIENCE_RATE, _PATIENCE_BURST)

    def admits(self, size: int, now: float) -> bool:
        """Tell whether a packet of this many bytes is taken."""
        if self._packets.take(now) and self._bytes.take(now, size):
            return True
        self.refuse(now)
        return False

    def admits_sound(self, now: float) -> bool:
        """Tell whether a packet of sound is taken; those over the limit are only left out."""
        return self._sounds.take(now)

    def refuse(self, now: float) -> None:
        """Note a packet that cannot be taken."""
        if not self._patience.take(now):
            self.spent = True
