"""Batches of samples as they may come, sound or not."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.world.moving import Move, batch
from tests.unit.world.test_step import ANNA, BORAM, CHAN, TICK, enter, pose
from world import bodies, hashing, strides
from world.commands import Leave, Moves
from world.entity import PersonId
from world.errors import UnevenMovesError
from world.events import PersonMoved
from world.limits import ARRANGE_TICKS
from world.movement import Ground
from world.rehearsal import rehearse
from world.state import World
from world.step import step

EVERYONE = (ANNA, BORAM, CHAN)


@pytest.fixture
def people(world: World, ground: Ground) -> World:
    step(world, [enter(one, 10.0 * number) for number, one in enumerate(EVERYONE)], Moves.none(), 0.0, ground)
    return world


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, 1.1e6])
@pytest.mark.parametrize("column", ["position", "yaw", "parts", "orientations"])
def test_one_broken_pose_does_not_cost_the_others_theirs(
    people: World, ground: Ground, column: str, value: float
) -> None:
    moves = batch([Move(one, 1, pose(10.0 * n + 0.5)) for n, one in enumerate(EVERYONE)])
    getattr(moves, column)[1] = value
    before = people.orientations[people.row(BORAM)].copy()
    assert step(people, [], moves, TICK, ground) == []
    places = [people.position[people.row(one), 0] for one in EVERYONE]
    assert places == [0.5, 10.0, 20.5]
    assert [people.acknowledged[people.row(one)] for one in EVERYONE] == [1, -1, 1]
    assert np.array_equal(people.orientations[people.row(BORAM)], before)


def test_strangers_in_a_batch_are_passed_over(people: World, ground: Ground) -> None:
    strangers = [PersonId(0), PersonId(-1), PersonId(4), PersonId(2**63 - 1)]
    moves = [Move(one, 1, pose(0.5)) for one in (*strangers, ANNA)]
    assert step(people, [], batch(moves), TICK, ground) == []
    assert people.position[people.row(ANNA), 0] == 0.5
    assert people.count == 3


def test_somebody_twice_in_a_batch_takes_one_step(people: World, ground: Ground) -> None:
    moves = [Move(ANNA, 4, pose(1.0)), Move(BORAM, 1, pose(10.5)), Move(ANNA, 5, pose(2.0))]
    step(people, [], batch(moves), TICK, ground)
    assert people.position[people.row(ANNA), 0] == 2.0
    assert people.budget[people.row(ANNA)] == pytest.approx(4.0)
    assert people.acknowledged[people.row(ANNA)] == 5


def test_corrections_come_in_the_order_of_the_batch(people: World, ground: Ground) -> None:
    moves = [Move(CHAN, 1, pose(90.0)), Move(BORAM, 1, pose(10.5)), Move(ANNA, 1, pose(90.0))]
    told = step(people, [], batch(moves), TICK, ground)
    assert [event.person for event in told if isinstance(event, PersonMoved)] == [CHAN, ANNA]


def test_everyone_is_put_into_spatial_order_once_a_second(ground: Ground) -> None:
    world = World(capacity=4)
    step(world, [enter(ANNA, 150.0), enter(BORAM, -150.0)], Moves.none(), 0.0, ground)
    for tick in range(1, ARRANGE_TICKS):
        assert world.person[:2].tolist() == [ANNA, BORAM]
        step(world, [], batch([Move(BORAM, tick, pose(-150.0 + 0.1 * tick))]), tick * TICK, ground)
    assert world.person[:2].tolist() == [BORAM, ANNA]
    assert world.position[world.row(BORAM), 0] == pytest.approx(-148.1)


def test_arrays_that_do_not_belong_together_are_no_moves() -> None:
    moves = batch([Move(ANNA, 1, pose()), Move(BORAM, 1, pose())])
    with pytest.raises(UnevenMovesError):
        replace(moves, parts=np.zeros((2, 2, 3)))
    with pytest.raises(UnevenMovesError):
        replace(moves, sequence=moves.sequence[:1])
    assert len(moves) == 2
    assert len(Moves.none()) == 0


def test_after_a_rehearsal_no_step_waits_for_a_compiler(people: World, ground: Ground) -> None:
    assert rehearse().count == 0
    step(people, [Leave(CHAN)], batch([Move(ANNA, 1, pose(0.5)), Move(BORAM, 1, pose(90.0))]), TICK, ground)
    called = [
        bodies.find_sound, bodies.turn, hashing.find, hashing.put, hashing.drop,
        strides.pick_newest, strides.measure, strides.settle,
    ]  # fmt: skip
    # One form of each: the rehearsal's arguments and a real step's are of the same types.
    assert {kernel.__name__: len(kernel.signatures) for kernel in called} == {
        kernel.__name__: 1 for kernel in called
    }
