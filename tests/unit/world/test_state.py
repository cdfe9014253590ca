"""Rows and slots: who is where in the arrays."""

from hypothesis import given
from hypothesis import strategies as st

from world.entity import Appearance, PersonId
from world.state import World

LOOK = Appearance("p", 0, "browser")

#: Comings and goings: the id of somebody who comes if they are away, and goes if they are in.
visits = st.lists(st.integers(1, 12).map(PersonId), max_size=60)


@given(visits)
def test_a_person_keeps_their_slot_and_nobody_shares_it(visits: list[PersonId]) -> None:
    world, slots = World(capacity=12), dict[PersonId, int]()
    for person in visits:
        if person in world:
            world.remove(person)
            del slots[person]
        else:
            world.add(person, LOOK)
            slots[person] = world.slot_of(person)
        assert {one: world.slot_of(one) for one in slots} == slots
        assert len(set(slots.values())) == len(slots)
        held = {slot: int(one) for slot, one in enumerate(world.id_in_slot) if one >= 0}
        assert held == {slot: one for one, slot in slots.items()}


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
