"""World coordinates against an independent implementation (PROJ)."""

import numpy as np
import pytest
from pyproj import Transformer

from scenes.georeference import height_at, lonlat_under, sea_height, world_from_lonlat
from scenes.sources import Sources
from spatial.frames import GEOID_UNDULATION, GWANGJU

# The corners of the city and a point near its middle.
POINTS = np.array([[126.645, 35.05], [127.022, 35.05], [126.645, 35.259], [127.022, 35.259], [126.85, 35.16]])


@pytest.fixture(scope="module")
def ecef_from_geodetic() -> Transformer:
    return Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)


def test_world_points_agree_with_proj_to_a_millimetre(ecef_from_geodetic: Transformer) -> None:
    heights = np.array([24.3, 500.0, 1200.0, 80.0, 60.0])
    ours = GWANGJU.world_from_geodetic(POINTS[:, 0], POINTS[:, 1], heights)
    ecef = np.stack(ecef_from_geodetic.transform(POINTS[:, 0], POINTS[:, 1], heights), axis=1)
    matrix = GWANGJU.ecef_from_world()
    np.testing.assert_allclose(ours @ matrix[:3, :3].T + matrix[:3, 3], ecef, atol=1e-3)


def test_the_way_back_from_world_agrees_with_proj(ecef_from_geodetic: Transformer) -> None:
    world = np.array([[-19_000.0, -30.0, -11_000.0], [15_400.0, 900.0, 12_000.0], [0.0, 40.0, 0.0]])
    matrix = GWANGJU.ecef_from_world()
    ecef = world @ matrix[:3, :3].T + matrix[:3, 3]
    longitude, latitude = lonlat_under(GWANGJU, world[:, 0], world[:, 2], world[:, 1])
    expected = ecef_from_geodetic.transform(*ecef.T, direction="INVERSE")
    # A hundred-millionth of a degree is a millimetre.
    np.testing.assert_allclose(longitude, expected[0], atol=1e-8)
    np.testing.assert_allclose(latitude, expected[1], atol=1e-8)


def test_the_relief_is_met_on_the_vertical_of_the_tangent_plane(sources: Sources) -> None:
    there = world_from_lonlat(GWANGJU, sources.dem, POINTS[:, 0], POINTS[:, 1])
    again = height_at(GWANGJU, sources.dem, there[:, 0], there[:, 2])
    np.testing.assert_allclose(again, there[:, 1], atol=2e-3)


def test_the_plane_falls_away_at_the_edge_of_the_city() -> None:
    edge = GWANGJU.world_from_geodetic(POINTS[:, 0], POINTS[:, 1], np.full(len(POINTS), GEOID_UNDULATION))
    drop = GEOID_UNDULATION - edge[:4, 1]
    assert np.all((drop > 25.0) & (drop < 42.0))
    np.testing.assert_allclose(sea_height(edge[:, 0], edge[:, 2], edge[:, 1]), 0.0, atol=0.4)


def test_landmarks_stand_where_the_data_puts_them(sources: Sources) -> None:
    summit = next(mark for mark in sources.landmarks if mark.id == "mudeungsan_summit")
    point = world_from_lonlat(
        GWANGJU, sources.dem, np.array([summit.longitude]), np.array([summit.latitude])
    )[0]
    longitude, latitude, height = GWANGJU.geodetic_from_world(point)
    assert float(longitude) == pytest.approx(127.0085, abs=1e-9)
    assert float(latitude) == pytest.approx(35.1233, abs=1e-9)
    assert 1050.0 < float(height) - GEOID_UNDULATION < 1190.0
