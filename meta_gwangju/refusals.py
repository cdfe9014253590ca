"""One line in the log for each client that was refused; a flood of them makes a few lines and a count."""

import logging
from collections import Counter
from collections.abc import Callable

from streaming.messages import Close

logger = logging.getLogger(__name__)

#: Lines that may come at once, and lines a second after that.
BURST = 20.0
RATE = 2.0


class RefusalLog:
    """Writes `refused code=… reason=…`, never who it was.

    Attributes:
        counts: All of them by code, written or not.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._budget = BURST
        self._last = clock()
        self._silent = 0
        self.counts: Counter[int] = Counter()

    def note(self, code: int, reason: str) -> None:
        """Write one line, or count it when too many came; the next line tells how many were not written.

        A connection that was lost is nothing to warn of; everything else is.
        """
        self.counts[int(code)] += 1
        now = self._clock()
        self._budget = min(self._budget + RATE * (now - self._last), BURST)
        self._last = now
        if self._budget < 1.0:
            self._silent += 1
            return
        self._budget -= 1.0
        # A reason may quote a client; whatever it holds, it stays one word on one line.
        word = "_".join(reason.split()) or "-"
        level = logging.INFO if code == Close.TIMED_OUT else logging.WARNING
        logger.log(level, "refused code=%d reason=%s unwritten=%d", code, word, self._silent)
        self._silent = 0
