"""Slots by id in two arrays: a hash table with linear probing, asked for whole batches. Kernels for numba.

The table has room for 2^b ids, is never full, and holds `EMPTY` in the slot of a place that nobody has.
Ids are given by the server, one after the other: no client can choose them so that they collide.
"""

import numpy as np

from spatial.kernel import compiled

#: The slot of a place that nobody has.
EMPTY = -1
#: Bits of an id.
BITS = 64
#: 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming, volume 3, section 6.4).
_GOLDEN = np.uint64(0x9E37_79B9_7F4A_7C15)


@compiled
def home(person, shift):
    """Return the place where an id is looked for first: the upper 64 - `shift` bits of its product."""
    return np.int64((np.uint64(person) * _GOLDEN) >> np.uint64(shift))


@compiled
def find(ids, slots, shift, people, found):
    """Look up a batch.

    Args:
        ids: (2^b,) int64, the table's ids.
        slots: (2^b,) int32, the slots that go with them.
        shift: 64 - b.
        people: (n,) int64.
        found: (n,) int32, written: their slots, `EMPTY` for those who are not in the table.
    """
    last = ids.size - 1
    for index in range(people.size):
        place = home(people[index], shift)
        while slots[place] != EMPTY and ids[place] != people[index]:
            place = (place + 1) & last
        found[index] = slots[place]


@compiled
def put(ids, slots, shift, person, slot):
    """Write the slot of an id that the table does not hold."""
    place = home(person, shift)
    while slots[place] != EMPTY:
        place = (place + 1) & (ids.size - 1)
    ids[place] = person
    slots[place] = slot


@compiled
def drop(ids, slots, shift, person):
    """Take out an id that the table holds; those behind it move up, so that no gap hides them."""
    last = ids.size - 1
    gap = home(person, shift)
    while ids[gap] != person or slots[gap] == EMPTY:
        gap = (gap + 1) & last
    place = (gap + 1) & last
    while slots[place] != EMPTY:
        # Whoever is looked for first at the gap or before it would be missed from now on.
        if ((place - home(ids[place], shift)) & last) >= ((place - gap) & last):
            ids[gap] = ids[place]
            slots[gap] = slots[place]
            gap = place
        place = (place + 1) & last
    slots[gap] = EMPTY
