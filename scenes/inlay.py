"""Laying one tile's share of the paving on the ground that the tile shows."""

from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from scenes import palette
from scenes.drape import Height, drape, ribbons
from scenes.layout import SQUARE_RADIUS
from scenes.mesh import Mesh, join
from scenes.palette import Bytes
from scenes.paving import LIFT_BRASS, LIFT_GREEN, LIFT_LINE, LIFT_SQUARE, LIFT_WATER, Paving
from scenes.terrain import CELL, GroundGrid
from spatial.quaternion import FloatArray


def streets_in(paving: Paving, area: BaseGeometry, ground: GroundGrid, *, lines: bool) -> Mesh:
    """Return pavements and carriageways inside an area; with lane lines and crosswalks where asked."""
    parts = [_laid((shape,), area, colour, ground, lift) for shape, colour, lift in paving.roads]
    if lines:
        middle = paving.marks[:, 0]
        x0, z0, x1, z1 = area.bounds
        here = (middle[:, 0] >= x0) & (middle[:, 0] < x1) & (middle[:, 1] >= z0) & (middle[:, 1] < z1)
        parts.append(_flat(paving.marks[here], paving.mark_colours[here], ground.height, LIFT_LINE))
    return join(parts)


def water_in(paving: Paving, area: BaseGeometry, ground: GroundGrid) -> Mesh:
    """Return the water inside an area."""
    return _laid(paving.water, area, palette.WATER, ground, LIFT_WATER)


def green_in(paving: Paving, area: BaseGeometry, ground: GroundGrid) -> Mesh:
    """Return the lawns inside an area."""
    return _laid(paving.greens, area, palette.LAWN, ground, LIFT_GREEN)


def _laid(
    shapes: tuple[BaseGeometry, ...], area: BaseGeometry, colour: Bytes, ground: GroundGrid, lift: float
) -> Mesh:
    parts = []
    for shape in shapes:
        if shapely.intersects(area, shape):
            pieces = shapely.get_parts(shapely.intersection(shape, area))
            parts.append(pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON])
    if not parts:
        return Mesh.empty()
    return drape(np.concatenate(parts), colour, ground.height, lift * ground.cell / CELL, ground.cell)


def _flat(quads: FloatArray, colours: Bytes, height: Height, lift: float) -> Mesh:
    count = len(quads)
    if not count:
        return Mesh.empty()
    y = height(quads) + lift
    vertices = np.stack([quads[..., 0], y, quads[..., 1]], axis=-1)
    faces = (np.arange(count)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    return Mesh.plain(vertices, faces, np.repeat(colours, 4, axis=0))


def square_paving(paving: Paving, ground: GroundGrid) -> Mesh:
    """Return the paving rings of May 18 Square (its ground is level)."""
    centre = paving.square
    y = float(ground.height(centre[None])[0]) + LIFT_SQUARE
    sectors, rings = 64, np.arange(0.0, SQUARE_RADIUS + 0.1, 5.0)
    turn = np.arange(sectors + 1) / sectors * 2.0 * np.pi
    direction = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    quads, tints = [], []
    for ring, (inner, outer) in enumerate(pairwise(rings)):
        a, b = centre + direction[:-1] * inner, centre + direction[1:] * inner
        c, d = centre + direction[1:] * outer, centre + direction[:-1] * outer
        quads.append(np.stack([a, b, c, d], axis=1))
        plain = 2 if ring < 3 else 1 if ring % 3 == 0 else -1
        tints.append(np.where(plain < 0, np.where((np.arange(sectors) + ring) % 2, 0, 2), plain))
    plan = np.concatenate(quads)
    colours = np.repeat(palette.PAVING[np.concatenate(tints)], 4, axis=0)
    vertices = np.stack([plan[..., 0], np.full(plan.shape[:2], y), plan[..., 1]], axis=-1)
    faces = (np.arange(len(plan))[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    return Mesh.plain(vertices, faces, colours)


def brass_in(paving: Paving, area: BaseGeometry, ground: GroundGrid, width: float) -> Mesh:
    """Return boundary inlays inside an area: dong thin, gu double."""
    lift, step = LIFT_BRASS * ground.cell / CELL, ground.cell / 2.0
    parts = []
    for border, factor in zip(paving.borders, (1.0, 1.9), strict=True):
        clipped = shapely.line_merge(shapely.clip_by_rect(border, *area.bounds))
        lines = [
            shapely.get_coordinates(line)
            for line in shapely.get_parts(clipped)
            if line.geom_type == "LineString" and line.length > 0.05
        ]
        parts.append(ribbons(lines, width * factor, palette.BRASS, ground.height, lift, step))
    return join(parts)


def rings_in(paving: Paving, area: BaseGeometry, ground: GroundGrid, width: float) -> Mesh:
    """Return the dashes of accuracy rings that begin inside an area."""
    x0, z0, x1, z1 = area.bounds
    here = [arc for arc in paving.rings if x0 <= arc[0, 0] < x1 and z0 <= arc[0, 1] < z1]
    return ribbons(here, width, palette.BRASS, ground.height, LIFT_BRASS * ground.cell / CELL)
