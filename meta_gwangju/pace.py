"""When the next step of a steady beat is due. Time is an argument."""


class Pace:
    """A beat that never catches up in a burst: steps whose time is over are left out.

    Args:
        seconds: Between two steps.
        now: When the beat starts, on a monotonic clock; the first step is due one period later.
    """

    def __init__(self, seconds: float, now: float) -> None:
        self._seconds = seconds
        self._due = now + seconds

    def wait(self, now: float) -> float:
        """Return the seconds until the next step is due, zero when it is late."""
        return max(0.0, self._due - now)

    def take(self, now: float) -> int:
        """Note that a step is taken now; returns how many before it were left out."""
        missed = max(0, int((now - self._due) / self._seconds))
        self._due += (missed + 1) * self._seconds
        return missed
