import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meta_gwangju.errors import CityMissingError
from meta_gwangju.survey import Survey
from spatial.frames import GWANGJU


class Hills:
    """Up to 1,100 m and steep, over 60 km: worse than Mudeungsan."""

    def height(self, xz: np.ndarray) -> np.ndarray:
        return 550.0 + 550.0 * np.sin(xz[..., 0] / 900.0) * np.cos(xz[..., 1] / 900.0)

    def inside(self, xz: np.ndarray) -> np.ndarray:
        return np.abs(xz).max(axis=-1) <= 30_000.0


EDGE = st.floats(-25_000.0, 25_000.0)


@given(x=EDGE, z=EDGE)
def test_there_and_back_is_the_same_ground_to_a_millimetre(x: float, z: float) -> None:
    survey = Survey(Hills())
    there = survey.lonlat_from_world(x, z)
    assert math.dist(survey.world_from_lonlat(*there), (x, z)) < 0.001


def test_the_origin_lies_where_the_frame_says() -> None:
    x, z = Survey(Hills()).world_from_lonlat(GWANGJU.longitude, GWANGJU.latitude)
    assert math.hypot(x, z) < 1e-6


def test_a_point_belongs_to_the_neighbourhood_that_it_lies_in(tmp_path: Path) -> None:
    west = {"id": "1", "gu": "10", "rings": [[[-10, -10], [0, -10], [0, 10], [-10, 10]]]}
    east = {"id": "2", "gu": "20", "rings": [[[0, -10], [10, -10], [10, 10], [0, 10]]]}
    (tmp_path / "districts.json").write_text(json.dumps({"dong": [west, east]}))
    survey = Survey.load(tmp_path, Hills())
    assert survey.districts(-5.0, 0.0) == ("10", "1")
    assert survey.districts(5.0, 0.0) == ("20", "2")
    assert survey.districts(0.0, 0.0) == ("10", "1")
    assert survey.districts(50.0, 0.0) == (None, None)


def test_a_city_without_districts_has_none(tmp_path: Path) -> None:
    assert Survey.load(tmp_path, Hills()).districts(0.0, 0.0) == (None, None)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"dong": [{"id": 1}]}', '{"dong": [{"gu": 1, "id": 1, "rings": [[1]]}]}']
)
def test_damaged_districts_are_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "districts.json").write_text(text)
    with pytest.raises(CityMissingError, match="build-city"):
        Survey.load(tmp_path, Hills())
