"""RTP headers (RFC 3550, section 5.1). Kernels, bounds checked."""

import numpy as np

from spatial.kernel import compiled
from streaming.pump.octets import get16, put16, put32

HEADER = 12
_VERSION = 2
_PADDING, _EXTENSION, _SOURCES = 0x20, 0x10, 0x0F
#: RTCP's packet types 192 to 223 stand where RTP has its marker and payload type (RFC 5761, section 4).
_RTCP_FIRST, _RTCP_LAST = 192, 223


@compiled
def is_rtcp(packet, size):
    """Tell RTCP from RTP, of a datagram that is one of both (RFC 5761, section 4)."""
    return size >= 2 and _RTCP_FIRST <= packet[1] <= _RTCP_LAST


@compiled
def payload_of(packet, size):
    """Return where the payload of a packet begins and ends.

    Args:
        packet: (≥ size,) uint8, decrypted.
        size: Bytes of the packet.

    Returns:
        Begin and end; both -1 when it is no RTP or does not hold what its header says.
    """
    if size < HEADER or size > packet.size or packet[0] >> 6 != _VERSION:
        return -1, -1
    first = np.int64(packet[0])
    begin, end = HEADER + 4 * (first & _SOURCES), size
    if first & _EXTENSION:
        if begin + 4 > size:
            return -1, -1
        begin += 4 + 4 * get16(packet, begin + 2)
    if first & _PADDING:
        # The last byte counts itself, so zero cannot be.
        if packet[size - 1] == 0:
            return -1, -1
        end -= np.int64(packet[size - 1])
    if begin > end:
        return -1, -1
    return begin, end


@compiled
def put_header(packet, payload_type, marker, sequence, timestamp, ssrc):
    """Write the twelve bytes in front of a payload."""
    packet[0] = _VERSION << 6
    packet[1] = (payload_type & 0x7F) | (0x80 if marker else 0)
    put16(packet, 2, sequence)
    put32(packet, 4, timestamp)
    put32(packet, 8, ssrc)
