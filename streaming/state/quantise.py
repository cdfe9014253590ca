"""States as whole numbers and back. Quaternions are smallest-three as in :mod:`streaming.packing`."""

import numpy as np
from numpy.typing import NDArray

from spatial.kernel import compiled
from spatial.quaternion import FloatArray
from streaming.state.layout import PERSON, STEP, YAW_STEP

IntArray = NDArray[np.int32]

_YAW_BITS = PERSON[1].bits
_TURN_BITS = PERSON[3].bits
_MOST = (1 << (PERSON[2].bits - 1)) - 1
_FARTHEST = (1 << (PERSON[0].bits - 1)) - 1
_LEFT, _RIGHT = 1, 2
_ROOT_HALF = float(np.sqrt(0.5))
#: First numbers of the places of head, left and right hand; their turns follow three numbers later.
_PARTS = (5, 12, 19)


@compiled
def put_quaternion(x, y, z, w, bits, state, at):
    """Write a unit quaternion as largest and three steps, ``half + half·√2·component`` rounded."""
    half = (1 << (bits - 1)) - 1
    parts = (x, y, z, w)
    largest = 0
    for index in range(1, 4):
        if abs(parts[index]) > abs(parts[largest]):
            largest = index
    scale = half / _ROOT_HALF * (-1.0 if parts[largest] < 0.0 else 1.0)
    state[at] = largest
    place = at + 1
    for index in range(4):
        if index != largest:
            step = np.int64(np.rint(parts[index] * scale))
            state[place] = min(max(step, -half), half) + half
            place += 1


@compiled
def quantise_people(flags, position, yaw, parts, orientations, spots, ring, history):
    """Write the states of people.

    Args:
        flags: (n,) uint8, `Body`.
        position: (n, 3) float64, metres, world frame.
        yaw: (n,) float64, radians.
        parts: (n, 3, 3) float64, metres, body frame.
        orientations: (n, 3, 4) float64, unit quaternions, body frame.
        spots: (n,) int32, where each one's state is kept.
        ring: Which tick's states are written.
        history: (HISTORY, capacity, NUMBERS) int32.
    """
    for row in range(flags.size):
        state = history[ring, spots[row]]
        state[:] = 0
        state[0] = flags[row]
        for axis in range(3):
            step = np.int64(np.rint(position[row, axis] / STEP))
            state[1 + axis] = min(max(step, -_FARTHEST), _FARTHEST)
        state[4] = np.int64(np.rint(yaw[row] / YAW_STEP)) & ((1 << _YAW_BITS) - 1)
        for part in range(3):
            if (part == 1 and not flags[row] & _LEFT) or (part == 2 and not flags[row] & _RIGHT):
                continue
            at = _PARTS[part]
            for axis in range(3):
                step = np.int64(np.rint(parts[row, part, axis] / STEP))
                state[at + axis] = min(max(step, -_MOST), _MOST)
            turn = orientations[row, part]
            put_quaternion(turn[0], turn[1], turn[2], turn[3], _TURN_BITS, state, at + 3)


def quaternions_of(states: IntArray, bits: int) -> FloatArray:
    """Return (n, 4) unit quaternions of (n, 4) numbers; steps that stand for no rotation are brought in."""
    half = (1 << (bits - 1)) - 1
    others = np.clip((states[:, 1:] - half) * (_ROOT_HALF / half), -_ROOT_HALF, _ROOT_HALF)
    largest = np.sqrt(np.maximum(1.0 - (others**2).sum(axis=1), 0.0))
    result = np.empty((len(states), 4))
    rows = np.arange(len(states))
    places = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])[states[:, 0] & 3]
    result[rows[:, None], places] = others
    result[rows, states[:, 0] & 3] = largest
    return np.asarray(result / np.linalg.norm(result, axis=1, keepdims=True))


def positions_of(states: IntArray) -> FloatArray:
    """Return (n, 3) ground points of people's states (n, NUMBERS), metres."""
    return np.asarray(states[:, 1:4] * STEP)


def yaws_of(states: IntArray) -> FloatArray:
    """Return (n,) headings of people's states, radians, within half a turn."""
    yaws = states[:, 4] * YAW_STEP
    return np.where(yaws > np.pi, yaws - 2.0 * np.pi, yaws)


def parts_of(states: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return (n, 3, 3) metres and (n, 3, 4) unit quaternions of people's states; absent hands at zero."""
    places = np.stack([states[:, at : at + 3] * STEP for at in _PARTS], axis=1)
    turns = np.stack([quaternions_of(states[:, at + 3 : at + 7], _TURN_BITS) for at in _PARTS], axis=1)
    for part, flag in ((1, _LEFT), (2, _RIGHT)):
        turns[(states[:, 0] & flag) == 0, part] = (0.0, 0.0, 0.0, 1.0)
    return places, turns


def worst_turn(bits: int) -> float:
    """Return the largest turn in radians that so many bits cost (see `packing.WORST_TURN`)."""
    half = (1 << (bits - 1)) - 1
    return float(2.0 * np.sqrt(12.0) * 0.5 / (half / _ROOT_HALF))
