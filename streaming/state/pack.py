"""Filling packets: which record of whom goes to which viewer, against which base. Kernels for numba."""

import numpy as np

from spatial.kernel import trusted
from streaming.interest import PERIODS, TIERS, nearest
from streaming.messages import MAX_NEAR
from streaming.state.layout import AGE_BITS, AGES, HISTORY
from streaming.state.record import SHORT, WORDS, encode

#: How many packets back a client can say that it has.
ACK_WINDOW = 32
_ONE, _NONE = np.uint64(1), np.uint64(0)
_ALL = ~_NONE
_ID_BITS = 32
#: The last word of a record says of which tick it is, and its length.
_STAMP = WORDS - 1
_LENGTH_BITS = 16
_LENGTH = np.uint64((1 << _LENGTH_BITS) - 1)
#: Phases of the rarest tier: whoever's slot leaves this remainder is due together.
PHASES = PERIODS[-1]
#: Where the lowest set bit of a word is, by its product with a de Bruijn sequence (Leiserson 1998).
_SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
_LOWEST = np.zeros(64, np.int64)
for _place in range(64):
    _LOWEST[(((1 << _place) * int(_SEQUENCE)) & 0xFFFFFFFFFFFFFFFF) >> 58] = _place


@trusted
def bit(place):
    """Return a mask of one bit."""
    return _ONE << np.uint64(place)


@trusted
def lowest(mask):
    """Return the place of the lowest set bit of a mask that is not empty."""
    return _LOWEST[((mask & (~mask + _ONE)) * _SEQUENCE) >> np.uint64(58)]


@trusted
def free_place(view, place, near, near_id, known, there):
    """Take whoever stands at a viewer's place off it; whoever comes there next is told of at once."""
    there[view] &= ~bit(place)
    near[view, place] = -1
    near_id[view, place] = -1
    for index in range(ACK_WINDOW):
        known[view, index, 0] &= ~bit(place)


@trusted
def take_places(view, slots, tiers, count, ids, near, near_id, tier_masks, phase_masks, known, there, marks):
    """Give the people that a viewer is to see their places; who stays keeps theirs.

    Args:
        view: Slot of the viewer.
        slots: (count,) int32, entities' slots.
        tiers: (count,) uint8.
        count: At most MAX_NEAR.
        ids: (capacity,) int64, the id in each slot, -1 while it is empty.
        near, near_id: (capacity, MAX_NEAR) int32 and int64, changed.
        tier_masks, phase_masks: (capacity, 3) and (capacity, PHASES) uint64: the places of each tier, and
            those of slots with each remainder; changed.
        known: (capacity, ACK_WINDOW, 2) uint64, which places each packet held, and of which tick it was;
            changed.
        there: (capacity,) uint64, places whose holder the viewer was told of, changed.
        marks: (capacity,) int32, scratch, all -1; left as found.
    """
    for tier in range(len(TIERS)):
        tier_masks[view, tier] = _NONE
    for phase in range(PHASES):
        phase_masks[view, phase] = _NONE
    for index in range(count):
        marks[slots[index]] = index
    for place in range(MAX_NEAR):
        slot = near[view, place]
        if slot < 0:
            continue
        wanted = marks[slot]
        if wanted < 0 or near_id[view, place] != ids[slot]:
            free_place(view, place, near, near_id, known, there)
        else:
            tier_masks[view, tiers[wanted]] |= bit(place)
            phase_masks[view, slot % PHASES] |= bit(place)
            marks[slot] = -1
    place = 0
    for index in range(count):
        slot = slots[index]
        if marks[slot] < 0:
            continue
        marks[slot] = -1
        while place < MAX_NEAR and near[view, place] >= 0:
            place += 1
        if place < MAX_NEAR:
            near[view, place], near_id[view, place] = slot, ids[slot]
            tier_masks[view, tiers[index]] |= bit(place)
            phase_masks[view, slot % PHASES] |= bit(place)


@trusted
def drop_left(view, ids, near, near_id, tier_masks, known, there):
    """Take people who left the world off a viewer's places."""
    for place in range(MAX_NEAR):
        slot = near[view, place]
        if slot >= 0 and ids[slot] != near_id[view, place]:
            free_place(view, place, near, near_id, known, there)
            for tier in range(len(TIERS)):
                tier_masks[view, tier] &= ~bit(place)


@trusted
def due_places(view, tick, tier_masks, phase_masks):
    """Return which places' time has come: each tier at its own rate, each slot in its own phase."""
    due = _NONE
    for tier in range(len(TIERS)):
        phases = _NONE
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
    return 0 <= back < ACK_WINDOW and (seen_before >> np.uint64(back)) & _ONE == _ONE


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
            if rest == _NONE or before < 0 or not has(seen, seen_before, before):
                continue
            if known[view, ring, 1] != np.uint64(before):
                continue
            held, age = rest & known[view, ring, 0], index + 1
        rest &= ~held
        while held != _NONE:
            place = lowest(held)
            held &= held - _ONE
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
def choose_nearest(view, room, due, ages, lengths, tier_masks):
    """Return which of the due records fit into `room` bits, the nearest tiers first."""
    chosen = _NONE
    for tier in range(len(TIERS)):
        rest = due & tier_masks[view, tier]
        while rest != _NONE:
            place = lowest(rest)
            rest &= rest - _ONE
            bits = lengths[place] + (0 if ages[place] else 1 + _ID_BITS)
            if bits <= room:
                room -= bits
                chosen |= bit(place)
    return chosen


@trusted
def put(words, at, value, length):
    """Write `length` (0 to 64) bits at bit `at`; return where they end.

    The word in which they begin is clear from there on, and so is the one in which they end.
    """
    word, shift = at >> 6, np.uint64(at & 63)
    words[word] |= value << shift
    words[word + 1] = (value >> _ONE) >> (np.uint64(63) - shift)
    return at + length


@trusted
def put_masks(words, at, told, taken, chosen):
    """Write whether the mask of taken places follows, that mask, and whether the record of each does."""
    at = put(words, at, np.uint64(told), 1)
    if told:
        at = put(words, at, taken, 64)
    if taken == _ALL:
        return put(words, at, chosen, 64)
    while taken != _NONE:
        place = lowest(taken)
        taken &= taken - _ONE
        at = put(words, at, chosen >> np.uint64(place) & _ONE, 1)
    return at


@trusted
def put_long(words, at, records, age, spot, length):
    """Write a record longer than :data:`SHORT`."""
    word = 0
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
    at = put(words, at, records[0, spot, 0] >> np.uint64(AGE_BITS), min(length, 64) - AGE_BITS)
    length -= 64
    word = 1
    while length > 0:
        at = put(words, at, records[0, spot, word], min(length, 64))
        length -= 64
        word += 1
    return at


@trusted
def pack(
    views, tick, header_bits, limit, some_left, ids, kinds, spots, history, records, halves, near, near_id,
    tier_masks, phase_masks, known, seen, seen_before, waiting, there, told, told_since, packets, ends,
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
        taken = _NONE
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
        chosen = due if total <= room else choose_nearest(view, room, due, ages, lengths, tier_masks)
        waiting[view] = due & ~chosen
        # A place is told of as taken from the first record on that went out for its holder.
        there[view] = (there[view] & taken) | chosen
        if there[view] != told[view]:
            told[view], told_since[view] = there[view], tick
        words = packets[index]
        at = put_masks(words, header_bits, 1 if seen[view] < told_since[view] else 0, there[view], chosen)
        known[view, tick % ACK_WINDOW, 0], known[view, tick % ACK_WINDOW, 1] = chosen, np.uint64(tick)
        while chosen != _NONE:
            place = lowest(chosen)
            chosen &= chosen - _ONE
            age, length = ages[place], lengths[place]
            slot = near[view, place]
            spot = spot_now[slot]
            if age == 0:
                at = put_full(words, at, kinds[slot], ids[slot], records, spot, length)
            elif length > SHORT:
                at = put_long(words, at, records, age, spot, length)
            else:
                # Three words at once, without a branch: behind a record's end there are zeros.
                first, second, third = records[age, spot, 0], records[age, spot, 1], records[age, spot, 2]
                word, left = at >> 6, np.uint64(at & 63)
                right = np.uint64(63) - left
                words[word] |= first << left
                words[word + 1] = first >> _ONE >> right | second << left
                words[word + 2] = second >> _ONE >> right | third << left
                words[word + 3] = third >> _ONE >> right
                at += length
            written += 1
        ends[index] = at
    return written


@trusted
def holds(slots, slot):
    """Tell whether a slot is among some; they end with the first that is negative."""
    for other in slots:
        if other < 0:
            return False
        if other == slot:
            return True
    return False


@trusted
def refresh(
    views, places, order, positions, cells, ids, near, near_id, tier_masks, phase_masks, known, there, hints,
    focus, hidden, squares, found, marks,
):  # fmt: skip
    """Find anew who is near some viewers.

    Args:
        views: (v,) int32, slots of the viewers.
        places: (v,) int32, where each stands among the sorted.
        order: (n,) int32, the slot of each of the sorted.
        positions, cells: Sorted, see :mod:`streaming.interest`.
        ids, near, near_id, tier_masks, phase_masks, known, there: As in :func:`pack`.
        hints: (capacity,) uint8, see :func:`streaming.interest.nearest`.
        focus: (capacity, f) int32, slots that a viewer is told of at the full rate wherever they are; -1:
            none.
        hidden: (capacity, h) int32, slots that a viewer must not be shown; -1: none.
        squares, found, marks: Scratch: (n + 1,) float64, (n + 1,) int32, (capacity,) int32 of -1.
    """
    slots = np.empty(MAX_NEAR, np.int32)
    tiers = np.empty(MAX_NEAR, np.uint8)
    for index in range(views.size):
        view = views[index]
        count, hint = nearest(places[index], positions, cells, hints[view], squares, found)
        hints[view] = hint
        chosen = 0
        hides = hidden[view, 0] >= 0
        for place in range(focus.shape[1]):
            slot = focus[view, place]
            if slot < 0:
                break
            if slot != view and ids[slot] >= 0 and not (hides and holds(hidden[view], slot)):
                slots[chosen], tiers[chosen] = slot, 0
                marks[slot] = 0
                chosen += 1
        for rank in range(count):
            slot = order[found[rank]]
            if chosen < MAX_NEAR and marks[slot] < 0 and not (hides and holds(hidden[view], slot)):
                slots[chosen] = slot
                tiers[chosen] = 0 if rank < TIERS[0] else 1 if rank < TIERS[1] else 2
                chosen += 1
        for place in range(chosen):
            marks[slots[place]] = -1
        take_places(
            view, slots, tiers, chosen, ids, near, near_id, tier_masks, phase_masks, known, there, marks
        )
