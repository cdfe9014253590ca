"""Who watches a screen."""

import secrets
import time
from typing import TYPE_CHECKING

from streaming.budget import Budget
from streaming.video import rtcp
from streaming.video.codecs import Codec
from streaming.video.offer import Format, Remote
from streaming.video.rtp import Packet
from streaming.video.screens import BoothId
from streaming.video.session import Session
from streaming.video.viewer import Viewer

if TYPE_CHECKING:
    from streaming.video.screen import Screen

#: Reports and requests of one watcher that are read: a second, and at once.
_REPORTS_RATE, _REPORTS_BURST = 60.0, 200.0
#: Key pictures that one watcher may ask for: a second, and at once. They cost everybody else bits.
_KEYS_RATE, _KEYS_BURST = 0.34, 4.0
#: Seconds between two reports to a watcher.
_REPORT_EVERY = 1.0
#: A watcher of a lit screen who reports nothing for this long is gone, seconds; browsers report every second.
SILENT_SECONDS = 15.0


class Watcher(Session):
    """One watcher.

    Attributes:
        viewer: What they have of the stream.
    """

    def __init__(
        self, screen: "Screen", credential: str, formats: dict[Codec, Format], remote: Remote
    ) -> None:
        super().__init__(BoothId(screen.booth), credential, remote)
        self._screen = screen
        types = {codec: each.payload_type for codec, each in formats.items()}
        # Zero is no source; from the lower half it is long to the first wrap (RFC 3711, section 3.3.1).
        self.viewer = Viewer(secrets.randbelow(2**32 - 1) + 1, secrets.randbelow(2**15), types)
        self._keys = Budget(_KEYS_RATE, _KEYS_BURST)
        self._reports = Budget(_REPORTS_RATE, _REPORTS_BURST)
        self._told = float("-inf")
        self._heard = 0.0

    def rtp(self, data: bytes) -> None:
        """Watchers send nothing that anybody takes."""

    def unreadable(self) -> None:
        """Nothing of theirs counts against them but what they ask for."""

    def rtcp(self, data: bytes) -> None:
        """Do what they ask for, within limits."""
        now = self._heard = time.monotonic()
        if not self._reports.take(now):
            return
        for message in rtcp.read(data):
            if not isinstance(message, rtcp.Losses | rtcp.KeyWanted) or message.ssrc != self.viewer.ssrc:
                continue
            if isinstance(message, rtcp.Losses):
                for packet in self._screen.relay.again(self.viewer, message.sequences, now):
                    self.show(packet)
            elif self._keys.take(now):
                self._screen.want_key(now)

    def show(self, packet: Packet) -> None:
        """Send a packet of the picture that is not new."""
        self.transport.send_rtp(self.viewer.numbered(packet), packet.payload)

    def is_silent(self, now: float, lit: float) -> bool:
        """Tell whether they reported nothing for too long.

        Args:
            now: Monotonic seconds.
            lit: Since when the screen is lit; a dark one has nothing to report about.
        """
        return self.connected and now - max(self._heard, lit) > SILENT_SECONDS

    def join(self, now: float) -> None:
        """Note that packets can go to them from now on."""
        self._heard = now

    def report(self, now: float) -> None:
        """Tell them when the picture is, once a second."""
        if not self.connected or now - self._told < _REPORT_EVERY:
            return
        self._told = now
        report = self.viewer.report(time.time(), self._screen.relay.clock(now))
        if report is not None:
            self.transport.send_rtcp(report)
