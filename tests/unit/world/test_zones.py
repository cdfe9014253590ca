from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.unit.world.moving import Move, take_step
from tests.unit.world.test_step import ANNA, BORAM, TICK, enter, pose
from world.commands import Say, SetMicrophone, Teleport, Wave
from world.entity import PersonId
from world.events import (
    CommandRefused,
    Event,
    MicrophoneSet,
    PersonEntered,
    PersonMoved,
    PersonSaid,
    PersonWaved,
)
from world.movement import Ground
from world.state import World
from world.zones import CITY, Rules, Zone, Zones

STAFF = Zone("city/hall/a1", "enter_staff", centre=(10.0, 0.0), half=(1.0, 2.0), yaw=np.pi / 2)


@dataclass
class Rights:
    """Everybody may do everything, but for what is denied."""

    denied: set[tuple[PersonId, str, str]] = field(default_factory=set)

    def may(self, person: PersonId, action: str, place: str) -> bool:
        return (person, action, place) not in self.denied


def rules(*denied: tuple[PersonId, str, str]) -> Rules:
    return Rules(Rights(set(denied)), Zones([STAFF]))


def stand(world: World, ground: Ground, x: float) -> None:
    take_step(world, [enter(ANNA, x)], 0.0, ground)


def test_a_zone_turns_with_its_heading() -> None:
    zones = Zones([STAFF])
    # Heading π/2 looks to −x: the depth of 2 m runs along x, the width of 1 m along z.
    points = np.array([[8.1, 0.0], [11.9, 0.9], [10.0, 1.1], [7.9, 0.0], [10.0, -0.9]])
    assert zones.at(points).tolist() == [0, 0, -1, -1, 0]


def test_of_zones_that_overlap_the_later_one_counts() -> None:
    zones = Zones([Zone("a", "enter", (0.0, 0.0), (9.0, 9.0)), Zone("b", "enter", (0.0, 0.0), (1.0, 1.0))])
    assert zones.at(np.array([[0.5, 0.5], [5.0, 5.0], [50.0, 0.0]])).tolist() == [1, 0, -1]


@pytest.mark.parametrize("allowed", [True, False])
def test_walking_into_a_zone_takes_its_right(world: World, ground: Ground, *, allowed: bool) -> None:
    denied = () if allowed else ((ANNA, "enter_staff", "city/hall/a1"),)
    stand(world, ground, 7.5)
    events = take_step(world, [Move(ANNA, 1, pose(8.5))], 1.0, ground, rules(*denied))
    assert world.position[world.row(ANNA), 0] == (8.5 if allowed else 7.5)
    assert [event.reason for event in events if isinstance(event, PersonMoved)] == (
        [] if allowed else ["not_allowed"]
    )


def test_one_who_may_not_does_not_keep_others_out(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA, 7.5), enter(BORAM, 7.5)], 0.0, ground)
    moves = [Move(ANNA, 1, pose(8.5)), Move(BORAM, 1, pose(8.5))]
    take_step(world, moves, 1.0, ground, rules((ANNA, "enter_staff", "city/hall/a1")))
    assert world.position[world.row(ANNA), 0] == 7.5
    assert world.position[world.row(BORAM), 0] == 8.5


def test_whoever_is_in_may_walk_on_and_out(world: World, ground: Ground) -> None:
    stand(world, ground, 9.0)
    closed = rules((ANNA, "enter_staff", "city/hall/a1"))
    take_step(world, [Move(ANNA, 1, pose(8.2))], 1.0, ground, closed)
    take_step(world, [Move(ANNA, 2, pose(7.0))], 2.0, ground, closed)
    assert world.position[world.row(ANNA), 0] == 7.0


def test_teleporting_into_a_zone_takes_its_right(world: World, ground: Ground) -> None:
    stand(world, ground, 0.0)
    asked = Teleport(ANNA, (10.0, 0.0, 0.0), None, free=True)
    events = take_step(world, [asked], 1.0, ground, rules((ANNA, "enter_staff", "city/hall/a1")))
    assert events == [CommandRefused(ANNA, "not_allowed")]
    assert isinstance(take_step(world, [asked], 2.0, ground, rules())[0], PersonMoved)


@pytest.mark.parametrize(
    ("right", "command", "done"),
    [
        ("chat", Say(ANNA, "안녕"), PersonSaid),
        ("wave", Wave(ANNA), PersonWaved),
        ("speak", SetMicrophone(ANNA, live=True), MicrophoneSet),
        ("teleport", Teleport(ANNA, (5.0, 0.0, 5.0), None, free=False), PersonMoved),
    ],
)
@pytest.mark.parametrize("place", [CITY, "city/hall/a1"])
def test_every_command_takes_its_right_where_one_stands(
    world: World, ground: Ground, right: str, command: Say, done: type[Event], place: str
) -> None:
    stand(world, ground, 10.0 if place != CITY else 0.0)
    assert take_step(world, [command], 1.0, ground, rules((ANNA, right, place))) == [
        CommandRefused(ANNA, "not_allowed")
    ]
    assert isinstance(take_step(world, [command], 2.0, ground, rules((BORAM, right, place)))[0], done)


def test_a_microphone_can_always_be_muted(world: World, ground: Ground) -> None:
    stand(world, ground, 0.0)
    take_step(world, [SetMicrophone(ANNA, live=True)], TICK, ground)
    events = take_step(world, [SetMicrophone(ANNA, live=False)], 1.0, ground, rules((ANNA, "speak", CITY)))
    assert events == [MicrophoneSet(ANNA, live=False)]


def test_who_may_not_come_in_does_not(world: World, ground: Ground) -> None:
    assert take_step(world, [enter(ANNA)], 0.0, ground, rules((ANNA, "enter", CITY))) == [
        CommandRefused(ANNA, "not_allowed")
    ]
    assert ANNA not in world
    assert isinstance(take_step(world, [enter(ANNA)], 0.1, ground, rules())[0], PersonEntered)
