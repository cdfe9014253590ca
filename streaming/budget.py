"""Token buckets: how often somebody may do something."""


class Budget:
    """A bucket that holds `burst` tokens and gains `rate` of them a second. Time comes in as an argument."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._filled = 0.0

    def take(self, now: float, amount: float = 1.0) -> bool:
        """Take one token, or `amount` of them; False when there are not so many."""
        self._left = min(self._left + self._rate * max(now - self._filled, 0.0), self._burst)
        self._filled = now
        if self._left < amount:
            return False
        self._left -= amount
        return True
