"""Every live screen of the city, behind the doors that WHIP and WHEP open.

The composition root keeps :meth:`LiveScreens.run` running and gives the HTTP routes the rest.
"""

import asyncio
import hmac
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from aiortc import RTCCertificate

from streaming.video import answer, fragment, offer
from streaming.video.errors import (
    FullError,
    NoSuchSessionError,
    NotAcceptableError,
    NotYourBoothError,
    TokenMissingError,
    TooManyScreensError,
)
from streaming.video.publisher import Publisher
from streaming.video.screen import MOST_PUBLISHERS, MOST_WATCHERS, Screen
from streaming.video.screens import BoothId, Screens, Sounds
from streaming.video.session import Session
from streaming.video.transport import Transport
from streaming.video.watcher import Watcher

logger = logging.getLogger(__name__)

#: Sessions of the whole city, and screens that one person watches at once.
MOST_SESSIONS = 2000
MOST_EACH = 6
#: Seconds between two looks at the screens while one is lit, and while none is.
_TICK, _IDLE_TICK = 0.02, 0.25
#: Seconds between two questions whether somebody may still do what they do, and a second's housekeeping.
_ASK_EVERY, _KEEP_EVERY = 5.0, 1.0
_MOST_CREDENTIAL = 512
Side = TypeVar("Side", Publisher, Watcher)


class Way(Enum):
    """Which way the picture goes, by the protocol's name."""

    IN = "whip"
    OUT = "whep"


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


@dataclass(frozen=True, slots=True)
class Name:
    """What the address of a session says.

    Attributes:
        way: In or out.
        booth: Whose screen.
        session: Its id.
    """

    way: Way
    booth: str
    session: str


class LiveScreens:
    """All screens.

    Args:
        screens: The booths.
        sounds: The mix.
        addresses: Local addresses that ICE may use.
        tell: Called when a screen is lit or goes dark.
    """

    def __init__(
        self,
        screens: Screens,
        sounds: Sounds,
        addresses: Sequence[str],
        tell: Callable[[BoothId, bool], None] | None = None,
    ) -> None:
        self._booths = screens
        self._sounds = sounds
        self._addresses = list(addresses)
        self._tell = tell
        self._screens: dict[BoothId, Screen] = {}
        self._sessions: dict[str, tuple[Way, Session]] = {}
        self._tasks: asyncio.TaskGroup | None = None
        # One for all: making a key for each would cost more than the rest of a connection.
        self._certificate = RTCCertificate.generateCertificate()
        self._kept = self._asked = 0.0

    # --- for the routes ---------------------------------------------------------------------------------

    def lit(self) -> frozenset[BoothId]:
        """Return the booths whose screens show something now."""
        return frozenset(booth for booth, screen in self._screens.items() if screen.live)

    def is_lit(self, booth: str) -> bool:
        """Tell whether a booth's screen shows something now.

        Raises:
            NoSuchSessionError: The booth has no screen.
        """
        if self._booths.position(BoothId(booth)) is None:
            raise NoSuchSessionError
        screen = self._screens.get(BoothId(booth))
        return screen is not None and screen.live

    async def publish(self, booth: str, token: str | None, text: str) -> Opened:
        """Open a publisher's session; one that publishes there already is sent away.

        Args:
            booth: Whose screen.
            token: Its publishing token.
            text: The offer.

        Raises:
            VideoError: No; the subclass says why.
        """
        known = _credential(token)
        owner = await asyncio.to_thread(self._booths.publisher, known)
        if owner is None or not hmac.compare_digest(owner.encode(), booth.encode()):
            raise NotYourBoothError
        self._have_room(owner)
        offered = offer.read(text)
        taken = answer.publication(offered)
        screen = self._screen(owner)
        if len(screen.publishers) >= MOST_PUBLISHERS:
            raise FullError
        publisher = Publisher(screen, known, taken, offered.remote)
        local = await self._prepare(screen.publishers, publisher, offered.remote)
        self._begin(Way.IN, publisher, self._publishing(screen, publisher))
        return Opened(publisher.id, publisher.tag, answer.to_publisher(offered, taken, local))

    async def watch(self, booth: str, credential: str | None, text: str) -> Opened:
        """Open a watcher's session. A screen that is dark shows nothing yet: the picture comes when it does.

        Args:
            booth: Whose screen.
            credential: The watcher's session token.
            text: The offer.

        Raises:
            VideoError: No; the subclass says why.
        """
        known, name = _credential(credential), BoothId(booth)
        if not self._booths.may_watch(known, name):
            raise NotYourBoothError
        self._have_room(name)
        watching = sum(way is Way.OUT and one.credential == known for way, one in self._sessions.values())
        if watching >= MOST_EACH:
            raise TooManyScreensError
        offered = offer.read(text)
        section, formats = answer.subscription(offered)
        screen = self._screen(name)
        if len(screen.watchers) >= MOST_WATCHERS:
            raise FullError
        if screen.relay.codec is not None and screen.relay.codec not in formats:
            raise NotAcceptableError
        watcher = Watcher(screen, known, formats, offered.remote)
        local = await self._prepare(screen.watchers, watcher, offered.remote)
        self._begin(Way.OUT, watcher, self._watching(screen, watcher))
        written = answer.to_watcher(offered, section, formats, watcher.viewer.ssrc, local)
        return Opened(watcher.id, watcher.tag, written)

    async def trickle(self, name: Name, credential: str | None, tag: str | None, text: str) -> None:
        """Take candidates for a session; `tag` is what `If-Match` says, `text` the fragment.

        Raises:
            VideoError: No; the subclass says why.
        """
        found = self._find(name, credential)
        await found.trickle(tag, fragment.read(text))

    def end(self, name: Name, credential: str | None) -> None:
        """End a session.

        Raises:
            VideoError: No; the subclass says why.
        """
        self._find(name, credential).end("ended by the client")

    # --- for the composition root -----------------------------------------------------------------------

    async def run(self) -> None:
        """Hold all connections and do what time asks for, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                while True:
                    await asyncio.sleep(_TICK if self._screens else _IDLE_TICK)
                    self._step(time.monotonic())
        finally:
            self._tasks = None

    def send_away(self, booth: BoothId, reason: str) -> None:
        """End whatever is published to a booth's screen."""
        screen = self._screens.get(booth)
        if screen is not None and screen.publisher is not None:
            screen.publisher.end(reason)

    # --- own --------------------------------------------------------------------------------------------

    def _have_room(self, booth: BoothId) -> None:
        if self._booths.position(booth) is None:
            raise NoSuchSessionError
        if self._tasks is None or len(self._sessions) >= MOST_SESSIONS:
            raise FullError

    def _screen(self, booth: BoothId) -> Screen:
        if booth not in self._screens:
            self._screens[booth] = Screen(booth, self._sounds, time.monotonic())
        return self._screens[booth]

    async def _prepare(self, among: list[Side], session: Side, remote: offer.Remote) -> answer.Local:
        """Note a session on its screen and gather its addresses."""
        session.transport = Transport(self._addresses, self._certificate, session)
        among.append(session)
        try:
            return await session.transport.local(remote.setup, secrets.randbits(62))
        except BaseException:
            among.remove(session)
            raise

    def _begin(self, way: Way, session: Session, work: Coroutine[Any, Any, None]) -> None:
        if self._tasks is None:
            work.close()
            raise FullError
        self._sessions[session.id] = (way, session)
        self._tasks.create_task(self._hold(session, work), name=f"{way.value} {session.booth}")

    async def _hold(self, session: Session, work: Coroutine[Any, Any, None]) -> None:
        """Hold a session to its end; its failure is its own."""
        try:
            await work
        except Exception:
            logger.exception("a session failed booth=%s", session.booth)
            session.end("failed")
        finally:
            del self._sessions[session.id]
            logger.info("session ended booth=%s reason=%s", session.booth, session.ended)

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
        if self._tell is not None:
            self._tell(screen.booth, screen.live)

    def _find(self, name: Name, credential: str | None) -> Session:
        known = _credential(credential)
        found = self._sessions.get(name.session)
        if found is None or found[0] is not name.way or found[1].booth != name.booth or found[1].ended:
            raise NoSuchSessionError
        found[1].allow(known)
        return found[1]

    def _step(self, now: float) -> None:
        for screen in self._screens.values():
            screen.tick(now)
        if now - self._kept >= _KEEP_EVERY:
            self._kept = now
            self._keep_house(now)

    def _keep_house(self, now: float) -> None:
        for _, session in self._sessions.values():
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
        for _, session in list(self._sessions.values()):
            if isinstance(session, Publisher):
                if self._tasks is not None:
                    self._tasks.create_task(self._ask_again(session), name="ask again")
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


def _credential(token: str | None) -> str:
    if not token or len(token) > _MOST_CREDENTIAL:
        raise TokenMissingError
    return token
