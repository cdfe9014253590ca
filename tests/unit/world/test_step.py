import numpy as np
import pytest

from spatial.quaternion import IDENTITY
from streaming import messages
from tests.unit.world.moving import Move, take_step
from world import limits
from world.commands import BodyPose, Command, Enter, Leave, Say, SetMicrophone, Teleport, Wave
from world.entity import Appearance, PersonId
from world.events import (
    CommandRefused,
    MicrophoneSet,
    PersonEntered,
    PersonLeft,
    PersonMoved,
    PersonSaid,
    PersonWaved,
)
from world.movement import Ground
from world.state import World

ANNA, BORAM, CHAN = PersonId(1), PersonId(2), PersonId(3)
TICK = 1.0 / limits.TICK_HZ


def look(name: str = "나은", colour: int = 1) -> Appearance:
    return Appearance(name, colour, "browser")


def enter(person: PersonId, x: float = 0.0, z: float = 0.0) -> Enter:
    return Enter(person, look(f"p{person}"), (x, 0.0, z), 0.5)


def pose(x: float = 0.0, z: float = 0.0, **changes: object) -> BodyPose:
    values: dict[str, object] = {
        "position": np.array([x, 999.0, z]),
        "yaw": 0.0,
        "parts": np.array([[0.0, 1.6, 0.0], [-0.3, 1.0, -0.3], [0.3, 1.0, -0.3]]),
        "orientations": np.tile(IDENTITY, (3, 1)),
        "has_left": True,
        "has_right": False,
    }
    return BodyPose(**(values | changes))  # type: ignore[arg-type]


def height(ground: Ground, x: float, z: float) -> float:
    return float(ground.height(np.array([[x, z]]))[0])


def test_someone_who_enters_stands_on_the_ground(world: World, ground: Ground) -> None:
    events = take_step(world, [enter(ANNA, 30.0, -40.0)], 0.0, ground)
    assert events == [PersonEntered(ANNA, look("p1"))]
    row = world.row(ANNA)
    assert world.position[row].tolist() == [30.0, height(ground, 30.0, -40.0), -40.0]
    assert world.yaw[row] == 0.5


def test_entering_again_keeps_the_place_and_numbers_samples_anew(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA), Move(ANNA, 500, pose(1.0))], 0.0, ground)
    events = take_step(world, [Enter(ANNA, look("새 이름"), (90.0, 0.0, 0.0), 0.0)], 1.0, ground)
    assert events == [PersonEntered(ANNA, look("새 이름"))]
    assert world.position[world.row(ANNA), 0] == 1.0
    take_step(world, [Move(ANNA, 3, pose(2.0))], 2.0, ground)
    assert world.position[world.row(ANNA), 0] == 2.0
    assert take_step(world, [Enter(ANNA, look("새 이름"), (0.0, 0.0, 0.0), 0.0)], 3.0, ground) == []


def test_nobody_enters_outside_the_city_or_at_no_place(world: World, ground: Ground) -> None:
    nowhere = Enter(BORAM, look(), (float("nan"), 0.0, 0.0), 0.0)
    turned = Enter(CHAN, look(), (0.0, 0.0, 0.0), float("inf"))
    events = take_step(world, [enter(ANNA, 201.0), nowhere, turned], 0.0, ground)
    assert events == [CommandRefused(person, "out_of_bounds") for person in (ANNA, BORAM, CHAN)]
    assert world.count == 0


def test_a_full_city_refuses_and_carries_on(ground: Ground) -> None:
    world = World(capacity=1)
    assert take_step(world, [enter(ANNA), enter(BORAM)], 0.0, ground)[1:] == [CommandRefused(BORAM, "full")]
    assert [ANNA in world, BORAM in world] == [True, False]


def test_leaving_closes_the_gap_and_keeps_the_others_whole(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA, 1.0), enter(BORAM, 2.0), enter(CHAN, 3.0)], 0.0, ground)
    take_step(world, [SetMicrophone(CHAN, live=True), Wave(CHAN)], 0.1, ground)
    assert take_step(world, [Leave(ANNA)], 0.2, ground) == [PersonLeft(ANNA)]
    row = world.row(CHAN)
    assert world.count == 2
    assert world.position[row, 0] == 3.0
    assert world.microphone[row]
    assert world.waving_until[row] == pytest.approx(2.1)


def test_commands_of_people_who_left_change_nothing(world: World, ground: Ground) -> None:
    raced: list[Command | Move] = [
        Leave(ANNA),
        Wave(ANNA),
        Say(ANNA, "?"),
        SetMicrophone(ANNA, live=True),
        Teleport(ANNA, (0.0, 0.0, 0.0), None, free=True),
        Move(ANNA, 1, pose()),
    ]
    assert take_step(world, raced, 0.0, ground) == []
    assert take_step(world, [enter(ANNA), *raced], 1.0, ground) == [
        PersonEntered(ANNA, look("p1")),
        PersonLeft(ANNA),
    ]
    assert world.count == 0


def test_walking_follows_the_ground_whatever_height_the_client_claims(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    assert take_step(world, [Move(ANNA, 1, pose(2.0, 1.0))], 1.0, ground) == []
    row = world.row(ANNA)
    assert world.position[row].tolist() == [2.0, height(ground, 2.0, 1.0), 1.0]
    assert world.hands[row].tolist() == [True, False]
    assert world.acknowledged[row] == 1


def test_running_for_ten_seconds_is_never_refused(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    for tick in range(1, 201):
        assert take_step(world, [Move(ANNA, tick, pose(4.0 * tick * TICK))], tick * TICK, ground) == []


def test_a_step_too_far_is_refused_told_and_the_head_still_turns(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    far = pose(7.0, yaw=1.0)
    events = take_step(world, [Move(ANNA, 1, far)], TICK, ground)
    here = (0.0, height(ground, 0.0, 0.0), 0.0)
    assert events == [PersonMoved(ANNA, here, 1.0, "too_fast")]
    assert world.yaw[world.row(ANNA)] == 1.0
    assert world.acknowledged[world.row(ANNA)] == -1


def test_refused_steps_are_told_four_times_a_second_at_most(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    told = [take_step(world, [Move(ANNA, n, pose(100.0))], n * TICK, ground) for n in range(1, 21)]
    assert sum(map(len, told)) == 4


def test_nobody_walks_out_of_the_city(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA, 199.0)], 0.0, ground)
    (event,) = take_step(world, [Move(ANNA, 1, pose(200.5))], TICK, ground)
    assert isinstance(event, PersonMoved)
    assert event.reason == "out_of_bounds"
    assert world.position[world.row(ANNA), 0] == 199.0


def test_of_several_samples_in_a_step_the_newest_counts(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    samples = [Move(ANNA, 6, pose(0.2)), Move(ANNA, 7, pose(0.3)), Move(ANNA, 5, pose(0.1))]
    take_step(world, samples, TICK, ground)
    assert world.position[world.row(ANNA), 0] == 0.3


def test_sequence_numbers_wrap_and_old_ones_are_dropped(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA), Move(ANNA, 65_534, pose(0.1))], 0.0, ground)
    row = world.row(ANNA)
    take_step(world, [Move(ANNA, 1, pose(0.2))], 1.0, ground)
    assert world.position[row, 0] == 0.2
    take_step(world, [Move(ANNA, 65_535, pose(0.3))], 2.0, ground)
    take_step(world, [Move(ANNA, 1, pose(0.3))], 3.0, ground)
    assert world.position[row, 0] == 0.2
    assert world.acknowledged[row] == 1


def test_hands_stay_within_reach_and_quaternions_have_unit_length(world: World, ground: Ground) -> None:
    wild = pose(parts=np.array([[0.0, 50.0, 0.0], [3.0, 4.0, 0.0], [0.1, 0.0, 0.0]]))
    wild.orientations[1] = (0.0, 3.0, 0.0, 4.0)
    take_step(world, [enter(ANNA), Move(ANNA, 1, wild)], 0.0, ground)
    row = world.row(ANNA)
    assert np.allclose(world.parts[row], [[0.0, 3.0, 0.0], [1.8, 2.4, 0.0], [0.1, 0.0, 0.0]])
    assert np.allclose(world.orientations[row, 1], [0.0, 0.6, 0.0, 0.8])


@pytest.mark.parametrize(
    "broken",
    [
        pose(float("nan")),
        pose(0.0, float("inf")),
        pose(yaw=float("-inf")),
        pose(parts=np.full((3, 3), np.nan)),
        pose(orientations=np.zeros((3, 4))),
        pose(orientations=np.full((3, 4), 1e200)),
    ],
)
def test_a_pose_that_is_no_pose_changes_nothing(world: World, ground: Ground, broken: BodyPose) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    before = [column.copy() for column in (world.position, world.yaw, world.parts, world.orientations)]
    assert take_step(world, [Move(ANNA, 1, broken)], TICK, ground) == []
    after = (world.position, world.yaw, world.parts, world.orientations)
    assert all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def test_a_teleport_to_a_landmark_goes_any_distance(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA, -150.0)], 0.0, ground)
    events = take_step(world, [Teleport(ANNA, (150.0, 0.0, 80.0), 1.5, free=True)], 0.0, ground)
    assert events == [PersonMoved(ANNA, (150.0, height(ground, 150.0, 80.0), 80.0), 1.5, "teleport")]


def test_a_teleport_of_ones_own_reaches_25_metres_and_keeps_the_heading(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    assert take_step(world, [Teleport(ANNA, (25.1, 0.0, 0.0), None, free=False)], 0.0, ground) == [
        CommandRefused(ANNA, "too_far")
    ]
    (event,) = take_step(world, [Teleport(ANNA, (24.9, 0.0, 0.0), None, free=False)], 0.5, ground)
    assert isinstance(event, PersonMoved)
    assert event.yaw == 0.5


def test_teleports_are_limited_in_rate_and_to_the_city(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA, 190.0)], 0.0, ground)
    there, out = (Teleport(ANNA, (x, 0.0, 0.0), None, free=False) for x in (180.0, 205.0))
    assert take_step(world, [out], 0.0, ground) == [CommandRefused(ANNA, "out_of_bounds")]
    assert len(take_step(world, [there], 1.0, ground)) == 1
    assert take_step(world, [there], 1.2, ground) == [CommandRefused(ANNA, "too_often")]
    assert len(take_step(world, [there], 1.5, ground)) == 1
    nowhere = Teleport(ANNA, (float("nan"), 0.0, 0.0), None, free=True)
    assert take_step(world, [nowhere], 3.0, ground) == [CommandRefused(ANNA, "out_of_bounds")]


def test_late_samples_of_the_old_place_do_not_pull_anyone_back(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    take_step(
        world, [Teleport(ANNA, (5.0, 0.0, 0.0), None, free=False), Move(ANNA, 1, pose(0.0))], 1.0, ground
    )
    for n in range(2, 8):
        assert take_step(world, [Move(ANNA, n, pose(0.0))], 1.0 + n * TICK, ground) == []
    assert world.position[world.row(ANNA), 0] == 5.0
    take_step(world, [Move(ANNA, 9, pose(5.2))], 1.5, ground)
    assert world.position[world.row(ANNA), 0] == 5.2


def test_a_wave_lasts_two_seconds_and_the_next_one_waits_for_its_end(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    assert take_step(world, [Wave(ANNA)], 1.0, ground) == [PersonWaved(ANNA)]
    assert world.waving_until[world.row(ANNA)] == 3.0
    assert take_step(world, [Wave(ANNA)], 2.9, ground) == [CommandRefused(ANNA, "too_often")]
    assert take_step(world, [Wave(ANNA)], 3.0, ground) == [PersonWaved(ANNA)]


def test_a_text_reaches_people_within_thirty_metres(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA), enter(BORAM, 29.9), enter(CHAN, 0.0, 30.1)], 0.0, ground)
    assert take_step(world, [Say(BORAM, "안녕")], 0.1, ground) == [PersonSaid(BORAM, "안녕", (ANNA, BORAM))]


def test_texts_come_in_a_burst_of_five_then_one_a_second(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    events = take_step(world, [Say(ANNA, str(n)) for n in range(7)], 0.1, ground)
    assert [type(event) for event in events] == [PersonSaid] * 5 + [CommandRefused]
    assert [type(e) for e in take_step(world, [Say(ANNA, "6"), Say(ANNA, "7")], 1.2, ground)] == [
        PersonSaid,
        CommandRefused,
    ]


def test_a_microphone_that_flickers_within_a_step_counts_once(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA)], 0.0, ground)
    flicker = [SetMicrophone(ANNA, live=bool(n % 2)) for n in range(4)]
    assert take_step(world, flicker, 0.1, ground) == [MicrophoneSet(ANNA, live=True)]
    assert take_step(world, [*flicker, SetMicrophone(ANNA, live=True)], 0.2, ground) == []


def test_a_clock_that_stands_still_or_goes_back_gives_no_budget(world: World, ground: Ground) -> None:
    take_step(world, [enter(ANNA), Move(ANNA, 1, pose(6.0))], 5.0, ground)
    take_step(world, [Move(ANNA, 2, pose(6.5))], 4.0, ground)
    assert world.position[world.row(ANNA), 0] == 6.0
    assert world.seconds == 5.0
    assert world.tick == 2


def test_the_wire_and_the_world_agree() -> None:
    assert limits.REACH == messages.REACH
    assert limits.TICK_HZ == messages.TICK_HZ
