"""Who is shown to whom: the nearest people within sight, from a uniform grid."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from streaming.messages import MAX_NEAR, NEAR_RADIUS

Rows = NDArray[np.intp]


def nearest(positions: FloatArray, most: int = MAX_NEAR, radius: float = NEAR_RADIUS) -> list[Rows]:
    """Return, for everybody, the rows of the nearest others.

    Cells are as wide as the radius, so whoever is in sight stands in one of nine cells.

    Args:
        positions: (n, 3) metres, world frame.
        most: How many others at most.
        radius: Metres, greater than zero.

    Returns:
        n arrays of at most `most` rows each, nearest first; nobody sees themselves.
    """
    result: list[Rows] = [np.empty(0, np.intp) for _ in positions]
    cells = np.floor(positions[:, (0, 2)] / radius).astype(np.int64)
    members: dict[tuple[int, int], Rows] = {}
    if len(positions):
        keys, inverse = np.unique(cells, axis=0, return_inverse=True)
        order = np.argsort(inverse.ravel(), kind="stable")
        bounds = np.cumsum(np.bincount(inverse.ravel()))[:-1]
        groups = np.split(order, bounds)
        members = {(int(x), int(z)): rows for (x, z), rows in zip(keys, groups, strict=True)}
    for (x, z), rows in members.items():
        around = [members.get((x + dx, z + dz)) for dx, dz in product((-1, 0, 1), repeat=2)]
        candidates = np.concatenate([group for group in around if group is not None])
        for row, chosen in zip(rows, _choose(positions, rows, candidates, most, radius), strict=True):
            result[row] = chosen
    return result


def _choose(positions: FloatArray, rows: Rows, candidates: Rows, most: int, radius: float) -> list[Rows]:
    """Return for each of `rows` its nearest among `candidates`."""
    apart = positions[rows][:, None] - positions[candidates][None]
    squares = np.einsum("ijk,ijk->ij", apart, apart)
    squares[rows[:, None] == candidates[None]] = np.inf
    if len(candidates) > most:
        kept = np.argpartition(squares, most - 1, axis=1)[:, :most]
    else:
        kept = np.broadcast_to(np.arange(len(candidates)), squares.shape)
    found = np.take_along_axis(squares, kept, axis=1)
    order = np.argsort(found, axis=1, kind="stable")
    kept, found = np.take_along_axis(kept, order, axis=1), np.take_along_axis(found, order, axis=1)
    return [candidates[line[near <= radius * radius]] for line, near in zip(kept, found, strict=True)]
