"""Rows and slots: who is where in the arrays."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from world.entity import Appearance, PersonId
from world.errors import UnknownPersonError
from world.morton import CELL, morton
from world.state import World

LOOK = Appearance("p", 0, "browser")

#: Ids as the server gives them, and any others that fit.
ids = st.one_of(st.integers(1, 12), st.sampled_from([2**31, 2**40 + 7, 2**63 - 1])).map(PersonId)
#: Comings and goings: somebody comes if they are away, and goes if they are in.
visits = st.lists(ids, max_size=80)
#: Where people stand, metres.
spots = st.lists(st.tuples(*[st.floats(-900.0, 900.0)] * 3), min_size=1, max_size=40)


def crowd(places: list[tuple[float, float, float]], capacity: int = 40) -> World:
    """A world in which all of everybody's columns hold something of their own."""
    world, draw = World(capacity), np.random.default_rng(len(places))
    for number, place in enumerate(places):
        world.add(PersonId(100 + 7 * number), LOOK)
        world.position[number] = place
    for column in world._columns():
        if column is not world.person and column is not world.slot and column is not world.position:
            column[: world.count] = (100 * draw.random(column[: world.count].shape)).astype(column.dtype)
    return world


def everything(world: World) -> dict[int, list[Any]]:
    """What the world holds of each, by id."""
    return {
        int(person): [column[world.row(PersonId(int(person)))].tolist() for column in world._columns()]
        for person in world.person[: world.count]
    }


def check_lookups(world: World) -> None:
    people = world.person[: world.count]
    rows = np.arange(world.count)
    assert world.rows(people).tolist() == rows.tolist()
    assert [world.row(PersonId(int(person))) for person in people] == rows.tolist()
    assert [world.slot_of(PersonId(int(person))) for person in people] == world.slot[: world.count].tolist()
    assert (world.row_in_slot[world.slot[: world.count]] == rows).all()
    assert (world.id_in_slot[world.slot[: world.count]] == people).all()
    assert np.count_nonzero(world.id_in_slot >= 0) == world.count
    assert np.count_nonzero(world.row_in_slot >= 0) == world.count


@given(visits)
def test_a_person_keeps_their_slot_and_nobody_shares_it(visits: list[PersonId]) -> None:
    world, slots = World(capacity=15), dict[PersonId, int]()
    for person in visits:
        if person in world:
            world.remove(person)
            del slots[person]
        else:
            world.add(person, LOOK)
            slots[person] = world.slot_of(person)
        assert {one: world.slot_of(one) for one in slots} == slots
        assert len(set(slots.values())) == len(slots)
        check_lookups(world)


def test_the_slot_that_was_free_the_longest_is_given_next() -> None:
    world = World(capacity=3)
    anna, boram, chan, dain, eun = map(PersonId, range(1, 6))
    for person in (anna, boram):
        world.add(person, LOOK)
    freed = {person: world.slot_of(person) for person in (boram, anna)}
    for person in freed:
        world.remove(person)
    taken = []
    for person in (chan, dain, eun):
        world.add(person, LOOK)
        taken.append(world.slot_of(person))
    assert taken[1:] == list(freed.values())
    assert taken[0] not in freed.values()


@given(visits, st.lists(st.one_of(ids, st.integers(-(2**63), 2**63 - 1)), max_size=30))
def test_a_batch_of_any_ids_is_looked_up_as_one_by_one(visits: list[PersonId], asked: list[int]) -> None:
    world = World(capacity=15)
    for person in visits:
        if person in world:
            world.remove(person)
        else:
            world.add(person, LOOK)
    rows = world.rows(np.array(asked, np.int64)).tolist()
    assert rows == [world.row(PersonId(one)) if PersonId(one) in world else -1 for one in asked]


def test_ids_that_share_a_place_in_the_table_are_told_apart() -> None:
    # The inverse of the table's factor: their products are 1, 2, 3, …, whose upper bits are all zero.
    inverse = pow(0x9E37_79B9_7F4A_7C15, -1, 2**64)
    products = (number * inverse % 2**64 for number in range(1, 100))
    colliding = [PersonId(product) for product in products if product < 2**63][:8]
    world = World(capacity=8)
    for person in colliding:
        world.add(person, LOOK)
    for person in colliding[::2]:
        world.remove(person)
        check_lookups(world)
    assert world.rows(np.array(colliding)).tolist().count(-1) == 4


@given(spots, st.data())
def test_arranging_changes_nothing_about_anybody(
    places: list[tuple[float, float, float]], data: st.DataObject
) -> None:
    world = crowd(places)
    for person in data.draw(st.lists(st.sampled_from(world.person[: world.count].tolist()), unique=True)):
        world.remove(person)
    before = everything(world)
    world.arrange()
    assert everything(world) == before
    check_lookups(world)
    assert (np.diff(morton(world.position[: world.count])) >= 0).all()


def test_neighbours_in_space_are_near_in_rows() -> None:
    draw = np.random.default_rng(4)
    spread = [(float(x), 30.0, float(z)) for x, z in draw.uniform(-400.0, 400.0, (2000, 2))]
    world = crowd(spread, capacity=2000)

    def apart() -> float:
        flat = world.position[: world.count, ::2]
        away = np.linalg.norm(flat[:, None] - flat[None], axis=-1) + 1e9 * np.eye(world.count)
        return float(np.median(np.abs(np.argmin(away, axis=1) - np.arange(world.count))))

    assert apart() > 300
    world.arrange()
    assert apart() < 10


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_morton_numbers_hold_the_bits_of_both_axes_in_turns(x: float, z: float) -> None:
    (number,) = morton(np.array([[x, 5.0, z]])).tolist()
    columns = [int("".join(format(number, "064b")[63 - axis :: -2][::-1]), 2) for axis in (0, 1)]
    middle = morton(np.zeros((1, 3))).tolist()[0]
    offset = int(format(middle, "064b")[63::-2][::-1], 2)
    assert columns == [int(np.floor(x / CELL)) + offset, int(np.floor(z / CELL)) + offset]


def test_where_somebody_stands_may_be_asked_for_alone() -> None:
    world = crowd([(1.0, 2.0, 3.0), (4.0, 5.0, 6.0)])
    place = world.place_of(PersonId(107))
    assert place.tolist() == [4.0, 5.0, 6.0]
    world.position[:] = 0.0
    assert place.tolist() == [4.0, 5.0, 6.0]
    world.remove(PersonId(107))
    with pytest.raises(UnknownPersonError):
        world.place_of(PersonId(107))
