import pytest
import sqlalchemy as sa

from municipality.access import Actor
from municipality.schema import organisations
from municipality.store import Store
from tests.unit.municipality.expo.exhibitors import A1, SAYS, Expo


@pytest.fixture
def expo(store: Store) -> Expo:
    return Expo.over(store)


def founded(store: Store, name: str) -> int:
    row = {"name_ko": name, "name_en": name, "founded_at": 0.0}
    with store.write() as connection:
        insert = sa.insert(organisations).values(**row).returning(organisations.c.id)
        return int(connection.execute(insert).scalar_one())


@pytest.fixture
def robots(store: Store) -> int:
    """An organisation."""
    return founded(store, "로봇")


@pytest.fixture
def rivals(store: Store) -> int:
    return founded(store, "경쟁사")


@pytest.fixture
def owner(expo: Expo, robots: int) -> Actor:
    actor = expo.citizen()
    expo.belong(actor, robots)
    return actor


@pytest.fixture
def rival(expo: Expo, rivals: int) -> Actor:
    actor = expo.citizen()
    expo.belong(actor, rivals)
    return actor


@pytest.fixture
def exhibitor(expo: Expo, owner: Actor, robots: int) -> Actor:
    """The owner, whose organisation holds slot a1."""
    expo.booths.put(owner, A1, robots, SAYS, now=10.0)
    return expo.now(owner)
