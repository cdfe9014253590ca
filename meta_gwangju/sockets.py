"""uvicorn's HTTP and WebSocket, bounded where a client could make them wait or keep what it sends."""

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

#: Pieces of one message; browsers send one.
_MOST_PIECES = 64
#: Name of the ASGI extension that tells how many bytes wait in this process: a function of no arguments.
UNSENT = "meta_gwangju.unsent"
#: The kernel keeps at most so many bytes that it has not sent (TCP_NOTSENT_LOWAT); it would take megabytes.
_MOST_UNSENT = 16 * 1024


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """Answers pings only to those who read the answers, and joins only so many pieces of a message.

    Both never reach the application, so no limit of the signalling sees them. Tells the application how much
    waits to be sent, as the ASGI extension :data:`UNSENT`.
    """

    async def run_asgi(self) -> None:
        """Run the application, with the extension in its scope."""
        connection = self.transport.get_extra_info("socket")
        if connection is not None and connection.family in {socket.AF_INET, socket.AF_INET6}:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MOST_UNSENT)
        extensions: Any = self.scope["extensions"]
        extensions[UNSENT] = self.transport.get_write_buffer_size
        await super().run_asgi()

    def handle_ping(self) -> None:
        """Answer a ping; who lets the answers pile up beyond the transport's limit is cut off."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.transport.abort()

    def handle_cont(self, event: Frame) -> None:
        """Take a further piece of a message, which may be empty and so weighs nothing against its size."""
        if len(self.frames) < _MOST_PIECES:
            super().handle_cont(event)
        elif not self.close_sent:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG, "too many pieces")
            self.handle_parser_exception()


class ImpatientHttp(H11Protocol):
    """Closes a connection whose request is not there in time, however slowly it drips in.

    uvicorn itself waits for ever for the first, and for the rest of one that has begun.
    """

    #: From the connection, or the first byte of a later request, until its last header.
    seconds_to_ask = 15.0

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request, or all of it."""
        super().data_received(data)
        if self.transport.get_protocol() is not self or self._answering():
            self._stop_waiting()
        elif self._deadline is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(self.seconds_to_ask, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
