import pytest

from municipality.access import Actor, Role
from municipality.participation import Comments, Proposals
from municipality.store import Store
from tests.unit.municipality.participation.people import CITY_HALL_AT, DRAFT, Square, citizen


@pytest.fixture
def proposals(store: Store) -> Proposals:
    return Proposals(store, Square(), CITY_HALL_AT, threshold=2)


@pytest.fixture
def comments(store: Store) -> Comments:
    return Comments(store)


@pytest.fixture
def author(store: Store) -> Actor:
    return citizen(store)


@pytest.fixture
def neighbour(store: Store) -> Actor:
    return citizen(store)


@pytest.fixture
def officer(store: Store) -> Actor:
    return citizen(store, Role.OFFICER)


@pytest.fixture
def proposal(proposals: Proposals, author: Actor) -> int:
    return proposals.propose(author, DRAFT, now=10.0)
