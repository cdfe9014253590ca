"""The city's small documents: places.json, districts.json and sources.json."""

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from scenes.layout import Layout
from scenes.places import Site
from scenes.sources import Sources
from scenes.sources.gwangju import Name
from spatial.frames import WorldFrame
from spatial.quaternion import FloatArray

START = "may18_square"


def places(frame: WorldFrame, layout: Layout) -> dict[str, Any]:
    """Return the spots to go to."""
    return {
        "city": "gwangju",
        "name": {"ko": "광주광역시", "en": "Gwangju"},
        "origin": {"longitude": frame.longitude, "latitude": frame.latitude},
        "start": START,
        "spots": [_spot(layout, site) for site in layout.sites],
    }


def _spot(layout: Layout, site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "kind": site.kind,
        "category": site.category,
        "name": _name(site.name),
        "position": _ground(layout, site.centre),
        "arrival": {"position": _ground(layout, site.arrival), "yaw": round(site.yaw, 6)},
        "accuracy_m": site.accuracy,
        "height_m": site.label,
        "source": site.source,
    }


def _name(name: Name) -> dict[str, str]:
    return {"ko": name.ko, "en": name.en}


def _ground(layout: Layout, xz: FloatArray) -> list[float]:
    y = float(layout.ground.height(xz[None])[0])
    return [round(float(xz[0]), 3), round(y, 4), round(float(xz[1]), 3)]


def districts(sources: Sources, layout: Layout) -> dict[str, Any]:
    """Return the boundaries of gu and dong in world metres."""
    return {
        "gu": [{"id": gu.id, "name": _name(gu.name), "rings": _rings(layout.gu[gu.id])} for gu in sources.gu],
        "dong": [
            {
                "id": dong.id,
                "gu": dong.gu,
                "name": _name(dong.name),
                "rings": _rings(layout.dong[dong.id]),
                "label": _label(layout.dong[dong.id]),
            }
            for dong in sources.dong
        ],
    }


def _rings(shape: BaseGeometry) -> list[list[list[float]]]:
    """Return the outer rings of a shape; the districts have no holes."""
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return [[[round(float(x), 2), round(float(z), 2)] for x, z in part.exterior.coords] for part in polygons]


def _label(shape: BaseGeometry) -> list[float]:
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    point = shapely.maximum_inscribed_circle(largest, tolerance=20.0)
    x, z = shapely.get_coordinates(point)[0]
    return [round(float(x), 1), round(float(z), 1)]


def sources_document(built: dict[str, Any]) -> dict[str, Any]:
    """Return what the page's footer says: origins, licences, and what is synthetic."""
    return {
        "built": built,
        "synthetic": {
            "ko": "건물, 나무, 등, 골목, 큰길의 선형, 강의 폭과 명소의 모양은 합성 모형입니다.",
            "en": "Buildings, trees, lamps, lanes, the course of boulevards, river widths and the shapes of "
            "landmarks are synthetic stand-ins.",
        },
        "sources": _SOURCES,
    }


def _source(identity: str, ko: str, en: str, licence: str) -> dict[str, Any]:
    return {"id": identity, "text": {"ko": ko, "en": en}, "licence": licence}


_SOURCES = [
    _source(
        "boundaries",
        "행정구역 경계: 통계청 SGIS 2018",
        "Boundaries: Statistics Korea SGIS 2018",
        "KOGL Type 1 (공공누리 제1유형)",
    ),
    _source(
        "relief",
        "지형: NASA SRTM에서 만든 거친 높이 자료",
        "Relief: coarse heights derived from NASA SRTM",
        "public domain",
    ),
    _source(
        "landmarks",
        "명소 위치: 공개 위치에서 직접 도출, 오차 표시",
        "Landmark positions: derived from public positions, accuracy stated",
        "Apache-2.0",
    ),
    _source(
        "stations",
        "1호선 역 위치: 광주교통공사",
        "Line 1 stations: Gwangju Transportation Corporation",
        "facts",
    ),
    _source(
        "statistics",
        "건물 통계: 국토교통부 발표(언론 보도)",
        "Building totals: Ministry of Land, Infrastructure and Transport, as reported by the press",
        "facts",
    ),
]
