"""Filling packets: which record of whom goes to which viewer, against which base. Kernels for numba."""

import numpy as np

from spatial.kernel import trusted
from streaming.interest import PERIODS, TIERS
from streaming.messages import MAX_NEAR
from streaming.state.bits import ALL, NONE, ONE, bit, lowest
from streaming.state.layout import AGE_BITS, AGES, HISTORY
from streaming.state.places import ACK_WINDOW, PHASES, drop_left
from streaming.state.record import SHORT, WORDS, encode

#: Ticks; who has waited for so long comes before those who are nearer, at most twice as late.
LONG_WAIT = 4
_ID_BITS = 32
#: The last word of a record says of which tick it is, and its length.
_STAMP = WORDS - 1
_LENGTH_BITS = 16
_LENGTH = np.uint64((1 << _LENGTH_BITS) - 1)


@trusted
def due_places(view, tick, tier_masks, phase_masks):
    """Return which places' time has come: each tier at its own rate, each slot in its own phase."""
    due = NONE
    for tier in range(len(TIERS)):
        phases = NONE
        for phase in range(PHASES):
            if (tick + phase) % PERIODS[tier] == 0:
                phases |= phase_masks[view, phase]
        due |= tier_masks[view, tier] & phases
    return due


@trusted
def has(seen, seen_before, tick):
    """Tell whether a viewer has the packet of a tick: `seen` is the newest, then a bit for each before it."""
    if tick == seen:
        return True
    back = seen - 1 - tick
    return 0 <= back < ACK_WINDOW and (seen_before >> np.uint64(back)) & ONE == ONE


@trusted
def encode_once(slot, age, tick, kinds, spots, history, records, halves):
    """Encode a record, and note behind its bits of which tick it is; return its length in bits."""
    spot = spots[tick % HISTORY, slot]
    now = history[tick % HISTORY, spot]
    before = (tick - AGES[age - 1]) % HISTORY if age else tick % HISTORY
    length = encode(kinds[slot], now, history[before, spots[before, slot]], age, halves[age, spot])
    records[age, spot, _STAMP] = np.uint64(tick) << np.uint64(_LENGTH_BITS) | np.uint64(length)
    return length


@trusted
def choose_ages(
    view,
    tick,
    due,
    seen,
    seen_before,
    known,
    near,
    kinds,
    spots,
    spot_now,
    history,
    records,
    halves,
    ages,
    lengths,
):
    """Write for each due place the newest base that the viewer has of it, as its number in AGES; 0: none.

    And how long its record is.

    Returns:
        How many bits all their records have.
    """
    rest, total = due, np.int64(0)
    for index in range(len(AGES) + 1):
        held, age = rest, 0
        if index < len(AGES):
            before = tick - AGES[index]
            ring = before % ACK_WINDOW
            if rest == NONE or before < 0 or not has(seen, seen_before, before):
                continue
            if known[view, ring, 1] != np.uint64(before):
                continue
            held, age = rest & known[view, ring, 0], index + 1
        rest &= ~held
        while held != NONE:
            place = lowest(held)
            held &= held - ONE
            ages[place] = age
            slot = near[view, place]
            stamp = records[age, spot_now[slot], _STAMP]
            length = np.int64(stamp & _LENGTH)
            if stamp >> np.uint64(_LENGTH_BITS) != np.uint64(tick):
                length = encode_once(slot, age, tick, kinds, spots, history, records, halves)
            lengths[place] = length
            total += length + (0 if age else 1 + _ID_BITS)
    return total


@trusted
def fill(room, rest, chosen, ages, lengths):
    """Choose places whose records fit into `room` bits; return what room is left, and all chosen."""
    while rest != NONE:
        place = lowest(rest)
        rest &= rest - ONE
        bits = lengths[place] + (0 if ages[place] else 1 + _ID_BITS)
        if bits <= room:
            room -= bits
            chosen |= bit(place)
    return room, chosen


@trusted
def choose_fitting(view, room, due, overdue, ages, lengths, tier_masks):
    """Return which due records fit into `room` bits: who has waited long, then the nearest tiers first."""
    room, chosen = fill(room, due & overdue, NONE, ages, lengths)
    for tier in range(len(TIERS)):
        room, chosen = fill(room, due & tier_masks[view, tier] & ~chosen, chosen, ages, lengths)
    return chosen


@trusted
def put(words, at, value, length):
    """Write `length` (0 to 64) bits at bit `at`; return where they end.

    The word in which they begin is clear from there on, and so is the one in which they end.
    """
    word, shift = at >> 6, np.uint64(at & 63)
    words[word] |= value << shift
    words[word + 1] = (value >> ONE) >> (np.uint64(63) - shift)
    return at + length


@trusted
def put_masks(words, at, told, taken, chosen):
    """Write whether the mask of taken places follows, that mask, and whether the record of each does."""
    at = put(words, at, np.uint64(told), 1)
    if told:
        at = put(words, at, taken, 64)
    if taken == ALL:
        return put(words, at, chosen, 64)
    while taken != NONE:
        place = lowest(taken)
        taken &= taken - ONE
        at = put(words, at, chosen >> np.uint64(place) & ONE, 1)
    return at


@trusted
def put_words(words, at, records, age, spot, word, length):
    """Write `length` bits of a record from its word `word` on."""
    while length > 0:
        at = put(words, at, records[age, spot, word], min(length, 64))
        length -= 64
        word += 1
    return at


@trusted
def put_full(words, at, kind, who, records, spot, length):
    """Write a full record: kind and id stand behind its age."""
    front = np.uint64(kind) << np.uint64(AGE_BITS) | np.uint64(who) << np.uint64(AGE_BITS + 1)
    at = put(words, at, front, AGE_BITS + 1 + _ID_BITS)
    first = min(length, 64)
    at = put(words, at, records[0, spot, 0] >> np.uint64(AGE_BITS), first - AGE_BITS)
    return put_words(words, at, records, 0, spot, 1, length - first)


@trusted
def put_records(words, at, chosen, ages, lengths, slots, spot_now, ids, kinds, records):
    """Write the records of the chosen places; `slots` (MAX_NEAR,) are of who stands there."""
    while chosen != NONE:
        place = lowest(chosen)
        chosen &= chosen - ONE
        age, length, slot = ages[place], lengths[place], slots[place]
        spot = spot_now[slot]
        if age == 0:
            at = put_full(words, at, kinds[slot], ids[slot], records, spot, length)
        elif length > SHORT:
            at = put_words(words, at, records, age, spot, 0, length)
        else:
            # Three words at once, without a branch: behind a record's end there are zeros.
            first, second, third = records[age, spot, 0], records[age, spot, 1], records[age, spot, 2]
            word, left = at >> 6, np.uint64(at & 63)
            right = np.uint64(63) - left
            words[word] |= first << left
            words[word + 1] = first >> ONE >> right | second << left
            words[word + 2] = second >> ONE >> right | third << left
            words[word + 3] = third >> ONE >> right
            at += length
    return at


@trusted
def members(mask):
    """Return how many places a mask holds."""
    count = 0
    while mask != NONE:
        mask &= mask - ONE
        count += 1
    return count


@trusted
def pack(
    views, tick, header_bits, limit, some_left, ids, kinds, spots, history, records, halves, near, near_id,
    tier_masks, phase_masks, known, seen, seen_before, waiting, overdue, there, told, told_since, packets,
    ends,
):  # fmt: skip
    """Write the bits of every viewer's packet after its header.

    Args:
        views: (v,) int32, slots of the viewers.
        tick: Of the world.
        header_bits: Where the bits begin; what follows in that word is clear.
        limit: (v,) int32, bits that each packet may have, header and masks included.
        some_left: Whether somebody left the world since the last tick.
        ids, kinds: (capacity,) int64 and uint8, of the entity in each slot.
        spots: (HISTORY, capacity) int32, by tick and slot: where in `history` the state of that tick is kept.
            Spots are in spatial order, so that those who are looked at together lie together.
        history: (HISTORY, capacity, NUMBERS) int32, states by tick and spot.
        records, halves: (len(AGES) + 1, capacity, WORDS) uint64 and the same as uint32, by age and spot; the
            last word holds tick and length.
        near, near_id, tier_masks, phase_masks, known: As in :func:`take_places`.
        seen, seen_before: (capacity,) int64 and uint64, what viewers said they have.
        waiting: (capacity,) uint64: places that were due and left out for want of room.
        overdue: (capacity,) uint64: those of them that have waited for :data:`LONG_WAIT` ticks or more.
        there: (capacity,) uint64: places whose holder the viewer was told of.
        told, told_since: (capacity,) uint64 and int64, the mask of taken places that the last packet meant,
            and the tick from which on it was so.
        packets: (v, n) uint64, written.
        ends: (v,) int32, written: bits of each packet.

    Returns:
        How many records were written.
    """
    ages, lengths = np.zeros(MAX_NEAR, np.int64), np.zeros(MAX_NEAR, np.int64)
    spot_now = spots[tick % HISTORY]
    written = 0
    for index in range(views.size):
        view = views[index]
        if some_left:
            drop_left(view, ids, near, near_id, tier_masks, known, there)
        taken = NONE
        for tier in range(len(TIERS)):
            taken |= tier_masks[view, tier]
        due = (
            due_places(view, tick, tier_masks, phase_masks) | (waiting[view] & taken) | (taken & ~there[view])
        )
        total = choose_ages(
            view, tick, due, seen[view], seen_before[view], known, near, kinds, spots, spot_now, history,
            records, halves, ages, lengths,
        )  # fmt: skip
        room = limit[index] - header_bits - 1 - 2 * MAX_NEAR
        chosen = (
            due
            if total <= room
            else choose_fitting(view, room, due, overdue[view], ages, lengths, tier_masks)
        )
        waiting[view] = due & ~chosen
        overdue[view] &= waiting[view]
        if tick % LONG_WAIT == 0:
            overdue[view] = waiting[view]
        # A place is told of as taken from the first record on that went out for its holder.
        there[view] = (there[view] & taken) | chosen
        if there[view] != told[view]:
            told[view], told_since[view] = there[view], tick
        is_news = 1 if seen[view] < told_since[view] else 0
        at = put_masks(packets[index], header_bits, is_news, there[view], chosen)
        known[view, tick % ACK_WINDOW, 0], known[view, tick % ACK_WINDOW, 1] = chosen, np.uint64(tick)
        written += members(chosen)
        ends[index] = put_records(
            packets[index], at, chosen, ages, lengths, near[view], spot_now, ids, kinds, records
        )
    return written
