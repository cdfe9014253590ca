"""One step of the world: the commands that arrived are applied in order, then everyone moves."""

from collections.abc import Iterable, Sequence

import numpy as np

from spatial.quaternion import FloatArray
from world.commands import Command, Enter, Leave, Moves, Say, SetMicrophone, Teleport, Wave
from world.entity import PersonId
from world.events import (
    CommandRefused,
    Event,
    MicrophoneSet,
    PersonEntered,
    PersonLeft,
    PersonSaid,
    PersonWaved,
    Refused,
)
from world.limits import (
    ARRANGE_TICKS,
    HEARING,
    LANDMARK_PAUSE,
    SAY_BURST,
    SAY_RATE,
    SETTLE_SECONDS,
    STRIDE,
    TELEPORT_PAUSE,
    TELEPORT_REACH,
    TELL_PAUSE,
    WAVE_SECONDS,
)
from world.movement import Ground, advance, correction, place_at, refill
from world.state import World
from world.zones import OPEN_CITY, Rules

#: A pause of the ticker gives nobody more than this many seconds of budget.
_LONGEST_STEP = 1.0


def step(  # noqa: PLR0913, PLR0917 -- the state, what came, when, and the two things asked about it
    world: World,
    commands: Sequence[Command],
    moves: Moves,
    now: float,
    ground: Ground,
    rules: Rules = OPEN_CITY,
) -> list[Event]:
    """Take the world to ``now``.

    Commands of people who are not in the city (they left while the command was under way) change nothing.
    Moves come after all the commands of the step, so a sample from before a teleport is measured from the new
    place, and dropped; so is one that is not newer than the last one accepted. ``Enter`` for somebody who is
    in already lets them number their samples anew and change their appearance; they stay where they are.

    Args:
        world: The state, changed in place.
        commands: What arrived since the last step, in order.
        moves: The newest sample of each person who sent one since then.
        now: World seconds, not before those of the last step.
        ground: The land.
        rules: Who may do what where.

    Returns:
        What happened, in order.
    """
    elapsed = min(max(now - world.seconds, 0.0), _LONGEST_STEP)
    world.seconds = max(now, world.seconds)
    world.tick += 1
    refill(world, elapsed)
    spoken = world.say_budget[: world.count]
    np.minimum(spoken + SAY_RATE * elapsed, SAY_BURST, out=spoken)
    turn = _Turn(world, ground, rules)
    turn.take(commands)
    turn.events += advance(world, moves, ground, world.seconds, rules)
    if world.tick % ARRANGE_TICKS == 0:
        world.arrange()
    return turn.events


class _Turn:
    """The commands of one step, and the events they lead to."""

    def __init__(self, world: World, ground: Ground, rules: Rules) -> None:
        self.world = world
        self.ground = ground
        self.rules = rules
        self.now = world.seconds
        self.events: list[Event] = []

    def take(self, commands: Iterable[Command]) -> None:
        """Apply commands in order; a microphone that flickers within the step counts once."""
        microphones: dict[PersonId, bool] = {}
        for command in commands:
            match command:
                case Enter():
                    self._enter(command)
                case SetMicrophone(person, live):
                    microphones[person] = live
                case _ if command.person not in self.world:
                    continue
                case _:
                    self._act(command)
        for person, live in microphones.items():
            self._microphone(person, live=live)

    def _act(self, command: Leave | Teleport | Wave | Say) -> None:
        match command:
            case Leave(person):
                self.world.remove(person)
                self.events.append(PersonLeft(person))
            case Teleport():
                self._teleport(command)
            case Wave(person):
                self._wave(person)
            case Say():
                self._say(command)

    def _enter(self, enter: Enter) -> None:
        world, person = self.world, enter.person
        if person in world:
            world.acknowledged[world.row(person)] = -1
            if world.appearance[person] != enter.appearance:
                world.appearance[person] = enter.appearance
                self.events.append(PersonEntered(person, enter.appearance))
            return
        x, _, z = enter.position
        point = place_at(self.ground, x, z)
        if point is None or not np.isfinite(enter.yaw):
            self.events.append(CommandRefused(person, "out_of_bounds"))
            return
        if not self.rules.may(person, "enter", point):
            self.events.append(CommandRefused(person, "not_allowed"))
            return
        if world.count == world.capacity:
            self.events.append(CommandRefused(person, "full"))
            return
        row = world.add(person, enter.appearance)
        world.position[row] = point
        world.yaw[row] = np.remainder(enter.yaw, 2.0 * np.pi)
        world.budget[row] = STRIDE
        world.say_budget[row] = SAY_BURST
        self.events.append(PersonEntered(person, enter.appearance))

    def _teleport(self, teleport: Teleport) -> None:
        world, row = self.world, self.world.row(teleport.person)
        if self.now < world.teleport_after[row]:
            return self._refuse(row, "too_often")
        x, _, z = teleport.position
        point = place_at(self.ground, x, z)
        if point is None:
            return self._refuse(row, "out_of_bounds")
        here = world.position[row]
        if not self.rules.may(teleport.person, "teleport", here) or not self.rules.may_go(
            teleport.person, here, point
        ):
            return self._refuse(row, "not_allowed")
        if not teleport.free and _flat_distance(point, world.position[row]) > TELEPORT_REACH:
            return self._refuse(row, "too_far")
        world.position[row] = point
        if teleport.yaw is not None and np.isfinite(teleport.yaw):
            world.yaw[row] = np.remainder(teleport.yaw, 2.0 * np.pi)
        # No right to walk is carried along: late samples of the old place must not pull anyone back.
        world.budget[row] = 0.0
        world.correct_after[row] = self.now + SETTLE_SECONDS
        world.teleport_after[row] = self.now + (LANDMARK_PAUSE if teleport.free else TELEPORT_PAUSE)
        self.events.append(correction(world, row, "teleport"))
        return None

    def _wave(self, person: PersonId) -> None:
        row = self.world.row(person)
        if not self.rules.may(person, "wave", self.world.position[row]):
            return self._refuse(row, "not_allowed")
        if self.now < self.world.waving_until[row]:
            return self._refuse(row, "too_often")
        self.world.waving_until[row] = self.now + WAVE_SECONDS
        self.events.append(PersonWaved(person))
        return None

    def _say(self, say: Say) -> None:
        world, row = self.world, self.world.row(say.person)
        if not self.rules.may(say.person, "chat", world.position[row]):
            return self._refuse(row, "not_allowed")
        if world.say_budget[row] < 1.0:
            return self._refuse(row, "too_often")
        world.say_budget[row] -= 1.0
        near = _flat_distance(world.position[: world.count], world.position[row]) <= HEARING
        hearers = tuple(PersonId(person) for person in world.person[: world.count][near].tolist())
        self.events.append(PersonSaid(say.person, say.text, hearers))
        return None

    def _microphone(self, person: PersonId, *, live: bool) -> None:
        if person not in self.world:
            return
        row = self.world.row(person)
        if live and not self.rules.may(person, "speak", self.world.position[row]):
            self._refuse(row, "not_allowed")
            return
        if bool(self.world.microphone[row]) != live:
            self.world.microphone[row] = live
            self.events.append(MicrophoneSet(person, live))

    def _refuse(self, row: int, code: Refused) -> None:
        """Refuse, and say so unless this person was told something a moment ago."""
        if self.world.refuse_after[row] <= self.now:
            self.world.refuse_after[row] = self.now + TELL_PAUSE
            self.events.append(CommandRefused(PersonId(int(self.world.person[row])), code))


def _flat_distance(points: FloatArray, centre: FloatArray) -> FloatArray:
    """Return horizontal distances of points (..., 3) from (3,), metres."""
    difference = points - centre
    return np.hypot(difference[..., 0], difference[..., 2])
