"""How much a client may send, and how long it may take: no body grows or drips without end."""

import asyncio
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Bound:
    """Of one body.

    Attributes:
        most: Bytes.
        seconds: From the request's head to its last byte.
    """

    most: int
    seconds: float


_JSON = Bound(256 * 1024, 30.0)
#: Where photos and models come, which are held to their own bounds as they are read.
_UPLOADS = (
    # Three times what a model may have is read, and none of it kept: its sender is there for the answer.
    ("/api/v1/booths/", Bound(64 * 2**20, 300.0)),
    ("/api/v1/reports", Bound(12 * 2**20, 300.0)),
    ("/open311/", Bound(12 * 2**20, 300.0)),
    ("/plain/", Bound(12 * 2**20, 300.0)),
)


class BoundedBodies:
    """ASGI middleware; a body beyond its bound ends in 413 or 408 (RFC 9110, sections 15.5.14 and 15.5.9)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bound = next((bound for path, bound in _UPLOADS if scope["path"].startswith(path)), _JSON)
        await self.app(scope, _Counted(receive, bound), send)


class _Counted:
    """Receives a body, as far as it may go."""

    def __init__(self, receive: Receive, bound: Bound) -> None:
        self._receive = receive
        self._left = bound.most
        self._deadline = asyncio.get_running_loop().time() + bound.seconds
        self._over = False

    async def __call__(self) -> Message:
        if self._over:  # only whether the client is still there is asked for now
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413)
        self._over = not message.get("more_body", False)
        return message
