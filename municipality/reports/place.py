"""Where a report is: on the map and in the world at once, by one conversion, always in the city."""

import math
from dataclasses import dataclass
from typing import Protocol

from municipality.errors import ReportRefusedError


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the city's ground.

    Attributes:
        longitude: Degrees east, WGS 84, seven decimals (a centimetre).
        latitude: Degrees north, WGS 84, seven decimals.
        x: World metres east, two decimals.
        z: World metres south, two decimals.
        gu: Id of the district; None where none claims the ground.
        dong: Id of the neighbourhood.
    """

    longitude: float
    latitude: float
    x: float
    z: float
    gu: str | None = None
    dong: str | None = None


class Land(Protocol):
    """The city's land, as this room needs it; whoever composes the program hands it in."""

    def world_from_lonlat(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return world (x, z) in metres of the ground at a geodetic position in degrees."""
        ...

    def lonlat_from_world(self, x: float, z: float) -> tuple[float, float]:
        """Return (longitude, latitude) in degrees of the ground at world (x, z)."""
        ...

    def is_inside(self, x: float, z: float) -> bool:
        """Tell whether a point lies within the city's boundary."""
        ...

    def districts(self, x: float, z: float) -> tuple[str | None, str | None]:
        """Return the ids of the district (gu) and the neighbourhood (dong) at a point."""
        ...


class Surveyor:
    """Makes places of what people send."""

    def __init__(self, land: Land) -> None:
        self._land = land

    def at_lonlat(self, longitude: float, latitude: float) -> Place:
        """Return the place at a position on the map.

        Raises:
            ReportRefusedError: It is no position on Earth, or not in the city.
        """
        if not (abs(longitude) <= 180.0 and abs(latitude) <= 90.0):  # NaN is neither
            raise _outside()
        return self._place(*self._land.world_from_lonlat(longitude, latitude))

    def at_world(self, x: float, z: float) -> Place:
        """Return the place at a point of the world.

        Raises:
            ReportRefusedError: It is not in the city.
        """
        if not (math.isfinite(x) and math.isfinite(z)):
            raise _outside()
        return self._place(x, z)

    def _place(self, x: float, z: float) -> Place:
        x, z = round(x, 2), round(z, 2)
        if not self._land.is_inside(x, z):
            raise _outside()
        longitude, latitude = self._land.lonlat_from_world(x, z)
        return Place(round(longitude, 7), round(latitude, 7), x, z, *self._land.districts(x, z))


def _outside() -> ReportRefusedError:
    return ReportRefusedError(
        "광주 밖의 위치예요. 지도에서 광주 안의 위치를 골라 주세요.",
        "This place is not in Gwangju. Choose one within the city.",
    )
