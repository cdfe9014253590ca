"""Who is shown to whom: the nearest people within sight, from a uniform grid. Kernels for numba.

People are sorted by the cell that they stand in, so that cells of one column lie side by side; a viewer's
nearest are looked for in a square of cells around them that grows until it must hold them all.
"""

import numpy as np
from numpy.typing import NDArray

from spatial.kernel import trusted
from spatial.quaternion import FloatArray
from streaming.messages import MAX_NEAR, NEAR_RADIUS

Slots = NDArray[np.int32]

#: Width of a cell, metres: in a crowd some five people stand in one.
CELL = 8.0
#: Half widths of the squares that are searched, cells; the last covers the radius.
SQUARES = (1, 2, 3, 4, 6, int(np.ceil(NEAR_RADIUS / CELL)))
#: Nearest so many, then so many, then the rest: how often each is told of, ticks (20, 10 and 5 Hz).
TIERS = (16, 32, MAX_NEAR)
PERIODS = (1, 2, 4)


def cells_of(positions: FloatArray) -> NDArray[np.int64]:
    """Return (n,) numbers of cells, equal for those in one cell, rising along z within a column.

    Args:
        positions: (n, 3) metres, world frame.
    """
    cells = np.floor(positions[:, (0, 2)] / CELL).astype(np.int64)
    return np.asarray((cells[:, 0] << 32) + cells[:, 1])


@trusted
def first_at_least(cells, cell):
    """Return the first place in ascending cells that holds at least `cell`."""
    low, high = 0, cells.size
    while low < high:
        middle = (low + high) >> 1
        if cells[middle] < cell:
            low = middle + 1
        else:
            high = middle
    return low


@trusted
def part(squares, found, low, high, pivot, least):
    """Bring what is smaller than the pivot to the front; return where the rest begins.

    With `least` what equals the pivot comes to the front as well. Without a branch: which side something
    belongs to is no pattern that a processor could foresee.
    """
    front = low
    for place in range(low, high):
        square, who = squares[place], found[place]
        squares[place], found[place] = squares[front], found[front]
        squares[front], found[front] = square, who
        front += (square < pivot) | (least & (square == pivot))
    return front


@trusted
def select(squares, found, low, high, nth):
    """Reorder places low..high-1 so that the `nth` smallest come first (quickselect, Hoare 1961)."""
    while high - low > 1:
        first, middle, last = squares[low], squares[(low + high) >> 1], squares[high - 1]
        pivot = max(min(first, middle), min(max(first, middle), last))
        front = part(squares, found, low, high, pivot, False)  # noqa: FBT003 - numba takes no keywords here
        if nth < front:
            high = front
            continue
        same = part(squares, found, front, high, pivot, True)  # noqa: FBT003
        if nth < same:
            return
        low = same


@trusted
def candidates(place, positions, cells, half, radius, squares, found):
    """Collect who stands within `radius` of a place, from a square of cells around it.

    Args:
        place: Index of the viewer in the sorted arrays.
        positions: (n, 3) metres, sorted by cell.
        cells: (n,) ascending, from :func:`cells_of`.
        half: Cells to each side of the viewer's own.
        radius: Metres.
        squares: (n + 1,) float64, written: squared distances.
        found: (n + 1,) int32, written: places in the sorted arrays.

    Returns:
        How many; the viewer is not among them.
    """
    x, y, z = positions[place, 0], positions[place, 1], positions[place, 2]
    column = np.int64(np.floor(x / CELL))
    line = np.int64(np.floor(z / CELL))
    count = 0
    for across in range(column - half, column + half + 1):
        first = first_at_least(cells, (across << 32) + line - half)
        last = first_at_least(cells, (across << 32) + line + half + 1)
        for other in range(first, last):
            dx, dy, dz = positions[other, 0] - x, positions[other, 1] - y, positions[other, 2] - z
            square = dx * dx + dy * dy + dz * dz
            squares[count], found[count] = square, other
            count += (other != place) & (square <= radius * radius)
    return count


@trusted
def nearest(place, positions, cells, hint, squares, found):
    """Find the nearest MAX_NEAR within sight, ordered so that the nearest 16 come first, then the next 16.

    Args:
        place, positions, cells, squares, found: As in :func:`candidates`.
        hint: Which of SQUARES to begin with: where the search ended last time.

    Returns:
        How many, and the hint for next time.
    """
    start = max(hint - 1, 0)
    count, square = 0, start
    for square in range(start, len(SQUARES)):
        reach = min(SQUARES[square] * CELL, NEAR_RADIUS)
        count = candidates(place, positions, cells, SQUARES[square], reach, squares, found)
        if count >= MAX_NEAR:
            break
    if count > MAX_NEAR:
        select(squares, found, 0, count, MAX_NEAR - 1)
        count = MAX_NEAR
    if count > TIERS[1]:
        select(squares, found, 0, count, TIERS[1] - 1)
    if count > TIERS[0]:
        select(squares, found, 0, min(count, TIERS[1]), TIERS[0] - 1)
    return count, square
