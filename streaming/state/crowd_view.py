"""What a client holds of the crowd: fed with the rest of packets, it says who is where, roughly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.kernel import compiled
from spatial.quaternion import FloatArray
from streaming.errors import MalformedPacketError
from streaming.state.crowd import HEAD, HEIGHT_STEPS, PIECE, SQUARE, STEP, TURNS

#: Of the byte before the pieces: a round begins; the rest is how old they are, ticks.
BEGINS = 128
_MOST_IN_PACKET = 256
_SHORT, _COUNT, _ORDER = -1, -2, -3
_WRONG = {
    _SHORT: "the crowd is cut short",
    _COUNT: "a piece of the crowd holds nobody, or too many",
    _ORDER: "ids of a piece do not rise, or are none",
}
_MOST_ID = (1 << 32) - 1


@compiled
def read_number(data, at, size):
    """Return a signed number of `size` bytes."""
    value = np.int64(0)
    for index in range(size):
        value |= np.int64(data[at + index]) << (8 * index)
    top = np.int64(1) << (8 * size - 1)
    return (value ^ top) - top


@compiled
def read_id(data, at):
    """Return a number of seven bits a byte, the lowest first, and where it ends; -1 when it does not."""
    value = np.int64(0)
    for index in range(5):
        if at + index >= data.size:
            return np.int64(-1), at
        byte = np.int64(data[at + index])
        value |= (byte & 127) << (7 * index)
        if byte < 128:
            return value, at + index + 1
    return np.int64(-1), at


@compiled
def read_pieces(data, at, ids, positions, turns):
    """Read all pieces of a packet.

    Args:
        data: (n,) uint8.
        at: Where they begin.
        ids, positions, turns: (m,) int64, (m, 3) float64 metres and (m,) uint8, written.

    Returns:
        How many people, or a negative reason.
    """
    found = 0
    while at < data.size:
        if at + HEAD > data.size:
            return _SHORT
        column, line = read_number(data, at, 2), read_number(data, at + 2, 2)
        base = read_number(data, at + 4, 2)
        count = np.int64(data[at + HEAD - 1])
        at += HEAD
        if not 0 < count <= PIECE or found + count > ids.size:
            return _COUNT
        before = np.int64(-1)
        for index in range(count):
            step, at = read_id(data, at)
            if step < 0 or at + 4 > data.size:
                return _SHORT
            who = step if index == 0 else before + step
            if who <= before or who > _MOST_ID:
                return _ORDER
            ids[found], before = who, who
            # The middle of the step that somebody stands in.
            positions[found, 0] = column * SQUARE + (data[at] + 0.5) * STEP
            positions[found, 1] = base + (data[at + 1] + 0.5) / HEIGHT_STEPS
            positions[found, 2] = line * SQUARE + (data[at + 2] + 0.5) * STEP
            turns[found] = data[at + 3]
            at += 4
            found += 1
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Rough:
    """People of the crowd, each where they were at one tick.

    Attributes:
        person: (n,) int64 ids.
        tick: (n,) int64, when.
        positions: (n, 3) metres, world frame, ground points, ±6.25 cm (heights ±12.5 cm).
        yaws: (n,) radians, 0 to 2π, ±2.8°.
        speaking, waving: (n,) bool.
    """

    person: NDArray[np.int64]
    tick: NDArray[np.int64]
    positions: FloatArray
    yaws: FloatArray
    speaking: NDArray[np.bool_]
    waving: NDArray[np.bool_]


#: A crowd of nobody.
NOBODY = Rough(
    np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 3)), np.zeros(0), np.zeros(0, bool),
    np.zeros(0, bool),
)  # fmt: skip


def read_crowd(data: NDArray[np.uint8], at: int, tick: int) -> tuple[bool, int, Rough]:
    """Read what stands behind the records of a packet.

    Args:
        data: (n,) uint8, the packet.
        at: Where its records end.
        tick: Of the packet.

    Returns:
        Whether a round begins with this packet, the tick at which its people were there, and who they are.

    Raises:
        MalformedPacketError: It cannot be read.
    """
    ids, positions = np.zeros(_MOST_IN_PACKET, np.int64), np.zeros((_MOST_IN_PACKET, 3))
    turns = np.zeros(_MOST_IN_PACKET, np.uint8)
    front = int(data[at]) if at < data.size else 0
    count = int(read_pieces(data, at + 1, ids, positions, turns))
    if count == 0 and at < data.size and not front & BEGINS:
        count = _COUNT
    if count < 0:
        raise MalformedPacketError(f"A people packet cannot be read: {_WRONG[count]}.")
    turns, when = turns[:count], tick - (front & (BEGINS - 1))
    rough = Rough(
        person=ids[:count],
        tick=np.full(count, when),
        positions=positions[:count],
        yaws=(turns & (TURNS - 1)) * (2.0 * np.pi / TURNS),
        speaking=(turns & TURNS) != 0,
        waving=(turns & 2 * TURNS) != 0,
    )
    return bool(front & BEGINS), when, rough


class CrowdView:
    """Everybody of whom a client was told in this round and the one before.

    Attributes:
        told: What the newest packet told.
        tick: When that was so.
        began: Whether a round began with it.
    """

    def __init__(self) -> None:
        self.told, self.tick, self.began = NOBODY, 0, False
        self._rounds: tuple[list[Rough], list[Rough]] = ([], [])

    def take(self, told: Rough, tick: int, *, begins: bool) -> None:
        """Take in what a packet told; who was not told of for a whole round, and the next, is forgotten."""
        self.told, self.tick, self.began = told, tick, begins
        if begins:
            self._rounds = (self._rounds[1], [])
        if len(told.person):
            self._rounds[1].append(told)

    @property
    def people(self) -> Rough:
        """The newest that is known of each."""
        told = [rough for one in self._rounds for rough in one]
        if not told:
            return NOBODY
        person = np.concatenate([rough.person for rough in told])
        # Of several, the last: np.unique returns the first that it finds.
        _, last = np.unique(person[::-1], return_index=True)
        newest = len(person) - 1 - last
        columns = ("person", "tick", "positions", "yaws", "speaking", "waving")
        return Rough(*(np.concatenate([getattr(rough, name) for rough in told])[newest] for name in columns))
