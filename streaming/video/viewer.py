"""What one watcher has of a screen: which packets they got under which numbers. Pure."""

from collections.abc import Sequence
from enum import Enum
from types import MappingProxyType

from streaming.budget import Budget
from streaming.video import rtcp
from streaming.video.codecs import Codec
from streaming.video.rtp import Packet, header

#: Packets that are sent again to one watcher: a second, and at once.
_AGAIN_RATE, _AGAIN_BURST = 200.0, 300.0
_HALF, _ALL = 1 << 15, 1 << 16


class Phase(Enum):
    """How far a watcher is."""

    WAITING = "waiting"
    """For a picture that stands alone."""
    CATCHING_UP = "catching up"
    """Gets what came since the last such picture."""
    LIVE = "live"
    """Gets every packet as it comes."""


class Viewer:
    """One watcher's stream. Their numbers have no gaps but those that the screen's stream has.

    Attributes:
        ssrc: Of the stream towards them.
        phase: How far they are.
        cursor: The screen's number of what they get next while they catch up.

    Args:
        ssrc: 32 bits.
        first: Sequence number to begin with, 16 bits.
        payload_types: What each codec is called in their session.
    """

    def __init__(self, ssrc: int, first: int, payload_types: dict[Codec, int]) -> None:
        self.ssrc = ssrc
        self.phase = Phase.WAITING
        self.cursor = 0
        self._payload_types = MappingProxyType(payload_types)
        self._payload_type = 0
        self._next = first
        self._shift = 0
        self._floor = 0
        self._packets = self._octets = 0
        self._again = Budget(_AGAIN_RATE, _AGAIN_BURST)

    def understands(self, codec: Codec) -> bool:
        """Tell whether their session has this codec."""
        return codec in self._payload_types

    def wait(self, codec: Codec | None = None) -> None:
        """Wait for the next picture that stands alone, from now on in this codec."""
        self.phase = Phase.WAITING
        if codec is not None:
            self._payload_type = self._payload_types.get(codec, 0)

    def begin(self, number: int) -> None:
        """Go on from the screen's packet of this number, without a gap in their own numbers."""
        self._shift, self._floor = self._next - number, number

    def pass_on(self, packet: Packet) -> bytes | None:
        """Return the header under which a packet that came just now goes to them; None when it does not."""
        if self.phase is not Phase.LIVE:
            if not packet.key or not self._payload_type:
                return None
            self.begin(packet.sequence)
            self.phase = Phase.LIVE
        elif packet.sequence < self._floor:
            return None
        return self.numbered(packet)

    def numbered(self, packet: Packet) -> bytes:
        """Return the header of a packet in their stream, and count it."""
        number = packet.sequence + self._shift
        if number >= self._next:
            self._next = number + 1
        self._packets += 1
        self._octets += len(packet.payload)
        return header(self._payload_type, number, packet.timestamp, self.ssrc, marker=packet.marker)

    def missed(self, losses: Sequence[int], now: float) -> list[int]:
        """Return the screen's numbers of what they ask for again, as far as they may.

        Args:
            losses: Their numbers, 16 bits each.
            now: Seconds, of any steady clock.
        """
        newest = self._next - 1
        wanted: list[int] = []
        for loss in losses:
            theirs = newest + (loss - newest + _HALF) % _ALL - _HALF
            number = theirs - self._shift
            if theirs > newest or number < self._floor:
                continue
            if not self._again.take(now):
                break
            wanted.append(number)
        return wanted

    def report(self, now: float, timestamp: int) -> bytes | None:
        """Return a sender report; None before anything was sent.

        Args:
            now: Unix seconds.
            timestamp: What the stream's clock shows now.
        """
        if not self._packets:
            return None
        said = rtcp.sender_report(self.ssrc, now, timestamp, self._packets, self._octets)
        return said + rtcp.description(self.ssrc, "screen")
