"""What is laid on the ground follows it."""

import numpy as np
import pytest
from shapely.geometry import Point, Polygon, box

from scenes.drape import drape, ribbon
from scenes.palette import LAWN, linear
from spatial.quaternion import FloatArray


def slope(xz: FloatArray) -> FloatArray:
    return np.asarray(xz[..., 0] * 0.1 + np.sin(xz[..., 1] / 40.0))


@pytest.mark.parametrize(
    "shape",
    [
        box(3, 4, 130, 90),
        Point(50, 50).buffer(40),
        Polygon([(0, 0), (100, 0), (100, 100), (50, 20), (0, 100)]),
        Point(50, 50).buffer(60).difference(Point(50, 50).buffer(30)),
    ],
)
def test_a_draped_polygon_keeps_its_area_and_looks_up(shape: Polygon) -> None:
    mesh = drape([shape], LAWN, slope, 0.05)
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    assert np.all(np.cross(b - a, c - a)[:, 1] > 0.0)
    projected = np.cross(b - a, c - a)[:, 1].sum() / 2.0
    assert projected == pytest.approx(shape.area, rel=1e-4)
    np.testing.assert_allclose(mesh.vertices[:, 1], slope(mesh.vertices[:, [0, 2]]) + 0.05)


def test_no_triangle_bridges_a_cell() -> None:
    mesh = drape([box(3, 4, 130, 90)], LAWN, slope, 0.05)
    corners = mesh.vertices[mesh.faces][:, :, [0, 2]] / 25.0
    low, high = np.floor(corners.min(axis=1) + 1e-6), np.ceil(corners.max(axis=1) - 1e-6)
    assert np.all(high - low <= 1.0)


def test_nothing_is_laid_from_nothing() -> None:
    assert drape([], LAWN, slope, 0.05).triangles == 0
    assert drape([Polygon()], LAWN, slope, 0.05).triangles == 0


def test_a_ribbon_has_its_width_and_looks_up() -> None:
    points = np.array([[0.0, 0.0], [60.0, 0.0], [60.0, 80.0]])
    mesh = ribbon(points, 2.0, LAWN, slope, 0.1)
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    up = np.cross(b - a, c - a)[:, 1]
    assert np.all(up > 0.0)
    assert up.sum() / 2.0 == pytest.approx(280.0, rel=0.02)


def test_colours_become_linear_bytes() -> None:
    assert linear("#000000", "#ffffff", "#808080").tolist() == [
        [0, 0, 0, 255],
        [255, 255, 255, 255],
        [55, 55, 55, 255],
    ]
