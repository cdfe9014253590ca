"""The ground: one set of numbers for feet, chunks and meshes; level where people gather."""

import json
from pathlib import Path

import numpy as np
import pytest

from scenes.collision import Ground
from scenes.errors import GroundError
from scenes.layout import Layout
from scenes.surface import BuiltUp, land
from scenes.terrain import CELL, GroundGrid, read_chunks, write_chunks
from spatial.quaternion import FloatArray
from tests.unit.scenes.corner_city import Built


@pytest.fixture
def grid() -> GroundGrid:
    rng = np.random.default_rng(7)
    return GroundGrid(
        (-2000.0, 0.0), np.round(rng.normal(60.0, 9.0, (81, 161)) * 256).astype(np.float32) / 256
    )


def plane_height(a: FloatArray, b: FloatArray, c: FloatArray, xz: FloatArray) -> float:
    """Height of the plane through three points, by solving for it."""
    matrix = np.array([[p[0], p[2], 1.0] for p in (a, b, c)])
    slope_x, slope_z, offset = np.linalg.solve(matrix, [a[1], b[1], c[1]])
    return float(slope_x * xz[0] + slope_z * xz[1] + offset)


def test_the_leaf_mesh_is_the_ground_people_stand_on(layout: Layout) -> None:
    built = BuiltUp(layout.ground.origin, (np.zeros(layout.ground.heights.shape, np.float32),))
    mesh = land(layout, built, (5500.0, 1000.0, 6000.0, 1500.0), CELL, 4.0)
    rng = np.random.default_rng(3)
    inner = mesh.faces[: 2 * 20 * 20]
    for face in rng.permutation(inner)[:80]:
        corners = mesh.vertices[face]
        weights = rng.dirichlet([1.0, 1.0, 1.0])
        point = weights @ corners
        assert float(layout.ground.height(point[None, [0, 2]])[0]) == pytest.approx(point[1], abs=1e-6)


def test_the_land_has_no_gap_between_tiles(layout: Layout) -> None:
    built = BuiltUp(layout.ground.origin, (np.zeros(layout.ground.heights.shape, np.float32),))
    west = land(layout, built, (5000.0, 1000.0, 5500.0, 1500.0), CELL, 4.0).vertices
    east = land(layout, built, (5500.0, 1000.0, 6000.0, 1500.0), CELL, 4.0).vertices
    seam_west = west[: 21 * 21][west[: 21 * 21, 0] == 5500.0]
    seam_east = east[: 21 * 21][east[: 21 * 21, 0] == 5500.0]
    assert len(seam_west) == 21
    np.testing.assert_array_equal(seam_west, seam_east)


def test_ground_faces_look_up_and_skirts_hang_down(layout: Layout) -> None:
    built = BuiltUp(layout.ground.origin, (np.zeros(layout.ground.heights.shape, np.float32),))
    mesh = land(layout, built, (5000.0, 1000.0, 6000.0, 2000.0), 50.0, 9.0)
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    top = 2 * 20 * 20
    assert np.all(normal[:top, 1] > 0.0)
    outward = (a + b + c)[top:] / 3.0 - [5500.0, 0.0, 1500.0]
    assert np.all(np.einsum("ij,ij->i", normal[top:, [0, 2]], outward[:, [0, 2]]) > 0.0)


@pytest.mark.parametrize(("fx", "fz"), [(0.8, 0.3), (0.3, 0.8), (0.5, 0.5), (0.0, 1.0), (1.0, 0.0)])
def test_a_cell_is_split_from_north_west_to_south_east(grid: GroundGrid, fx: float, fz: float) -> None:
    row, column = 11, 40
    xz = np.array([-2000.0 + (column + fx) * CELL, (row + fz) * CELL])
    h = grid.heights.astype(float)
    corner = {
        (i, j): np.array([-2000.0 + (column + i) * CELL, h[row + j, column + i], (row + j) * CELL])
        for i in (0, 1)
        for j in (0, 1)
    }
    third = corner[1, 0] if fx >= fz else corner[0, 1]
    expected = plane_height(corner[0, 0], corner[1, 1], third, xz)
    assert float(grid.height(xz[None])[0]) == pytest.approx(expected, abs=1e-9)


def test_the_ground_is_continuous_across_cells(grid: GroundGrid) -> None:
    rng = np.random.default_rng(5)
    edges = np.stack([np.round(rng.uniform(-79, 79, 400)) * CELL, rng.uniform(10, 1990, 400)], axis=1)
    step = np.array([1e-6, 0.0])
    np.testing.assert_allclose(grid.height(edges - step), grid.height(edges + step), atol=1e-4)


def test_chunks_give_the_same_ground_back(grid: GroundGrid, tmp_path: Path) -> None:
    write_chunks(grid, tmp_path)
    again = read_chunks(tmp_path)
    np.testing.assert_array_equal(again.heights, grid.heights)
    assert again.origin == grid.origin
    description = json.loads((tmp_path / "ground.json").read_text(encoding="utf-8"))
    assert (description["columns"], description["rows"]) == (2, 1)
    chunk = np.frombuffer((tmp_path / "ground" / "1_0.f32").read_bytes(), "<f4")
    assert chunk[3 * 81 + 5] == grid.heights[3, 85]


@pytest.mark.parametrize("damage", ["gone", "short", "nan", "description"])
def test_damaged_ground_is_refused_by_name(grid: GroundGrid, tmp_path: Path, damage: str) -> None:
    write_chunks(grid, tmp_path)
    path = tmp_path / "ground" / "1_0.f32"
    if damage == "gone":
        path.unlink()
    elif damage == "short":
        path.write_bytes(path.read_bytes()[:-4])
    elif damage == "nan":
        path.write_bytes(np.full(81 * 81, np.nan, "<f4").tobytes())
    else:
        path = tmp_path / "ground.json"
        path.write_text('{"columns": 1}', encoding="utf-8")
    with pytest.raises(GroundError, match=path.name):
        read_chunks(tmp_path)


def test_an_unbuilt_city_has_no_ground(tmp_path: Path) -> None:
    with pytest.raises(GroundError, match="build-city"):
        Ground.load(tmp_path / "nowhere")


def test_squares_and_station_forecourts_are_level(layout: Layout) -> None:
    turn = np.linspace(0.0, 2.0 * np.pi, 48)
    for site in layout.sites:
        for reach in (0.3, 0.7, 1.0):
            ring = site.centre + site.level * reach * np.stack([np.cos(turn), np.sin(turn)], axis=1)
            assert np.ptp(layout.ground.height(ring)) == 0.0, site.id


def test_boulevards_are_level_across_where_no_place_interferes(layout: Layout) -> None:
    street = next(street for street in layout.streets if street.name == "geumnam")
    points = street.spaced(40.0)[6:-6]
    along = np.gradient(points, axis=0)
    side = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.hypot(*along.T)[:, None]
    left, right = layout.ground.height(points + side * 10.0), layout.ground.height(points - side * 10.0)
    assert np.max(np.abs(left - right)) < 0.25


def test_the_built_ground_agrees_with_the_plan(corner: Built, layout: Layout) -> None:
    ground = Ground.load(corner.folder)
    rng = np.random.default_rng(11)
    xz = np.array([5973.5, 1245.2]) + rng.uniform(-400.0, 400.0, (500, 2))
    np.testing.assert_allclose(ground.height(xz), layout.ground.height(xz), atol=1e-9)


def test_inside_means_the_city_not_its_box(corner: Built) -> None:
    ground = Ground.load(corner.folder)
    xz = np.array(
        [[5973.5, 1245.2], [14_000.0, 4000.0], [-18_800.0, -10_900.0], [30_000.0, 0.0], [np.nan, 0.0]]
    )
    assert ground.inside(xz).tolist() == [True, True, False, False, False]


def test_heights_stay_finite_for_any_point(corner: Built) -> None:
    ground = Ground.load(corner.folder)
    xz = np.array([[1e9, -1e9], [np.inf, 0.0], [np.nan, np.nan]])
    assert np.all(np.isfinite(ground.height(xz)))
