"""RTP packets as they are forwarded (RFC 3550, section 5.1). Pure.

What is passed on is the payload alone, under a header of our own: header extensions and contributing sources
of the sender mean nothing to another connection.
"""

import struct
from dataclasses import dataclass

#: No packet that is larger fits a path of 1,280 bytes and more after encryption; senders stay below 1,250.
MOST_BYTES = 1400
_LEAST_BYTES = 12
_VERSION = 2
_HEADER = struct.Struct("!BBHII")
_WORD = struct.Struct("!HH")
_PADDING, _EXTENSION, _SOURCES = 0x20, 0x10, 0x0F
_MARKER, _PAYLOAD_TYPE = 0x80, 0x7F


@dataclass(frozen=True, slots=True)
class Received:
    """One packet as it came.

    Attributes:
        payload_type: 0 … 127.
        sequence: 16 bits.
        timestamp: 32 bits of the codec's clock.
        ssrc: Its source.
        marker: Ends a picture.
        payload: Without padding; empty when the packet is nothing else.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    marker: bool
    payload: bytes


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet on a screen's own count, whoever sends to the screen at the time.

    Attributes:
        sequence: Grows without wrapping; gaps are packets that did not come.
        timestamp: 32 bits, 90 kHz.
        marker: Ends a picture.
        payload: What the codec's payload format says; empty for padding.
        key: Whether a picture begins here that needs none before it.
    """

    sequence: int
    timestamp: int
    marker: bool
    payload: bytes
    key: bool


def read(data: bytes) -> Received | None:
    """Read a decrypted packet; None when it is no RTP or does not hold what its header says."""
    if not _LEAST_BYTES <= len(data) <= MOST_BYTES:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != _VERSION:
        return None
    begin, end = _LEAST_BYTES + 4 * (first & _SOURCES), len(data)
    if first & _EXTENSION:
        if begin + 4 > end:
            return None
        begin += 4 + 4 * _WORD.unpack_from(data, begin)[1]
    if first & _PADDING:
        # The last byte counts itself, so zero cannot be.
        end = end - data[-1] if data[-1] else -1
    if begin > end:
        return None
    marker = bool(second & _MARKER)
    return Received(second & _PAYLOAD_TYPE, sequence, timestamp, ssrc, marker, data[begin:end])


def header(payload_type: int, sequence: int, timestamp: int, ssrc: int, *, marker: bool) -> bytes:
    """Write the twelve bytes in front of a payload; `sequence` is cut to 16 bits."""
    second = payload_type | _MARKER if marker else payload_type
    return _HEADER.pack(_VERSION << 6, second, sequence & 0xFFFF, timestamp, ssrc)
