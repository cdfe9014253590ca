"""SCTP packets that go out: answers, what was given up, reliable chunks, one lossy message. Kernels."""

from spatial.kernel import compiled
from streaming.pump.acknowledgement import in_flight
from streaming.pump.association import (
    AGAIN,
    AHEAD,
    COMMON_HEADER,
    DATA_HEADER,
    MOST_DATA,
    MOST_PACKET,
    OUTSTANDING,
    SENT,
    SLOTS,
)
from streaming.pump.crc32c import crc32c
from streaming.pump.octets import copy, put16, put32
from streaming.pump.sctp import DATA, FIRST, FORWARD_TSN, HEARTBEAT_ACK, LAST, SACK, SHUTDOWN_ACK, UNORDERED

#: Payload protocol identifier of a binary message (RFC 8831, section 8).
BINARY = 53
#: Gaps that one answer tells of.
_MOST_GAPS = 32
#: Of the ring of chunks one place stays free, so that its ends can be told apart.
_MOST_IN_FLIGHT = OUTSTANDING - 2


@compiled
def _put_header(packet, at, kind, flags, length):
    packet[at], packet[at + 1] = kind, flags
    put16(packet, at + 2, length)


@compiled
def _put_sack(association, received, packet, at):
    """Write an answer; return where it ends."""
    gaps, step, left = 0, 1, association.beyond
    while left > 0 and step < AHEAD and gaps < _MOST_GAPS:
        if not received[(association.cumulative + step) % AHEAD]:
            step += 1
            continue
        begin = step
        while step < AHEAD and received[(association.cumulative + step) % AHEAD]:
            step += 1
            left -= 1
        put16(packet, at + 16 + 4 * gaps, begin)
        put16(packet, at + 18 + 4 * gaps, step - 1)
        gaps += 1
    _put_header(packet, at, SACK, 0, 16 + 4 * gaps)
    put32(packet, at + 4, association.cumulative)
    put32(packet, at + 8, association.window)
    put16(packet, at + 12, gaps)
    put16(packet, at + 14, 0)
    association.unanswered = association.answer_now = 0
    return at + 16 + 4 * gaps


@compiled
def _put_control(association, received, heartbeat, packet, at, now, eager):
    """Write what is no data, which goes first (RFC 9260, section 6.10); return where it ends.

    With `eager` an answer that need not go yet goes along with a message.
    """
    if association.heartbeat:
        length = association.heartbeat
        copy(heartbeat, 0, packet, at, length)
        packet[at], packet[at + 1] = HEARTBEAT_ACK, 0
        at += length
        while at & 3:
            packet[at] = 0
            at += 1
        association.heartbeat = 0
    if association.answer_now or (association.unanswered and (eager or now >= association.answer_by)):
        at = _put_sack(association, received, packet, at)
    if association.shutdown == 1:
        _put_header(packet, at, SHUTDOWN_ACK, 0, 4)
        at += 4
        association.shutdown = 2
    if association.forward == 1:
        # Lossy messages are unordered, so no stream is named.
        _put_header(packet, at, FORWARD_TSN, 0, 8)
        put32(packet, at + 4, association.advanced)
        at += 8
        association.forward = 2
    return at


@compiled
def _put_slot(association, chunks, slots, sizes, tsn, slot, packet, at, now):
    """Write a reliable chunk; return where it ends, padding included."""
    size = sizes[slot]
    copy(slots[slot], 0, packet, at, size)
    put32(packet, at + 4, tsn)
    at += size
    while at & 3:
        packet[at] = 0
        at += 1
    chunk = chunks[tsn % OUTSTANDING]
    chunk.state, chunk.slot, chunk.size, chunk.when = SENT, slot, size - DATA_HEADER, now
    association.flight += chunk.size
    association.remote_window = max(association.remote_window - chunk.size, 0)
    return at


@compiled
def _fits(association, at, size):
    """Tell whether a chunk of a size goes into this packet, and may go at all."""
    if at + ((size + 3) & ~3) > MOST_PACKET:
        return False
    user = size - DATA_HEADER
    # One chunk may always be on its way (section 6.1, A and B).
    return association.flight == 0 or (
        association.flight + user <= association.congestion and user <= association.remote_window
    )


@compiled
def _put_again(association, chunks, slots, sizes, packet, at, now):
    """Write reliable chunks that were lost; return where they end."""
    if association.again == 0:
        return at
    for step in range(1, in_flight(association) + 1):
        tsn = (association.acked + step) & 0xFFFFFFFF
        chunk = chunks[tsn % OUTSTANDING]
        if chunk.state != AGAIN:
            continue
        if not _fits(association, at, sizes[chunk.slot]):
            break
        association.again -= 1
        at = _put_slot(association, chunks, slots, sizes, tsn, chunk.slot, packet, at, now)
        chunk.count += 1
        association.sent_again += 1
    return at


@compiled
def _next_tsn(association, chunks):
    tsn = association.tsn
    association.tsn = (tsn + 1) & 0xFFFFFFFF
    chunk = chunks[tsn % OUTSTANDING]
    chunk.count, chunk.misses = 1, 0
    return tsn


@compiled
def _put_new(association, chunks, slots, sizes, packet, at, now):
    """Write reliable chunks for the first time; return where they end."""
    while association.next < association.filled and in_flight(association) < _MOST_IN_FLIGHT:
        slot = association.next % SLOTS
        if not _fits(association, at, sizes[slot]):
            break
        tsn = _next_tsn(association, chunks)
        at = _put_slot(association, chunks, slots, sizes, tsn, slot, packet, at, now)
        association.next += 1
    return at


@compiled
def _is_amid(association, slots):
    """Tell whether part of a reliable message is sent and the next is not: its TSNs must follow."""
    return association.next < association.filled and not slots[association.next % SLOTS, 1] & FIRST


@compiled
def _put_lossy(association, chunks, message, first, size, packet, at, now):
    """Write a lossy message; return where it ends."""
    _put_header(packet, at, DATA, FIRST | LAST | UNORDERED, DATA_HEADER + size)
    tsn = _next_tsn(association, chunks)
    put32(packet, at + 4, tsn)
    put16(packet, at + 8, association.lossy_stream)
    put16(packet, at + 10, 0)
    put32(packet, at + 12, BINARY)
    copy(message, first, packet, at + DATA_HEADER, size)
    at += DATA_HEADER + size
    while at & 3:
        packet[at] = 0
        at += 1
    chunk = chunks[tsn % OUTSTANDING]
    chunk.state, chunk.slot, chunk.size, chunk.when = SENT, -1, size, now
    association.flight += size
    association.remote_window = max(association.remote_window - size, 0)
    association.sent += 1
    return at


@compiled
def has_work(association, now):
    """Tell whether a packet is due, a lossy message apart."""
    return (
        association.heartbeat > 0
        or association.answer_now > 0
        or (association.unanswered > 0 and now >= association.answer_by)
        or association.shutdown == 1
        or association.forward == 1
        or association.next < association.filled
        or association.again > 0
    )


@compiled
def make_packet(association, chunks, received, slots, sizes, heartbeat, message, first, size, packet, now):
    """Make the next packet that is due.

    Args:
        association, chunks, received, slots, sizes, heartbeat: A row of each array of
            :class:`streaming.pump.association.Associations`, changed.
        message: uint8; a lossy message stands from `first` on.
        first: See above.
        size: Bytes of the lossy message; 0: there is none.
        packet: (≥ MOST_PACKET,) uint8, written.
        now: Seconds.

    Returns:
        Bytes of the packet, 0 when nothing is due; and whether the lossy message went with it.
    """
    if not association.open or association.closed:
        return 0, False
    at = _put_control(association, received, heartbeat, packet, COMMON_HEADER, now, size > 0)
    at = _put_again(association, chunks, slots, sizes, packet, at, now)
    at = _put_new(association, chunks, slots, sizes, packet, at, now)
    went = (
        0 < size <= MOST_DATA
        and in_flight(association) < _MOST_IN_FLIGHT
        and not _is_amid(association, slots)
        and _fits(association, at, DATA_HEADER + size)
    )
    if went:
        at = _put_lossy(association, chunks, message, first, size, packet, at, now)
    if at == COMMON_HEADER:
        return 0, False
    if association.expires == 0.0 and in_flight(association) > 0:
        association.expires = now + association.rto
    _seal(association, packet, at)
    return at, went


@compiled
def _seal(association, packet, size):
    """Write the common header and the checksum, whose lowest byte goes first."""
    put16(packet, 0, association.local_port)
    put16(packet, 2, association.remote_port)
    put32(packet, 4, association.remote_tag)
    put32(packet, 8, 0)
    value = crc32c(packet, size)
    for index in range(4):
        packet[8 + index] = (value >> (8 * index)) & 255
