"""Surfaces laid on the ground: polygons cut along the ground's cells, lines as narrow ribbons."""

from collections.abc import Callable, Sequence

import mapbox_earcut
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from scenes.mesh import Mesh, join
from scenes.palette import Bytes
from scenes.terrain import CELL
from spatial.quaternion import FloatArray

Height = Callable[[FloatArray], FloatArray]


def drape(
    shapes: Sequence[BaseGeometry] | NDArray[np.object_],
    colours: Bytes,
    height: Height,
    lift: float,
    cell: float = CELL,
) -> Mesh:
    """Lay polygons on the ground.

    Each polygon is cut along the cells of the ground grid, so that no triangle bridges a fold of the land.

    Args:
        shapes: (n,) polygons in world x, z.
        colours: (n, 4) or one colour (4,).
        height: Ground height at points (m, 2).
        lift: Metres above the ground.
        cell: Size of the cells.
    """
    every: NDArray[np.object_] = np.asarray(shapes, dtype=object)
    full = ~shapely.is_empty(every) if len(every) else np.zeros(0, bool)
    rows = np.broadcast_to(np.asarray(colours, np.uint8).reshape(-1, 4), (len(every), 4))[full]
    if not np.any(full):
        return Mesh.empty()
    pieces, owner = _cut(every[full], cell)
    if not len(pieces):
        return Mesh.empty()
    xz, faces, ring_of = _triangulate(pieces)
    xz, source, faces = _welded(xz, owner[ring_of], faces)
    y = height(xz) + lift
    return Mesh.plain(np.stack([xz[:, 0], y, xz[:, 1]], axis=1), faces, rows[source])


def _welded(
    xz: FloatArray, source: NDArray[np.int64], faces: NDArray[np.int64]
) -> tuple[FloatArray, NDArray[np.int64], NDArray[np.int64]]:
    """Share the corners of pieces that come from one polygon."""
    key = np.concatenate([np.round(xz * 1000.0).astype(np.int64), source[:, None]], axis=1)
    order = np.lexsort(key.T)
    fresh = np.concatenate([[True], np.any(key[order][1:] != key[order][:-1], axis=1)])
    number = np.empty(len(key), np.int64)
    number[order] = np.cumsum(fresh) - 1
    first = order[fresh]
    return xz[first], source[first], number[faces]


def _cut(shapes: NDArray[np.object_], cell: float) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Intersect polygons with the cells they touch; return simple polygons and the index of their source."""
    bounds = shapely.bounds(shapes)
    low, high = np.floor(bounds[:, :2] / cell).astype(int), np.ceil(bounds[:, 2:] / cell).astype(int)
    cells, owner = [], []
    for index, ((i0, j0), (i1, j1)) in enumerate(zip(low, high, strict=True)):
        i, j = np.meshgrid(np.arange(i0, i1), np.arange(j0, j1))
        cells.append(np.stack([i.ravel(), j.ravel()], axis=1))
        owner.append(np.full(i.size, index))
    corner = np.concatenate(cells) * cell
    of = np.concatenate(owner)
    shapely.prepare(shapes)
    boxes = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + cell, corner[:, 1] + cell)
    touching = shapely.intersects(shapes[of], boxes)
    boxes, of = boxes[touching], of[touching]
    crossing = ~shapely.contains_properly(shapes[of], boxes)
    pieces = boxes.copy()
    pieces[crossing] = shapely.intersection(shapes[of[crossing]], boxes[crossing])
    parts, index = shapely.get_parts(pieces, return_index=True)
    keep = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > 1e-3)
    return shapely.orient_polygons(parts[keep]), of[index[keep]]


def _triangulate(
    polygons: NDArray[np.object_],
) -> tuple[FloatArray, NDArray[np.int64], NDArray[np.int64]]:
    """Return points (n, 2), faces (m, 3) facing up, and the polygon of each point.

    Convex pieces, nearly all of them, become fans at once; the rest go through ear clipping.
    """
    hollow = shapely.get_num_interior_rings(polygons) > 0
    hull = shapely.area(shapely.convex_hull(polygons))
    convex = ~hollow & (shapely.area(polygons) > hull * (1.0 - 1e-9) - 1e-9)
    xz, ring = shapely.get_coordinates(polygons, return_index=True)
    count = np.bincount(ring, minlength=len(polygons))
    start = np.cumsum(count) - count
    fans = np.flatnonzero(convex)
    # A closed ring of k + 1 rows has k corners and k - 2 triangles.
    each = count[fans] - 3
    base = np.repeat(start[fans], each)
    step = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    faces = [np.stack([base, base + step + 1, base + step + 2], axis=1)]
    faces += [_ears(polygons[index]) + start[index] for index in np.flatnonzero(~convex)]
    # Counter-clockwise in x, z looks down in a frame with y up: turn it over.
    return xz, np.concatenate(faces).astype(np.int64)[:, ::-1], ring.astype(np.int64)


def _ears(polygon: BaseGeometry) -> NDArray[np.int64]:
    rings = [polygon.exterior, *polygon.interiors]
    points = np.concatenate([shapely.get_coordinates(ring) for ring in rings])
    ends = np.cumsum([shapely.get_num_coordinates(ring) for ring in rings])
    faces = mapbox_earcut.triangulate_float64(points, ends.astype(np.uint32)).reshape(-1, 3).astype(np.int64)
    a, b, c = (points[faces[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    faces[area < 0] = faces[area < 0][:, ::-1]
    return faces


def ribbon(  # noqa: PLR0913, PLR0917 - a ribbon has that many measures
    points: FloatArray, width: float, colour: Bytes, height: Height, lift: float, step: float = 12.5
) -> Mesh:
    """Lay a narrow strip along a line (n, 2), cut into pieces of at most ``step`` metres."""
    line = shapely.LineString(points)
    dense = shapely.get_coordinates(shapely.segmentize(line, step))
    keep = np.concatenate([[True], np.hypot(*np.diff(dense, axis=0).T) > 1e-6])
    dense = dense[keep]
    if len(dense) < 2:
        return Mesh.empty()
    direction = np.diff(dense, axis=0)
    direction /= np.hypot(*direction.T)[:, None]
    before, after = np.vstack([direction[:1], direction]), np.vstack([direction, direction[-1:]])
    normal = np.stack([-(before + after)[:, 1], (before + after)[:, 0]], axis=1)
    size = np.maximum(np.hypot(*normal.T), 0.6)
    # The mitre grows with the turn; at most it trebles.
    half = normal / size[:, None] * (width / 2.0) * np.minimum(2.0 / size, 3.0)[:, None]
    xz = np.stack([dense + half, dense - half], axis=1).reshape(-1, 2)
    y = height(xz) + lift
    k = np.arange(len(dense) - 1)[:, None] * 2
    faces = np.concatenate([k + np.array([0, 1, 3]), k + np.array([0, 3, 2])])
    a, b, c = xz[faces[0, 0]], xz[faces[0, 1]], xz[faces[0, 2]]
    if (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0:
        faces = faces[:, ::-1]
    return Mesh.plain(np.stack([xz[:, 0], y, xz[:, 1]], axis=1), faces, colour)


def ribbons(  # noqa: PLR0913, PLR0917 - as ribbon
    lines: Sequence[FloatArray], width: float, colour: Bytes, height: Height, lift: float, step: float = 12.5
) -> Mesh:
    """Lay strips along several lines."""
    return join(ribbon(line, width, colour, height, lift, step) for line in lines)
