"""SCTP packets that come in (RFC 9260, sections 3 and 6; RFC 3758). Kernels, bounds checked.

What concerns TSNs is done here. What is left, user data and changes of the association, goes to an inbox that
the owner reads; data for which the inbox has no room is not acknowledged, so it comes again.
"""

import numpy as np

from spatial.kernel import compiled
from streaming.pump.acknowledgement import take_sack
from streaming.pump.association import AHEAD, COMMON_HEADER, DATA_HEADER, MOST_HEARTBEAT
from streaming.pump.crc32c import crc32c
from streaming.pump.octets import ahead32, copy, get16, get32, put32

#: Chunk types.
DATA, SACK, HEARTBEAT, HEARTBEAT_ACK, ABORT, SHUTDOWN, SHUTDOWN_ACK = 0, 3, 4, 5, 6, 7, 8
ERROR, COOKIE_ECHO, COOKIE_ACK, SHUTDOWN_COMPLETE, RECONFIG, FORWARD_TSN = 9, 10, 11, 14, 130, 192
#: Flags of DATA.
LAST, FIRST, UNORDERED = 1, 2, 4
#: What an inbox entry is: one chunk as it came; the end of an association; or nonsense.
CHUNK, ENDED, FAULT = 1, 2, 3
#: Seconds that an answer may wait for something to go with it (RFC 9260, section 6.2: at most 0.2).
_PATIENCE = 0.1
#: RFC 9260, section 3.2: of unknown types below this the rest of the packet is left.
_SKIPPED = 128
#: What asks for nothing, once an association stands.
_IGNORED = (HEARTBEAT_ACK, SHUTDOWN_ACK, ERROR, COOKIE_ACK, SHUTDOWN_COMPLETE)

#: One entry of an inbox: its bytes are `size` from `at` on.
ENTRY = np.dtype([("kind", np.int64), ("row", np.int64), ("at", np.int64), ("size", np.int64)])


class Inbox:
    """What the kernels leave for the owner.

    Attributes:
        entries: (count,) of `ENTRY`.
        octets: (room,) uint8.
        used: (2,) int64, how many entries and how many bytes there are.
    """

    def __init__(self, count: int, room: int) -> None:
        self.entries = np.zeros(count, ENTRY)
        self.octets = np.zeros(room, np.uint8)
        self.used = np.zeros(2, np.int64)

    def take(self) -> list[tuple[int, int, bytes]]:
        """Return kind, row and bytes of each entry, and empty the inbox."""
        count, end = self.used.tolist()
        if count == 0:
            return []
        octets = self.octets[:end].tobytes()
        self.used[:] = 0
        return [(kind, row, octets[at : at + size]) for kind, row, at, size in self.entries[:count].tolist()]


@compiled
def leave(entries, octets, used, kind, row, packet, at, size):
    """Put an entry into an inbox; False when it is full."""
    index, begin = used[0], used[1]
    if index >= entries.size or begin + size > octets.size:
        return False
    entry = entries[index]
    entry.kind, entry.row, entry.at, entry.size = kind, row, begin, size
    copy(packet, at, octets, begin, size)
    used[0], used[1] = index + 1, begin + size
    return True


@compiled
def advance(association, received):
    """Move the cumulative TSN over what came beyond it."""
    while association.beyond > 0 and received[(association.cumulative + 1) % AHEAD]:
        association.cumulative = (association.cumulative + 1) & 0xFFFFFFFF
        received[association.cumulative % AHEAD] = 0
        association.beyond -= 1


@compiled
def mark_received(association, received, tsn):
    """Note that a TSN came; False when it came before, or is too far ahead to be noted."""
    ahead = ahead32(tsn, association.cumulative)
    if ahead <= 0 or ahead >= AHEAD or received[tsn % AHEAD]:
        return False
    received[tsn % AHEAD] = 1
    association.beyond += 1
    advance(association, received)
    return True


@compiled
def _take_data(association, received, packet, at, length, row, entries, octets, used):
    tsn = get32(packet, at + 4)
    ahead = ahead32(tsn, association.cumulative)
    if ahead <= 0 or (ahead < AHEAD and received[tsn % AHEAD]):
        # It came before, so our answer was lost.
        association.answer_now = 1
        return
    if length <= DATA_HEADER:
        association.faults += 1
        return
    if ahead >= AHEAD or not leave(entries, octets, used, CHUNK, row, packet, at, length):
        return
    mark_received(association, received, tsn)
    if association.beyond:
        # A gap is told at once (section 6.7).
        association.answer_now = 1


@compiled
def _take_forward_tsn(association, received, packet, at, length, row, entries, octets, used):
    """Go on beyond what the other side gave up (RFC 3758, section 3.6)."""
    tsn = get32(packet, at + 4)
    ahead = ahead32(tsn, association.cumulative)
    association.answer_now = 1
    if ahead <= 0 or not leave(entries, octets, used, CHUNK, row, packet, at, length):
        return
    if ahead >= AHEAD:
        received[:] = 0
        association.beyond = 0
    else:
        for step in range(1, ahead + 1):
            index = (association.cumulative + step) % AHEAD
            association.beyond -= np.int64(received[index])
            received[index] = 0
    association.cumulative = tsn
    advance(association, received)


@compiled
def is_intact(association, packet, size):
    """Tell whether a packet is this association's and came as it was sent."""
    if size < COMMON_HEADER + 4 or size > packet.size or get32(packet, 4) != association.local_tag:
        return False
    wanted = get16(packet, 8) << 16 | get16(packet, 10)
    put32(packet, 8, 0)
    value = crc32c(packet, size)
    # The checksum alone stands with its lowest byte first.
    turned = (value & 255) << 24 | (value & 0xFF00) << 8 | (value >> 8) & 0xFF00 | value >> 24
    return turned == wanted


@compiled
def take_packet(association, chunks, received, heartbeat, packet, size, row, now, entries, octets, used):
    """Take a packet that came, decrypted.

    Args:
        association, chunks, received, heartbeat: A row of each array of
            :class:`streaming.pump.association.Associations`, changed.
        packet: (≥ size,) uint8, changed.
        size: Bytes of the packet.
        row: Which row that is.
        now: Seconds.
        entries, octets, used: Arrays of an :class:`Inbox`, changed.
    """
    if not association.open or association.closed:
        return
    if not is_intact(association, packet, size):
        association.faults += 1
        return
    at, held_data = COMMON_HEADER, False
    while at + 4 <= size:
        kind, length = np.int64(packet[at]), get16(packet, at + 2)
        if length < 4 or at + length > size:
            association.faults += 1
            break
        if kind == DATA:
            held_data = True
            if length >= DATA_HEADER:
                _take_data(association, received, packet, at, length, row, entries, octets, used)
        elif kind == SACK:
            if not take_sack(association, chunks, packet, at, length, now):
                association.faults += 1
                leave(entries, octets, used, FAULT, row, packet, at, 4)
        elif kind == HEARTBEAT:
            if length <= MOST_HEARTBEAT:
                copy(packet, at, heartbeat, 0, length)
                association.heartbeat = length
        elif kind == FORWARD_TSN and length >= 8:
            _take_forward_tsn(association, received, packet, at, length, row, entries, octets, used)
        elif kind in (RECONFIG, COOKIE_ECHO):
            leave(entries, octets, used, CHUNK, row, packet, at, length)
        elif kind in (ABORT, SHUTDOWN):
            association.shutdown = 1 if kind == SHUTDOWN else 0
            association.closed = 1 if kind == ABORT else 0
            leave(entries, octets, used, ENDED, row, packet, at, 4)
            break
        elif kind < _SKIPPED and kind not in _IGNORED:
            break
        at += (length + 3) & ~3
    if held_data:
        _note_answer(association, now)


@compiled
def _note_answer(association, now):
    """Answer every second packet, and none later than it may be (section 6.2)."""
    if association.unanswered == 0:
        association.answer_by = now + _PATIENCE
    association.unanswered += 1
    if association.unanswered >= 2:
        association.answer_now = 1
