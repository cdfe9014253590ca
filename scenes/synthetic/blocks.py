"""Blocks: each dong is cut into an uneven grid of blocks and lanes, and the likeliest blocks are settled."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from scenes.layout import Layout
from scenes.massing import points_of
from scenes.streets import BOULEVARD
from scenes.synthetic.quota import buildable
from spatial.quaternion import FloatArray

LANE_U, LANE_V = 7.0, 6.0
SMALLEST = 260.0
#: Least and most length and depth of a block with its lanes, metres.
_DOWNTOWN, _ELSEWHERE = (60.0, 80.0, 42.0, 48.0), (74.0, 104.0, 46.0, 54.0)


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Candidate blocks of one dong, likeliest first.

    Attributes:
        angle: Angle of all their long axes, counter-clockwise from east.
        frames: (n, 3) centre x, z and the angle.
        size: (n, 2) metres along u and v, lanes already taken off.
        shapes: (n,) polygons, cut by the dong's boundary and by what is reserved.
        score: (n,) how likely the block is settled, falling.
    """

    angle: float
    frames: FloatArray
    size: FloatArray
    shapes: NDArray[np.object_]
    score: FloatArray

    def take(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> "Blocks":
        """Return the blocks at an index."""
        return Blocks(self.angle, self.frames[index], self.size[index], self.shapes[index], self.score[index])


def blocks_of(layout: Layout, code: str, rng: np.random.Generator, wanted: int) -> Blocks:
    """Cut a dong into blocks and return the likeliest, somewhat more than ``wanted``."""
    shape = layout.dong[code]
    angle = _orientation(layout, shape)
    frames, size = _grid(shape, angle, rng, _DOWNTOWN if _is_downtown(layout, shape) else _ELSEWHERE)
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, frames[:, 0], frames[:, 1]) & buildable(layout, frames[:, :2])
    frames, size = frames[inside], size[inside]
    score = _likelihood(layout, shape, frames[:, :2], rng)
    order = np.argsort(-score, kind="stable")[: int(wanted * 1.25) + 8]
    frames, size, score = frames[order], size[order], score[order]
    free = shapely.difference(shape.buffer(-3.5), _local(layout.reserved, shape))
    shapely.prepare(free)
    cells = shapely.polygons(rectangle(frames, size))
    cut = ~shapely.contains_properly(free, cells)
    shapes = cells.copy()
    shapes[cut] = _largest(shapely.intersection(cells[cut], free))
    good = shapely.area(shapes) > SMALLEST
    return Blocks(angle, frames[good], size[good], shapes[good], score[good])


def rectangle(frames: FloatArray, size: FloatArray) -> FloatArray:
    """Return the corners (n, 4, 2) of rectangles given by frame and size (n, 2)."""
    half = size[:, None, :] / 2.0
    return points_of(frames, np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * half)


def _local(reserved: BaseGeometry, shape: BaseGeometry) -> BaseGeometry:
    return shapely.clip_by_rect(reserved, *shape.buffer(20.0).bounds)


def _largest(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the largest polygon of each geometry (an empty polygon where there is none)."""
    result = np.full(len(shapes), shapely.Polygon(), dtype=object)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, owner = parts[polygon], owner[polygon]
    order = np.argsort(shapely.area(parts), kind="stable")
    result[owner[order]] = parts[order]
    return result


def _orientation(layout: Layout, shape: BaseGeometry) -> float:
    """Streets run with the nearest boulevard, else with the dong's own long side."""
    centre = shape.representative_point()
    boulevards = [street for street in layout.streets if street.width == BOULEVARD]
    nearest = min(boulevards, key=lambda street: street.line.distance(shape))
    line = nearest.line
    if line.distance(shape) < 450.0:
        here = line.project(centre)
        ahead = line.interpolate(min(here + 150.0, line.length))
        behind = line.interpolate(max(here - 150.0, 0.0))
        return float(np.arctan2(-(ahead.y - behind.y), ahead.x - behind.x))
    ring = shapely.get_coordinates(shapely.oriented_envelope(shape))
    edges = ring[1:] - ring[:-1]
    longest = edges[np.argmax(np.hypot(*edges.T))]
    return float(np.arctan2(-longest[1], longest[0]))


def _is_downtown(layout: Layout, shape: BaseGeometry) -> bool:
    return bool(shape.distance(Point(layout.site("may18_square").centre)) < 900.0)


def _grid(
    shape: BaseGeometry, angle: float, rng: np.random.Generator, measure: tuple[float, float, float, float]
) -> tuple[FloatArray, FloatArray]:
    """Lay uneven columns, and in each uneven rows, over the dong: frames (n, 3) and block sizes (n, 2)."""
    origin = np.array([shape.centroid.x, shape.centroid.y])
    ring = shapely.get_coordinates(shapely.convex_hull(shape)) - origin
    cos, sin = np.cos(angle), np.sin(angle)
    u = ring[:, 0] * cos - ring[:, 1] * sin
    v = -ring[:, 0] * sin - ring[:, 1] * cos
    wide, deep = rng.uniform(*measure[:2]), rng.uniform(*measure[2:])
    columns = wide * rng.uniform(0.85, 1.2, int((u.max() - u.min()) / wide * 1.1) + 2)
    left = u.min() + np.cumsum(columns) - columns - rng.uniform(0.0, wide)
    rows = int((v.max() - v.min()) / deep * 1.15) + 2
    depth = deep * rng.uniform(0.88, 1.18, (len(columns), rows))
    # Most rows run through; one column in six is shifted, as old quarters are.
    depth = np.where((rng.random(len(columns)) < 0.84)[:, None], depth[:1], depth)
    bottom = v.min() + np.cumsum(depth, axis=1) - depth - deep * 0.5
    centre_u = np.broadcast_to((left + columns / 2.0)[:, None], depth.shape)
    centre_v = bottom + depth / 2.0
    flat_u, flat_v = centre_u.ravel(), centre_v.ravel()
    frames = np.stack(
        [
            origin[0] + flat_u * cos - flat_v * sin,
            origin[1] - flat_u * sin - flat_v * cos,
            np.full(flat_u.shape, angle),
        ],
        axis=1,
    )
    size = np.stack(
        [np.broadcast_to((columns - LANE_U)[:, None], depth.shape).ravel(), (depth - LANE_V).ravel()], axis=1
    )
    return frames, size


def _likelihood(layout: Layout, shape: BaseGeometry, xz: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Score points: near real points, near boulevards, near the dong's centre and a few seeded villages."""
    near = [
        site.centre
        for site in layout.sites
        if site.category != "nature" and shape.distance(shapely.Point(site.centre)) < 1500.0
    ]
    places = np.array(near).reshape(-1, 2)
    point = shape.representative_point()
    villages = np.concatenate([[[point.x, point.y]], xz[rng.integers(0, max(len(xz), 1), 5)]])[: len(xz) + 1]
    score = 0.9 * _nearness(xz, villages[:1], 800.0) + 0.55 * _nearness(xz, villages[1:], 420.0)
    if len(places):
        score = score + 0.9 * _nearness(xz, places, 750.0)
    line = shapely.union_all([street.line for street in layout.streets])
    score = score + 0.6 * np.exp(-shapely.distance(line, shapely.points(xz)) / 420.0)
    return np.asarray(score - 2.2 * layout.ground.slope(xz, 160.0) + 0.35 * waves(xz, rng, 700.0))


def _nearness(xz: FloatArray, places: FloatArray, reach: float) -> FloatArray:
    if not len(places):
        return np.zeros(len(xz))
    distance = np.min(np.hypot(*(xz[:, None] - places[None]).transpose(2, 0, 1)), axis=1)
    return np.asarray(np.exp(-distance / reach))


def waves(xz: FloatArray, rng: np.random.Generator, length: float) -> FloatArray:
    """Return smooth noise, about -1 to 1: six plane waves of about ``length`` metres."""
    direction, phase = rng.uniform(0.0, 2.0 * np.pi, (2, 6))
    number = 2.0 * np.pi / (length * rng.uniform(0.7, 1.5, 6))
    angle = (xz[:, :1] * np.cos(direction) + xz[:, 1:] * np.sin(direction)) * number + phase
    return np.asarray(np.sin(angle).mean(axis=1) * 1.7)
