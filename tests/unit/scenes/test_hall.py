"""The expo hall: slots one can walk between, on level ground, all of it said to be invented."""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from scenes.city import Limit, build
from scenes.glb import parse
from scenes.hall import SLOT, halls_document
from scenes.landmarks import landmark_mesh
from scenes.layout import Layout
from scenes.tileset import LEAF


@pytest.fixture(scope="module")
def hall(layout: Layout) -> dict[str, Any]:
    (only,) = halls_document(layout)["halls"]
    return dict(only)


def ahead(posture: dict[str, Any], metres: float) -> Point:
    """The point in front of a posture (yaw 0 looks north, positive turns left)."""
    x, _, z = posture["position"]
    return Point(x - np.sin(posture["yaw"]) * metres, z - np.cos(posture["yaw"]) * metres)


def test_twelve_numbered_slots_of_six_metres(hall: dict[str, Any]) -> None:
    slots = hall["slots"]
    assert [slot["number"] for slot in slots] == [f"{row}{k}" for row in "ABC" for k in range(1, 5)]
    assert {slot["id"] for slot in slots} == {f"kdj_center-{slot['number'].lower()}" for slot in slots}
    for slot in slots:
        assert Polygon(slot["corners"]).area == pytest.approx(SLOT * SLOT, rel=1e-3)
        assert slot["place"] == f"city/kdj_center/{slot['number'].lower()}"


def test_no_slot_touches_another_but_back_to_back_and_all_lie_on_the_floor(hall: dict[str, Any]) -> None:
    floor = Polygon(hall["floor"]["corners"])
    shapes = {slot["number"]: Polygon(slot["corners"]) for slot in hall["slots"]}
    for (one, a), (other, b) in itertools.combinations(shapes.items(), 2):
        back_to_back = one[0] == other[0] and {one[1], other[1]} == {"2", "3"}
        assert a.distance(b) == pytest.approx(0.0, abs=0.01) if back_to_back else a.distance(b) > 3.9
        assert a.intersection(b).area < 0.01
    assert all(floor.contains(shape) for shape in shapes.values())


def test_every_front_opens_on_an_aisle_and_the_screen_looks_out_of_it(hall: dict[str, Any]) -> None:
    floor = Polygon(hall["floor"]["corners"])
    shapes = [Polygon(slot["corners"]) for slot in hall["slots"]]
    for slot, shape in zip(hall["slots"], shapes, strict=True):
        aisle = ahead(slot, SLOT / 2 + 2.0)
        assert floor.contains(aisle)
        assert not any(other.contains(aisle) for other in shapes)
        screen = slot["screen"]
        assert screen["size"][0] / screen["size"][1] == pytest.approx(16 / 9)
        assert shape.buffer(0.01).contains(Point(screen["position"][0], screen["position"][2]))
        assert ahead(screen, SLOT).distance(aisle) < 3.0
        lower_edge = screen["position"][1] - screen["size"][1] / 2 - hall["floor"]["y"]
        assert lower_edge > 1.9, "heads would hide the screen"


def test_stand_and_staff_corner_lie_in_the_slot_apart_from_each_other(hall: dict[str, Any]) -> None:
    for slot in hall["slots"]:
        shape, staff = Polygon(slot["corners"]), Polygon(slot["staff"]["corners"])
        stand = slot["stand"]
        middle = Point(stand["position"][0], stand["position"][2])
        reach = stand["size"][0] / 2.0
        assert shape.buffer(0.01).contains(staff)
        assert shape.contains(middle.buffer(reach))
        assert not staff.intersects(middle.buffer(reach))


def test_the_floor_lies_on_level_ground_clear_of_the_landmark_and_of_who_arrives(
    hall: dict[str, Any], layout: Layout
) -> None:
    corners = np.array(hall["floor"]["corners"])
    heights = layout.ground.height(corners)
    assert np.ptp(heights) < 0.01
    assert 0.0 < hall["floor"]["y"] - heights[0] < 0.06, "shadows under people would sink into the floor"
    floor = Polygon(corners)
    model = landmark_mesh(layout, layout.site("kdj_center")).vertices
    assert not any(floor.contains(Point(x, z)) for x, _, z in model)
    arrival = hall["arrival"]
    assert 5.0 < floor.distance(Point(arrival["position"][0], arrival["position"][2])) < 30.0
    assert floor.contains(ahead(arrival, 20.0)), "who arrives faces the hall"


def test_the_hall_says_that_it_is_a_stand_in(hall: dict[str, Any]) -> None:
    assert hall["synthetic"] is True
    assert "대역 모형" in hall["notice"]["ko"]
    assert "Stand-in" in hall["notice"]["en"]


def test_the_built_city_holds_the_hall_in_one_leaf_with_inlaid_numbers(
    hall: dict[str, Any], tmp_path: Path
) -> None:
    x, z = np.mean(hall["floor"]["corners"], axis=0)
    city = tmp_path / "gwangju"
    build(city, progress=lambda *_: None, workers=1, limit=Limit(float(x), float(z), 60.0))
    document = json.loads((city / "halls.json").read_text(encoding="utf-8"))
    assert document["version"] == 1
    assert document["halls"][0] == hall
    found: dict[str, list[dict[str, Any]]] = {}
    for path in (city / "tiles" / str(int(LEAF))).glob("*.glb"):
        for mesh in parse(path.read_bytes())[0]["meshes"]:
            if mesh["extras"].get("hall") == "kdj_center":
                found.setdefault(path.name, []).append(mesh)
    assert len(found) == 1
    (meshes,) = found.values()
    assert {mesh["name"] for mesh in meshes} == {"paper_hall", "paper_inlays"}
    assert all(mesh["extras"]["synthetic"] is True for mesh in meshes)
