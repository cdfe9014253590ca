"""What the other side acknowledges, and what follows: round trip, congestion, loss. Kernels.

RFC 9260, sections 6.2.1, 6.3 and 7; RFC 3758, section 3.5.
"""

from spatial.kernel import compiled
from streaming.pump.association import (
    ABANDONED,
    ACKED,
    AGAIN,
    FREE,
    MOST_FAILURES,
    MOST_PACKET,
    OUTSTANDING,
    RTO_LEAST,
    RTO_MOST,
    SENT,
)
from streaming.pump.octets import ahead32, get16, get32

#: Missing reports after which a chunk counts as lost (section 7.2.4).
_MOST_MISSES = 3


@compiled
def in_flight(association):
    """Return how many TSNs were sent and not acknowledged in order."""
    return ahead32(association.tsn, association.acked) - 1


@compiled
def _measure(association, trip):
    """Take a round trip in seconds (section 6.3.1)."""
    if association.smoothed == 0.0:
        association.smoothed, association.variation = trip, trip / 2.0
    else:
        association.variation += (abs(association.smoothed - trip) - association.variation) / 4.0
        association.smoothed += (trip - association.smoothed) / 8.0
    wanted = association.smoothed + 4.0 * association.variation
    association.rto = min(max(wanted, RTO_LEAST), RTO_MOST)


@compiled
def _land(association, chunk):
    """Take a chunk out of the flight, or off those to be sent again; return its bytes if it was in flight."""
    if chunk.state == AGAIN:
        association.again -= 1
    if chunk.state != SENT:
        return 0
    association.flight -= chunk.size
    return chunk.size


@compiled
def give_up(association, chunk):
    """Treat a chunk as lost: a lossy one is abandoned, a reliable one sent again."""
    _land(association, chunk)
    chunk.misses = 0
    if chunk.slot < 0:
        chunk.state = ABANDONED
        association.given_up += 1
    else:
        chunk.state = AGAIN
        association.again += 1


@compiled
def move_point(association, chunks):
    """Move Advanced.Peer.Ack.Point over lossy chunks that are settled; note whether that is to be told."""
    if ahead32(association.acked, association.advanced) > 0:
        association.advanced = association.acked
    while ahead32(association.tsn, association.advanced) > 1:
        chunk = chunks[(association.advanced + 1) % OUTSTANDING]
        if chunk.slot >= 0 or chunk.state not in (ABANDONED, ACKED):
            break
        association.advanced = (association.advanced + 1) & 0xFFFFFFFF
    association.forward = 1 if ahead32(association.advanced, association.acked) > 0 else 0


@compiled
def _take_cumulative(association, chunks, cumulative, now):
    """Let go of what is acknowledged in order; return its bytes that were in flight."""
    bytes_done, first = 0, True
    while association.acked != cumulative:
        association.acked = (association.acked + 1) & 0xFFFFFFFF
        chunk = chunks[association.acked % OUTSTANDING]
        if first and chunk.count == 1 and chunk.state == SENT:
            _measure(association, max(now - chunk.when, 0.0))
        first = False
        bytes_done += _land(association, chunk)
        if chunk.slot >= 0:
            association.first += 1
        chunk.state = FREE
    return bytes_done


@compiled
def _take_gaps(association, chunks, packet, at, count):
    """Mark what came beyond a gap; return the highest TSN that was news, ahead of `acked`, and its bytes."""
    highest, bytes_done = 0, 0
    for index in range(count):
        first, last = get16(packet, at + 16 + 4 * index), get16(packet, at + 18 + 4 * index)
        for step in range(first, last + 1):
            chunk = chunks[(association.acked + step) % OUTSTANDING]
            if chunk.state != ACKED:
                bytes_done += _land(association, chunk)
                chunk.state = ACKED
                highest = max(highest, step)
    return highest, bytes_done


@compiled
def _strike(association, chunks, highest):
    """Count against chunks that are missing below what was news; return whether any is lost."""
    lost = False
    for step in range(1, highest):
        chunk = chunks[(association.acked + step) % OUTSTANDING]
        if chunk.state == SENT:
            chunk.misses += 1
            if chunk.misses >= _MOST_MISSES:
                give_up(association, chunk)
                lost = True
    return lost


@compiled
def _adjust(association, full, bytes_done, moved, lost):
    """Adjust the congestion window (section 7.2)."""
    if association.recovery >= 0:
        if ahead32(association.acked, association.recovery) >= 0:
            association.recovery = -1
    elif full and moved:
        if association.congestion <= association.threshold:
            association.congestion += min(bytes_done, MOST_PACKET)
        else:
            association.partial += bytes_done
            if association.partial >= association.congestion:
                association.partial -= association.congestion
                association.congestion += MOST_PACKET
    if lost and association.recovery < 0:
        association.threshold = max(association.congestion // 2, 4 * MOST_PACKET)
        association.congestion = association.threshold
        association.partial = 0
        association.recovery = (association.tsn - 1) & 0xFFFFFFFF


@compiled
def take_sack(association, chunks, packet, at, length, now):
    """Take a SACK; return False when it acknowledges what was never sent, or is cut short.

    Args:
        association: An `ASSOCIATION` record, changed.
        chunks: (OUTSTANDING,) of `CHUNK`, changed.
        packet: uint8; the chunk stands at `at`, `length` bytes of it.
        at: See above.
        length: See above.
        now: Seconds.
    """
    if length < 16:
        return False
    cumulative, count = get32(packet, at + 4), get16(packet, at + 12)
    done = ahead32(cumulative, association.acked)
    if done < 0:
        return True
    if done > in_flight(association) or 16 + 4 * count > length:
        return False
    left, before = in_flight(association) - done, 0
    for index in range(count):
        first, last = get16(packet, at + 16 + 4 * index), get16(packet, at + 18 + 4 * index)
        if first <= before or last < first or last > left:
            return False
        before = last
    full = association.flight + MOST_PACKET > association.congestion
    bytes_done = _take_cumulative(association, chunks, cumulative, now)
    highest, more = _take_gaps(association, chunks, packet, at, count)
    lost = _strike(association, chunks, highest)
    _adjust(association, full, bytes_done + more, done > 0, lost)
    association.remote_window = max(get32(packet, at + 8) - association.flight, 0)
    if done > 0:
        association.failures = 0
        association.expires = now + association.rto
    if in_flight(association) == 0:
        association.expires = 0.0
    move_point(association, chunks)
    return True


@compiled
def expire(association, chunks, now):
    """See whether the timer T3-rtx has run out (section 6.3.3); return False when the other side is gone."""
    if association.expires == 0.0 or now < association.expires:
        return True
    association.failures += 1
    if association.failures > MOST_FAILURES:
        association.closed = 1
        return False
    for step in range(1, in_flight(association) + 1):
        chunk = chunks[(association.acked + step) % OUTSTANDING]
        # What is acknowledged beyond a gap may have been dropped again since (section 6.2.1).
        if chunk.state == SENT or (chunk.state == ACKED and chunk.slot >= 0):
            give_up(association, chunk)
    association.flight = 0
    association.threshold = max(association.congestion // 2, 4 * MOST_PACKET)
    association.congestion, association.partial, association.recovery = MOST_PACKET, 0, -1
    association.rto = min(2.0 * association.rto, RTO_MOST)
    association.expires = now + association.rto
    move_point(association, chunks)
    return True
