"""Unit quaternions in 32 bits, smallest-three.

Two bits name the largest component, which is made positive and left out; three times ten bits carry the
others in order, ``511 + 511·√2·component`` rounded. 1023 stays unused, so that zero is exact.
"""

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from streaming.errors import MalformedPacketError

_HALF = 511
_SCALE = _HALF * np.sqrt(2.0)
#: For each largest component, the indices of the other three, ascending.
_OTHERS = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
_SHIFTS = np.array([20, 10, 0], np.uint32)

#: Largest turn in radians that packing may cost, 0.28°: half a step in each of three components of ½ moves
#: the fourth, also ½, by three times as much; a chord between unit quaternions is half the turn.
WORST_TURN = float(2.0 * np.sqrt(3.0 + 9.0) * 0.5 / _SCALE)


def pack_quaternions(quaternions: FloatArray) -> NDArray[np.uint32]:
    """Pack (n, 4) quaternions into (n,) words; they need not be of unit length.

    Raises:
        MalformedPacketError: A component is not finite, or a quaternion has no direction.
    """
    values = np.asarray(quaternions, float)
    length = np.linalg.norm(values, axis=-1, keepdims=True)
    if not np.all(np.isfinite(length) & (length > 1e-6)):
        raise MalformedPacketError("A quaternion must be finite and longer than zero.")
    largest = np.abs(values).argmax(axis=-1)
    sign = np.where(np.take_along_axis(values, largest[:, None], -1) < 0.0, -1.0, 1.0)
    others = np.take_along_axis(values / length * sign, _OTHERS[largest], axis=-1)
    steps = (np.clip(np.rint(others * _SCALE), -_HALF, _HALF) + _HALF).astype(np.uint32)
    word: NDArray[np.uint32] = (steps << _SHIFTS).sum(axis=-1, dtype=np.uint32)
    return np.asarray(word | (largest.astype(np.uint32) << np.uint32(30)))


def unpack_quaternions(words: NDArray[np.integer]) -> FloatArray:
    """Unpack (n,) words into (n, 4) unit quaternions.

    Raises:
        MalformedPacketError: A word stands for no rotation.
    """
    wire = words.astype(np.uint32)
    steps = ((wire[:, None] >> _SHIFTS) & np.uint32(1023)).astype(np.int64)
    others = (steps - _HALF) / _SCALE
    squares = (others**2).sum(axis=-1)
    if np.any(steps > 2 * _HALF) or np.any(squares > 1.0):
        raise MalformedPacketError("A packed quaternion stands for no rotation.")
    largest = (wire >> np.uint32(30)).astype(np.int64)
    result = np.empty((len(wire), 4))
    np.put_along_axis(result, _OTHERS[largest], others, axis=-1)
    np.put_along_axis(result, largest[:, None], np.sqrt(1.0 - squares)[:, None], axis=-1)
    return result
