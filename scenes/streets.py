"""Boulevards: Geumnam-ro, the axis along the stations of Line 1, and avenues from landmarks to it.

The stations are real points; the course between them, and the width, is inferred and therefore synthetic.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from scenes.places import Site
from spatial.quaternion import FloatArray

#: Kerb to kerb and wall to wall, metres (the design's street view).
CARRIAGEWAY, BOULEVARD = 21.0, 34.0
AVENUE_CARRIAGEWAY, AVENUE = 13.0, 22.0
LONGEST_AVENUE = 2600.0
_NO_AVENUE = frozenset(
    {"mudeungsan_summit", "jeungsimsa", "sangmu", "songjeong_station", "acc", "may18_square"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    """A wide street.

    Attributes:
        name: For crosswalks and tests: "geumnam", "line1" or "avenue".
        points: (n, 2) world x, z of the centre line.
        carriageway: Metres from kerb to kerb.
        width: Metres from wall to wall.
    """

    name: str
    points: FloatArray
    carriageway: float
    width: float

    @property
    def line(self) -> LineString:
        """The centre line in world x, z."""
        return LineString(self.points)

    def spaced(self, step: float) -> FloatArray:
        """Return points (m, 2) along the centre line, evenly spaced at about ``step`` metres."""
        line = self.line
        count = max(2, int(np.ceil(line.length / step)) + 1)
        at = np.linspace(0.0, line.length, count)
        return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(line, at)))


def streets_of(sites: tuple[Site, ...]) -> tuple[Street, ...]:
    """Lay out the boulevards and avenues of the whole city."""
    by_id = {site.id: site for site in sites}
    square = by_id["may18_square"].centre
    centre = {int(s.id.split("_")[1]): s.centre for s in sites if s.kind == "station"}
    geumnam = Street("geumnam", np.array([square, centre[105], centre[106]]), CARRIAGEWAY, BOULEVARD)
    west = np.array([centre[code] for code in range(119, 105, -1)])
    south = np.array([centre[code] for code in range(104, 99, -1)])
    streets = [
        geumnam,
        Street("line1", _rounded(west), CARRIAGEWAY, BOULEVARD),
        Street("line1", _rounded(south), CARRIAGEWAY, BOULEVARD),
    ]
    spine = shapely.union_all([street.line for street in streets])
    for site in sites:
        if site.kind == "landmark" and site.id not in _NO_AVENUE:
            avenue = _avenue(site, spine, sites)
            if avenue is not None:
                streets.append(avenue)
    return tuple(streets)


def _rounded(points: FloatArray) -> FloatArray:
    """Round the corners of a polyline that must keep its points (Catmull-Rom, uniform)."""
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    t = np.linspace(0.0, 1.0, 9)[:-1, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.concatenate([*pieces, points[-1:]])


def _avenue(site: Site, spine: shapely.Geometry, sites: tuple[Site, ...]) -> Street | None:
    """A straight avenue from a landmark's forecourt to the spine, where nothing real is in its way."""
    start = site.centre + site.front * (site.radius - 4.0)
    end = np.array(shapely.get_coordinates(shapely.shortest_line(Point(start), spine))[1])
    line = LineString([start, end])
    if not 30.0 < line.length < LONGEST_AVENUE or line.distance(Point(site.centre)) < site.radius - 8.0:
        return None
    if any(
        line.distance(Point(other.centre)) < other.radius + AVENUE / 2
        for other in sites
        if other is not site and other.kind == "landmark"
    ):
        return None
    return Street("avenue", np.array([start, end]), AVENUE_CARRIAGEWAY, AVENUE)
