"""Between the map and the city's ground: one conversion for everybody, and whose district a point lies in."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon

from meta_gwangju.errors import CityMissingError
from spatial.frames import GWANGJU, SEMI_MAJOR
from world.movement import Ground

#: Rounds until a point's height and the ground's agree: each makes the error some 300 times smaller.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class District:
    """A neighbourhood.

    Attributes:
        gu: Id of its district.
        dong: Its own id.
        shape: On world x and z, metres.
    """

    gu: str
    dong: str
    shape: shapely.Geometry


class Survey:
    """Converts and locates (:class:`municipality.reports.Land`)."""

    def __init__(self, ground: Ground, districts: tuple[District, ...] = ()) -> None:
        self._ground = ground
        self._districts = districts
        self._tree = shapely.STRtree([district.shape for district in districts])

    @classmethod
    def load(cls, city: Path, ground: Ground) -> "Survey":
        """Read the neighbourhoods of a built city; one without `districts.json` has none.

        Raises:
            CityMissingError: `districts.json` is not what `build-city` writes.
        """
        file = city / "districts.json"
        if not file.is_file():
            return cls(ground)
        try:
            found = json.loads(file.read_text(encoding="utf-8"))["dong"]
            return cls(ground, tuple(_district(dong) for dong in found))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CityMissingError(
                f"{file}을(를) 읽을 수 없습니다({error!r}). 'meta-gwangju build-city'로 다시 지으세요.",
                f"The city's {file} cannot be read ({error!r}). Run 'meta-gwangju build-city' again.",
            ) from error

    def world_from_lonlat(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return world (x, z) in metres of the ground at a geodetic position in degrees.

        The ellipsoid's normal leans against the tangent plane's, by 0.3 m for each 100 m of height at the
        city's edge: the position depends on the height of the ground that is found there.
        """
        x = z = y = 0.0
        for _ in range(_ROUNDS):
            height = y + (x * x + z * z) / (2.0 * SEMI_MAJOR)
            point = GWANGJU.world_from_geodetic(
                np.asarray(longitude), np.asarray(latitude), np.asarray(height)
            )
            x, z = float(point[0]), float(point[2])
            y = self._height(x, z)
        return x, z

    def lonlat_from_world(self, x: float, z: float) -> tuple[float, float]:
        """Return (longitude, latitude) in degrees of the ground at world (x, z)."""
        longitude, latitude, _ = GWANGJU.geodetic_from_world(np.array([x, self._height(x, z), z]))
        return float(longitude), float(latitude)

    def is_inside(self, x: float, z: float) -> bool:
        """Tell whether a point lies within the city's boundary."""
        return bool(self._ground.inside(np.array([[x, z]]))[0])

    def districts(self, x: float, z: float) -> tuple[str | None, str | None]:
        """Return the ids of the district (gu) and the neighbourhood (dong) at a point."""
        found = self._tree.query(shapely.Point(x, z), predicate="intersects")
        if not len(found):
            return None, None
        district = self._districts[min(found)]
        return district.gu, district.dong

    def _height(self, x: float, z: float) -> float:
        return float(self._ground.height(np.array([[x, z]]))[0])


def _district(dong: dict[str, Any]) -> District:
    shape = shapely.make_valid(shapely.union_all([Polygon(ring) for ring in dong["rings"]]))
    shapely.prepare(shape)
    return District(str(dong["gu"]), str(dong["id"]), shape)
