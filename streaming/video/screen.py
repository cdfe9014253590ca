"""One booth's screen: its publisher, its watchers, and its sound."""

import logging
import secrets

from streaming.video.intake import ASKED_BITS
from streaming.video.publisher import Publisher
from streaming.video.relay import Relay
from streaming.video.rtp import Received
from streaming.video.screens import BoothId, Sounds, Voice
from streaming.video.viewer import Phase
from streaming.video.watcher import Watcher

logger = logging.getLogger(__name__)

#: Within this many metres a screen is as loud as what was sent to it.
REACH = 4.0
#: Watchers of one screen.
MOST_WATCHERS = 300
#: Publishers of one screen, all but one of them about to be or about to go.
MOST_PUBLISHERS = 4
#: Watchers wait so long for a publisher to come, or to come back, seconds.
_EMPTY_SECONDS = 60.0


class Screen:
    """One screen.

    Attributes:
        booth: Whose.
        relay: Its stream.
        publisher: Who sends to it; None while it is dark.
        publishers: Everybody who publishes, connected or about to be.
        watchers: Everybody who watches, connected or about to be.
    """

    def __init__(self, booth: BoothId, sounds: Sounds, now: float) -> None:
        self.booth = booth
        self.relay = Relay(secrets.randbelow(2**32 - 1) + 1, ASKED_BITS)
        self.publisher: Publisher | None = None
        self.publishers: list[Publisher] = []
        self.watchers: list[Watcher] = []
        self._sounds = sounds
        self._source: int | None = None
        self._voice: Voice | None = None
        self._live: list[Watcher] = []
        self._dark_since = self._lit_since = now

    @property
    def live(self) -> bool:
        """Whether somebody sends to it."""
        return self.publisher is not None

    def is_idle(self, now: float) -> bool:
        """Tell whether nobody needs it any more."""
        if self.publishers:
            self._dark_since = now
            return False
        return not self.watchers or now - self._dark_since > _EMPTY_SECONDS

    # --- publishers and watchers ------------------------------------------------------------------------

    def publishing(self, publisher: Publisher, position: tuple[float, float, float], now: float) -> None:
        """Begin with a publisher whose packets can come.

        Whoever published before is sent away: it is the same booth's token, and most often the same program
        that lost its connection and does not know yet.
        """
        before, self.publisher, self._lit_since = self.publisher, publisher, now
        publisher.heard = now
        if before is not None:
            before.end("replaced")
            self._fall_silent()
        taken = publisher.publication
        self.relay.open(taken.codec, frozenset(taken.video[1].feedback))
        if taken.sound is not None:
            self._source, self._voice = self._sounds.place(position, REACH)
        logger.info("screen lit booth=%s codec=%s sound=%s", self.booth, taken.codec.value, bool(taken.sound))

    def unpublish(self, publisher: Publisher) -> None:
        """End with a publisher."""
        self.publishers.remove(publisher)
        if self.publisher is not publisher:
            return
        self.publisher = None
        self._fall_silent()
        self.relay.close()

    def watching(self, watcher: Watcher, now: float) -> None:
        """Begin with a watcher to whom packets can go."""
        watcher.join(now)
        self._live.append(watcher)
        self.relay.join(watcher.viewer)
        self._tell_publisher(now)

    def unwatch(self, watcher: Watcher) -> None:
        """End with a watcher."""
        self.watchers.remove(watcher)
        if watcher in self._live:
            self._live.remove(watcher)
            self.relay.leave(watcher.viewer)

    def see_off_the_silent(self, now: float) -> None:
        """End with those from whom nothing comes any more."""
        if self.publisher is None:
            return
        if self.publisher.is_silent(now):
            self.publisher.end("no picture came")
        for watcher in self._live:
            if watcher.is_silent(now, self._lit_since):
                watcher.end("gone")

    # --- media ------------------------------------------------------------------------------------------

    def picture(self, received: Received, now: float) -> None:
        """Pass a packet of the picture on to everybody who is live."""
        packet = self.relay.take(received, now)
        if packet is not None:
            payload = packet.payload
            for watcher in self._live:
                header = watcher.viewer.pass_on(packet)
                if header is not None:
                    watcher.transport.send_rtp(header, payload)
        self._tell_publisher(now)

    def sound(self, received: Received) -> None:
        """Give a packet of sound to the mix."""
        if self._voice is not None:
            self._voice.push(received.sequence, received.payload)

    def want_key(self, now: float) -> None:
        """Ask the publisher for a picture that stands alone, not more often than is good."""
        self.relay.want_key()
        self._tell_publisher(now)

    def tick(self, now: float) -> None:
        """Do what time asks for: reports, requests, and the next packets for those who catch up."""
        self._tell_publisher(now)
        for watcher in self._live:
            if watcher.viewer.phase is Phase.CATCHING_UP:
                for packet in self.relay.catch_up(watcher.viewer):
                    watcher.show(packet)
            if self.live:
                watcher.report(now)

    def _tell_publisher(self, now: float) -> None:
        if self.publisher is None:
            return
        feedback = self.relay.to_publisher(now)
        if feedback:
            self.publisher.transport.send_rtcp(feedback)

    def _fall_silent(self) -> None:
        if self._source is not None:
            self._sounds.remove(self._source)
        self._source = self._voice = None
