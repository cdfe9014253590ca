"""What is laid on the ground, as plans: boulevards with their lines, lawns, water, boundary inlays."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from scenes import palette
from scenes.hall import hall_of
from scenes.layout import SQUARE_RADIUS, Layout
from scenes.palette import Bytes
from scenes.places import Site
from scenes.streets import BOULEVARD, Street
from spatial.quaternion import FloatArray

# Metres above the ground: low enough to walk on, high enough not to fight with it.
LIFT_PAD, LIFT_WALK, LIFT_ROAD, LIFT_WATER, LIFT_GREEN, LIFT_SQUARE = 0.05, 0.05, 0.05, 0.06, 0.05, 0.075
LIFT_LINE, LIFT_BRASS = 0.09, 0.11
#: Inferred boulevards keep the warm gray of synthetic ground; Geumnam-ro, a real street, is cool.
_INFERRED = palette.linear("#c6beb1")[0]


@dataclass(frozen=True, slots=True, eq=False)
class Paving:
    """Everything laid on the city's ground, as plans, computed once for all tiles.

    Attributes:
        roads: Surfaces with their colour and lift; none overlaps another.
        greens: Lawns.
        water: River surfaces.
        marks: (n, 4, 2) lane lines and crosswalk bars; ``mark_colours`` (n, 4).
        rings: Dashes of the accuracy rings, each (k, 2).
        borders: Boundaries of dong (without gu), and of gu, as lines.
        square: Centre of the paved square.
    """

    roads: tuple[tuple[BaseGeometry, Bytes, float], ...]
    greens: tuple[BaseGeometry, ...]
    water: tuple[BaseGeometry, ...]
    marks: FloatArray
    mark_colours: Bytes
    rings: tuple[FloatArray, ...]
    borders: tuple[BaseGeometry, BaseGeometry]
    square: FloatArray


def paving_of(layout: Layout) -> Paving:
    """Lay out streets, lawns, lines and inlays of the whole city."""
    centre = layout.site("may18_square").centre
    square = Point(centre).buffer(SQUARE_RADIUS + 1.0)
    marks, colours = _markings(layout, square)
    return Paving(
        _roads(layout, square),
        _greens(layout, square),
        layout.rivers,
        marks,
        colours,
        _accuracy_rings(layout),
        _borders(layout),
        centre,
    )


def _roads(layout: Layout, square: BaseGeometry) -> tuple[tuple[BaseGeometry, Bytes, float], ...]:
    surfaces, taken = [], square.union(Polygon(hall_of(layout).floor))
    for street in layout.streets:
        road = _strip(street.line, street.carriageway).difference(taken)
        taken = taken.union(road)
        surfaces.append((road, palette.ROAD if street.name == "geumnam" else _INFERRED, LIFT_ROAD))
    for street in layout.streets:
        walk = _strip(street.line, street.width).difference(taken)
        taken = taken.union(walk)
        surfaces.append((walk, palette.WALK, LIFT_WALK))
    for site in layout.sites:
        if site.kind == "landmark" and site.category != "nature" and site.id not in ("acc", "may18_square"):
            for reach, colour in ((0.40, palette.PAVING[0]), (0.43, palette.PAVING[1])):
                disc = _forecourt(site, reach).difference(taken)
                taken = taken.union(disc)
                surfaces.append((disc, colour, LIFT_WALK))
    return tuple(surfaces)


def _forecourt(site: Site, reach: float) -> BaseGeometry:
    """The paved disc in front of a landmark; ``reach`` is its radius over the site's."""
    return Point(site.centre + site.front * site.radius * 0.62).buffer(site.radius * reach, quad_segs=24)


def _strip(line: LineString, width: float) -> BaseGeometry:
    return line.buffer(width / 2.0, cap_style="flat", join_style="mitre")


def _greens(layout: Layout, square: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """The park of the Asia Culture Center, and greens behind the forecourts of other landmarks."""
    roads = shapely.union_all([street.line.buffer(street.width / 2.0) for street in layout.streets])
    shapes = [layout.lawn.difference(square).difference(roads)]
    for site in layout.sites:
        if site.category in ("culture", "campus", "memory") and site.id not in ("acc", "may18_square"):
            disc = Point(site.centre).buffer(site.radius - 2.0)
            shapes.append(disc.difference(_forecourt(site, 0.43)).difference(roads))
    return tuple(shapes)


def _markings(layout: Layout, square: BaseGeometry) -> tuple[FloatArray, Bytes]:
    quads, colours = [], []
    for street in layout.streets:
        for plan, colour in _street_markings(street, square):
            quads.append(plan)
            colours.append(np.broadcast_to(colour, (len(plan), 4)))
    return np.concatenate(quads), np.concatenate(colours)


def _street_markings(street: Street, square: BaseGeometry) -> list[tuple[FloatArray, Bytes]]:
    """Lane dashes, the double centre line, and a crosswalk every 142 m."""
    line = street.line
    dashes = np.arange(40.0, line.length - 12.0, 9.0)
    centre = np.arange(40.0, line.length - 30.0, 15.0)
    crossings = np.arange(66.0, line.length - 20.0, 142.0)
    half = street.carriageway / 2.0 - 0.9
    gaps = [_strip(substring(line, at - 1.0, at + 6.0), 24.0) for at in crossings]
    blocked = shapely.union_all([square, *gaps])
    parts = [
        (_along(line, dashes, offset, 4.0, 0.16), palette.LINE, blocked)
        for offset in ((-6.9, -3.5, 3.5, 6.9) if street.width == BOULEVARD else (-3.3, 3.3))
    ]
    parts += [
        (_along(line, centre, offset, 14.6, 0.13), palette.CENTRE_LINE, blocked) for offset in (-0.18, 0.18)
    ]
    parts += [
        (_along(line, crossings, float(offset), 4.2, 0.6), palette.LINE, square)
        for offset in np.arange(-half, half + 0.1, 1.2)
    ]
    kept = []
    for quads, colour, avoid in parts:
        middle = quads.mean(axis=1)
        free = ~shapely.intersects_xy(avoid, middle[:, 0], middle[:, 1])
        kept.append((quads[free], colour))
    return kept


def _along(line: LineString, at: FloatArray, offset: float, length: float, width: float) -> FloatArray:
    """Return rectangles (n, 4, 2) that start at distances along a line, aside by ``offset``."""
    begin = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    end = shapely.get_coordinates(shapely.line_interpolate_point(line, at + length))
    along = (end - begin) / np.maximum(np.hypot(*(end - begin).T), 1e-6)[:, None]
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    inner, outer = normal * (offset - width / 2.0), normal * (offset + width / 2.0)
    return np.stack([begin + inner, begin + outer, end + outer, end + inner], axis=1)


def _accuracy_rings(layout: Layout) -> tuple[FloatArray, ...]:
    """A dashed ring round each landmark whose radius is the stated accuracy of its point."""
    arcs = []
    for site in layout.sites:
        if site.kind == "landmark":
            count = int(site.accuracy * 1.1) // 2 * 2
            for index in range(0, count, 2):
                turn = (index + np.linspace(0.0, 1.0, 4)) / count * 2.0 * np.pi
                arcs.append(site.centre + site.accuracy * np.stack([np.cos(turn), np.sin(turn)], axis=1))
    return tuple(arcs)


def _borders(layout: Layout) -> tuple[BaseGeometry, BaseGeometry]:
    gu = shapely.union_all([shape.boundary for shape in layout.gu.values()])
    dong = shapely.union_all([shape.boundary for shape in layout.dong.values()])
    return shapely.difference(dong, gu.buffer(2.0)), gu
