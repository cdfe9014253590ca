"""All sessions of the city's screens, each in a task of its own."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from streaming.video.errors import FullError, NoSuchSessionError, TokenMissingError
from streaming.video.session import Session

logger = logging.getLogger(__name__)

#: Sessions of the whole city.
MOST_SESSIONS = 2000
_MOST_CREDENTIAL = 512


class Way(Enum):
    """Which way the picture goes, by the protocol's name."""

    IN = "whip"
    OUT = "whep"


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


class Sessions:
    """Holds sessions from their offer to their end."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Way, Session]] = {}
        self._tasks: asyncio.TaskGroup | None = None

    def __iter__(self) -> Iterator[Session]:
        return iter([session for _, session in self._held.values()])

    def __len__(self) -> int:
        return len(self._held)

    def open(self, tasks: asyncio.TaskGroup) -> None:
        """Take sessions from now on; their tasks live in this group."""
        self._tasks = tasks

    def close(self) -> None:
        """Take no more."""
        self._tasks = None

    def of(self, way: Way, credential: str) -> int:
        """Return how many somebody has."""
        return sum(held is way and one.credential == credential for held, one in self._held.values())

    def hold(self, way: Way, session: Session) -> None:
        """Count a session from now on, before anything is waited for; :meth:`start` or :meth:`drop` follows.

        Raises:
            FullError: There are too many, or the city is not open.
        """
        if self._tasks is None or len(self._held) >= MOST_SESSIONS:
            raise FullError
        self._held[session.id] = (way, session)

    def start(self, session: Session, work: Coroutine[Any, Any, None]) -> None:
        """Let a session that is held do its work; it is dropped at the end of it."""
        self.spawn(self._hold(session, work))

    def drop(self, session: Session) -> None:
        """Forget a session."""
        self._held.pop(session.id, None)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the sessions."""
        if self._tasks is None:
            work.close()
        else:
            self._tasks.create_task(work)

    def find(self, name: Name, token: str | None) -> Session:
        """Return the session of that address, for who opened it.

        Raises:
            TokenMissingError: No token came.
            NoSuchSessionError: There is none.
            NotYourBoothError: It is somebody else's.
        """
        known = credential(token)
        way, found = self._held.get(name.session, (None, None))
        if found is None or way is not name.way or found.booth != name.booth or found.ended:
            raise NoSuchSessionError
        found.allow(known)
        return found

    async def _hold(self, session: Session, work: Coroutine[Any, Any, None]) -> None:
        """Hold a session to its end; its failure is its own."""
        try:
            await work
        except Exception:
            logger.exception("a session failed booth=%s", session.booth)
            session.end("failed")
        finally:
            self.drop(session)
            logger.info("session ended booth=%s reason=%s", session.booth, session.ended)


def credential(token: str | None) -> str:
    """Return a token that may be looked up.

    Raises:
        TokenMissingError: There is none, or it is longer than any.
    """
    if not token or len(token) > _MOST_CREDENTIAL:
        raise TokenMissingError
    return token
