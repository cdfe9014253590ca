"""Synthetic buildings as one structured array, and the seeded numbers that give each its face."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from scenes.mesh import IntArray
from spatial.quaternion import FloatArray


class Kind(IntEnum):
    """What a building is in the building grammar."""

    HOUSE = 0
    MIXED = 1
    BOULEVARD = 2
    APARTMENT = 3


#: x, z, foot: world metres (foot is the lowest ground under the building); angle: counter-clockwise from
#: east; block: index of its block, row 0 front or 1 back; synthetic: always true, and carried along.
BUILDING = np.dtype(
    [
        ("x", "f8"),
        ("z", "f8"),
        ("angle", "f8"),
        ("width", "f8"),
        ("depth", "f8"),
        ("height", "f8"),
        ("foot", "f8"),
        ("floors", "u1"),
        ("kind", "u1"),
        ("seed", "u4"),
        ("block", "i4"),
        ("row", "u1"),
        ("synthetic", "?"),
    ]
)

FLOOR_HEIGHT = {Kind.HOUSE: 3.0, Kind.MIXED: 3.3, Kind.BOULEVARD: 3.3, Kind.APARTMENT: 2.9}
#: Widths are whole bays of the facade, so that windows never break at a corner (metres).
BAY = {Kind.HOUSE: 3.1, Kind.MIXED: 2.7, Kind.BOULEVARD: 1.75, Kind.APARTMENT: 4.1}


def frames_of(buildings: NDArray[np.void]) -> FloatArray:
    """Return the frames (n, 3) of buildings: x, z, angle."""
    return np.stack([buildings["x"], buildings["z"], buildings["angle"]], axis=1)


def floor_area(buildings: NDArray[np.void]) -> FloatArray:
    """Return square metres of floor of each building."""
    return np.asarray(buildings["width"] * buildings["depth"] * buildings["floors"])


def draw(seed: IntArray, number: int) -> FloatArray:
    """Return the ``number``-th uniform number in [0, 1) of each seed (lowbias32, C. Wellons 2018)."""
    value = np.asarray(seed, dtype=np.uint32) + np.uint32(number * 0x9E3779B9 & 0xFFFFFFFF)
    value = (value ^ (value >> np.uint32(16))) * np.uint32(0x7FEB352D)
    value = (value ^ (value >> np.uint32(15))) * np.uint32(0x846CA68B)
    return np.asarray((value ^ (value >> np.uint32(16))) / 4294967296.0)
