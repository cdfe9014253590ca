"""The hall as the server knows it: slots, corners for staff, and who came to a booth."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meta_gwangju.errors import CityMissingError
from meta_gwangju.footfall import Footfall
from meta_gwangju.halls import Halls
from scenes.hall import STAND_SIZE, halls_document
from scenes.inspection.inspection import STAND
from scenes.layout import layout_of
from scenes.sources import load_sources
from spatial.frames import GWANGJU
from world.zones import Zones


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return halls_document(layout_of(GWANGJU, load_sources()))


@pytest.fixture
def halls(tmp_path: Path, document: dict[str, Any]) -> Halls:
    (tmp_path / "halls.json").write_text(json.dumps(document), encoding="utf-8")
    return Halls.load(tmp_path)


def test_every_slot_knows_its_place_and_its_screen(halls: Halls, document: dict[str, Any]) -> None:
    told = document["halls"][0]["slots"]
    assert [slot.id for slot in halls.slots] == [slot["id"] for slot in told]
    for slot, built in zip(halls.slots, told, strict=True):
        assert slot.place == built["place"]
        assert slot.screen == tuple(built["screen"]["position"])
        x, _, z = built["position"]
        assert [other.id for other in halls.slots if other.holds(x, z)] == [slot.id]


def test_the_corners_for_staff_are_zones_of_the_world(halls: Halls, document: dict[str, Any]) -> None:
    zones = Zones(halls.staff)
    for index, slot in enumerate(document["halls"][0]["slots"]):
        corners = np.array(slot["staff"]["corners"])
        middle = corners.mean(axis=0)
        inner, outer = middle + 0.95 * (corners - middle), middle + 1.05 * (corners - middle)
        assert (zones.at(inner) == index).all()
        assert (zones.at(outer) == -1).all()
        assert zones[index].place == slot["place"]
        assert zones[index].right == "enter_staff"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"halls": [{"slots": [{}]}]}', '{"halls": [{"slots": [{"id": 1}]}]}']
)
def test_a_damaged_hall_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "halls.json").write_text(text, encoding="utf-8")
    with pytest.raises(CityMissingError, match="build-city"):
        Halls.load(tmp_path)


def test_models_are_inspected_for_the_stand_that_the_hall_has() -> None:
    assert STAND == STAND_SIZE


class Walk:
    """One person (7) walks; another (8) stands far away."""

    def __init__(self, halls: Halls) -> None:
        self.halls = halls
        self.footfall = Footfall(halls.slots)

    def at(self, slot: int | None, now: float) -> list[tuple[int, str]]:
        x, z = 0.0, 0.0
        if slot is not None:
            x, z = np.array(self.halls.slots[slot].corners).mean(axis=0).tolist()
        positions = np.array([[x, 40.0, z], [500.0, 40.0, 500.0]])
        return self.footfall.look(np.array([7, 8]), positions, now)


def test_five_seconds_in_a_slot_are_one_visit(halls: Halls) -> None:
    walk = Walk(halls)
    assert [walk.at(0, float(now)) for now in range(5)] == [[]] * 5
    assert walk.at(0, 5.0) == [(7, "kdj_center-a1")]
    assert [walk.at(0, float(now)) for now in range(6, 60)] == [[]] * 54


def test_who_passes_by_or_walks_on_has_not_visited(halls: Halls) -> None:
    walk = Walk(halls)
    assert [walk.at(now % 3, float(now)) for now in range(30)] == [[]] * 30
    assert [walk.at(None if now % 5 == 4 else 2, float(now)) for now in range(30, 60)] == [[]] * 30


def test_coming_back_counts_after_half_an_hour(halls: Halls) -> None:
    walk = Walk(halls)
    walk.at(0, 0.0)
    assert walk.at(0, 5.0)
    walk.at(None, 10.0)
    walk.at(0, 20.0)
    assert walk.at(0, 30.0) == []
    walk.at(None, 40.0)
    walk.at(0, 1900.0)
    assert walk.at(0, 1905.0) == [(7, "kdj_center-a1")]


def test_a_city_without_a_hall_counts_nobody() -> None:
    footfall = Footfall(())
    assert footfall.look(np.array([7]), np.zeros((1, 3)), 1.0) == []
