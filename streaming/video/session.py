"""One WHIP or WHEP session: a connection, who opened it, and how long it may do nothing."""

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable

from aiortc.exceptions import InvalidStateError

from streaming.video.errors import (
    NoSuchSessionError,
    NotUnderstoodError,
    NotYourBoothError,
    RestartRefusedError,
    SessionChangedError,
    TagMissingError,
)
from streaming.video.fragment import Fragment
from streaming.video.offer import Remote
from streaming.video.screens import BoothId
from streaming.video.transport import Transport

logger = logging.getLogger(__name__)

#: Seconds that a connection may take to come about.
CONNECT_SECONDS = 20.0
#: What finding a path and agreeing on keys raises, also when the other side sends nonsense.
_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, ConnectionError, LookupError, TimeoutError, TypeError,
    ValueError, InvalidStateError, NotUnderstoodError,
)  # fmt: skip


class Session:
    """What publishers and watchers have in common.

    Attributes:
        id: Names its resource; cannot be guessed.
        tag: Its entity tag, which names the ICE session (RFC 9725, section 4.3.1).
        booth: Whose screen.
        transport: Its connection.
        connected: Whether packets can go.
        ended: Why it ended; empty while it lives.
    """

    def __init__(self, booth: BoothId, credential: str, remote: Remote) -> None:
        self.id = secrets.token_urlsafe(16)
        self.tag = f'"{secrets.token_urlsafe(12)}"'
        self.booth = booth
        self.connected = False
        self.ended = ""
        self.credential = credential
        self.transport: Transport
        self._digest = _digest(credential)
        self._remote = remote
        self._over = asyncio.Event()

    def allow(self, credential: str) -> None:
        """Check that this is who opened the session.

        Raises:
            NotYourBoothError: It is somebody else.
        """
        if not hmac.compare_digest(self._digest, _digest(credential)):
            raise NotYourBoothError

    async def trickle(self, tag: str | None, fragment: Fragment) -> None:
        """Take candidates that came later (RFC 9725, section 4.3.2).

        Raises:
            TagMissingError: No entity tag came.
            RestartRefusedError: The fragment starts ICE anew.
            SessionChangedError: The tag is another session's.
            NotUnderstoodError: A candidate cannot be used.
            NoSuchSessionError: The session ended.
        """
        if tag is None:
            raise TagMissingError
        if tag == "*" or fragment.fragment not in {"", self._remote.fragment}:
            raise RestartRefusedError
        if tag != self.tag:
            raise SessionChangedError
        if self.ended:
            raise NoSuchSessionError
        for candidate in fragment.candidates:
            await self.transport.add_candidate(candidate)

    def end(self, reason: str) -> None:
        """End the session; its connection is closed by :meth:`run`."""
        self.ended = self.ended or reason
        self._over.set()

    async def run(self, joined: Callable[[], None]) -> None:
        """Connect, tell, and hold the connection until the end; ends whatever happens.

        Args:
            joined: Called once packets can go.
        """
        connecting = asyncio.ensure_future(self._connect())
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({connecting, over}, return_when=asyncio.FIRST_COMPLETED)
            if connecting.done() and not self.ended:
                if connecting.result():
                    self.connected = True
                    joined()
                    self.transport.listen()
                await over
        finally:
            for task in (connecting, over):
                task.cancel()
            await asyncio.gather(connecting, over, return_exceptions=True)
            self.connected = False
            await self.transport.close()

    async def _connect(self) -> bool:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self.transport.connect(self._remote)
        except _FAULTS as error:
            self.end(f"not connected: {error or 'too late'}")
            return False
        return True

    # --- TransportEvents, as far as both do the same --------------------------------------------------

    def lost(self) -> None:
        """The other side is gone."""
        self.end("gone")


def _digest(credential: str) -> bytes:
    return hashlib.sha256(credential.encode()).digest()
