import json
from pathlib import Path

import pytest

from meta_gwangju.errors import CityMissingError
from meta_gwangju.places import Places
from municipality.visitors import Place

DOCUMENT = {
    "city": "gwangju",
    "start": "square",
    "spots": [{"id": "square", "arrival": {"position": [1, 2.5, -3], "yaw": 0.5}}],
}


def write(folder: Path, text: str) -> Path:
    (folder / "places.json").write_text(text, encoding="utf-8")
    return folder


def test_places_are_read_from_the_built_city(tmp_path: Path) -> None:
    places = Places.load(write(tmp_path, json.dumps(DOCUMENT)))
    assert places.start == places.arrivals["square"] == Place((1.0, 2.5, -3.0), 0.5)
    assert places.city == "gwangju"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        json.dumps(DOCUMENT | {"start": "elsewhere"}),
        json.dumps(DOCUMENT | {"spots": [{"id": "square", "arrival": {"position": [1, 2], "yaw": 0}}]}),
        json.dumps(
            DOCUMENT | {"spots": [{"id": "square", "arrival": {"position": [1, 2, 1e999], "yaw": 0}}]}
        ),
    ],
)
def test_a_damaged_file_says_how_to_build_the_city_again(tmp_path: Path, text: str) -> None:
    with pytest.raises(CityMissingError, match="build-city") as refused:
        Places.load(write(tmp_path, text))
    assert "places.json" in refused.value.ko


def test_a_missing_file_says_how_to_build_the_city_again(tmp_path: Path) -> None:
    with pytest.raises(CityMissingError, match="build-city"):
        Places.load(tmp_path)
