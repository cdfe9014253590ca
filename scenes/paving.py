"""What is laid on the ground: boulevards with their lines, the paved square, lawns, water, pads, brass."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from scenes import palette
from scenes.drape import Height, drape, ribbons
from scenes.layout import SQUARE_RADIUS, Layout
from scenes.mesh import Mesh, join
from scenes.palette import Bytes
from scenes.streets import BOULEVARD, Street
from spatial.quaternion import FloatArray

# Metres above the ground: low enough to walk on, high enough not to fight with it.
LIFT_PAD, LIFT_WALK, LIFT_ROAD, LIFT_WATER, LIFT_GREEN, LIFT_SQUARE = 0.05, 0.045, 0.065, 0.06, 0.05, 0.075
LIFT_LINE, LIFT_BRASS = 0.09, 0.11
#: Inferred boulevards keep the warm gray of synthetic ground; Geumnam-ro, a real street, is cool.
_INFERRED = palette.linear("#c6beb1")[0]


def streets_in(layout: Layout, area: BaseGeometry, lines: bool) -> Mesh:
    """Return pavements and carriageways inside an area; with lane lines and crosswalks where asked."""
    square = Point(layout.site("may18_square").centre).buffer(SQUARE_RADIUS + 1.0)
    parts = []
    for street in layout.streets:
        if not shapely.intersects(area, street.line.buffer(street.width)):
            continue
        for width, colour, lift in (
            (street.width, palette.WALK, LIFT_WALK),
            (street.carriageway, palette.ROAD if street.name == "geumnam" else _INFERRED, LIFT_ROAD),
        ):
            strip = street.line.buffer(width / 2.0, cap_style="flat", join_style="mitre").difference(square)
            piece = _polygons(shapely.intersection(strip, area))
            parts.append(drape(piece, colour, layout.ground.height, lift))
        if lines:
            parts.append(_markings(street, area, layout, square))
    return join(parts)


def _polygons(shape: BaseGeometry) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    parts = shapely.get_parts(shape)
    return np.asarray(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _markings(street: Street, area: BaseGeometry, layout: Layout, square: BaseGeometry) -> Mesh:
    line, height = street.line, layout.ground.height
    wide = street.width == BOULEVARD
    dashes = np.arange(40.0, line.length - 12.0, 9.0)
    centre = np.arange(40.0, line.length - 30.0, 15.0)
    lanes = (-6.9, -3.5, 3.5, 6.9) if wide else (-3.3, 3.3)
    crossings = np.arange(66.0, line.length - 20.0, 142.0)
    half = street.carriageway / 2.0 - 0.9
    bars = np.arange(-half, half + 0.1, 1.2)
    parts = []
    for offset in lanes:
        parts.append((dashes, offset, 4.0, 0.16, palette.LINE))
    for offset in (-0.18, 0.18):
        parts.append((centre, offset, 14.6, 0.13, palette.CENTRE_LINE))
    for offset in bars:
        parts.append((crossings, float(offset), 4.2, 0.6, palette.LINE))
    blocked = shapely.union_all([square, *[_strip(line, at - 1.0, at + 6.0) for at in crossings]])
    meshes = []
    for index, (at, offset, length, width, colour) in enumerate(parts):
        quads = _along(line, at, offset, length, width)
        middle = quads.mean(axis=1)
        keep = shapely.contains_xy(area, middle[:, 0], middle[:, 1])
        avoid = square if index >= len(lanes) + 2 else blocked
        keep &= ~shapely.intersects_xy(avoid, middle[:, 0], middle[:, 1])
        meshes.append(_flat(quads[keep], colour, height, LIFT_LINE))
    return join(meshes)


def _strip(line: LineString, start: float, end: float) -> BaseGeometry:
    return substring(line, start, end).buffer(12.0, cap_style="flat")


def _along(line: LineString, at: FloatArray, offset: float, length: float, width: float) -> FloatArray:
    """Return rectangles (n, 4, 2) that start at distances along a line, aside by ``offset``."""
    begin = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    end = shapely.get_coordinates(shapely.line_interpolate_point(line, at + length))
    along = (end - begin) / np.maximum(np.hypot(*(end - begin).T), 1e-6)[:, None]
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    inner, outer = normal * (offset - width / 2.0), normal * (offset + width / 2.0)
    return np.stack([begin + inner, begin + outer, end + outer, end + inner], axis=1)


def _flat(quads: FloatArray, colour: Bytes, height: Height, lift: float) -> Mesh:
    count = len(quads)
    if not count:
        return Mesh.empty()
    y = height(quads) + lift
    vertices = np.stack([quads[..., 0], y, quads[..., 1]], axis=-1)
    faces = (np.arange(count)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    return Mesh.plain(vertices, faces, colour)


def square_paving(layout: Layout) -> Mesh:
    """Return the paving rings of May 18 Square (its ground is level)."""
    site = layout.site("may18_square")
    y = float(layout.ground.height(site.centre[None])[0]) + LIFT_SQUARE
    sectors, rings = 64, np.arange(0.0, SQUARE_RADIUS + 0.1, 5.0)
    turn = np.arange(sectors + 1) / sectors * 2.0 * np.pi
    direction = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    quads, tints = [], []
    for ring, (inner, outer) in enumerate(zip(rings[:-1], rings[1:], strict=True)):
        a, b = site.centre + direction[:-1] * inner, site.centre + direction[1:] * inner
        c, d = site.centre + direction[1:] * outer, site.centre + direction[:-1] * outer
        quads.append(np.stack([a, b, c, d], axis=1))
        plain = 2 if ring < 3 else 1 if ring % 3 == 0 else -1
        tints.append(np.where(plain < 0, np.where((np.arange(sectors) + ring) % 2, 0, 2), plain))
    plan = np.concatenate(quads)
    colours = np.repeat(palette.PAVING[np.concatenate(tints)], 4, axis=0)
    vertices = np.stack([plan[..., 0], np.full(plan.shape[:2], y), plan[..., 1]], axis=-1)
    faces = (np.arange(len(plan))[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    return Mesh.plain(vertices, faces, colours)


def water_in(layout: Layout, area: BaseGeometry) -> Mesh:
    """Return the water inside an area."""
    pieces = [_polygons(shapely.intersection(s, area)) for s in layout.rivers if shapely.intersects(s, area)]
    if not pieces:
        return Mesh.empty()
    return drape(np.concatenate(pieces), palette.WATER, layout.ground.height, LIFT_WATER)


def green_in(layout: Layout, area: BaseGeometry) -> Mesh:
    """Return lawns inside an area: the park of the Asia Culture Center, and greens round other landmarks."""
    square = Point(layout.site("may18_square").centre).buffer(SQUARE_RADIUS + 0.5)
    roads = shapely.union_all([street.line.buffer(street.width / 2.0) for street in layout.streets])
    shapes = [layout.lawn.difference(square)]
    for site in layout.sites:
        if site.category in ("culture", "campus", "memory") and site.id not in ("acc", "may18_square"):
            disc = Point(site.centre).buffer(site.radius - 2.0)
            forecourt = Point(site.centre + site.front * site.radius * 0.62).buffer(site.radius * 0.42)
            shapes.append(disc.difference(forecourt).difference(roads))
    pieces = [
        _polygons(shapely.intersection(shape, area)) for shape in shapes if shapely.intersects(shape, area)
    ]
    if not pieces:
        return Mesh.empty()
    return drape(np.concatenate(pieces), palette.LAWN, layout.ground.height, LIFT_GREEN)


def brass_in(layout: Layout, borders: Sequence[BaseGeometry], area: BaseGeometry, width: float) -> Mesh:
    """Return boundary inlays inside an area: dong thin, gu double."""
    bounds = area.bounds
    parts = []
    for border, factor in zip(borders, (1.0, 1.9), strict=True):
        clipped = shapely.line_merge(shapely.clip_by_rect(border, *bounds))
        lines = [
            shapely.get_coordinates(line)
            for line in shapely.get_parts(clipped)
            if line.geom_type == "LineString" and line.length > 0.05
        ]
        parts.append(ribbons(lines, width * factor, palette.BRASS, layout.ground.height, LIFT_BRASS))
    return join(parts)


def accuracy_rings(layout: Layout, area: BaseGeometry, width: float) -> Mesh:
    """Return a dashed brass ring round each landmark whose radius is the stated accuracy of its point."""
    parts = []
    for site in layout.sites:
        reach = Point(site.centre).buffer(site.accuracy + 2.0)
        if site.kind != "landmark" or not shapely.intersects(area, reach):
            continue
        count = int(site.accuracy * 1.1) // 2 * 2
        for index in range(0, count, 2):
            turn = (index + np.linspace(0.0, 1.0, 4)) / count * 2.0 * np.pi
            arc = site.centre + site.accuracy * np.stack([np.cos(turn), np.sin(turn)], axis=1)
            if shapely.contains_xy(area, *arc[0]):
                parts.append(ribbons([arc], width, palette.BRASS, layout.ground.height, LIFT_BRASS))
    return join(parts)
