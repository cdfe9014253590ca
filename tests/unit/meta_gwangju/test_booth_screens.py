from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from meta_gwangju.booth_screens import BoothScreens
from meta_gwangju.presence import Presence
from municipality.citizens import Actors, Citizens, Grants, Session
from municipality.expo import Expo, Slot, WriteUp
from municipality.organisations import Organisations
from municipality.store import Store
from municipality.vault import Vault
from streaming.messages import NEAR_RADIUS
from streaming.video.screens import BoothId
from world.entity import Appearance, PersonId
from world.state import World

A1 = Slot("hall-a1", "city/hall/a1", ((0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (0.0, 6.0)), (3.0, 32.0, 6.0))
DARK = Slot("hall-a2", "city/hall/a2")
SAYS = WriteUp("제목", "Title", "요약", "Summary")
ANNA = PersonId(7)


@pytest.fixture
def world() -> World:
    world = World(4)
    world.add(ANNA, Appearance("p", 0, "browser"))
    return world


class Hall:
    """Two slots, and an organisation that holds both of them."""

    def __init__(self, store: Store, world: World) -> None:
        vault = Vault(bytes(32))
        citizens = Citizens(store, vault)
        actors = Actors(citizens, Grants(store))
        self.presence = Presence(actors)
        self.expo = Expo.over(store, vault, [A1, DARK])
        actors.grant_sources.append(self.expo.booths.grants_of)
        self.screens = BoothScreens(self.expo, world, self.presence)
        with store.write() as connection:
            self.owner = citizens.join(connection, "보라", now=0.0)
        office = Organisations(store).found(actors.citizen(self.owner, "page", 0.0), "단체", "Company", 0.0)
        for slot in (A1, DARK):
            self.expo.booths.put(actors.citizen(self.owner, "page", 0.0), slot.id, office, SAYS, 0.0)
        self.staff = actors.citizen(self.owner, "page", 0.0)


@pytest.fixture
def hall(tmp_path: Path, world: World) -> Iterator[Hall]:
    with Store(tmp_path / "city.sqlite3") as store:
        yield Hall(store, world)


def test_a_screen_is_watched_by_those_who_stand_near(hall: Hall, world: World) -> None:
    found, presence = hall.screens, hall.presence
    for slot in (A1, DARK):
        hall.expo.booths.open(hall.staff, slot.id, 0.0)
    presence.came(ANNA, "token-of-anna")
    booth, row = BoothId("hall-a1"), world.row(ANNA)
    world.position[row] = (3.0 + NEAR_RADIUS - 0.1, 0.0, 6.0)
    assert found.may_watch("token-of-anna", booth)
    assert not found.may_watch("token-of-boram", booth)
    assert not found.may_watch("token-of-anna", BoothId("hall-a9"))
    assert not found.may_watch("token-of-anna", BoothId("hall-a2"))  # it has no screen
    world.position[row] = (3.0 + NEAR_RADIUS + 0.1, 0.0, 6.0)
    assert not found.may_watch("token-of-anna", booth)
    world.position[row] = np.array(A1.screen)
    presence.left(ANNA)
    assert not found.may_watch("token-of-anna", booth)


def test_the_screen_of_a_booth_that_is_not_open_is_for_its_staff(hall: Hall, world: World) -> None:
    hall.presence.came(ANNA, "token-of-anna")
    world.position[world.row(ANNA)] = np.array(A1.screen)
    booth = BoothId(A1.id)
    assert not hall.screens.may_watch("token-of-anna", booth)
    session = Session(1, hall.owner, "test", 0.0, 0.0, 1e12)
    hall.presence.link(ANNA, session, "page", 0.0)
    assert hall.screens.may_watch("token-of-anna", booth)
    hall.presence.end_session(1)
    hall.expo.booths.open(hall.staff, A1.id, 0.0)
    assert hall.screens.may_watch("token-of-anna", booth)
    hall.expo.booths.close(hall.staff, A1.id, 0.0)
    assert not hall.screens.may_watch("token-of-anna", booth)


def test_the_key_of_a_booth_opens_its_screen(hall: Hall) -> None:
    token, _ = hall.expo.publishing.issue(hall.staff, A1.id, 0.0)
    assert hall.screens.publisher(token) == A1.id
    assert hall.screens.publisher("another") is None
    assert hall.screens.position(BoothId(A1.id)) == A1.screen
    assert hall.screens.position(BoothId(DARK.id)) is None
