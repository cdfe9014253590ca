"""The input data of Gwangju as typed records: districts, neighbourhoods, landmarks, stations, statistics."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from scenes.errors import MalformedFeatureError, MissingSourceError, SourceError
from scenes.sources.dem import Dem, read_dem
from scenes.sources.geojson import Feature, read_features, text_of

DATA = Path(__file__).resolve().parent.parent / "data" / "gwangju"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in both languages of the city."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True, eq=False)
class Gu:
    """A district; ``shape`` in degrees."""

    id: str
    name: Name
    shape: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False)
class Dong:
    """A neighbourhood of the district ``gu``; ``shape`` in degrees."""

    id: str
    gu: str
    name: Name
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Landmark:
    """A real place. ``accuracy`` is the stated horizontal accuracy in metres."""

    id: str
    name: Name
    category: str
    longitude: float
    latitude: float
    accuracy: float
    source: str


@dataclass(frozen=True, slots=True)
class Station:
    """A station of Line 1; codes fall along the line from 119 (west) to 100 (south)."""

    code: int
    name: Name
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """Published totals that calibrate the synthetic buildings (their sources stand in the data file).

    Attributes:
        floor_area: Square metres of floor in the city.
        apartment_floor_area: Square metres of it in apartments.
        low_share: Share of buildings with five floors or fewer.
    """

    floor_area: float
    apartment_floor_area: float
    low_share: float


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Everything that the city is built from."""

    gu: tuple[Gu, ...]
    dong: tuple[Dong, ...]
    landmarks: tuple[Landmark, ...]
    stations: tuple[Station, ...]
    statistics: Statistics
    dem: Dem


def load_sources(folder: Path = DATA) -> Sources:
    """Read the city's input data.

    Raises:
        SourceError: A file is missing or wrong; the message names the file and the feature.
    """
    gu_path, dong_path = folder / "gu.geojson", folder / "dong.geojson"
    gu = tuple(
        Gu(text_of(gu_path, f, "code"), _name(gu_path, f), _shape(gu_path, f)) for f in read_features(gu_path)
    )
    dong = tuple(_dong(dong_path, f, gu) for f in read_features(dong_path))
    landmark_path, station_path = folder / "landmarks.geojson", folder / "stations.geojson"
    names = _object(folder / "names.json")
    return Sources(
        gu,
        dong,
        tuple(_landmark(landmark_path, f, names) for f in read_features(landmark_path)),
        tuple(_station(station_path, f, names) for f in read_features(station_path)),
        _statistics(folder / "building_stats.json"),
        read_dem(folder / "dem.json", folder / "dem.png"),
    )


def english(raw: str) -> str:
    """Tidy the source's romanised names: ``Gyerim 1(il)-dong`` becomes ``Gyerim 1-dong``."""
    tidy = re.sub(r"\([^)]*\)", "", raw).strip()
    tidy = re.sub(r"(?<=[a-z])dong$", "-dong", tidy) if "-" not in tidy else tidy
    tidy = re.sub(r"(?<=[a-z])(?=\d)", " ", tidy)
    return tidy[:1].upper() + tidy[1:]


def _name(path: Path, feature: Feature) -> Name:
    return Name(text_of(path, feature, "name"), english(text_of(path, feature, "name_eng")))


def _shape(path: Path, feature: Feature) -> BaseGeometry:
    if feature.kind != "Polygon":
        raise MalformedFeatureError(path, feature.label, "다각형이 아닙니다.", "It is not a polygon.")
    polygons = []
    for part in sorted(set(feature.parts)):
        rings = [ring for ring, of in zip(feature.rings, feature.parts, strict=True) if of == part]
        polygons.append(Polygon(rings[0], rings[1:]))
    return shapely.make_valid(polygons[0] if len(polygons) == 1 else shapely.union_all(polygons))


def _dong(path: Path, feature: Feature, gu: tuple[Gu, ...]) -> Dong:
    code = text_of(path, feature, "code")
    shape = _shape(path, feature)
    for district in gu:
        if code.startswith(district.id):
            return Dong(code, district.id, _name(path, feature), shape)
    raise MalformedFeatureError(
        path, feature.label, "자치구를 알 수 없습니다.", f"Code {code} is in no district."
    )


def _point(path: Path, feature: Feature) -> tuple[float, float]:
    if feature.kind != "Point":
        raise MalformedFeatureError(path, feature.label, "점이 아닙니다.", "It is not a point.")
    longitude, latitude = feature.rings[0][0]
    return float(longitude), float(latitude)


def _landmark(path: Path, feature: Feature, names: dict[str, Any]) -> Landmark:
    longitude, latitude = _point(path, feature)
    identity = text_of(path, feature, "id")
    category = names["landmark_category"].get(identity)
    accuracy = feature.properties.get("horizontal_accuracy_m_est")
    if not isinstance(category, str) or not isinstance(accuracy, int | float):
        raise MalformedFeatureError(
            path, feature.label, "분류나 정확도가 없습니다.", "It has no category or no stated accuracy."
        )
    return Landmark(
        identity,
        Name(text_of(path, feature, "name_ko"), text_of(path, feature, "name_en")),
        category,
        longitude,
        latitude,
        float(accuracy),
        text_of(path, feature, "derived_from"),
    )


def _station(path: Path, feature: Feature, names: dict[str, Any]) -> Station:
    longitude, latitude = _point(path, feature)
    code = text_of(path, feature, "code")
    name = names["station_english"].get(code)
    if not code.isdigit() or not isinstance(name, str):
        raise MalformedFeatureError(path, feature.label, "영어 역명이 없습니다.", "It has no English name.")
    return Station(int(code), Name(text_of(path, feature, "name"), name), longitude, latitude)


def _statistics(path: Path) -> Statistics:
    raw = _object(path)
    try:
        city, country = raw["gwangju"], raw["korea"]
        residential = float(city["residential_floor_area_m2"]["value"])
        return Statistics(
            float(city["total_floor_area_m2_derived"]["value"]),
            residential * float(city["apartment_share_of_residential_floor_area"]["value"]),
            float(country["share_of_buildings_5_floors_or_less"]["value"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(
            f"{path.name}: 통계 값이 없습니다: {error}. 파일을 되돌리십시오. / "
            f"{path.name}: a published total is missing: {error}. Restore the file."
        ) from error


def _object(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise MissingSourceError(path)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise MalformedFeatureError(path, None, "JSON이 아닙니다.", f"Not JSON: {error}.") from error
    if not isinstance(raw, dict):
        raise MalformedFeatureError(path, None, "객체가 아닙니다.", "Not an object.")
    return raw
