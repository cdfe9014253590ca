"""Unit quaternions ``(x, y, z, w)``, vectorised over leading axes.

Every function takes and returns arrays of shape ``(..., 4)`` (quaternions) or ``(..., 3)`` (vectors).
A quaternion named ``a_from_b`` rotates vectors given in b's axes into a's.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatial.errors import InvalidPoseError

FloatArray = NDArray[np.floating[Any]]

IDENTITY = np.array([0.0, 0.0, 0.0, 1.0])


def normalise(quaternion: FloatArray) -> FloatArray:
    """Scale to unit length.

    Raises:
        InvalidPoseError: A component is not finite, or a length is zero.
    """
    norm = np.linalg.norm(quaternion, axis=-1, keepdims=True)
    if not np.all(np.isfinite(norm)) or np.any(norm < 1e-9):
        raise InvalidPoseError("A quaternion must be finite and longer than zero.")
    return np.asarray(quaternion / norm)


def multiply(a_from_b: FloatArray, b_from_c: FloatArray) -> FloatArray:
    """Compose two rotations: the result is ``a_from_c``."""
    ax, ay, az, aw = np.moveaxis(np.asarray(a_from_b), -1, 0)
    bx, by, bz, bw = np.moveaxis(np.asarray(b_from_c), -1, 0)
    return np.stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ],
        axis=-1,
    )


def conjugate(a_from_b: FloatArray) -> FloatArray:
    """Return the inverse rotation, ``b_from_a``."""
    return np.asarray(np.asarray(a_from_b) * np.array([-1.0, -1.0, -1.0, 1.0]))


def rotate(a_from_b: FloatArray, vector: FloatArray) -> FloatArray:
    """Rotate ``vector`` from b's axes into a's (Rodrigues form, no trigonometry)."""
    axis, w = np.asarray(a_from_b)[..., :3], np.asarray(a_from_b)[..., 3:]
    twice = 2.0 * np.cross(axis, vector)
    return np.asarray(vector + w * twice + np.cross(axis, twice))


def from_yaw(yaw: FloatArray | float) -> FloatArray:
    """Return the rotation by ``yaw`` radians about +Y (counter-clockwise seen from above)."""
    half = np.asarray(yaw, dtype=float) / 2.0
    zero = np.zeros_like(half)
    return np.stack([zero, np.sin(half), zero, np.cos(half)], axis=-1)


def yaw_of(quaternion: FloatArray) -> FloatArray:
    """Return the heading in radians about +Y: zero looks along −Z (north), positive turns left (west)."""
    forward = rotate(quaternion, np.array([0.0, 0.0, -1.0]))
    return np.asarray(np.arctan2(-forward[..., 0], -forward[..., 2]))


def angle_between(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the smallest angle in radians that turns ``first`` into ``second``."""
    difference = multiply(conjugate(first), second)
    return np.asarray(
        2.0 * np.arctan2(np.linalg.norm(difference[..., :3], axis=-1), np.abs(difference[..., 3]))
    )
