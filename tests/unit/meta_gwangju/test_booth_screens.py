from pathlib import Path

import numpy as np
import pytest

from meta_gwangju.booth_screens import BoothScreens
from meta_gwangju.presence import Presence
from municipality.citizens import Actors, Citizens, Grants
from municipality.expo import Expo, Slot
from municipality.store import Store
from municipality.vault import Vault
from streaming.messages import NEAR_RADIUS
from streaming.video.screens import BoothId
from world.entity import Appearance, PersonId
from world.state import World

A1 = Slot("hall-a1", "city/hall/a1", ((0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (0.0, 6.0)), (3.0, 32.0, 6.0))
DARK = Slot("hall-a2", "city/hall/a2")
ANNA = PersonId(7)


@pytest.fixture
def world() -> World:
    world = World(4)
    world.add(ANNA, Appearance("p", 0, "browser"))
    return world


def screens(tmp_path: Path, world: World) -> tuple[BoothScreens, Presence]:
    with Store(tmp_path / "city.sqlite3") as store:
        vault = Vault(bytes(32))
        presence = Presence(Actors(Citizens(store, vault), Grants(store)))
        expo = Expo.over(store, vault, [A1, DARK])
        return BoothScreens(expo.publishing, [A1, DARK], world, presence), presence


def test_a_screen_is_watched_by_those_who_stand_near(tmp_path: Path, world: World) -> None:
    found, presence = screens(tmp_path, world)
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
