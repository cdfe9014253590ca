"""Trees and lamps: along boulevards, round squares and lawns, on river banks, in apartment estates."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point

from scenes import palette
from scenes.layout import SQUARE_RADIUS, Layout
from scenes.massing import boxes
from scenes.mesh import IntArray, Mesh, join, repeat
from scenes.streets import Street
from scenes.synthetic.building import draw
from scenes.synthetic.fabric import Fabric
from spatial.quaternion import FloatArray

_GOLDEN = (1.0 + 5.0**0.5) / 2.0
_ICO = np.array(
    [
        [-1, _GOLDEN, 0], [1, _GOLDEN, 0], [-1, -_GOLDEN, 0], [1, -_GOLDEN, 0],
        [0, -1, _GOLDEN], [0, 1, _GOLDEN], [0, -1, -_GOLDEN], [0, 1, -_GOLDEN],
        [_GOLDEN, 0, -1], [_GOLDEN, 0, 1], [-_GOLDEN, 0, -1], [-_GOLDEN, 0, 1],
    ]
) / np.hypot(1.0, _GOLDEN)  # fmt: skip
_ICO_FACES = np.array(
    [
        [0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4], [11, 10, 2],
        [10, 7, 6], [7, 1, 8], [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9], [4, 9, 5],
        [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1],
    ]
)  # fmt: skip
_OCTA = np.array([[1.0, 0, 0], [0, 0, 1], [-1, 0, 0], [0, 0, -1], [0, 1, 0], [0, -1, 0]])
_OCTA_FACES = np.array([[k, 4, (k + 1) % 4] for k in range(4)] + [[(k + 1) % 4, 5, k] for k in range(4)])
#: Lobes of a crown: radius, and centre in crown radii.
_LOBES = ((0.92, 0.0, -0.1, 0.0), (0.64, 0.36, 0.5, 0.12), (0.58, -0.36, 0.36, -0.24))


@dataclass(frozen=True, slots=True, eq=False)
class Planting:
    """Where trees and lamps stand.

    Attributes:
        trees: (n, 2) world x, z.
        seeds: (n,) uint32.
        lamps: (m, 2) world x, z.
    """

    trees: FloatArray
    seeds: NDArray[np.uint32]
    lamps: FloatArray


def planting_of(layout: Layout, fabric: Fabric, seed: int) -> Planting:
    """Plant the city; nothing stands in water, on a carriageway, in a building or at an arrival."""
    rng = np.random.default_rng([seed, 72])
    lines = [_sides(street, 12.6 if street.width > 30 else 8.6, 11.0) for street in layout.streets]
    banks = [
        shapely.get_coordinates(shapely.segmentize(surface.buffer(6.0).exterior, 13.0))
        for surface in layout.rivers
    ]
    square = layout.site("may18_square").centre
    lines = [line[np.hypot(*(line - square).T) > SQUARE_RADIUS + 3.0] for line in lines]
    trees = np.concatenate([*lines, *banks, _rings(layout), _lawn(layout, rng), _estate(fabric, rng)])
    posts = np.concatenate(
        [_sides(street, 13.6 if street.width > 30 else 9.4, 24.0, 5.0) for street in layout.streets]
    )
    lamps = np.concatenate(
        [posts[np.hypot(*(posts - square).T) > SQUARE_RADIUS + 3.0], _circle(square, 44.0, 24)]
        + [
            _circle(site.centre, site.radius - 6.0, 12)
            for site in layout.sites
            if site.kind == "landmark" and site.id not in ("may18_square", "acc")
        ]
    )
    trees = trees[_free(layout, trees)]
    lamps = lamps[_free(layout, lamps)]
    return Planting(trees, rng.integers(0, 2**32, len(trees), dtype=np.uint32), lamps)


def _sides(street: Street, offset: float, step: float, start: float = 0.0) -> FloatArray:
    line = street.line
    at = np.arange(4.0 + start, line.length - 4.0, step)
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, at + 1.0))
    along = (ahead - here) / np.maximum(np.hypot(*(ahead - here).T), 1e-6)[:, None]
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    return np.concatenate([here + normal * offset, here - normal * offset])


def _circle(centre: FloatArray, radius: float, count: int) -> FloatArray:
    turn = np.arange(count) / count * 2.0 * np.pi
    return np.asarray(centre + radius * np.stack([np.cos(turn), np.sin(turn)], axis=1))


def _rings(layout: Layout) -> FloatArray:
    square = layout.site("may18_square")
    rings = [_circle(square.centre, 54.0, 30)]
    rings += [
        _circle(site.centre, site.radius - 3.0, int(site.radius * 0.55))
        for site in layout.sites
        if site.kind == "landmark" and site.id not in ("may18_square", "acc", "mudeungsan_summit")
    ]
    points = np.concatenate(rings)
    arrivals = np.array([site.arrival for site in layout.sites])
    clear = np.min(np.hypot(*(points[:, None] - arrivals[None]).transpose(2, 0, 1)), axis=1) > 9.0
    return np.asarray(points[clear])


def _lawn(layout: Layout, rng: np.random.Generator) -> FloatArray:
    x0, z0, x1, z1 = layout.lawn.bounds
    points = rng.uniform((x0, z0), (x1, z1), (420, 2))
    centre = layout.lawn.centroid
    inside = shapely.contains_xy(layout.lawn.buffer(-6.0), points[:, 0], points[:, 1])
    return np.asarray(points[inside & (np.hypot(points[:, 0] - centre.x, points[:, 1] - centre.y) > 60.0)])


def _estate(fabric: Fabric, rng: np.random.Generator) -> FloatArray:
    """A row of trees between the two slabs of each estate."""
    shapes = fabric.shapes[fabric.estate]
    if not len(shapes):
        return np.zeros((0, 2))
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    corner = shapely.get_coordinates(shapely.oriented_envelope(shapes)).reshape(-1, 5, 2)
    edges = corner[:, 1:3] - corner[:, :2]
    long = np.argmax(np.hypot(*edges.transpose(2, 0, 1)), axis=1)
    axis = edges[np.arange(len(edges)), long]
    at = np.linspace(-0.38, 0.38, 6)[None, :, None]
    points = middle[:, None] + axis[:, None] * at + rng.uniform(-2.0, 2.0, (len(shapes), 6, 2))
    return np.asarray(points.reshape(-1, 2))


def _free(layout: Layout, points: FloatArray) -> NDArray[np.bool_]:
    square = Point(layout.site("may18_square").centre)
    blocked = shapely.union_all(
        [
            *[street.line.buffer(street.carriageway / 2.0 + 0.6) for street in layout.streets],
            *[surface.buffer(2.0) for surface in layout.rivers],
            *[Point(site.arrival).buffer(4.0) for site in layout.sites],
            *[Point(site.centre).buffer(15.0) for site in layout.sites if site.kind == "station"],
            square.buffer(16.0),
            Point(layout.site("may18_square").centre - layout.site("may18_square").front * 88.0).buffer(36.0),
        ]
    )
    shapely.prepare(blocked)
    good = ~shapely.contains_xy(blocked, points[:, 0], points[:, 1])
    good &= shapely.contains_xy(layout.city, points[:, 0], points[:, 1])
    good &= layout.ground.slope(points) < 0.16
    return np.asarray(good)


def tree_mesh(points: FloatArray, seeds: IntArray, ground: FloatArray, lobes_each: int) -> Mesh:
    """Return trees with a trunk and a crown of two or three lobes: 50 or 70 triangles each."""
    radius, crown, frames = _build(points, seeds)
    trunk = boxes(frames, 0.26, 0.26, ground - 0.2, ground + crown, palette.TRUNK)
    lobes = []
    for size, dx, dy, dz in _LOBES[:lobes_each]:
        centre = np.stack(
            [
                points[:, 0] + dx * radius,
                ground + crown + 0.3 + dy * radius * 1.25,
                points[:, 1] + dz * radius,
            ],
            axis=1,
        )
        lobes.append(_blobs(_ICO, _ICO_FACES, centre, radius * size, seeds))
    return join([trunk, *lobes])


def far_tree_mesh(points: FloatArray, seeds: IntArray, ground: FloatArray) -> Mesh:
    """Return trees as an octahedron on a trunk: 18 triangles each."""
    radius, crown, frames = _build(points, seeds)
    centre = np.stack([points[:, 0], ground + crown + 0.3, points[:, 1]], axis=1)
    trunk = boxes(frames, 0.3, 0.3, ground - 0.5, ground + crown, palette.TRUNK)
    return join([trunk, _blobs(_OCTA, _OCTA_FACES, centre, radius * 1.25, seeds)])


def _build(points: FloatArray, seeds: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    radius = 1.5 + draw(seeds, 21) * 0.5
    crown = 4.5 + draw(seeds, 22) * 1.0
    frames = np.concatenate([points, (draw(seeds, 23) * 6.0)[:, None]], axis=1)
    return radius, crown, frames


def _blobs(
    shape: FloatArray, faces: IntArray, centre: FloatArray, radius: FloatArray, seeds: IntArray
) -> Mesh:
    count = len(centre)
    turn = draw(seeds, 24) * 6.283
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    x = shape[:, 0] * cos + shape[:, 2] * sin
    z = -shape[:, 0] * sin + shape[:, 2] * cos
    y = np.broadcast_to(shape[:, 1] * 1.25, x.shape)
    vertices = centre[:, None] + np.stack([x, y, z], axis=-1) * radius[:, None, None]
    tint = palette.FOLIAGE[(draw(seeds, 25) * len(palette.FOLIAGE)).astype(int)]
    light = 0.80 + 0.20 * (shape[:, 1] * 0.5 + 0.5)
    colours = np.broadcast_to(tint[:, None], (count, len(shape), 4)).astype(float)
    colours[..., :3] *= light[None, :, None]
    return Mesh.plain(
        vertices, repeat(faces, count, len(shape)), np.round(colours).astype(np.uint8).reshape(-1, 4)
    )


def pole_mesh(points: FloatArray, ground: FloatArray) -> Mesh:
    """Return lamp posts, 3.9 m high."""
    frames = np.concatenate([points, np.zeros((len(points), 1))], axis=1)
    return boxes(frames, 0.12, 0.12, ground - 0.2, ground + 3.9, palette.POLE)


def globe_mesh(points: FloatArray, ground: FloatArray) -> Mesh:
    """Return the paper globes of the lamps."""
    centre = np.stack([points[:, 0], ground + 4.15, points[:, 1]], axis=1)
    vertices = centre[:, None] + _ICO * np.array([0.27, 0.33, 0.27])
    return Mesh.plain(vertices, repeat(_ICO_FACES, len(points), 12), palette.GLOBE)
