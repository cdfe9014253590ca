"""Seven values as a prop of the state codec, position and orientation of things that move.

They move as the things of the peer's server (`bench/colyseus/server.mjs`) do: each walks and bobs in a circle
of its own and looks about, so that all seven values are others at every tick.
"""

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from streaming.codec import dtype_of
from streaming.messages import PEOPLE
from streaming.state.layout import AGE_BITS, NUMBERS, PROP, Entity
from streaming.state.quantise import put_quaternion, quaternions_of, worst_turn
from streaming.state.record import WORDS, decode_body, encode

TICK = 0.05
_WALK = 1.4
#: What a packet says of its receiver themselves, in its head.
OWN = ("acknowledged", "position", "yaw")
#: Of arithmetic.
_ROUNDING = 1e-6
_PLACE, _TURN = PROP


def own_bytes() -> int:
    """Return how long that is."""
    head = dtype_of(PEOPLE.header)
    return sum(head[name].itemsize for name in OWN)


def bytes_each(count: int, first: int, ticks: int) -> float:
    """Return the bytes that news of one of so many things takes in packets of all of them.

    Each record is coded against the state a tick before. Counted is a packet's whole length but for what it
    says of its receiver: head, mask and records, filled up to a byte.

    Args:
        count: Things in a packet.
        first: Tick of the first packet.
        ticks: So many packets.

    Raises:
        RuntimeError: What is decoded is further from what was encoded than the codec states.
    """
    head = dtype_of(PEOPLE.header).itemsize - own_bytes()
    base, length = _states(*_things(count, (first - 1) * TICK)), 0
    for tick in range(first, first + ticks):
        places, turns = _things(count, tick * TICK)
        states = _states(places, turns)
        bits = sum(_coded(state, before) for state, before in zip(states, base, strict=True))
        length += head + (1 + count + bits + 7) // 8
        _compare(states, places, turns)
        base = states
    return length / (ticks * count)


def _things(count: int, seconds: float) -> tuple[FloatArray, FloatArray]:
    """Return places (n, 3) and unit quaternions (n, 4) as `move` of the peer's server does."""
    index = np.arange(count)
    radius = 5.0 + index % 37
    around = index + _WALK * seconds / radius
    height = 1.6 + 0.04 * np.sin(7.0 * seconds + index)
    places = np.stack([radius * np.cos(around), height, radius * np.sin(around)], axis=1)
    yaw = (0.5 * np.sin(1.3 * seconds + index) - around) / 2.0
    pitch = 0.1 * np.sin(0.9 * seconds + 2.0 * index)
    cos, sin = np.cos(yaw), np.sin(yaw)
    turns = np.stack(
        [cos * np.sin(pitch), sin * np.cos(pitch), -sin * np.sin(pitch), cos * np.cos(pitch)], axis=1
    )
    return places, turns


def _states(places: FloatArray, turns: FloatArray) -> NDArray[np.int32]:
    states = np.zeros((len(places), NUMBERS), np.int32)
    states[:, 1:4] = np.rint(places / _PLACE.unit)
    for state, (x, y, z, w) in zip(states, turns.tolist(), strict=True):
        put_quaternion(x, y, z, w, _TURN.bits, state, 4)
    return states


def _coded(state: NDArray[np.int32], base: NDArray[np.int32]) -> int:
    """Encode, decode and compare; returns how many bits a record has."""
    words, decoded = np.zeros(WORDS, np.uint64), np.zeros(NUMBERS, np.int32)
    bits = int(encode(Entity.PROP, state, base, 1, words.view(np.uint32)))
    end = decode_body(words.view(np.uint8), AGE_BITS, Entity.PROP, 1, base, decoded)
    if end != bits or (decoded != state).any():
        raise RuntimeError("a thing is decoded as something else than was encoded")
    return bits


def _compare(states: NDArray[np.int32], places: FloatArray, turns: FloatArray) -> None:
    away = np.abs(states[:, 1:4] * _PLACE.unit - places).max()
    along = np.abs((quaternions_of(states[:, 4:8], _TURN.bits) * turns).sum(axis=1))
    turned = 2.0 * np.arccos(np.minimum(along, 1.0)).max()
    if away > _PLACE.unit / 2 + _ROUNDING or turned > worst_turn(_TURN.bits) + _ROUNDING:
        raise RuntimeError(f"a thing is {away * 1000:.2f} mm, {np.degrees(turned):.3f}° off")
