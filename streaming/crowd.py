"""The crowd beyond the nearest: everybody in sight, once a second, roughly.

Pure. Twice a second everybody is cut into pieces by squares of the ground (:mod:`streaming.state.crowd`);
each viewer is told of the pieces in sight in rounds of a second, some with each packet, and of a crowd that
does not fit into a second's packets in longer rounds. A piece that is lost comes again with the next round.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from streaming.interest import Slots
from streaming.messages import TICK_HZ, Body
from streaming.state import crowd as kernels
from world.state import World

#: Ticks from one round to the next, and from one look at where everybody is to the next.
ROUND = TICK_HZ
LOOK = TICK_HZ // 2
#: Bytes of a packet that may be spent on the crowd.
ALLOWANCE = 360
_SPEAKING, _WAVING = 64, 128


@dataclass(frozen=True, slots=True, eq=False)
class Drafts:
    """Packets that are being written.

    Attributes:
        views: (v,) int32, slots of the viewers.
        packets: (v, n) uint8.
        sizes: (v,) int32, how many bytes of each are written.
        limits: (v,) int32, bits that each may have.
    """

    views: Slots
    packets: NDArray[np.uint8]
    sizes: NDArray[np.int32]
    limits: NDArray[np.int32]


class Crowd:
    """Where everybody is, roughly, and how far each viewer has been told of them.

    Args:
        world: Everybody.
    """

    def __init__(self, world: World) -> None:
        capacity = world.capacity
        self._world = world
        self._cut = -LOOK
        self._pieces = 0
        self._squares = np.zeros(capacity, np.int64)
        self._ids = np.zeros(capacity, np.int64)
        self._places = np.zeros((capacity, 4), np.uint8)
        self._slots = np.zeros(capacity, np.int32)
        self._keys, self._bases, self._starts = (np.zeros(capacity + 1, np.int64) for _ in range(3))
        self._data = np.zeros((kernels.HEAD + kernels.LONGEST) * capacity, np.uint8)
        self._ends = np.zeros(capacity + 1, np.int64)
        self._nobody = np.zeros(0, np.int32)
        self._cursors = np.full(capacity, -1, np.int64)
        self._due = np.zeros(capacity, np.int64)
        self._scratch = np.zeros(kernels.HEAD + kernels.LONGEST * kernels.PIECE, np.uint8)

    def enter(self, slot: int) -> None:
        """Begin anew with a viewer, within a second; who comes at once begins at different ticks."""
        self._cursors[slot] = -1
        self._due[slot] = self._world.tick + slot % ROUND

    def look(self, flags: NDArray[np.uint8]) -> None:
        """See where everybody is, when it is time.

        Args:
            flags: (count,) `Body` flags by row.
        """
        world, count = self._world, self._world.count
        if world.tick - self._cut < LOOK:
            return
        self._cut = world.tick
        kernels.squares_of(world.position, count, self._squares)
        order = np.lexsort((world.person[:count], self._squares[:count]))
        self._pieces = kernels.cut(
            order, self._squares, world.position, _turns(world.yaw[:count], flags), world.person, world.slot,
            self._ids, self._places, self._slots, self._keys, self._bases, self._starts,
        )  # fmt: skip
        kernels.encode_pieces(
            self._pieces, self._ids, self._places, self._slots, self._keys, self._bases, self._starts,
            self._nobody, self._data, self._ends,
        )  # fmt: skip

    def append(self, drafts: Drafts, positions: FloatArray, hidden: Slots) -> int:
        """Append to each viewer's packet what it is time to tell them of the crowd.

        Args:
            drafts: The packets, changed.
            positions: (v, 3) metres, where each viewer is.
            hidden: (capacity, h) slots that a viewer must not be shown; -1: none.

        Returns:
            How many bytes that was.
        """
        columns, lines = np.floor(positions[:, (0, 2)].T / kernels.SQUARE).astype(np.int64)
        age = self._world.tick - self._cut
        written = kernels.append(
            drafts.views, self._world.tick, age, drafts.limits, columns, lines, self._pieces, self._ids,
            self._places, self._slots, self._keys, self._bases, self._starts, self._data, self._ends, hidden,
            self._cursors, self._due, ROUND, ALLOWANCE, drafts.packets, drafts.sizes, self._scratch,
        )  # fmt: skip
        return int(written)


def _turns(yaws: FloatArray, flags: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (n,) headings with the flags that the crowd has."""
    steps = np.rint(np.remainder(yaws, 2.0 * np.pi) * (kernels.TURNS / (2.0 * np.pi))).astype(np.int64)
    speaking = np.where(flags & int(Body.SPEAKING), _SPEAKING, 0)
    waving = np.where(flags & int(Body.WAVING), _WAVING, 0)
    return ((steps % kernels.TURNS) | speaking | waving).astype(np.uint8)
