"""What each client is told of the world: one PEOPLE packet a tick.

Everybody's state is made whole numbers once a tick. A viewer has up to 64 *places*; whoever is among the
nearest keeps theirs for as long as they are. Of those at a place news is due every tick, every other or every
fourth, by how near they are. A record is coded against the newest state of the same person that the viewer
said they have (see :mod:`streaming.state`), and everybody who has the same one shares the record.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from streaming.codec import write_people_headers
from streaming.crowd import Crowd, Drafts
from streaming.interest import TIERS, Slots, cells_of
from streaming.messages import MAX_NEAR, MAX_STATE_BYTES, Body
from streaming.state.layout import AGES, HISTORY, NUMBERS, Entity
from streaming.state.pack import pack
from streaming.state.places import ACK_WINDOW, PHASES, refresh
from streaming.state.quantise import quantise_people
from streaming.state.record import WORDS
from world.state import World

#: Ticks between two looks at who is near.
REFRESH = 5
#: So many people's relevance to a viewer can be raised, and so many people hidden from one.
MOST_FOCUS = 16
MOST_HIDDEN = 64
#: No viewer is allowed less a packet, bytes: its head, masks, and some records in full.
LEAST = 200
#: Records are written three words at a time.
_PACKET_WORDS = -(-MAX_STATE_BYTES // 8) + 4


class Packets:
    """A tick's packets.

    Args:
        drafts: The packets.
        records: How many records they hold together.
        crowd_bytes: How many of their bytes are the crowd's.

    Attributes:
        records, crowd_bytes: As given.
    """

    def __init__(self, drafts: Drafts, records: int, crowd_bytes: int) -> None:
        self._index = {slot: index for index, slot in enumerate(drafts.views.tolist())}
        self._bytes = drafts.packets
        self._sizes = drafts.sizes.tolist()
        self.records = records
        self.crowd_bytes = crowd_bytes

    @property
    def total_bytes(self) -> int:
        """How long they are together."""
        return sum(self._sizes)

    def of(self, slot: int) -> bytes:
        """Return the packet of the viewer in a slot.

        Raises:
            KeyError: There is none for them.
        """
        index = self._index[slot]
        return self._bytes[index, : self._sizes[index]].tobytes()


class Replication:
    """Who has which places and bases, between the ticks.

    Args:
        world: Everybody; looked at in each step.
    """

    def __init__(self, world: World) -> None:
        capacity = world.capacity
        self._world = world
        self._kinds = np.full(capacity, Entity.PERSON, np.uint8)
        self._history = np.zeros((HISTORY, capacity, NUMBERS), np.int32)
        self._records = np.zeros((len(AGES) + 1, capacity, WORDS), np.uint64)
        self._spots = np.zeros((HISTORY, capacity), np.int32)
        self._near = np.full((capacity, MAX_NEAR), -1, np.int32)
        self._near_id = np.full((capacity, MAX_NEAR), -1, np.int64)
        self._tier_masks = np.zeros((capacity, len(TIERS)), np.uint64)
        self._phase_masks = np.zeros((capacity, PHASES), np.uint64)
        self._ids = np.full(capacity, -1, np.int64)
        self._known = np.zeros((capacity, ACK_WINDOW, 2), np.uint64)
        self._seen = np.zeros(capacity, np.int64)
        self._seen_before = np.zeros(capacity, np.uint64)
        self._waiting = np.zeros(capacity, np.uint64)
        self._overdue = np.zeros(capacity, np.uint64)
        self._there = np.zeros(capacity, np.uint64)
        self._told = np.zeros(capacity, np.uint64)
        self._told_since = np.zeros(capacity, np.int64)
        self._limit = np.full(capacity, MAX_STATE_BYTES * 8, np.int32)
        self._hints = np.zeros(capacity, np.uint8)
        self._fresh = np.zeros(capacity, bool)
        self._focus = np.full((capacity, MOST_FOCUS), -1, np.int32)
        self._hidden = np.full((capacity, MOST_HIDDEN), -1, np.int32)
        self._squares = np.zeros(capacity + 1)
        self._found = np.zeros(capacity + 1, np.int32)
        self._marks = np.full(capacity, -1, np.int32)
        self._row = np.zeros(capacity, np.int32)
        self._packets = np.zeros((0, _PACKET_WORDS), np.uint64)
        self._crowd = Crowd(world)

    def enter(self, slot: int) -> None:
        """Begin anew with a viewer who has nothing yet: a newcomer, or a new connection."""
        self._near[slot], self._near_id[slot], self._tier_masks[slot] = -1, -1, 0
        self._known[slot] = 0
        self._seen[slot] = self._seen_before[slot] = 0
        self._waiting[slot] = self._overdue[slot] = self._there[slot] = self._told[slot] = 0
        # Until they have a packet of this connection, they are told which places are taken.
        self._told_since[slot] = self._world.tick + 1
        self._limit[slot] = MAX_STATE_BYTES * 8
        self._focus[slot] = self._hidden[slot] = -1
        self._fresh[slot] = True
        self._crowd.enter(slot)

    def heard(self, slot: int, seen: int, seen_before: int) -> None:
        """Note which packets a viewer has; what cannot be is left aside.

        Args:
            slot: Of the viewer.
            seen: Tick of the newest.
            seen_before: Bit k: that of tick `seen - 1 - k`, for 32 ticks.
        """
        if self._seen[slot] <= seen <= self._world.tick:
            self._seen[slot], self._seen_before[slot] = seen, seen_before & 0xFFFFFFFF

    def allow(self, slot: int, size: int) -> None:
        """Have a viewer's packets be at most so many bytes, :data:`LEAST` to `MAX_STATE_BYTES`.

        Who does not fit comes with the next: the far ones are told of less often.
        """
        self._limit[slot] = 8 * min(max(size, LEAST), MAX_STATE_BYTES)

    def focus(self, slot: int, others: Sequence[int]) -> None:
        """Have a viewer told of some others at the full rate wherever they are; of more than fit, the first.

        For whom a viewer talks to, who performs, who is in one's group. It holds until it is set anew.
        """
        chosen = list(others)[:MOST_FOCUS]
        self._focus[slot] = -1
        self._focus[slot, : len(chosen)] = chosen
        self._fresh[slot] = True

    def hide(self, slot: int, others: Sequence[int]) -> None:
        """Have a viewer told nothing of some others.

        Raises:
            ValueError: More than :data:`MOST_HIDDEN`.
        """
        if len(others) > MOST_HIDDEN:
            raise ValueError(f"At most {MOST_HIDDEN} people can be hidden from one, not {len(others)}.")
        self._hidden[slot] = -1
        self._hidden[slot, : len(others)] = others
        self._fresh[slot] = True

    def near_count(self, slot: int) -> int:
        """Return how many people a viewer is shown."""
        return int(np.count_nonzero(self._near[slot] >= 0))

    def step(self, viewers: Slots) -> Packets:
        """Return a packet for each viewer, of the world as it is now.

        Args:
            viewers: (v,) int32 slots of people in the world.
        """
        world, count = self._world, self._world.count
        slots = world.slot[:count]
        self._row[slots] = np.arange(count, dtype=np.int32)
        cells = cells_of(world.position[:count])
        by_cell = np.argsort(cells, kind="stable")
        order = slots[by_cell]
        spots = self._spots[world.tick % HISTORY]
        spots[order] = np.arange(count, dtype=np.int32)
        flags = self._flags()
        self._quantise(flags, spots[slots])
        self._crowd.look(flags)
        views = viewers[np.argsort(spots[viewers])]
        self._look(views, spots[views], order, world.position[:count][by_cell], cells[by_cell])
        return self._pack(views)

    def _flags(self) -> NDArray[np.uint8]:
        """Return (count,) `Body` flags by row."""
        world, count = self._world, self._world.count
        flags = (
            world.hands[:count, 0] * int(Body.LEFT_HAND)
            + world.hands[:count, 1] * int(Body.RIGHT_HAND)
            + world.speaking[:count] * int(Body.SPEAKING)
            + (world.waving_until[:count] > world.seconds) * int(Body.WAVING)
        ).astype(np.uint8)
        return np.asarray(flags)

    def _quantise(self, flags: NDArray[np.uint8], spots: Slots) -> None:
        world = self._world
        quantise_people(
            flags, world.position, world.yaw, world.parts, world.orientations, spots, world.tick % HISTORY,
            self._history,
        )  # fmt: skip

    def _look(
        self,
        views: Slots,
        spots: Slots,
        order: Slots,
        positions: NDArray[np.float64],
        cells: NDArray[np.int64],
    ) -> None:
        """See who is near those viewers whose turn it is."""
        is_due = ((self._world.tick + views) % REFRESH == 0) | self._fresh[views]
        due = views[is_due]
        self._fresh[due] = False
        refresh(
            due, spots[is_due], order, positions, cells, self._world.id_in_slot, self._near, self._near_id,
            self._tier_masks, self._phase_masks, self._known, self._there, self._hints, self._focus,
            self._hidden, self._squares, self._found, self._marks,
        )  # fmt: skip

    def _pack(self, views: Slots) -> Packets:
        world = self._world
        if len(self._packets) < len(views):
            self._packets = np.zeros((len(views), _PACKET_WORDS), np.uint64)
        packets = self._packets[: len(views)]
        rows = self._row[views]
        header_bits = write_people_headers(
            packets.view(np.uint8),
            world.tick,
            world.acknowledged[rows],
            world.position[rows],
            world.yaw[rows],
        )
        ends, limits = np.zeros(len(views), np.int32), self._limit[views]
        some_left = bool(((self._ids >= 0) & (self._ids != world.id_in_slot)).any())
        self._ids[:] = world.id_in_slot
        records = pack(
            views, world.tick, header_bits, limits, some_left, world.id_in_slot, self._kinds,
            self._spots, self._history, self._records, self._records.view(np.uint32), self._near,
            self._near_id, self._tier_masks, self._phase_masks, self._known, self._seen, self._seen_before,
            self._waiting, self._overdue, self._there, self._told, self._told_since, packets, ends,
        )  # fmt: skip
        drafts = Drafts(views, packets.view(np.uint8), (ends + 7) // 8, limits)
        crowd_bytes = self._crowd.append(drafts, world.position[rows], self._hidden)
        return Packets(drafts, int(records), crowd_bytes)
