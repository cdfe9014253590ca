"""The forty spots: all there, named in both languages, with free level ground to arrive on."""

import json
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Point

from scenes.landmarks import landmark_mesh, station_mesh
from scenes.layout import Layout
from scenes.sources import Sources
from scenes.water import GWANGJUCHEON_WIDTH
from tests.unit.scenes.corner_city import Built


@pytest.fixture(scope="module")
def places(corner: Built) -> dict[str, Any]:
    document = json.loads((corner.folder / "places.json").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def test_twenty_landmarks_and_twenty_stations_with_both_names(
    places: dict[str, Any], sources: Sources
) -> None:
    spots = places["spots"]
    assert [spot["id"] for spot in spots if spot["kind"] == "landmark"] == [m.id for m in sources.landmarks]
    assert [spot["id"] for spot in spots if spot["kind"] == "station"] == [
        f"station_{s.code}" for s in sources.stations
    ]
    categories = {"memory", "culture", "campus", "accent", "nature", "station"}
    for spot in spots:
        assert spot["name"]["ko"]
        assert spot["name"]["en"]
        assert spot["category"] in categories
        assert spot["accuracy_m"] > 0
        assert spot["height_m"] > 2
        assert spot["source"]
    assert places["start"] in {spot["id"] for spot in spots}


def test_someone_who_arrives_faces_the_place(places: dict[str, Any]) -> None:
    for spot in places["spots"]:
        arrival = np.array(spot["arrival"]["position"])
        yaw = spot["arrival"]["yaw"]
        forward = np.array([-np.sin(yaw), -np.cos(yaw)])
        towards = (np.array(spot["position"]) - arrival)[[0, 2]]
        assert float(forward @ towards / np.hypot(*towards)) == pytest.approx(1.0, abs=1e-3), spot["id"]


def test_arrivals_are_level_ground_at_the_height_of_the_place(places: dict[str, Any], layout: Layout) -> None:
    for spot in places["spots"]:
        arrival = np.array(spot["arrival"]["position"])
        assert arrival[1] == pytest.approx(spot["position"][1], abs=1e-3), spot["id"]
        around = arrival[[0, 2]] + np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
        np.testing.assert_allclose(layout.ground.height(around), arrival[1], atol=1e-3)


def test_no_stand_in_blocks_an_arrival_or_the_way_in(layout: Layout) -> None:
    for site in layout.sites:
        build = landmark_mesh if site.kind == "landmark" else station_mesh
        mesh = build(layout, site)
        ground = float(layout.ground.height(site.arrival[None])[0])
        centres = mesh.vertices[mesh.faces].mean(axis=1)
        at_head_height = (centres[:, 1] > ground + 0.3) & (centres[:, 1] < ground + 2.2)
        away = np.hypot(*(centres[at_head_height][:, [0, 2]] - site.arrival).T)
        assert away.size == 0 or away.min() > 3.0, site.id


def test_every_landmark_has_a_shape_of_its_own_in_a_real_colour(layout: Layout) -> None:
    seen = set()
    for site in layout.sites:
        if site.kind != "landmark":
            continue
        mesh = landmark_mesh(layout, site)
        size = np.ptp(mesh.vertices, axis=0)
        seen.add(tuple(np.round(size, 1)))
        assert 30 < mesh.triangles < 4000, site.id
        assert size[1] > 8.0, site.id
        colours = mesh.colours[:, :3].astype(int)
        assert np.any(colours.min(axis=1) < 0.55 * colours.max(axis=1)), site.id
    assert len(seen) == 20


def test_stations_wear_the_colour_of_the_line(layout: Layout) -> None:
    mesh = station_mesh(layout, layout.site("station_105"))
    # sRGB #008577 in linear bytes.
    assert np.any(np.all(mesh.colours[:, :3] == [0, 60, 47], axis=1))


def test_geumnam_ro_runs_from_the_square_through_both_stations(layout: Layout) -> None:
    street = next(street for street in layout.streets if street.name == "geumnam")
    for identity in ("may18_square", "station_105", "station_106"):
        centre = layout.site(identity).centre
        assert np.min(np.hypot(*(street.points - centre).T)) < 1e-6


def test_the_river_follows_the_border_between_districts(layout: Layout) -> None:
    river = layout.rivers[0]
    assert river.area / GWANGJUCHEON_WIDTH > 5000.0
    east, west = layout.gu["24010"].boundary, layout.gu["24030"].boundary
    assert river.intersection(east.intersection(west)).length > 2000.0


def test_no_river_runs_through_a_place(layout: Layout) -> None:
    for site in layout.sites:
        if site.kind == "landmark":
            for river in layout.rivers:
                assert river.distance(Point(site.centre)) > site.radius, site.id


def test_district_shapes_are_written_in_world_metres(corner: Built, layout: Layout) -> None:
    document = json.loads((corner.folder / "districts.json").read_text(encoding="utf-8"))
    assert (len(document["gu"]), len(document["dong"])) == (5, 95)
    for dong in document["dong"]:
        assert dong["gu"] in layout.gu
        assert layout.dong[dong["id"]].distance(Point(dong["label"])) == 0.0
