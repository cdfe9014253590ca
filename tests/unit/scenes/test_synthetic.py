"""The invented buildings: calibrated, in their place, flagged, the same for the same seed."""

import numpy as np
import pytest
import shapely
from shapely.geometry import Point

from scenes.georeference import sea_height
from scenes.layout import Layout
from scenes.massing import corners
from scenes.sources import Sources
from scenes.synthetic import DESIGN_BUILDINGS, Fabric, Kind, models, quotas_of, weave
from scenes.synthetic.building import FLOOR_HEIGHT, draw, frames_of
from scenes.synthetic.fabric import totals
from scenes.synthetic.planting import planting_of
from scenes.synthetic.quota import HIGHEST, STEEPEST
from tests.unit.scenes.corner_city import SEED


@pytest.fixture(scope="module")
def rectangles(fabric: Fabric) -> np.ndarray:
    b = fabric.buildings
    return np.asarray(shapely.polygons(corners(frames_of(b), b["width"], b["depth"])))


def test_totals_meet_the_published_statistics(fabric: Fabric, sources: Sources) -> None:
    figures = totals(fabric.buildings)
    statistics = sources.statistics
    assert figures["buildings"] == pytest.approx(DESIGN_BUILDINGS, rel=0.02)
    assert figures["floor_area_m2"] == pytest.approx(statistics.floor_area, rel=0.03)
    assert figures["apartment_floor_area_m2"] == pytest.approx(statistics.apartment_floor_area, rel=0.04)
    assert figures["share_five_floors_or_less"] == pytest.approx(statistics.low_share, abs=0.015)


def test_every_building_says_that_it_is_synthetic(fabric: Fabric) -> None:
    assert np.all(fabric.buildings["synthetic"])


def test_no_building_stands_in_a_square_or_at_an_arrival(layout: Layout, rectangles: np.ndarray) -> None:
    tree = shapely.STRtree(rectangles)
    for site in layout.sites:
        kept = Point(site.centre).buffer(site.radius - 0.5)
        assert not len(tree.query(kept, predicate="intersects")), site.id
        assert not len(tree.query(Point(site.arrival).buffer(3.0), predicate="intersects")), site.id


def test_no_building_stands_on_a_boulevard_in_water_or_on_the_lawn(
    layout: Layout, rectangles: np.ndarray
) -> None:
    tree = shapely.STRtree(rectangles)
    for street in layout.streets:
        assert not len(tree.query(street.line.buffer(street.width / 2 - 0.2), predicate="intersects"))
    for surface in layout.rivers:
        assert not len(tree.query(surface, predicate="intersects"))
    assert not len(tree.query(layout.lawn, predicate="intersects"))


def test_buildings_do_not_stand_in_each_other(rectangles: np.ndarray) -> None:
    smaller = shapely.buffer(rectangles, -0.15)
    first, second = shapely.STRtree(smaller).query(smaller, predicate="intersects")
    assert np.count_nonzero(first != second) == 0


def test_every_building_stands_in_the_city_on_fair_ground(layout: Layout, fabric: Fabric) -> None:
    b = fabric.buildings
    xz = np.stack([b["x"], b["z"]], axis=1)
    assert np.all(shapely.contains_xy(layout.city, b["x"], b["z"]))
    assert np.percentile(layout.ground.slope(xz, 80.0), 99) < STEEPEST + 0.03
    assert np.max(sea_height(b["x"], b["z"], layout.ground.height(xz))) < HIGHEST + 15.0
    assert np.all(b["foot"] <= layout.ground.height(xz))


def test_apartments_are_slabs_of_fifteen_to_twenty_five_floors(fabric: Fabric) -> None:
    slabs = fabric.buildings[fabric.buildings["kind"] == Kind.APARTMENT]
    assert np.all((slabs["floors"] >= 13) & (slabs["floors"] <= 25))
    assert np.all((slabs["width"] >= 40.0) & (slabs["width"] <= 64.0))
    np.testing.assert_allclose(slabs["height"], slabs["floors"] * FLOOR_HEIGHT[Kind.APARTMENT] + 0.75)


def test_geumnam_ro_is_walled_by_tall_slabs(layout: Layout, fabric: Fabric) -> None:
    street = next(street for street in layout.streets if street.name == "geumnam")
    front = fabric.buildings[fabric.buildings["block"] < 0]
    distance = shapely.distance(street.line, shapely.points(front["x"], front["z"]))
    slabs = front[distance < 30.0]
    assert len(slabs) > 50
    assert np.all((slabs["floors"] >= 6) & (slabs["floors"] <= 14))


def test_the_city_is_denser_where_real_points_are_dense(layout: Layout, fabric: Fabric) -> None:
    b = fabric.buildings

    def around(x: float, z: float) -> int:
        return int(np.count_nonzero(np.hypot(b["x"] - x, b["z"] - z) < 1000.0))

    downtown = layout.site("may18_square").centre
    countryside = np.array([-14_000.0, -4000.0])
    assert around(*downtown) > 4 * around(*countryside)


def test_the_same_seed_gives_the_same_dong_and_another_seed_another(layout: Layout, sources: Sources) -> None:
    quotas = quotas_of(layout, sources.statistics, 800, 2.3e6)
    code = next(dong.id for dong in sources.dong if dong.name.ko == "충장동")
    one, two = weave(layout, code, quotas[code], SEED), weave(layout, code, quotas[code], SEED)
    np.testing.assert_array_equal(one.buildings, two.buildings)
    other = weave(layout, code, quotas[code], SEED + 1)
    assert one.buildings.tobytes() != other.buildings.tobytes()


def test_seeded_numbers_are_uniform_and_independent() -> None:
    seeds = np.arange(20_000, dtype=np.uint32)
    one, two = draw(seeds, 1), draw(seeds, 2)
    assert np.all((one >= 0.0) & (one < 1.0))
    assert np.mean(one) == pytest.approx(0.5, abs=0.01)
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.03


def test_facade_coordinates_run_in_centimetres_round_the_building(fabric: Fabric) -> None:
    houses = fabric.buildings[fabric.buildings["kind"] == Kind.MIXED][:50]
    walls, rest = models.full(houses)
    assert walls.triangles == 8 * len(houses)
    assert not rest.facade.any()
    around = walls.facade.reshape(len(houses), 10, 4)
    np.testing.assert_allclose(
        around[:, -1, 0], np.round((houses["width"] + houses["depth"]) * 200.0), atol=1
    )
    np.testing.assert_allclose(around[:, 1, 1], np.round(houses["height"] * 100.0), atol=1)
    assert np.all(around[..., 2] == 1)
    assert np.all(around[..., 3] == (houses["seed"] & 1023)[:, None])
    # Widths are whole bays, so that no window breaks at a corner.
    np.testing.assert_allclose(np.mod(houses["width"] / 2.7 + 1e-9, 1.0), 0.0, atol=1e-6)


def test_walls_and_roofs_look_outward(fabric: Fabric) -> None:
    b = fabric.buildings
    for kind in Kind:
        one = b[b["kind"] == kind][:1]
        middle = np.array([one["x"][0], one["foot"][0] + one["height"][0] / 2, one["z"][0]])
        walls, _ = models.full(one)
        a, c, d = (walls.vertices[walls.faces[:, k]] for k in range(3))
        normal = np.cross(c - a, d - a)
        outward = (a + c + d) / 3.0 - middle
        assert np.all(np.einsum("ij,ij->i", normal, outward) > 0.0), kind
        _, roofs = models.simple(one, 1.0)
        p, q, r = (roofs.vertices[roofs.faces[:, k]] for k in range(3))
        assert np.all(np.cross(q - p, r - p)[:, 1] > 0.0)


def test_trees_and_lamps_leave_carriageways_and_arrivals_free(layout: Layout, fabric: Fabric) -> None:
    planting = planting_of(layout, fabric, SEED)
    assert len(planting.trees) > 10_000
    assert len(planting.lamps) > 1000
    for points in (planting.trees, planting.lamps):
        for street in layout.streets:
            away = shapely.distance(street.line, shapely.points(points))
            assert away.min() > street.carriageway / 2.0
        for site in layout.sites:
            assert np.min(np.hypot(*(points - site.arrival).T)) > 3.9, site.id
