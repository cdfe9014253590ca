"""Steps of many people at once: which samples count, how far they go, and taking them. Kernels for numba."""

import numpy as np

from spatial.kernel import compiled


@compiled
def is_newer(sequence, acknowledged):
    """Tell whether a 16-bit sequence number follows another one, across the wrap (RFC 1982).

    Args:
        sequence: The number that arrived; only its low 16 bits count.
        acknowledged: The newest number accepted so far, or -1 when there is none.
    """
    return acknowledged < 0 or 0 < ((sequence - acknowledged) & 0xFFFF) < 0x8000


@compiled
def pick_newest(rows, sound, sequence, acknowledged, chosen, picks):
    """Pick the newest sound sample of each person who is in the city.

    Args:
        rows: (n,) int32, of the person of each sample; -1: nobody's.
        sound: (n,) bool.
        sequence: (n,) int32.
        acknowledged: (capacity,) int32, column of :class:`World`.
        chosen: (capacity,) int32, all -1; used up.
        picks: (n,) int64, written: indices of the samples, in the order in which their people come first.

    Returns:
        How many.
    """
    count = 0
    for index in range(rows.size):
        row = rows[index]
        if row < 0 or not sound[index]:
            continue
        before = chosen[row]
        last = acknowledged[row] if before < 0 else sequence[before] & 0xFFFF
        if is_newer(sequence[index], last):
            if before < 0:
                picks[count] = row
                count += 1
            chosen[row] = index
    for place in range(count):
        picks[place] = chosen[picks[place]]
    return count


@compiled
def measure(rows, wanted, position, budget, here, there, distance, slow):
    """Measure how far people want to go, and whether that is within what they may.

    Args:
        rows: (n,) int32.
        wanted: (n, 3) metres, where they say they stand.
        position, budget: Columns of :class:`World`.
        here: (n, 2) metres, written: world x and z where they stand.
        there: (n, 2) metres, written: where they want to stand; where they do stand if that is too far.
        distance: (n,) metres, written.
        slow: (n,) bool, written: whether it is not too far.
    """
    for index in range(rows.size):
        row = rows[index]
        here[index, 0] = position[row, 0]
        here[index, 1] = position[row, 2]
        distance[index] = np.hypot(wanted[index, 0] - here[index, 0], wanted[index, 2] - here[index, 1])
        slow[index] = distance[index] <= budget[row]
        there[index, 0] = wanted[index, 0] if slow[index] else here[index, 0]
        there[index, 1] = wanted[index, 2] if slow[index] else here[index, 1]


@compiled
def settle(rows, allowed, there, heights, distance, sequence, position, budget, acknowledged):
    """Put those who may step where they want to stand.

    Args:
        rows: (n,) int32.
        allowed: (n,) bool.
        there: (n, 2) metres, world x and z.
        heights: (n,) metres, of the ground there.
        distance: (n,) metres, from where they stood.
        sequence: (n,) int32, of their samples.
        position, budget, acknowledged: Columns of :class:`World`, written.
    """
    for index in range(rows.size):
        if allowed[index]:
            row = rows[index]
            position[row, 0] = there[index, 0]
            position[row, 1] = heights[index]
            position[row, 2] = there[index, 1]
            budget[row] -= distance[index]
            acknowledged[row] = sequence[index] & 0xFFFF
