"""JSON messages to values and back, strictly, through msgspec.

Pure: nothing here does input or output. Whatever text comes in, only
:class:`MalformedMessageError` comes out.
"""

from typing import TypeVar

import msgspec

from streaming.errors import MalformedMessageError
from streaming.messages import (
    MAX_EVENT_BYTES,
    MAX_SIGNAL_BYTES,
    ClientEvent,
    ClientSignal,
    Message,
    ServerEvent,
    ServerSignal,
)

_T = TypeVar("_T")

_ENCODER = msgspec.json.Encoder()
_CLIENT_SIGNAL: "msgspec.json.Decoder[ClientSignal]" = msgspec.json.Decoder(ClientSignal)
_SERVER_SIGNAL: "msgspec.json.Decoder[ServerSignal]" = msgspec.json.Decoder(ServerSignal)
_CLIENT_EVENT: "msgspec.json.Decoder[ClientEvent]" = msgspec.json.Decoder(ClientEvent)
_SERVER_EVENT: "msgspec.json.Decoder[ServerEvent]" = msgspec.json.Decoder(ServerEvent)


class _Outline(msgspec.Struct):
    """What may be read of a message that the strict decoder refused."""

    type: str = ""
    protocol: int | None = None


_OUTLINE = msgspec.json.Decoder(_Outline)


def encode_json(message: Message) -> str:
    """Encode any JSON message."""
    return _ENCODER.encode(message).decode()


def decode_client_signal(text: str | bytes) -> ClientSignal:
    """Decode what a client says on the socket.

    Raises:
        MalformedMessageError: Not JSON, not a known message, too large, or a value out of range.
    """
    return _decode(_CLIENT_SIGNAL, text, MAX_SIGNAL_BYTES)


def decode_server_signal(text: str | bytes) -> ServerSignal:
    """Decode what the server says on the socket.

    Raises:
        MalformedMessageError: Not JSON, not a known message, too large, or a value out of range.
    """
    return _decode(_SERVER_SIGNAL, text, 2 * MAX_SIGNAL_BYTES)


def decode_client_event(text: str | bytes) -> ClientEvent:
    """Decode what a client says on the `events` channel.

    Raises:
        MalformedMessageError: Not JSON, not a known message, too large, or a value out of range.
    """
    return _decode(_CLIENT_EVENT, text, MAX_EVENT_BYTES)


def decode_server_event(text: str | bytes) -> ServerEvent:
    """Decode what the server says on the `events` channel.

    Raises:
        MalformedMessageError: Not JSON, not a known message, too large, or a value out of range.
    """
    return _decode(_SERVER_EVENT, text, MAX_EVENT_BYTES)


def outline(text: str | bytes) -> tuple[str, int | None]:
    """Return type and protocol version of a message that could not be decoded, for a better answer."""
    try:
        found = _OUTLINE.decode(text)
    except (ValueError, RecursionError):
        return "", None
    return found.type, found.protocol


def _decode(decoder: "msgspec.json.Decoder[_T]", text: str | bytes, limit: int) -> _T:
    try:
        data = text if isinstance(text, bytes) else text.encode()
        if len(data) > limit:
            raise MalformedMessageError(f"A message may have {limit} bytes; this one has {len(data)}.")
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedMessageError(str(error)) from error
