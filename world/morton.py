"""Spatial order: places that are close to each other get numbers that are close, as a rule."""

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray

#: Width of a cell, metres.
CELL = 8.0
#: Cells west and north of the middle that are told apart: more than lie between there and any place.
_OFFSET = 1 << 20
#: (Shift, mask): each step halves the blocks of bits that stand together, until each has a gap beside it.
_SPREAD = (
    (16, 0x0000_FFFF_0000_FFFF),
    (8, 0x00FF_00FF_00FF_00FF),
    (4, 0x0F0F_0F0F_0F0F_0F0F),
    (2, 0x3333_3333_3333_3333),
    (1, 0x5555_5555_5555_5555),
)


def morton(positions: FloatArray) -> NDArray[np.int64]:
    """Return the Morton numbers of the cells that points lie in.

    G. M. Morton, A computer oriented geodetic data base (IBM, 1966): the bits of x and z take turns.

    Args:
        positions: (n, 3) metres, world frame, finite.

    Returns:
        (n,) int64.
    """
    cells = np.floor(positions[:, (0, 2)].T / CELL)
    bits = np.clip(cells + _OFFSET, 0, 2 * _OFFSET - 1).astype(np.int64)
    for shift, mask in _SPREAD:
        bits = (bits | bits << shift) & mask
    return np.asarray(bits[0] | bits[1] << 1)
