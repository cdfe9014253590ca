"""How hard the encoders try: less while the pump is busy, so that sound stays whole. Pure."""

#: Complexities of Opus below the one that is wanted, the least last.
_LESS = (3, 1, 0)
#: Of its time the pump may be busy for so much before it tries less, and must be for less before it tries
#: more: far enough apart that one step, a quarter of the work, does not lead back.
TOO_BUSY, AT_EASE = 0.75, 0.45
#: Seconds that are looked at together, and looks in a row that must find it at ease.
LOOK_SECONDS = 1.0
_PATIENCE = 5


class Effort:
    """Steps down at once and up slowly.

    Args:
        wanted: Complexity of Opus while there is time for it, 0 to 10.
        adapts: Whether it follows the load at all.

    Attributes:
        busy: Share of the last look's time in which the pump worked.
    """

    def __init__(self, wanted: int, *, adapts: bool) -> None:
        less = tuple(step for step in _LESS if step < wanted)
        self._steps = (wanted, *less) if adapts else (wanted,)
        self._step = 0
        self.busy = 0.0
        self._since = 0.0
        self._worked = 0.0
        self._easy = 0

    @property
    def complexity(self) -> int:
        """What encoders are to be set to."""
        return self._steps[self._step]

    def note(self, worked: float, now: float) -> bool:
        """Note a turn; tells whether the complexity changed.

        Args:
            worked: Seconds that it took.
            now: Seconds, when it ended.
        """
        self._worked += worked
        elapsed = now - self._since
        if elapsed < LOOK_SECONDS:
            return False
        self.busy, before = self._worked / elapsed, self._step
        self._since, self._worked = now, 0.0
        if self.busy > TOO_BUSY:
            self._easy = 0
            self._step = min(self._step + 1, len(self._steps) - 1)
        elif self.busy < AT_EASE:
            self._easy += 1
            if self._easy >= _PATIENCE:
                self._easy = 0
                self._step = max(self._step - 1, 0)
        else:
            self._easy = 0
        return self._step != before
