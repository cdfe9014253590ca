import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from spatial.frames import GWANGJU, ecef_from_geodetic

PROJ = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
inside = st.tuples(st.floats(126.6, 127.1), st.floats(34.9, 35.3), st.floats(-50.0, 1300.0))


@given(inside)
def test_ecef_agrees_with_proj(place: tuple[float, float, float]) -> None:
    assert np.allclose(ecef_from_geodetic(*map(np.asarray, place)), PROJ.transform(*place), atol=1e-6)


@given(inside)
def test_geodetic_survives_the_world_frame(place: tuple[float, float, float]) -> None:
    world = GWANGJU.world_from_geodetic(*map(np.asarray, place))
    lon, lat, height = GWANGJU.geodetic_from_world(world)
    assert np.allclose([lon, lat], place[:2], atol=1e-10)
    assert height == pytest.approx(place[2], abs=1e-6)


def test_the_axes_are_east_up_south() -> None:
    at = [np.asarray(GWANGJU.longitude), np.asarray(GWANGJU.latitude), np.asarray(0.0)]
    east = GWANGJU.world_from_geodetic(at[0] + 1e-4, at[1], at[2])
    north = GWANGJU.world_from_geodetic(at[0], at[1] + 1e-4, at[2])
    up = GWANGJU.world_from_geodetic(at[0], at[1], at[2] + 10.0)
    assert east[0] > 9.0
    assert abs(east[2]) < 0.01
    assert north[2] < -11.0
    assert abs(north[0]) < 0.01
    assert np.allclose(up, [0.0, 10.0, 0.0], atol=1e-6)


def test_the_ground_falls_away_from_the_tangent_plane() -> None:
    edge = GWANGJU.world_from_geodetic(np.asarray(127.02), np.asarray(35.06), np.asarray(0.0))
    distance = float(np.hypot(edge[0], edge[2]))
    assert edge[1] == pytest.approx(-(distance**2) / (2 * 6_371_000), rel=0.02)


def test_the_tileset_root_maps_enu_to_ecef() -> None:
    enu, world = GWANGJU.ecef_from_enu(), GWANGJU.ecef_from_world()
    point = np.array([120.0, 35.0, -800.0])
    assert np.allclose(enu @ [point[0], -point[2], point[1], 1.0], world @ [*point, 1.0])
