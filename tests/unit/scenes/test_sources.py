"""Input data: what is read, and what is said when it is wrong."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scenes.errors import MalformedFeatureError, MalformedRasterError, MissingSourceError, SourceError
from scenes.sources import DATA, Sources, load_sources, read_dem, read_features
from scenes.sources.gwangju import english

SQUARE = [[[126.0, 35.0], [126.1, 35.0], [126.1, 35.1], [126.0, 35.0]]]


def collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(kind: str, coordinates: object, **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def test_the_whole_of_gwangju_is_read(sources: Sources) -> None:
    assert (len(sources.gu), len(sources.dong)) == (5, 95)
    assert (len(sources.landmarks), len(sources.stations)) == (20, 20)
    assert {dong.gu for dong in sources.dong} == {gu.id for gu in sources.gu}
    assert sources.statistics.floor_area == pytest.approx(102_238_000)


def test_every_name_is_there_in_both_languages(sources: Sources) -> None:
    named = [*sources.gu, *sources.dong, *sources.landmarks, *sources.stations]
    for thing in named:
        assert any("가" <= letter <= "힣" for letter in thing.name.ko), thing
        assert thing.name.en.isascii() or "–" in thing.name.en
        assert thing.name.en[0].isupper(), thing.name.en


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("Gyerim 1(il)-dong", "Gyerim 1-dong"),
        ("Chungjangdong", "Chungjang-dong"),
        ("Jiwon1-dong", "Jiwon 1-dong"),
        ("yangsan-dong", "Yangsan-dong"),
    ],
)
def test_romanised_names_are_tidied(raw: str, tidy: str) -> None:
    assert english(raw) == tidy


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "Not JSON"),
        ("[]", "FeatureCollection"),
        (collection({"type": "Feature", "properties": None, "geometry": None}), "no properties"),
        (collection(feature("Point", [127.0, 35.0]), feature("LineString", [[0, 0], [1, 1]])), "LineString"),
        (collection(feature("Polygon", [[[0, 0], [1, 1], [0, 0]]], name="북동")), "fewer than four"),
        (collection(feature("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1]]], name="북동")), "not closed"),
        (collection(feature("Point", [200.0, 35.0], name="북동")), "no longitude and latitude"),
        (collection(feature("Point", ["x", 35.0], name="북동")), "no longitude and latitude"),
        (collection(feature("Point", [True, 35.0], name="북동")), "no longitude and latitude"),
        (collection(feature("Point", [float("nan"), 35.0], name="북동")), "no longitude and latitude"),
        (collection(feature("MultiPolygon", [[]], name="북동")), "no ring"),
    ],
)
def test_a_malformed_feature_is_named_with_its_file(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "dong.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MalformedFeatureError, match=part) as caught:
        read_features(path)
    assert caught.value.file == "dong.geojson"
    assert "dong.geojson" in str(caught.value)
    if "북동" in text:
        assert caught.value.feature == "feature 0 (북동)"
        assert "feature 0 (북동)" in str(caught.value)


def test_the_second_feature_is_named_as_the_second(tmp_path: Path) -> None:
    path = tmp_path / "gu.geojson"
    path.write_text(collection(feature("Polygon", SQUARE), feature("Polygon", [[1, 2]])), encoding="utf-8")
    with pytest.raises(MalformedFeatureError) as caught:
        read_features(path)
    assert caught.value.feature == "feature 1"


def copy_of_data(tmp_path: Path) -> Path:
    for path in DATA.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = copy_of_data(tmp_path)
    (folder / "dem.png").unlink()
    with pytest.raises(MissingSourceError, match=r"dem\.png"):
        load_sources(folder)


def test_a_station_without_english_name_is_refused(tmp_path: Path) -> None:
    folder = copy_of_data(tmp_path)
    document = json.loads((folder / "stations.geojson").read_text(encoding="utf-8"))
    next(f for f in document["features"] if f["properties"]["name"] == "평동역")["properties"]["code"] = 919
    (folder / "stations.geojson").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(MalformedFeatureError, match="평동역"):
        load_sources(folder)


def test_missing_statistics_are_refused(tmp_path: Path) -> None:
    folder = copy_of_data(tmp_path)
    (folder / "building_stats.json").write_text('{"gwangju": {}, "korea": {}}', encoding="utf-8")
    with pytest.raises(SourceError, match=r"building_stats\.json"):
        load_sources(folder)


@pytest.mark.parametrize(
    "change", [{"width": 3}, {"dlon": 0.0}, {"north": "x"}, {"west": None}, {"height": 10**9}]
)
def test_a_relief_that_does_not_fit_its_description_is_refused(
    tmp_path: Path, change: dict[str, object]
) -> None:
    folder = copy_of_data(tmp_path)
    raw = json.loads((folder / "dem.json").read_text(encoding="utf-8"))
    (folder / "dem.json").write_text(json.dumps(raw | change), encoding="utf-8")
    with pytest.raises(MalformedRasterError, match="dem"):
        read_dem(folder / "dem.json", folder / "dem.png")


def test_a_relief_of_another_depth_or_no_picture_is_refused(tmp_path: Path) -> None:
    folder = copy_of_data(tmp_path)
    Image.new("L", (347, 232)).save(folder / "dem.png")
    with pytest.raises(MalformedRasterError, match="16-bit"):
        read_dem(folder / "dem.json", folder / "dem.png")
    (folder / "dem.png").write_bytes(b"not a picture")
    with pytest.raises(MalformedRasterError, match="PNG"):
        read_dem(folder / "dem.json", folder / "dem.png")


def test_the_relief_keeps_its_edge_beyond_the_raster(sources: Sources) -> None:
    far = sources.dem.sample(np.array([120.0, 127.0]), np.array([35.1, 35.1]))
    assert np.all(np.isfinite(far))
