"""Filling packets: which record of whom goes to which viewer, against which base. Kernels for numba."""

import numpy as np

from spatial.kernel import trusted
from streaming.interest import PERIODS, TIERS, nearest
from streaming.messages import MAX_NEAR
from streaming.state.layout import AGE_BITS, AGES, HISTORY
from streaming.state.record import encode, push

#: How many packets back a client can say that it has.
ACK_WINDOW = 32
_ONE, _NONE = np.uint64(1), np.uint64(0)
_ALL = ~_NONE
_ID_BITS = 32
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
        known[view, index] &= ~bit(place)


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
        known: (capacity, ACK_WINDOW) uint64, which places each packet held, changed.
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
def encode_once(slot, age, tick, kinds, history, records, lengths):
    """Encode a record; return its length in bits."""
    now = history[tick % HISTORY, slot]
    base = history[(tick - AGES[age - 1]) % HISTORY, slot] if age else now
    length = encode(kinds[slot], now, base, age, records[age, slot])
    lengths[age, slot] = length
    return length


@trusted
def choose_ages(
    view, tick, due, seen, seen_before, known, known_tick, near, kinds, history, records, lengths, ages
):
    """Write for each due place the newest base that the viewer has of it, as its number in AGES; 0: none.

    Returns:
        How many bits all their records have.
    """
    rest, total = due, np.int64(0)
    for index in range(len(AGES) + 1):
        held, age = rest, 0
        if index < len(AGES):
            before = tick - AGES[index]
            ring = before % ACK_WINDOW
            if rest == _NONE or before < 0:
                continue
            if known_tick[view, ring] != before or not has(seen, seen_before, before):
                continue
            held, age = rest & known[view, ring], index + 1
        rest &= ~held
        while held != _NONE:
            place = lowest(held)
            held &= held - _ONE
            ages[place] = age
            slot = near[view, place]
            length = np.int64(lengths[age, slot])
            if length < 0:
                length = encode_once(slot, age, tick, kinds, history, records, lengths)
            total += length + (0 if age else 1 + _ID_BITS)
    return total


@trusted
def choose_nearest(view, room, due, ages, near, tier_masks, lengths):
    """Return which of the due records fit into `room` bits, the nearest tiers first."""
    chosen = _NONE
    for tier in range(len(TIERS)):
        rest = due & tier_masks[view, tier]
        while rest != _NONE:
            place = lowest(rest)
            rest &= rest - _ONE
            bits = lengths[ages[place], near[view, place]] + (0 if ages[place] else 1 + _ID_BITS)
            if bits <= room:
                room -= bits
                chosen |= bit(place)
    return chosen


@trusted
def write_masks(words, word, gathered, bits, told, taken, chosen):
    """Write whether the mask of taken places follows, that mask, and whether the record of each does."""
    word, gathered, bits = push(words, word, gathered, bits, np.uint64(told), 1)
    if told:
        word, gathered, bits = push(words, word, gathered, bits, taken, 64)
    if taken == _ALL:
        return push(words, word, gathered, bits, chosen, 64)
    while taken != _NONE:
        place = lowest(taken)
        taken &= taken - _ONE
        there = chosen >> np.uint64(place) & _ONE
        word, gathered, bits = push(words, word, gathered, bits, there, 1)
    return word, gathered, bits


@trusted
def write_record(words, word, gathered, bits, records, slot, age, index, length):
    """Append a record from its word `index` on."""
    while length > 64:
        word, gathered, bits = push(words, word, gathered, bits, records[age, slot, index], 64)
        length -= 64
        index += 1
    return push(words, word, gathered, bits, records[age, slot, index], length)


@trusted
def write_full(words, word, gathered, bits, kind, who, records, slot, length):
    """Append a full record: kind and id stand behind its age."""
    front = np.uint64(kind) << np.uint64(AGE_BITS) | np.uint64(who) << np.uint64(AGE_BITS + 1)
    word, gathered, bits = push(words, word, gathered, bits, front, AGE_BITS + 1 + _ID_BITS)
    word, gathered, bits = push(
        words, word, gathered, bits, records[0, slot, 0] >> np.uint64(AGE_BITS), min(length, 64) - AGE_BITS
    )
    return write_record(words, word, gathered, bits, records, slot, 0, 1, length - 64)


@trusted
def pack(
    views, tick, header_bits, limit, some_left, ids, kinds, history, records, lengths, near, near_id,
    tier_masks, phase_masks, known, known_tick, seen, seen_before, waiting, there, told, told_since, packets,
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
        history: (HISTORY, capacity, NUMBERS) int32, states by tick.
        records, lengths: (len(AGES) + 1, capacity, WORDS) uint64 and (…) int16, this tick's records; -1: none
            yet.
        near, near_id, tier_masks, phase_masks, known: As in :func:`take_places`.
        known_tick: (capacity, ACK_WINDOW) int64, of which tick the packets in `known` were.
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
    ages = np.zeros(MAX_NEAR, np.int64)
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
            view, tick, due, seen[view], seen_before[view], known, known_tick, near, kinds, history, records,
            lengths, ages,
        )  # fmt: skip
        room = limit[index] - header_bits - 1 - 2 * MAX_NEAR
        chosen = due if total <= room else choose_nearest(view, room, due, ages, near, tier_masks, lengths)
        waiting[view] = due & ~chosen
        # A place is told of as taken from the first record on that went out for its holder.
        there[view] = (there[view] & taken) | chosen
        if there[view] != told[view]:
            told[view], told_since[view] = there[view], tick
        words = packets[index]
        word, bits = header_bits >> 6, header_bits & 63
        word, gathered, bits = write_masks(
            words, word, words[word] if bits else _NONE, bits, 1 if seen[view] < told_since[view] else 0,
            there[view], chosen,
        )  # fmt: skip
        known[view, tick % ACK_WINDOW] = chosen
        known_tick[view, tick % ACK_WINDOW] = tick
        while chosen != _NONE:
            place = lowest(chosen)
            chosen &= chosen - _ONE
            slot, age = near[view, place], ages[place]
            length = np.int64(lengths[age, slot])
            if age:
                # Not a function: passing the arrays would cost as much as the work.
                part = 0
                while length > 0:
                    word, gathered, bits = push(
                        words, word, gathered, bits, records[age, slot, part], min(length, 64)
                    )
                    length -= 64
                    part += 1
            else:
                word, gathered, bits = write_full(
                    words, word, gathered, bits, kinds[slot], ids[slot], records, slot, length
                )
            written += 1
        words[word] = gathered
        ends[index] = word * 64 + bits
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
        squares, found, marks: Scratch: (n,) float64, (n,) int32, (capacity,) int32 of -1.
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
