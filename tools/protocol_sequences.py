"""A small synthetic world, packed tick by tick: what its viewer received, and what they then held."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spatial.quaternion import FloatArray
from streaming.codec import decode_people, packet_size
from streaming.errors import MalformedPacketError
from streaming.messages import PEOPLE, Body
from streaming.replication import Replication
from streaming.state.layout import HISTORY, Entity
from streaming.state.quantise import parts_of, positions_of, yaws_of
from streaming.state.view import View
from world.entity import Appearance, PersonId
from world.state import World

VIEWER = PersonId(7)
#: Ticks until what a viewer received is known to the server.
_WAY_BACK = 3
_HEAD_BITS = packet_size(PEOPLE) * 8
_PLAZA = np.array([8000.0, 40.0, -9000.0])


@dataclass(frozen=True, slots=True)
class Script:
    """What happens, in ticks from the first.

    Attributes:
        people: How many stand there at the beginning, the viewer among them.
        ticks: How many.
        with_hands: Share of them who have both hands.
        lost: Packets that do not arrive.
        late: Packets that arrive after the next one.
        leaves, enters, teleports: When somebody does; -1: never.
        drops_a_hand: When somebody's left hand is lost from sight, for three ticks; -1: never.
        waves: When somebody waves; -1: never.
    """

    people: int
    ticks: int
    with_hands: float = 0.5
    lost: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    leaves: int = -1
    enters: int = -1
    teleports: int = -1
    drops_a_hand: int = -1
    waves: int = -1


WALK = Script(12, 24, 0.5, (9,), (13,), leaves=10, enters=12, teleports=15, drops_a_hand=17, waves=4)
#: More than fit into one packet, and more than half of all places.
CROWD = Script(70, 24, 0.1, (5,))


@dataclass(slots=True)
class Walkers:
    """Synthetic people who walk in circles and swing their hands.

    Attributes:
        world: Where they are.
        script: What happens.
        chance: Draws who they are; equal seeds draw equal people.
    """

    world: World
    script: Script
    chance: np.random.Generator
    _next: int = 100
    _pace: dict[int, FloatArray] = field(default_factory=dict)

    def enter(self, person: int) -> None:
        """Let somebody in, within eight metres of the middle (a crowd: 25)."""
        row = self.world.add(PersonId(person), Appearance("synthetic", 0, "simulated"))
        far = 8.0 if self.script.people < 20 else 25.0
        self.world.position[row] = _PLAZA + self.chance.uniform(-far, far, 3) * (1.0, 0.02, 1.0)
        self.world.hands[row] = self.chance.random() < self.script.with_hands
        # Speed in metres a second, turning in radians a second, where in their swing they begin.
        self._pace[person] = self.chance.uniform((0.0, -1.5, 0.0), (1.5, 1.5, 6.0))

    def enter_all(self) -> None:
        """Let the viewer and the first people in; one has the largest id there is."""
        self.enter(VIEWER)
        self.enter(0xFFFFFFFF)
        for person in range(101, 99 + self.script.people):
            self.enter(person)

    def step(self, index: int) -> None:
        """Go on by a tick."""
        world, script = self.world, self.script
        world.tick, world.seconds = world.tick + 1, world.seconds + 0.05
        if index == script.leaves:
            world.remove(PersonId(102))
        if index == script.enters:
            self.enter(500)
        for row in range(world.count):
            self._walk(row)
        if index == script.teleports:
            # Further than any difference reaches: their place goes in full.
            world.position[world.row(PersonId(103)), 0] += 24.0
        if index in (script.drops_a_hand, script.drops_a_hand + 3) and script.drops_a_hand >= 0:
            row = int(np.flatnonzero(world.hands[: world.count, 1])[0])
            world.hands[row, 0] = index != script.drops_a_hand
        if index == script.waves:
            world.waving_until[world.row(PersonId(104))] = world.seconds + 0.2
        world.speaking[: world.count] = world.person[: world.count] % 5 == index // 4 % 5

    def _walk(self, row: int) -> None:
        world = self.world
        speed, turning, begin = self._pace[int(world.person[row])]
        yaw = world.yaw[row] = (world.yaw[row] + turning * 0.05 + np.pi) % (2 * np.pi) - np.pi
        world.position[row] += speed * 0.05 * np.array([-np.sin(yaw), 0.0, -np.cos(yaw)])
        swing = np.sin(begin + 4.0 * world.seconds + np.arange(3.0))
        world.parts[row] = ((0.0, 1.6 + 0.02 * swing[0], 0.0), (-0.25, 1.0, -0.3), (0.25, 1.0, -0.3))
        world.parts[row, 1:, 1:] += 0.1 * swing[1:, None]
        half = 0.3 * swing
        world.orientations[row] = np.stack(
            [np.sin(half), np.zeros(3), 0.1 * swing, np.sqrt(1 - np.sin(half) ** 2 - (0.1 * swing) ** 2)],
            axis=1,
        )


def sent(script: Script, seed: int) -> Iterator[tuple[bytes, View]]:
    """Yield what arrives, in the order of its arrival, and the view before it is taken in.

    The view is of the side that yields: it takes each packet in when the next one is asked for.
    """
    walkers = Walkers(World(128), script, np.random.default_rng(seed))
    world = walkers.world
    world.tick, world.seconds = 77, 10.0
    walkers.enter_all()
    replication, view = Replication(world), View()
    slot = world.slot_of(VIEWER)
    replication.enter(slot)
    said: list[tuple[int, int]] = [(0, 0)] * _WAY_BACK
    held_up: list[bytes] = []
    for index in range(script.ticks):
        walkers.step(index)
        replication.heard(slot, *said[-_WAY_BACK])
        packet = replication.step(np.array([slot], np.int32)).of(slot)
        if index in script.late:
            held_up.append(packet)
        elif index not in script.lost:
            arrived, held_up = [packet, *held_up], []
            for one in arrived:
                yield one, view
                decode_people(one, view)
        said.append((view.seen, view.seen_before))


def people_of(view: View) -> list[list[Any]]:
    """Return whoever has news: id, flags, ground point, yaw, place and turn of each part that is there."""
    places, states = view.there(Entity.PERSON)
    news = view.newest[places] == view.seen
    places, states = places[news], states[news]
    positions, yaws, (parts, turns) = positions_of(states), yaws_of(states), parts_of(states)
    people = []
    for index, place in enumerate(places.tolist()):
        flags = int(states[index, 0])
        row = [
            int(view.ids[place]),
            flags,
            *np.round(positions[index], 3).tolist(),
            round(float(yaws[index]), 6),
        ]
        for part, flag in enumerate((0, Body.LEFT_HAND, Body.RIGHT_HAND)):
            if not flag or flags & flag:
                row += [*np.round(parts[index, part], 3).tolist(), *np.round(turns[index, part], 6).tolist()]
        people.append(row)
    return people


def digest(view: View) -> int:
    """Return a 32-bit FNV-1a hash of ids by place, then of the numbers of those there, then what was seen."""
    ring = view._ring  # noqa: SLF001 - what a client keeps is what is compared
    words = view.ids.tolist()
    for place in np.flatnonzero(view.ids >= 0):
        words += ring[place, view.newest[place] % HISTORY].tolist()
    words += [view.seen, view.seen_before]
    value = 0x811C9DC5
    for word in words:
        value = (value ^ (word & 0xFFFFFFFF)) * 0x01000193 & 0xFFFFFFFF
    return value


def crowd_of(view: View) -> list[Any]:
    """Return whether a round began with the newest packet, when its crowd was so, and who is in it."""
    told = view.crowd.told
    rows = [
        [int(person), *place.tolist(), float(yaw), int(speaking), int(waving)]
        for person, place, yaw, speaking, waving in zip(
            told.person, told.positions, told.yaws, told.speaking, told.waving, strict=True
        )
    ]
    return [view.crowd.began, int(view.crowd.tick), rows]


def sequence(script: Script, seed: int, *, with_people: bool) -> list[dict[str, Any]]:
    """Return each packet with what its receiver holds after it."""
    steps: list[dict[str, Any]] = []
    for packet, view in sent(script, seed):
        after = deepcopy(view)
        told = decode_people(packet, after)
        step: dict[str, Any] = {"hex": packet.hex(), "late": told is None, "digest": digest(after)}
        step |= {"seen": [after.seen, after.seen_before], "crowd": None if told is None else crowd_of(after)}
        if with_people:
            step["there"] = sorted(after.ids[after.ids >= 0].tolist())
            step["people"] = [] if told is None else people_of(after)
        steps.append(step)
    return steps


def bent(script: Script, seed: int, every: int) -> list[list[int]]:
    """Return packets with a wrong bit, or cut short, and what becomes of them.

    Returns:
        For each: which packet, how many bytes it is cut to, which of its bits is turned over (-1: none), and
        the hash of what the receiver then holds; -1 when it is refused, -2 when it counts as late.
    """
    chance = np.random.default_rng(seed)
    rows = []
    for index, (packet, view) in enumerate(sent(script, seed)):
        for number in range(every):
            size = len(packet) if number else int(chance.integers(len(packet)))
            wrong = int(chance.integers(_HEAD_BITS if number > 1 else 0, len(packet) * 8)) if number else -1
            data = bytearray(packet[:size])
            if wrong >= 0:
                data[wrong >> 3] ^= 1 << (wrong & 7)
            after = deepcopy(view)
            try:
                outcome = -2 if decode_people(bytes(data), after) is None else digest(after)
            except MalformedPacketError:
                outcome = -1
            rows.append([index, size, wrong, outcome])
    return rows
