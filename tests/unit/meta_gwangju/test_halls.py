"""The hall as the server knows it: slots, and corners for staff."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meta_gwangju.errors import CityMissingError
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
