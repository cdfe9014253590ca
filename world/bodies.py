"""Heads and hands of many people at once: which poses are sound, and taking them over. Kernels for numba."""

import numpy as np

from spatial.kernel import compiled
from world.limits import REACH

#: No number of a pose is larger (metres, radians, quaternion components); its squares are finite.
LARGEST = 1e6
#: Shorter quaternions have no direction.
SHORTEST_QUATERNION = 1e-6


@compiled
def find_sound(position, yaw, parts, orientations, sound):
    """Tell which poses have sane numbers, and quaternions with a direction.

    Args:
        position, yaw, parts, orientations: (n, 3), (n,), (n, 3, 3) and (n, 3, 4) as in :class:`Moves`.
        sound: (n,) bool, written.
    """
    for index in range(yaw.size):
        # A comparison with NaN is false, so that this also refuses what is no number.
        sane = abs(yaw[index]) <= LARGEST
        for axis in range(3):
            sane &= abs(position[index, axis]) <= LARGEST
        for part in range(3):
            square = 0.0
            for axis in range(3):
                sane &= abs(parts[index, part, axis]) <= LARGEST
            for axis in range(4):
                component = orientations[index, part, axis]
                sane &= abs(component) <= LARGEST
                square += component * component
            sane &= square > SHORTEST_QUATERNION * SHORTEST_QUATERNION
        sound[index] = sane


@compiled
def turn(rows, yaw, parts, orientations, hands, world_yaw, world_parts, world_orientations, world_hands):
    """Take over headings, heads and hands: each part within reach, each quaternion of unit length.

    Args:
        rows: (n,) int32, where each of n sound poses belongs.
        yaw, parts, orientations, hands: (n,), (n, 3, 3), (n, 3, 4) and (n, 2) as in :class:`Moves`.
        world_yaw, world_parts, world_orientations, world_hands: Columns of :class:`World`, written.
    """
    for index in range(rows.size):
        row = rows[index]
        # Headings may have been added up for hours: keep them within one turn, where floats are fine.
        world_yaw[row] = yaw[index] % (2.0 * np.pi)
        world_hands[row, 0], world_hands[row, 1] = hands[index, 0], hands[index, 1]
        for part in range(3):
            square = 0.0
            for axis in range(3):
                square += parts[index, part, axis] ** 2
            shorter = REACH / max(np.sqrt(square), REACH)
            for axis in range(3):
                world_parts[row, part, axis] = parts[index, part, axis] * shorter
            square = 0.0
            for axis in range(4):
                square += orientations[index, part, axis] ** 2
            length = np.sqrt(square)
            for axis in range(4):
                world_orientations[row, part, axis] = orientations[index, part, axis] / length
