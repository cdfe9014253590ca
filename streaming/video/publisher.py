"""Who sends to a screen."""

import time
from typing import TYPE_CHECKING

from streaming.video import rtcp
from streaming.video.answer import Publication
from streaming.video.intake import Intake
from streaming.video.offer import Remote
from streaming.video.rtp import read
from streaming.video.screens import BoothId
from streaming.video.session import Session

if TYPE_CHECKING:
    from streaming.video.screen import Screen

#: A publisher from whom no picture came for this long is sent away, seconds.
SILENT_SECONDS = 12.0


class Publisher(Session):
    """One publisher.

    Attributes:
        publication: What they send.
        heard: When a packet of their picture came last, monotonic seconds.
    """

    def __init__(self, screen: "Screen", token: str, publication: Publication, remote: Remote) -> None:
        super().__init__(BoothId(screen.booth), token, remote)
        self.publication = publication
        self.heard = time.monotonic()
        self._screen = screen
        self._video = publication.video[1].payload_type
        self._sound = None if publication.sound is None else publication.sound[1].payload_type
        self._intake = Intake()

    def rtp(self, data: bytes) -> None:
        """Pass a packet on."""
        now = time.monotonic()
        if self._screen.publisher is not self or not self._intake.admits(len(data), now):
            self._give_up_if_spent()
            return
        received = read(data)
        if received is None:
            self._refuse(now)
        elif received.payload_type == self._video:
            self.heard = now
            self._screen.picture(received, now)
        elif received.payload_type != self._sound:
            self._refuse(now)
        elif received.payload and self._intake.admits_sound(now):
            self._screen.sound(received)

    def rtcp(self, data: bytes) -> None:
        """Note their reports."""
        now = time.monotonic()
        if not self._intake.admits(len(data), now):
            self._give_up_if_spent()
            return
        for message in rtcp.read(data):
            if isinstance(message, rtcp.SenderSays):
                self._screen.relay.sender_says(message, now)

    def unreadable(self) -> None:
        """Count what their key does not open: a few are late or twice."""
        self._refuse(time.monotonic())

    def is_silent(self, now: float) -> bool:
        """Tell whether no picture came for too long."""
        return self.connected and now - self.heard > SILENT_SECONDS

    def _refuse(self, now: float) -> None:
        self._intake.refuse(now)
        self._give_up_if_spent()

    def _give_up_if_spent(self) -> None:
        if self._intake.spent:
            self.end("sends too much, or what cannot be used")
