import pytest

from municipality.access import Actor, Role
from municipality.participation import Comments, Draft, Proposals
from municipality.store import Store
from tests.unit.municipality.participation.people import CITY_HALL_AT, Square, citizen

DRAFT = Draft("골목에 가로등을", "밤길이 어두워요.\n가로등을 두 개 더 세워 주세요.", "safety", (12.344, -6.0))


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
