"""`/signal`: hands each WebSocket to the bridge. Decides whose pages may open one, and how many."""

import time
from collections import Counter
from collections.abc import Callable

from fastapi import APIRouter, WebSocket
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect, WebSocketState

from meta_gwangju.api.cookies import token_of
from meta_gwangju.api.origin import is_foreign, network_of
from meta_gwangju.asking import Asking, asking
from meta_gwangju.node import CityNode
from meta_gwangju.offices import Offices
from meta_gwangju.sockets import UNSENT
from municipality.access import Action
from streaming.messages import Close

#: Close codes that end a visit without a refusal.
_PEACEFUL = frozenset({Close.LEFT, Close.REPLACED, Close.GOING_DOWN})
#: Sockets may outnumber the people of a full city by this many: those who just come, go, or are turned away.
_SPARE_SOCKETS = 64
#: The share of all sockets that one address may hold, and the least that it may; a school sits behind one.
_SHARE, _LEAST_SHARE = 4, 16
#: What a page of another site is answered with, in place of a WebSocket (RFC 6455, section 10.2).
_FORBIDDEN = 403
#: The library closes with this when a message is larger than it takes at all (RFC 6455, section 7.4.1).
_TOO_LARGE = 1009
_LONGEST_REASON = 123
"""Bytes of a close reason (RFC 6455, section 5.5.1: 125 less the code)."""


class WebSocketSignal:
    """A :class:`streaming.bridge.SignalSocket` over Starlette's WebSocket.

    Sending to somebody who is gone does nothing: the next :meth:`receive` tells that they are.

    Attributes:
        origin: The address that it counts for.
    """

    def __init__(self, socket: WebSocket, refused: Callable[[int, str], None]) -> None:
        self.origin = network_of(socket)
        self._socket = socket
        self._refused = refused
        self._open = True

    async def receive(self) -> str | bytes | None:
        """Return the next message, or None once the socket is closed by either side."""
        if not self._open:
            return None
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            self._open = False
            if message.get("code") == _TOO_LARGE:
                self._refused(_TOO_LARGE, "too_large")
            return None
        text: str | None = message.get("text")
        data: bytes = message.get("bytes") or b""
        return data if text is None else text

    async def send(self, message: str | bytes) -> None:
        """Send one message, text or binary."""
        if not self._writable():
            return
        try:
            if isinstance(message, str):
                await self._socket.send_text(message)
            else:
                await self._socket.send_bytes(message)
        except WebSocketDisconnect:
            self._open = False

    def waiting(self) -> int:
        """Return how many bytes were sent and have not left this process; 0 where that is not known."""
        unsent: Callable[[], int] | None = self._socket.scope["extensions"].get(UNSENT)
        return 0 if unsent is None else unsent()

    async def close(self, code: int, reason: str) -> None:
        """Close with a code; a refusal is noted in the log."""
        if code not in _PEACEFUL:
            self._refused(code, reason)
        if not self._writable():
            return
        self._open = False
        short = reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
        try:
            await self._socket.close(int(code), short)
        except WebSocketDisconnect:
            return

    def _writable(self) -> bool:
        return self._open and self._socket.application_state is WebSocketState.CONNECTED


def signal_router(node: CityNode, most: int) -> APIRouter:
    """Return the WebSocket route `/signal` for at most ``most`` people, in the city and in its queue."""
    router = APIRouter()
    open_sockets: Counter[str] = Counter()
    all_sockets = most + _SPARE_SOCKETS
    share = max(all_sockets // _SHARE, _LEAST_SHARE)

    @router.websocket("/signal")
    async def signal(socket: WebSocket) -> None:
        if is_foreign(socket):
            node.refusals.note(_FORBIDDEN, "foreign_page")
            await socket.close()
            return
        await socket.accept()
        adapter = WebSocketSignal(socket, node.refusals.note)
        origin = adapter.origin
        if open_sockets.total() >= all_sockets or (origin and open_sockets[origin] >= share):
            await adapter.close(Close.FULL, "too many connections")
            return
        open_sockets[origin] += 1
        try:
            asking.set(await run_in_threadpool(_asking, node.offices, socket, origin))
            await node.bridge.serve(adapter)
        finally:
            open_sockets[origin] -= 1
            if not open_sockets[origin]:
                del open_sockets[origin]

    return router


def _asking(offices: Offices, socket: WebSocket, origin: str) -> Asking:
    """Return who asks, by the web session that comes along: a visitor when nothing can be read now."""
    token, now = token_of(socket), time.time()
    try:
        session = offices.sessions.find(token, now) if token else None
        if session is None:
            return Asking(origin)
        actor = offices.actors.of(session, "page", now)
    except DBAPIError:
        return Asking(origin)
    return Asking(origin, session.citizen, staff=actor.may(Action.KICK))
