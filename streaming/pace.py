"""How large the packets may be that a client's line carries."""

from streaming.messages import MAX_STATE_BYTES
from streaming.replication import LEAST

#: Bytes by which packets may grow after one that went.
_STEP = 8


class Pace:
    """Halved when a packet still waits where the next one should go, then a little more with each that went.

    Additive increase and multiplicative decrease: lines that are shared come to be shared evenly (Chiu and
    Jain 1989). Who has a slow line is told of those far away less often, and takes nothing from others.

    Attributes:
        size: Bytes that the next packet may have.
    """

    def __init__(self) -> None:
        self.size = MAX_STATE_BYTES

    def note(self, *, went: bool) -> None:
        """Note whether a packet went, or was left out because the one before still waited."""
        self.size = min(self.size + _STEP, MAX_STATE_BYTES) if went else max(self.size // 2, LEAST)
