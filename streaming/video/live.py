"""Every live screen of the city, behind the doors that WHIP and WHEP open.

The composition root keeps :meth:`LiveScreens.run` running and gives the HTTP routes the rest.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from aiortc import RTCCertificate

from streaming.mux_privates import Sockets
from streaming.video import answer, fragment, offer
from streaming.video.errors import (
    FullError,
    NoSuchSessionError,
    NotAcceptableError,
    NotYourBoothError,
    TooManyScreensError,
)
from streaming.video.publisher import Publisher
from streaming.video.screen import MOST_PUBLISHERS, MOST_WATCHERS, Screen
from streaming.video.screens import BoothId, Screens, Sounds
from streaming.video.sessions import Name, Sessions, Way, credential
from streaming.video.transport import Transport
from streaming.video.watcher import Watcher

logger = logging.getLogger(__name__)

#: Screens that one person watches at once.
MOST_EACH = 6
#: Seconds between two looks at the screens while one is lit, and while none is.
_TICK, _IDLE_TICK = 0.02, 0.25
#: Seconds between two questions whether somebody may still do what they do, and a second's housekeeping.
_ASK_EVERY, _KEEP_EVERY = 5.0, 1.0
Side = TypeVar("Side", Publisher, Watcher)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened.

    Attributes:
        session: Its id.
        tag: Its entity tag, quoted.
        answer: SDP.
    """

    session: str
    tag: str
    answer: str


class LiveScreens:
    """All screens.

    Args:
        screens: The booths.
        sounds: The mix.
        sockets: The city's one UDP port, or local addresses that ICE may use.
        tell: Called when a screen is lit or goes dark.
    """

    def __init__(
        self,
        screens: Screens,
        sounds: Sounds,
        sockets: Sockets,
        tell: Callable[[BoothId, bool], None] | None = None,
    ) -> None:
        self._booths = screens
        self._sounds = sounds
        self._sockets = sockets
        self._tell = tell
        self._screens: dict[BoothId, Screen] = {}
        self._lit: set[BoothId] = set()
        self._sessions = Sessions()
        # One for all: making a key for each would cost more than the rest of a connection.
        self._certificate = RTCCertificate.generateCertificate()
        self._kept = self._asked = 0.0

    # --- for the routes ---------------------------------------------------------------------------------

    def lit(self) -> frozenset[BoothId]:
        """Return the booths whose screens show something now."""
        return frozenset(self._lit)

    async def publish(self, booth: str, token: str | None, text: str) -> Opened:
        """Open a publisher's session; one that publishes there already is sent away.

        Args:
            booth: Whose screen.
            token: Its publishing token.
            text: The offer.

        Raises:
            VideoError: No; the subclass says why.
        """
        known = credential(token)
        owner = await asyncio.to_thread(self._booths.publisher, known)
        if owner is None or owner != booth:
            raise NotYourBoothError
        self._must_have_a_screen(owner)
        offered = offer.read(text)
        taken = answer.publication(offered)
        screen = self._screen(owner)
        if len(screen.publishers) >= MOST_PUBLISHERS:
            raise FullError
        publisher = Publisher(screen, known, taken, offered.remote)
        self._sessions.hold(Way.IN, publisher)
        local = await self._prepare(screen.publishers, publisher, offered.remote)
        self._sessions.start(publisher, self._publishing(screen, publisher))
        return Opened(publisher.id, publisher.tag, answer.to_publisher(offered, taken, local))

    async def watch(self, booth: str, token: str | None, text: str) -> Opened:
        """Open a watcher's session. A screen that is dark shows nothing yet: the picture comes when it does.

        Args:
            booth: Whose screen.
            token: The watcher's session token.
            text: The offer.

        Raises:
            VideoError: No; the subclass says why.
        """
        known, name = credential(token), BoothId(booth)
        if not self._booths.may_watch(known, name):
            raise NotYourBoothError
        self._must_have_a_screen(name)
        if self._sessions.of(Way.OUT, known) >= MOST_EACH:
            raise TooManyScreensError
        offered = offer.read(text)
        section, formats = answer.subscription(offered)
        screen = self._screen(name)
        if len(screen.watchers) >= MOST_WATCHERS:
            raise FullError
        if screen.relay.codec is not None and screen.relay.codec not in formats:
            raise NotAcceptableError
        watcher = Watcher(screen, known, formats, offered.remote)
        self._sessions.hold(Way.OUT, watcher)
        local = await self._prepare(screen.watchers, watcher, offered.remote)
        self._sessions.start(watcher, self._watching(screen, watcher))
        written = answer.to_watcher(offered, section, formats, watcher.viewer.ssrc, local)
        return Opened(watcher.id, watcher.tag, written)

    async def trickle(self, name: Name, token: str | None, tag: str | None, text: str) -> None:
        """Take candidates for a session; `tag` is what `If-Match` says, `text` the fragment.

        Raises:
            VideoError: No; the subclass says why.
        """
        found = self._sessions.find(name, token)
        await found.trickle(tag, fragment.read(text))

    def end(self, name: Name, token: str | None) -> None:
        """End a session.

        Raises:
            VideoError: No; the subclass says why.
        """
        self._sessions.find(name, token).end("ended by the client")

    # --- for the composition root -----------------------------------------------------------------------

    async def run(self) -> None:
        """Hold all connections and do what time asks for, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._sessions.open(tasks)
                while True:
                    await asyncio.sleep(_TICK if self._screens else _IDLE_TICK)
                    self._step(time.monotonic())
        finally:
            self._sessions.close()

    def send_away(self, booth: BoothId, reason: str) -> None:
        """End whatever is published to a booth's screen."""
        screen = self._screens.get(booth)
        if screen is not None and screen.publisher is not None:
            screen.publisher.end(reason)

    # --- own --------------------------------------------------------------------------------------------

    def _must_have_a_screen(self, booth: BoothId) -> None:
        if self._booths.position(booth) is None:
            raise NoSuchSessionError

    def _screen(self, booth: BoothId) -> Screen:
        if booth not in self._screens:
            self._screens[booth] = Screen(booth, self._sounds, time.monotonic())
        return self._screens[booth]

    async def _prepare(self, among: list[Side], session: Side, remote: offer.Remote) -> answer.Local:
        """Note a session on its screen and gather its addresses.

        Raises:
            FullError: There is no socket left for it.
        """
        session.transport = Transport(self._sockets, self._certificate, session)
        among.append(session)
        try:
            return await session.transport.local(remote.setup, secrets.randbits(62))
        except BaseException as error:
            among.remove(session)
            self._sessions.drop(session)
            self._sessions.spawn(session.transport.close())
            if isinstance(error, OSError):
                raise FullError(str(error)) from error
            raise

    async def _publishing(self, screen: Screen, publisher: Publisher) -> None:
        def joined() -> None:
            position = self._booths.position(screen.booth)
            if position is None:
                publisher.end("its screen is gone")
                return
            screen.publishing(publisher, position, time.monotonic())
            self._changed(screen)

        try:
            await publisher.run(joined)
        finally:
            screen.unpublish(publisher)
            self._changed(screen)

    async def _watching(self, screen: Screen, watcher: Watcher) -> None:
        try:
            await watcher.run(lambda: screen.watching(watcher, time.monotonic()))
        finally:
            screen.unwatch(watcher)

    def _changed(self, screen: Screen) -> None:
        if (screen.booth in self._lit) is screen.live:
            return
        self._lit ^= {screen.booth}
        if self._tell is not None:
            self._tell(screen.booth, screen.live)

    def _step(self, now: float) -> None:
        for screen in self._screens.values():
            screen.tick(now)
        if now - self._kept >= _KEEP_EVERY:
            self._kept = now
            self._keep_house(now)

    def _keep_house(self, now: float) -> None:
        for session in self._sessions:
            session.transport.follow_path()
        for booth, screen in list(self._screens.items()):
            screen.see_off_the_silent(now)
            if screen.is_idle(now):
                for watcher in screen.watchers:
                    watcher.end("the screen stays dark")
                if not screen.watchers:
                    del self._screens[booth]
        if now - self._asked >= _ASK_EVERY:
            self._asked = now
            self._ask_everybody()

    def _ask_everybody(self) -> None:
        """See off who may not do any more what they do."""
        for session in self._sessions:
            if isinstance(session, Publisher):
                self._sessions.spawn(self._ask_again(session))
            elif not self._booths.may_watch(session.credential, session.booth):
                session.end("out of sight")

    async def _ask_again(self, publisher: Publisher) -> None:
        """See a publisher off whose token was withdrawn."""
        try:
            owner = await asyncio.to_thread(self._booths.publisher, publisher.credential)
        except Exception:
            # The database may be away for a moment; they were let in, and are asked for again soon.
            logger.exception("a publisher's token was not looked up booth=%s", publisher.booth)
            return
        if owner != publisher.booth:
            publisher.end("the token was withdrawn")
