"""Whatever people send, nobody outruns the limit, leaves the ground or the city, or breaks the numbers."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.world.moving import Move, take_step
from world import limits
from world.commands import BodyPose, Command, Enter, Leave, Say, SetMicrophone, Teleport, Wave
from world.entity import Appearance, PersonId
from world.events import Event, PersonEntered, PersonLeft, PersonMoved
from world.movement import Ground
from world.state import World
from world.strides import is_newer

people = st.integers(1, 4).map(PersonId)
#: Numbers near by, at the edge, far away, and no numbers at all.
anything = st.one_of(
    st.floats(-8.0, 8.0),
    st.floats(190.0, 210.0),
    st.floats(allow_nan=True, allow_infinity=True),
)
triples = st.tuples(anything, anything, anything)
numbers = st.integers(-70_000, 140_000)


def arrays(*shape: int) -> st.SearchStrategy[np.ndarray]:
    size = int(np.prod(shape))
    return st.lists(anything, min_size=size, max_size=size).map(lambda values: np.reshape(values, shape))


poses = st.builds(BodyPose, arrays(3), anything, arrays(3, 3), arrays(3, 4), st.booleans(), st.booleans())
walks = st.builds(
    lambda x, z: BodyPose(
        np.array([x, 0.0, z]),
        0.0,
        np.zeros((3, 3)),
        np.tile([0.0, 0.0, 0.0, 1.0], (3, 1)),
        has_left=True,
        has_right=False,
    ),
    st.floats(-12.0, 12.0),
    st.floats(-12.0, 12.0),
)
commands: st.SearchStrategy[Command | Move] = st.one_of(
    st.builds(Enter, people, st.just(Appearance("p", 0, "browser")), triples, anything),
    st.builds(lambda p: Enter(p, Appearance("p", 0, "browser"), (0.0, 0.0, 0.0), 0.0), people),
    st.builds(Leave, people),
    st.builds(Move, people, numbers, poses),
    st.builds(Move, people, numbers, walks),
    st.builds(Teleport, people, triples, st.none() | anything, st.booleans()),
    st.builds(Wave, people),
    st.builds(Say, people, st.text(max_size=5)),
    st.builds(SetMicrophone, people, st.booleans()),
)
histories = st.lists(st.tuples(st.floats(0.0, 3.0), st.lists(commands, max_size=8)), min_size=1, max_size=12)


def check_invariants(world: World, ground: Ground) -> None:
    rows = slice(0, world.count)
    for column in world._columns():
        assert np.isfinite(column[rows]).all()
    xz = world.position[rows][:, [0, 2]]
    assert ground.inside(xz).all()
    assert np.allclose(world.position[rows][:, 1], ground.height(xz))
    assert (np.linalg.norm(world.parts[rows], axis=-1) <= limits.REACH + 1e-9).all()
    assert np.allclose(np.linalg.norm(world.orientations[rows], axis=-1), 1.0)
    assert (world.budget[rows] >= 0.0).all()
    assert sorted(world.person[rows].tolist()) == sorted(world.appearance)
    assert all(world.person[world.row(person)] == person for person in world.appearance)


def legs(events: list[Event]) -> set[PersonId]:
    """Return whose way starts afresh in this step: they came, went, or were put elsewhere."""
    return {
        event.person
        for event in events
        if isinstance(event, PersonEntered | PersonLeft)
        or (isinstance(event, PersonMoved) and event.reason == "teleport")
    }


@settings(max_examples=60, deadline=None)
@given(histories)
def test_no_history_breaks_the_world(
    ground: Ground, history: list[tuple[float, list[Command | Move]]]
) -> None:
    world, now = World(capacity=3), 0.0
    trails: dict[PersonId, list[tuple[float, float, float]]] = {}
    for pause, batch in history:
        now += pause
        events = take_step(world, batch, now, ground)
        check_invariants(world, ground)
        for person in legs(events):
            trails.pop(person, None)
        for person in world.appearance:
            x, _, z = world.position[world.row(person)].tolist()
            trails.setdefault(person, []).append((now, x, z))
    for trail in trails.values():
        assert_within_speed(trail)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 0.6), st.floats(0.0, 7.0)), min_size=5, max_size=40))
def test_nobody_gets_ahead_by_many_steps_that_are_each_allowed(
    ground: Ground, paces: list[tuple[float, float]]
) -> None:
    world, anna, now, trail = World(capacity=1), PersonId(1), 0.0, []
    take_step(world, [Enter(anna, Appearance("p", 0, "browser"), (0.0, 0.0, 0.0), 0.0)], now, ground)
    for number, (pause, length) in enumerate(paces):
        now += pause
        x, _, z = world.position[world.row(anna)].tolist()
        pose = BodyPose(
            np.array([x, 0.0, z + (length if number % 2 else -length)]),
            0.0,
            np.zeros((3, 3)),
            np.tile([0.0, 0.0, 0.0, 1.0], (3, 1)),
            has_left=False,
            has_right=False,
        )
        take_step(world, [Move(anna, number, pose)], now, ground)
        x, _, z = world.position[world.row(anna)].tolist()
        trail.append((now, x, z))
    assert_within_speed(trail)


def assert_within_speed(trail: list[tuple[float, float, float]]) -> None:
    """Between any two moments the way walked fits the speed limit and one full bucket."""
    lengths = [0.0] + [float(np.hypot(b[1] - a[1], b[2] - a[2])) for a, b in pairwise(trail)]
    way = np.cumsum(lengths)
    for i, start in enumerate(trail):
        for j in range(i, len(trail)):
            allowed = limits.SPEED * (trail[j][0] - start[0]) + limits.STRIDE
            assert way[j] - way[i] <= allowed + 1e-6


@given(st.integers(0, 65_535), st.integers(1, 32_767))
def test_a_following_number_is_newer_across_the_wrap_and_never_the_other_way(last: int, ahead: int) -> None:
    after = (last + ahead) & 0xFFFF
    assert is_newer(after, last)
    assert not is_newer(last, after)
    assert not is_newer(last, last)
