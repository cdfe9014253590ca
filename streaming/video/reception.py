"""How one RTP stream arrives: what is missing, what to ask for again, what to report. Pure.

Bounded: :data:`MOST_MISSING` numbers are remembered as missing; a larger hole is not asked for.
"""

from streaming.video.rtcp import Report

MOST_MISSING = 256
#: A packet beyond this is dropped; two in a row are a new beginning (RFC 3550, appendix A.1).
_MOST_JUMP = 3000
#: Seconds between two requests for one packet, how often it is asked for, and for how long.
_ASK_EVERY = 0.06
_MOST_ASKED = 6
_ASK_WITHIN = 1.0
_HALF, _ALL = 1 << 15, 1 << 16


class _Missing:
    """One number that did not come."""

    __slots__ = ("asked", "due", "since")

    def __init__(self, now: float) -> None:
        self.since, self.due, self.asked = now, now, 0


class Reception:
    """One source's stream.

    Args:
        ssrc: The source.
        clock: Ticks of its timestamps a second.
    """

    def __init__(self, ssrc: int, clock: int) -> None:
        self.ssrc = ssrc
        self.lost_for_good = 0
        """Packets that were given up."""
        self.strayed = False
        """Whether two packets in a row came from far away: the sender counts anew."""
        self._clock = clock
        self._first: int | None = None
        self._highest = 0
        self._wild: int | None = None
        self._came = self._came_before = self._expected_before = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._missing: dict[int, _Missing] = {}
        self._sender: tuple[int, float] | None = None

    def take(self, sequence: int, timestamp: int, now: float) -> int | None:
        """Note a packet; returns its number without wrapping, or None when it is to be dropped.

        Args:
            sequence: 16 bits.
            timestamp: 32 bits.
            now: Seconds, of any steady clock.
        """
        if self._first is None:
            self._first = self._highest = sequence + _ALL
        step = (sequence - self._highest + _HALF) % _ALL - _HALF
        if abs(step) > _MOST_JUMP:
            self.strayed, self._wild = self._wild == sequence, (sequence + 1) % _ALL
            return None
        self._wild = None
        number = self._highest + step
        if step > 0:
            self._note_hole(number, now)
            self._highest = number
        elif step < 0 and self._missing.pop(number, None) is None:
            # A duplicate, or later than anybody waits for it.
            return None
        self._came += 1
        self._note_transit(timestamp, now)
        return number

    def _note_hole(self, number: int, now: float) -> None:
        hole = range(self._highest + 1, number)
        if len(hole) + len(self._missing) > MOST_MISSING:
            self.lost_for_good += len(hole)
            return
        for one in hole:
            self._missing[one] = _Missing(now)

    def _note_transit(self, timestamp: int, now: float) -> None:
        """RFC 3550, appendix A.8."""
        transit = now * self._clock - timestamp
        if self._transit is not None:
            step = abs(transit - self._transit)
            # Timestamps wrap, and a sender may set its clock: neither is jitter.
            if step < self._clock * 10:
                self._jitter += (step - self._jitter) / 16.0
        self._transit = transit

    def sender_says(self, ntp: int, now: float) -> None:
        """Note a sender report."""
        self._sender = (ntp, now)

    def wanted(self, now: float) -> list[int]:
        """Return the 16-bit numbers to ask for again now, in order; after a while they are given up."""
        asked: list[int] = []
        for number, one in list(self._missing.items()):
            if one.asked >= _MOST_ASKED or now - one.since > _ASK_WITHIN:
                del self._missing[number]
                self.lost_for_good += 1
            elif one.due <= now:
                one.asked += 1
                one.due = now + _ASK_EVERY
                asked.append(number % _ALL)
        return asked

    def report(self, now: float) -> Report | None:
        """Return how the stream arrived since the last call (RFC 3550, A.3); None before it began."""
        if self._first is None:
            return None
        expected = self._highest - self._first + 1
        recent, came = expected - self._expected_before, self._came - self._came_before
        self._expected_before, self._came_before = expected, self._came
        fraction = max(recent - came, 0) * 256 // recent if recent > 0 else 0
        sender, delay = 0, 0
        if self._sender is not None:
            sender, since = self._sender
            delay = min(max(int((now - since) * 65536), 0), 0xFFFFFFFF)
        return Report(
            ssrc=self.ssrc,
            fraction=min(fraction, 255),
            lost=min(max(expected - self._came, 0), 0x7FFFFF),
            highest=self._highest & 0xFFFFFFFF,
            jitter=min(int(self._jitter), 0xFFFFFFFF),
            sender=sender,
            delay=delay,
        )
