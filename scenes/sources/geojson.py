"""A strict reader of GeoJSON (RFC 7946) points and polygons in longitude and latitude."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scenes.errors import MalformedFeatureError, MissingSourceError
from spatial.quaternion import FloatArray

MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One feature.

    Attributes:
        label: How errors name it: its index and name.
        properties: As they stand in the file.
        kind: "Point" or "Polygon" (a MultiPolygon's parts are flattened into ``rings``).
        rings: Closed rings, each (k, 2) float64 degrees (longitude, latitude); a point is a ring of one row.
        parts: For each ring, the polygon it belongs to; the first ring of a part is its shell.
    """

    label: str
    properties: Mapping[str, Any]
    kind: str
    rings: tuple[FloatArray, ...]
    parts: tuple[int, ...]


def read_features(path: Path) -> list[Feature]:
    """Read every feature of a FeatureCollection.

    Raises:
        MissingSourceError: There is no such file.
        MalformedFeatureError: Not GeoJSON, or a feature is wrong; the message names file and feature.
    """
    if not path.is_file():
        raise MissingSourceError(path)
    if path.stat().st_size > MAX_BYTES:
        raise MalformedFeatureError(path, None, "파일이 64 MiB보다 큽니다.", "The file exceeds 64 MiB.")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise MalformedFeatureError(path, None, "JSON이 아닙니다.", f"Not JSON: {error}.") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise MalformedFeatureError(
            path, None, "FeatureCollection이 아닙니다.", "Not a GeoJSON FeatureCollection."
        )
    return [_feature(path, index, raw) for index, raw in enumerate(features)]


def text_of(path: Path, feature: Feature, key: str) -> str:
    """Return a property that must be a non-empty text (numbers are written out).

    Raises:
        MalformedFeatureError: It is missing or of another type.
    """
    value = feature.properties.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise MalformedFeatureError(
            path, feature.label, f"속성 '{key}'이(가) 없습니다.", f"The property '{key}' is missing."
        )
    return str(value)


def _feature(path: Path, index: int, raw: object) -> Feature:
    label = f"feature {index}"
    if not isinstance(raw, dict):
        raise MalformedFeatureError(path, label, "객체가 아닙니다.", "It is not an object.")
    properties = raw.get("properties")
    if not isinstance(properties, dict):
        raise MalformedFeatureError(path, label, "속성이 없습니다.", "It has no properties.")
    name = properties.get("name") or properties.get("id")
    if isinstance(name, str):
        label = f"{label} ({name[:40]})"
    geometry = raw.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "Point":
        return Feature(label, properties, "Point", (_positions(path, label, [coordinates]),), (0,))
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list) or not coordinates:
        raise MalformedFeatureError(
            path,
            label,
            "Point, Polygon, MultiPolygon이 아닌 도형입니다.",
            f"The geometry is {kind!r}, not a Point, Polygon or MultiPolygon with coordinates.",
        )
    polygons = coordinates if kind == "MultiPolygon" else [coordinates]
    rings: list[FloatArray] = []
    parts: list[int] = []
    for part, polygon in enumerate(polygons):
        if not isinstance(polygon, list) or not polygon:
            raise MalformedFeatureError(path, label, "빈 다각형이 있습니다.", "A polygon has no ring.")
        for ring in polygon:
            rings.append(_ring(path, label, ring))
            parts.append(part)
    return Feature(label, properties, "Polygon", tuple(rings), tuple(parts))


def _ring(path: Path, label: str, raw: object) -> FloatArray:
    if not isinstance(raw, list) or len(raw) < 4:
        raise MalformedFeatureError(
            path, label, "고리의 점이 네 개보다 적습니다.", "A ring has fewer than four positions."
        )
    ring = _positions(path, label, raw)
    if not np.array_equal(ring[0], ring[-1]):
        raise MalformedFeatureError(path, label, "고리가 닫혀 있지 않습니다.", "A ring is not closed.")
    return ring


def _positions(path: Path, label: str, raw: list[Any]) -> FloatArray:
    rows = np.empty((len(raw), 2))
    for row, position in enumerate(raw):
        good = (
            isinstance(position, list)
            and len(position) >= 2
            and all(
                isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)
                for v in position[:2]
            )
        )
        if not good or abs(position[0]) > 180.0 or abs(position[1]) > 90.0:
            raise MalformedFeatureError(
                path,
                label,
                f"{row}번째 좌표가 올바르지 않습니다: {position!r:.60}.",
                f"Position {row} is no longitude and latitude: {position!r:.60}.",
            )
        rows[row] = position[:2]
    return rows
