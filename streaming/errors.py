"""Errors of the bridge.

StreamingError
├── PeerError                  the other side did something wrong
│   ├── MalformedMessageError  JSON that is not JSON, not a known message, or holds a value out of range
│   ├── MalformedPacketError   a state packet of wrong size, version, type or range
│   ├── OutOfOrderError        a message that the signalling state table does not allow now
│   ├── BadOfferError          an SDP or a candidate that cannot be used
│   ├── UnfinishedDataError    more data that makes no whole message than anybody may have waiting
│   ├── NotEstablishedError    a connection that the pump cannot take over: it does not stand
│   ├── AdmissionRefused       the door says no: name, session, spot, capacity, protocol version
│   └── RefusedError           the server refused this client (raised by the client library)
├── NoRoomError                the city is full: they wait for their turn
├── PortFullError              more peers than one UDP port takes
├── ConnectionLostError        the connection went and could not be had again (client library)
├── AudioDataError             the shipped HRTF or speech data cannot be read
└── PumpUnavailableError       this machine lacks what the compiled media path needs, or it is full
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streaming.messages import Close


class StreamingError(Exception):
    """Base of every error that :mod:`streaming` raises."""


class PeerError(StreamingError):
    """The other side did something wrong."""


class MalformedMessageError(PeerError, ValueError):
    """JSON that is not JSON, not a known message, or holds a value out of range."""


class MalformedPacketError(PeerError, ValueError):
    """A state packet of wrong size, version, type or range."""


class OutOfOrderError(PeerError):
    """A message that the signalling state table does not allow now."""


class BadOfferError(PeerError, ValueError):
    """An SDP or a candidate that cannot be used."""


class UnfinishedDataError(PeerError):
    """More data that makes no whole message than anybody may have waiting."""


class NotEstablishedError(PeerError):
    """A connection that the pump cannot take over: it does not stand, or not any more."""


class AdmissionRefused(PeerError):  # noqa: N818 - a refusal is an answer, and the word of the wire
    """The door says no.

    Attributes:
        close: The code the socket closes with.
        code: A short stable word for programs.
        ko: What was wrong and what to do, in Korean.
        en: The same in English.
    """

    def __init__(self, close: "Close", code: str, ko: str, en: str) -> None:
        super().__init__(en)
        self.close = close
        self.code = code
        self.ko = ko
        self.en = en


class NoRoomError(StreamingError):
    """The city is full, and somebody waits for their turn.

    Attributes:
        ahead: How many wait before them.
        since: Seconds that they have waited.
        token: What brings them back to their place.
    """

    def __init__(self, ahead: int, since: float, token: str) -> None:
        super().__init__(f"The city is full; {ahead} wait before this one.")
        self.ahead = ahead
        self.since = since
        self.token = token


class RefusedError(PeerError):
    """The server refused this client for good.

    Attributes:
        close: The WebSocket close code.
        code: The server's short word, empty when it gave none.
    """

    def __init__(self, close: int, code: str, text: str) -> None:
        super().__init__(text)
        self.close = close
        self.code = code


class PortFullError(StreamingError, RuntimeError):
    """More peers than one UDP port takes."""


class ConnectionLostError(StreamingError):
    """The connection went and could not be had again."""


class AudioDataError(StreamingError):
    """The shipped HRTF or speech data cannot be read."""


class PumpUnavailableError(StreamingError):
    """The compiled media path cannot be had: a function is missing, or it is full."""
