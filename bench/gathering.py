"""The crowd in the world: people who move, and viewers who are told of them and say what they have.

Everybody of :mod:`bench.crowd` stands on the real ground of a corner of Gwangju and tracks both hands. No
packet is lost, so all acknowledgements are known. Some viewers decode what they are sent with the project's
own decoder; what they see and what they acknowledge is compared with what it must be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bench.crowd import Bodies, Crowd
from meta_gwangju.city import load_ground
from streaming.codec import decode_people
from streaming.interest import Slots
from streaming.replication import Packets, Replication
from streaming.state.layout import PERSON, STEP, YAW_STEP
from streaming.state.quantise import parts_of, positions_of, worst_turn, yaws_of
from streaming.state.view import View
from tests.support.small_city import CORNER, small_city
from world.commands import Enter, Moves
from world.entity import Appearance, PersonId
from world.movement import Ground
from world.state import World
from world.step import step

TICK = 0.05
#: So many packets before the newest can be acknowledged.
_WINDOW = 32
_TURN = worst_turn(PERSON[3].bits)
#: Of arithmetic on positions kilometres from the origin.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Plaza:
    """A crowd, and how far east and south of the middle it is, metres."""

    crowd: Crowd
    east: float = 0.0
    south: float = 0.0


@cache
def _ground() -> Ground:
    return load_ground(small_city() / "gwangju")


class Gathering:
    """People of one or more plazas, on a server without sockets.

    Args:
        plazas: Where they are.
        viewers: So many of each plaza are sent packets; None: all.
        looked_at: So many of the viewers decode what they are sent.
        late: (v,) or a single number of ticks after which an acknowledgement is back, 1 at least.

    Attributes:
        viewers: (v,) int32, slots.
        world: Everybody.
        decoded: How many records the viewers that are looked at have decoded.
    """

    def __init__(
        self,
        plazas: Sequence[Plaza],
        viewers: int | None = None,
        looked_at: int = 0,
        late: int | NDArray[np.int64] = 1,
    ) -> None:
        self._plazas = plazas
        self._bodies = self._gathered()
        count = len(self._bodies.yaw)
        self.world = World(count)
        self.decoded = 0
        self._people = np.arange(1, count + 1)
        self._hands = np.ones((count, 2), bool)
        step(self.world, self._entering(), Moves.none(), 0.0, _ground())
        people = np.concatenate([ids[:viewers] for ids in self._ids_by_plaza()])
        self.viewers: Slots = self.world.slot[self.world.rows(people)]
        self._replication = Replication(self.world)
        for slot in self.viewers.tolist():
            self._replication.enter(slot)
        self._first = self.world.tick + 1
        self._late = np.broadcast_to(np.asarray(late), self.viewers.shape)
        chosen = np.linspace(0, len(people) - 1, looked_at).astype(int)
        self._views = {int(index): View() for index in chosen}

    def move(self) -> Moves:
        """Let a tick pass in the plazas, and return what people's devices send of it."""
        for plaza in self._plazas:
            plaza.crowd.step(TICK)
        self._bodies = now = self._gathered()
        sequence = np.full(len(self._people), (self.world.tick + 1) & 0xFFFF, np.int32)
        return Moves(self._people, sequence, now.position, now.yaw, now.parts, now.orientations, self._hands)

    def step(self, moves: Moves) -> Packets:
        """Take the world a tick further, and return everybody's packets. This is what a server does.

        Raises:
            RuntimeError: Somebody was not let go where they went.
        """
        if step(self.world, (), moves, self.world.tick * TICK, _ground()):
            raise RuntimeError("somebody of the crowd walked where nobody may")
        return self._replication.step(self.viewers)

    def acknowledge(self) -> None:
        """Let the server hear what is back by now of what viewers have."""
        heard = self._replication.heard
        seen = self.world.tick - self._late + 1
        for slot, tick in zip(self.viewers.tolist(), seen.tolist(), strict=True):
            if tick >= self._first:
                heard(slot, tick, _before(tick - self._first))

    def look(self, packets: Packets) -> None:
        """Decode what some viewers were sent, and compare it with the world.

        Raises:
            RuntimeError: Something is not as it was, or a viewer has something else than they acknowledge.
        """
        for index, view in self._views.items():
            slot = int(self.viewers[index])
            people = decode_people(packets.of(slot), view)
            if people is None or (view.seen, view.seen_before) != (
                self.world.tick,
                _before(self.world.tick - self._first),
            ):
                raise RuntimeError("a viewer acknowledges something else than this bench does for them")
            news = people.ticks == self.world.tick
            self.decoded += int(news.sum())
            self._compare(self.world.rows(people.person[news]), people.states[news])

    def untold(self) -> int:
        """Return how many people the viewers that are looked at should see and were not told of."""
        shown = sum(int((view.ids >= 0).sum()) for view in self._views.values())
        return sum(self._replication.near_count(int(self.viewers[index])) for index in self._views) - shown

    def _compare(self, rows: Slots, states: NDArray[np.int32]) -> None:
        """Compare states (n, NUMBERS) with the rows (n,) of the world that they are said to be of."""
        world, (parts, orientations) = self.world, parts_of(states)
        steps = [positions_of(states) - world.position[rows], parts - world.parts[rows]]
        away = max(float(np.abs(step).max(initial=0.0)) for step in steps)
        yaws = np.remainder(yaws_of(states) - world.yaw[rows] + np.pi, 2.0 * np.pi) - np.pi
        along = np.abs((orientations * world.orientations[rows]).sum(axis=-1))
        yaw, turn = np.abs(yaws).max(initial=0.0), 2.0 * np.arccos(np.minimum(along, 1.0)).max(initial=0.0)
        if away > STEP / 2 + _ROUNDING or yaw > YAW_STEP / 2 + _ROUNDING or turn > _TURN + _ROUNDING:
            off = f"{away * 1000:.1f} mm, {np.degrees(yaw):.2f}° and {np.degrees(turn):.2f}°"
            raise RuntimeError(f"somebody is shown {off} off")

    def _gathered(self) -> Bodies:
        each = [plaza.crowd.bodies() for plaza in self._plazas]
        for plaza, bodies in zip(self._plazas, each, strict=True):
            bodies.position[:, 0] += CORNER.x + plaza.east
            bodies.position[:, 2] += CORNER.z + plaza.south
        columns = ("position", "yaw", "parts", "orientations")
        return Bodies(*(np.concatenate([getattr(bodies, name) for bodies in each]) for name in columns))

    def _ids_by_plaza(self) -> list[NDArray[np.int64]]:
        sizes = [len(plaza.crowd.bodies().yaw) for plaza in self._plazas]
        return np.split(self._people, np.cumsum(sizes)[:-1])

    def _entering(self) -> list[Enter]:
        positions, yaws = self._bodies.position.tolist(), self._bodies.yaw.tolist()
        return [
            Enter(PersonId(person), Appearance("시민", 0, "headset"), (x, y, z), yaw)
            for person, (x, y, z), yaw in zip(self._people.tolist(), positions, yaws, strict=True)
        ]


def _before(packets: int) -> int:
    """Return the mask that acknowledges so many packets before the newest."""
    return (1 << min(packets, _WINDOW)) - 1
