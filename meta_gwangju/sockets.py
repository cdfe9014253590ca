"""The WebSocket of uvicorn, bounded where a client could make it keep what it sends."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

#: Pieces of one message; browsers send one.
_MOST_PIECES = 64


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """Answers pings only to those who read the answers, and joins only so many pieces of a message.

    Both never reach the application, so no limit of the signalling sees them.
    """

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
