import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from scenes.boundary import CELL, Boundary

#: A city with a hole in it and an exclave, some cells wide.
BAYS = Point(300.0, -100.0).buffer(700.0, quad_segs=5).difference(Point(450.0, -50.0).buffer(210.0))
CITY = shapely.union_all([BAYS, shapely.box(1200.0, 0.0, 1210.0, 400.0)])

axis = st.one_of(
    st.floats(-700.0, 1500.0),
    st.integers(-14, 30).map(lambda cell: cell * CELL),
    st.floats(allow_nan=True, allow_infinity=True),
)
points = st.lists(st.tuples(axis, axis), min_size=1, max_size=40)


def by_outline(shape: BaseGeometry, xz: np.ndarray) -> list[bool]:
    return [bool(np.isfinite(point).all() and shape.intersects(Point(point))) for point in xz]


@given(points)
def test_the_cells_tell_what_the_outline_tells(spots: list[tuple[float, float]]) -> None:
    boundary, xz = Boundary(CITY), np.array(spots)
    assert boundary.covers(xz).tolist() == by_outline(CITY, xz)
    assert boundary.covers(xz).tolist() == by_outline(CITY, xz)


def test_the_edge_is_within() -> None:
    corners = shapely.get_coordinates(CITY)
    assert Boundary(CITY).covers(corners).all()


@pytest.mark.parametrize("step", [1e-6, 1e-3])
def test_a_hair_beside_the_edge_is_told_apart(step: float) -> None:
    boundary = Boundary(shapely.box(0.0, 0.0, 4 * CELL, 4 * CELL))
    xz = np.array([[-step, 10.0], [step, 10.0], [10.0, 4 * CELL + step], [10.0, 4 * CELL - step]])
    assert boundary.covers(xz).tolist() == [False, True, False, True]
