"""One screen's picture: what its publisher sends, for whoever watches. Pure; nothing is decoded.

A watcher begins with a picture that stands alone: with the last one and what came since, while that is short
enough, or with the next one, which the publisher is asked for. Lost packets are asked for again in both
directions. Numbers and times of the screen go on when another publisher takes over.

Bounded: :data:`MOST_KEPT` packets.
"""

from collections.abc import Sequence

from streaming.video import rtcp
from streaming.video.codecs import Codec, begins_key
from streaming.video.reception import Reception
from streaming.video.rtp import Packet, Received
from streaming.video.viewer import Phase, Viewer

CLOCK = 90_000
#: Packets kept for those who missed them or come late: about four seconds at 1.5 Mbit/s.
MOST_KEPT = 768
#: A watcher who comes late gets at most so many old packets; beyond that a new picture is asked for.
MOST_CAUGHT_UP = 640
#: Packets that go out at once to somebody who catches up.
SLICE = 24
#: A publisher is asked for a picture at most this often, seconds.
_KEY_EVERY = 0.7
_REPORT_EVERY = 1.0
#: A source that was silent this long may be followed by another one, seconds.
_SOURCE_SILENT = 1.0
_WORD = 1 << 32


class Relay:
    """The stream of one screen.

    Args:
        ssrc: Under which the screen's reports to its publisher go.
        most_bits: What the publisher is told it may send a second.
    """

    def __init__(self, ssrc: int, most_bits: int) -> None:
        self._ssrc = ssrc
        self._most_bits = most_bits
        self._codec: Codec | None = None
        self._feedback: frozenset[str] = frozenset()
        self._reception: Reception | None = None
        self._kept: dict[int, Packet] = {}
        self._newest = 0
        self._newest_time = (0, 0.0)
        self._shift: tuple[int, int] | None = None
        self._key: int | None = None
        self._key_time: int | None = None
        self._key_wanted = False
        self._key_asked = float("-inf")
        self._reported = float("-inf")
        self.viewers: list[Viewer] = []
        """Everybody who watches."""

    @property
    def codec(self) -> Codec | None:
        """What the publisher sends; None while there is none."""
        return self._codec

    def open(self, codec: Codec, feedback: frozenset[str]) -> None:
        """Begin with a publisher.

        Args:
            codec: What they send.
            feedback: What they listen to: of `nack`, `nack pli` and `goog-remb`.
        """
        self._codec, self._feedback = codec, feedback
        self._reception = None
        self._begin_anew()
        self._key_asked = self._reported = float("-inf")

    def close(self) -> None:
        """End with a publisher."""
        self._codec, self._reception = None, None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._kept.clear()
        self._key = self._key_time = self._shift = None
        for viewer in self.viewers:
            viewer.wait(self._codec)
        self._key_wanted = bool(self.viewers)

    def join(self, viewer: Viewer) -> None:
        """Let somebody watch, from the last picture that stands alone if it is not too long ago."""
        self.viewers.append(viewer)
        viewer.wait(self._codec)
        if self._codec is None or not viewer.understands(self._codec):
            return
        if self._key is None or self._newest - self._key >= MOST_CAUGHT_UP:
            self._key_wanted = True
            return
        viewer.begin(self._key)
        viewer.phase, viewer.cursor = Phase.CATCHING_UP, self._key

    def leave(self, viewer: Viewer) -> None:
        """Let somebody go."""
        if viewer in self.viewers:
            self.viewers.remove(viewer)

    def catch_up(self, viewer: Viewer) -> list[Packet]:
        """Return what somebody who catches up gets next, at most :data:`SLICE`; then they are live."""
        packets: list[Packet] = []
        while viewer.phase is Phase.CATCHING_UP and len(packets) < SLICE:
            if viewer.cursor > self._newest:
                viewer.phase = Phase.LIVE
                break
            packet = self._kept.get(viewer.cursor)
            viewer.cursor += 1
            if packet is not None:
                packets.append(packet)
        return packets

    def take(self, received: Received, now: float) -> Packet | None:
        """Take a packet of the publisher's video; returns what goes to those who are live, or None.

        Args:
            received: Decrypted, of the negotiated payload type.
            now: Seconds, of any steady clock.
        """
        codec, reception = self._codec, self._reception_of(received.ssrc, now)
        if codec is None or reception is None:
            return None
        number = reception.take(received.sequence, received.timestamp, now)
        if number is None and reception.strayed:
            reception = self._receive(received.ssrc)
            number = reception.take(received.sequence, received.timestamp, now)
        if number is None:
            return None
        if self._shift is None:
            self._shift = self._joint(received, number, now)
        sequence, timestamp = number + self._shift[0], (received.timestamp + self._shift[1]) % _WORD
        key = begins_key(codec, received.payload) and self._is_first_of_key(sequence, timestamp)
        packet = Packet(sequence, timestamp, received.marker, received.payload, key)
        self._keep(packet, now)
        return packet

    def _reception_of(self, ssrc: int, now: float) -> Reception | None:
        """Return the stream that a source feeds; a new source must wait until the old one is silent."""
        current = self._reception
        if current is None or current.ssrc == ssrc:
            return current or self._receive(ssrc)
        return self._receive(ssrc) if now - self._newest_time[1] >= _SOURCE_SILENT else None

    def _receive(self, ssrc: int) -> Reception:
        if self._reception is not None:
            self._begin_anew()
        self._reception = Reception(ssrc, CLOCK)
        return self._reception

    def _joint(self, received: Received, number: int, now: float) -> tuple[int, int]:
        """Return what is to be added to a source's numbers and times, so that the screen's go on."""
        stamp, at = self._newest_time
        # One number is left out, so that nobody takes the first packet for the one after the last.
        return self._newest + 2 - number, stamp + int(max(now - at, 0.0) * CLOCK) - received.timestamp

    def _is_first_of_key(self, sequence: int, timestamp: int) -> bool:
        """Tell whether this packet begins the picture: parameter sets and slices of one share a timestamp."""
        if self._key is None:
            return True
        return sequence < self._key if timestamp == self._key_time else sequence > self._key

    def _keep(self, packet: Packet, now: float) -> None:
        if packet.sequence > self._newest - MOST_KEPT:
            self._kept[packet.sequence] = packet
        if packet.key:
            self._key, self._key_time, self._key_wanted = packet.sequence, packet.timestamp, False
        if packet.sequence > self._newest:
            for old in range(self._newest - MOST_KEPT + 1, packet.sequence - MOST_KEPT + 1):
                self._kept.pop(old, None)
            self._newest, self._newest_time = packet.sequence, (packet.timestamp, now)

    def again(self, viewer: Viewer, losses: Sequence[int], now: float) -> list[Packet]:
        """Return the packets that somebody missed and that are still there."""
        if viewer.phase is Phase.WAITING:
            return []
        found = (self._kept.get(number) for number in viewer.missed(losses, now))
        return [packet for packet in found if packet is not None]

    def want_key(self) -> None:
        """Somebody cannot go on without a picture that stands alone."""
        self._key_wanted = True

    def sender_says(self, said: rtcp.SenderSays, now: float) -> None:
        """Note a report of the publisher."""
        if self._reception is not None and self._reception.ssrc == said.ssrc:
            self._reception.sender_says(said.ntp, now)

    def to_publisher(self, now: float) -> bytes:
        """Return what the publisher is to be told now, as one compound packet; empty for nothing."""
        reception = self._reception
        if reception is None:
            return b""
        asked = b""
        wanted = reception.wanted(now)
        if wanted and "nack" in self._feedback:
            asked += rtcp.nack(self._ssrc, reception.ssrc, wanted)
        if self._key_wanted and "nack pli" in self._feedback and now - self._key_asked >= _KEY_EVERY:
            self._key_asked = now
            asked += rtcp.key_wanted(self._ssrc, reception.ssrc)
        due = now - self._reported >= _REPORT_EVERY
        if due and "goog-remb" in self._feedback:
            asked += rtcp.most_bits(self._ssrc, reception.ssrc, self._most_bits)
        if not due and not asked:
            return b""
        report = reception.report(now) if due else None
        self._reported = now if due else self._reported
        opening = rtcp.receiver_report(self._ssrc, [] if report is None else [report])
        return opening + rtcp.description(self._ssrc, "screen") + asked

    def clock(self, now: float) -> int:
        """Return what the screen's clock shows, 32 bits of 90 kHz."""
        stamp, at = self._newest_time
        return (stamp + int(max(now - at, 0.0) * CLOCK)) % _WORD
