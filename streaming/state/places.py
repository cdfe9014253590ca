"""A viewer's places: who is near, and which place each of them has. Kernels for numba."""

import numpy as np

from spatial.kernel import trusted
from streaming.interest import PERIODS, TIERS, nearest
from streaming.messages import MAX_NEAR
from streaming.state.bits import NONE, bit

#: How many packets back a client can say that it has.
ACK_WINDOW = 32
#: Phases of the rarest tier: whoever's slot leaves this remainder is due together.
PHASES = PERIODS[-1]


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
        tier_masks[view, tier] = NONE
    for phase in range(PHASES):
        phase_masks[view, phase] = NONE
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
