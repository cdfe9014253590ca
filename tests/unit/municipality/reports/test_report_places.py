import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipality.errors import ReportRefusedError
from municipality.reports import Surveyor
from tests.unit.municipality.reports.land import FlatLand

SURVEYOR = Surveyor(FlatLand())
INSIDE = st.floats(-999.0, 999.0)


@given(x=INSIDE, z=INSIDE)
def test_map_and_world_name_the_same_ground_to_two_centimetres(x: float, z: float) -> None:
    place = SURVEYOR.at_world(x, z)
    again = SURVEYOR.at_lonlat(place.longitude, place.latitude)
    assert math.dist((place.x, place.z), (again.x, again.z)) < 0.02
    assert math.dist((place.x, place.z), (x, z)) < 0.01


@given(x=st.floats(allow_nan=True, allow_infinity=True), z=st.floats(allow_nan=True, allow_infinity=True))
def test_no_point_outside_the_city_becomes_a_place(x: float, z: float) -> None:
    try:
        place = SURVEYOR.at_world(x, z)
    except ReportRefusedError:
        assert not (abs(x) < 1_000.0 and abs(z) < 1_000.0)
    else:
        assert abs(place.x) <= 1_000.0
        assert abs(place.z) <= 1_000.0


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        (127.0, 37.5),  # Seoul
        (0.0, 0.0),
        (126.85, 135.16),
        (math.nan, 35.16),
        (126.85, math.inf),
        (1e300, -1e300),
        (35.16, 126.85),  # the two confused
    ],
)
def test_a_position_outside_the_city_is_refused(longitude: float, latitude: float) -> None:
    with pytest.raises(ReportRefusedError, match="not in Gwangju"):
        SURVEYOR.at_lonlat(longitude, latitude)


def test_a_place_knows_its_district() -> None:
    assert SURVEYOR.at_world(5.0, 5.0).gu == "24040"
    assert SURVEYOR.at_world(-5.0, 5.0).dong is None
