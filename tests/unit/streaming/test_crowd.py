"""The crowd: who is in sight, roughly, as a client that decodes its packets holds it."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.codec import decode_people
from streaming.crowd import ALLOWANCE, ROUND
from streaming.errors import MalformedPacketError
from streaming.messages import MAX_STATE_BYTES
from streaming.replication import Replication
from streaming.state.crowd import PIECE, REACH, SQUARE
from streaming.state.crowd_view import read_crowd
from streaming.state.view import View
from world.entity import Appearance, PersonId
from world.state import World

ME = PersonId(100)


@dataclass
class Square:
    """People who stand still, one of whom looks."""

    world: World
    replication: Replication
    view: View

    def ticks(self, count: int, *, lost: frozenset[int] = frozenset()) -> list[int]:
        """Let some ticks pass; returns the bytes that each packet gave to the crowd."""
        world, slot = self.world, self.world.slot_of(ME)
        sizes = []
        for _ in range(count):
            world.tick += 1
            world.seconds += 0.05
            self.replication.heard(slot, self.view.seen, self.view.seen_before)
            packets = self.replication.step(np.array([slot], np.int32))
            assert len(packets.of(slot)) <= MAX_STATE_BYTES
            if world.tick not in lost:
                decode_people(packets.of(slot), self.view)
            sizes.append(packets.crowd_bytes)
        return sizes

    def held(self) -> set[int]:
        return set(self.view.crowd.people.person.tolist())


def square(places: np.ndarray, ids: np.ndarray | None = None) -> Square:
    """Return a square with people at (n, 3) places, the first of whom looks."""
    world = World(max(len(places), 4))
    numbers = np.arange(100, 100 + len(places)) if ids is None else ids
    for person, place in zip(numbers.tolist(), places, strict=True):
        row = world.add(PersonId(person), Appearance("p", 0, "browser"))
        world.position[row], world.yaw[row] = place, 0.1 * person
    replication = Replication(world)
    replication.enter(world.slot_of(ME))
    return Square(world, replication, View())


def around(count: int, far: float, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-far, far, (count, 3)) * (1.0, 0.02, 1.0)


def test_within_a_round_everybody_in_sight_is_known_roughly_where_they_are() -> None:
    town = square(around(400, 90.0))
    town.world.speaking[:400] = np.arange(400) % 7 == 0
    town.world.waving_until[:400] = np.where(np.arange(400) % 5 == 0, 99.0, 0.0)
    town.ticks(ROUND + ROUND // 2)
    people, world = town.view.crowd.people, town.world
    assert set(people.person.tolist()) == set(range(100, 500))
    rows = world.rows(people.person)
    away = np.abs(people.positions - world.position[rows])
    assert away[:, (0, 2)].max() <= 0.0625 + 1e-9
    assert away[:, 1].max() <= 0.125 + 1e-9
    turned = np.remainder(people.yaws - world.yaw[rows] + np.pi, 2 * np.pi) - np.pi
    assert np.abs(turned).max() <= np.pi / 64 + 1e-9
    assert np.array_equal(people.speaking, world.speaking[rows])
    assert np.array_equal(people.waving, world.waving_until[rows] > world.seconds)


def test_who_is_further_than_one_sees_is_not_told_of() -> None:
    far = SQUARE * (REACH + 1)
    town = square(
        np.array([[1.0, 0.0, 1.0], [far - 1.0, 0.0, 1.0], [far + 1.0, 0.0, 1.0], [1.0, 0.0, -far + 33.0]])
    )
    town.ticks(2 * ROUND)
    assert town.held() == {100, 101, 103}


def test_a_packet_gives_the_crowd_its_share_and_a_large_crowd_takes_longer_rounds() -> None:
    town = square(around(1500, 90.0))
    sizes = town.ticks(3 * ROUND)
    assert max(sizes) <= ALLOWANCE
    assert sum(sizes) > 1500 * 5
    assert len(town.held()) == 1500


def test_a_lost_packet_costs_a_round_and_who_went_is_forgotten() -> None:
    town = square(around(300, 90.0))
    town.ticks(2 * ROUND)
    assert len(town.held()) == 300
    town.ticks(ROUND, lost=frozenset(range(2 * ROUND, 2 * ROUND + 3)))
    assert len(town.held()) == 300
    gone = set(range(200, 400))
    for person in gone:
        town.world.remove(PersonId(person))
    town.ticks(4 * ROUND)
    assert town.held() == set(range(100, 200))


def test_who_is_left_alone_forgets_everybody() -> None:
    town = square(around(50, 90.0))
    town.ticks(2 * ROUND)
    town.world.position[town.world.row(ME)] += 5000.0
    town.ticks(4 * ROUND)
    assert town.held() == {100}


def test_who_is_hidden_from_somebody_is_in_no_piece() -> None:
    town = square(around(90, 40.0))
    hidden = [110, 111, 150]
    slots = [town.world.slot_of(PersonId(person)) for person in hidden]
    town.replication.hide(town.world.slot_of(ME), slots)
    for _ in range(3):
        town.ticks(ROUND)
        assert not town.held() & set(hidden)
    assert len(town.held()) == 87


def test_a_square_of_hidden_people_alone_is_left_out() -> None:
    town = square(np.array([[1.0, 0.0, 1.0], [100.0, 0.0, 1.0], [101.0, 0.0, 1.0]]))
    slots = [town.world.slot_of(PersonId(person)) for person in (101, 102)]
    town.replication.hide(town.world.slot_of(ME), slots)
    town.ticks(2 * ROUND)
    assert town.held() == {100}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 2**32 - 1), st.floats(-5000.0, 5000.0), st.floats(-60.0, 900.0)),
        min_size=1,
        max_size=3 * PIECE,
        unique_by=lambda one: one[0],
    )
)
def test_towers_and_ids_of_any_size_come_through(people: list[tuple[int, float, float]]) -> None:
    others = [one for one in people if one[0] != ME]
    ids = np.array([int(ME), *(who for who, _, _ in others)])
    places = np.array([[4000.0, 0.0, -70.0], *([4000.0 + x / 100, y, -70.0] for _, x, y in others)])
    town = square(places, ids)
    town.ticks(2 * ROUND)
    told = town.view.crowd.people
    assert set(told.person.tolist()) == set(ids.tolist())
    away = np.abs(told.positions - town.world.position[town.world.rows(told.person)])
    assert away.max() <= 0.125 + 1e-9


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("00", "nobody"),
        ("80000000", "cut short"),
        ("80000000000000" + "00", "nobody"),
        ("80000000000000" + "21" + "0100000000" * 33, "too many"),
        ("80000000000000" + "02" + "0500000000" + "0000000000", "rise"),
        ("80000000000000" + "01" + "0500", "cut short"),
        ("80000000000000" + "01" + "ffffffff7f00000000", "rise"),
        ("80000000000000" + "01" + "ffffffffff0100000000", "cut short"),
    ],
)
def test_a_crowd_that_cannot_be_is_refused(rest: str, words: str) -> None:
    with pytest.raises(MalformedPacketError, match=words):
        read_crowd(np.frombuffer(bytes.fromhex(rest), np.uint8), 0, 50)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=MAX_STATE_BYTES))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    try:
        _, _, told = read_crowd(np.frombuffer(data, np.uint8), 0, 50)
    except MalformedPacketError:
        return
    assert np.isfinite(told.positions).all()
