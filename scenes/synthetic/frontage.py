"""The walls of the boulevards: slabs of 6 to 14 floors downtown, lower and looser further out."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon

from scenes.layout import Layout
from scenes.massing import corners
from scenes.streets import BOULEVARD, Street
from scenes.synthetic.building import BAY, BUILDING, FLOOR_HEIGHT, Kind, frames_of
from scenes.synthetic.quota import buildable
from spatial.quaternion import FloatArray

SETBACK = 0.6
_TALL = np.array([6, 7, 8, 9, 10, 12, 14])
_MIDDLE = np.array([6, 6, 7, 8, 9, 10, 12])
_LOW = np.array([2, 3, 3, 4, 5, 5])


def frontage_of(layout: Layout, seed: int) -> NDArray[np.void]:
    """Return the buildings along every boulevard of the city."""
    parts = [
        _side(layout, street, side, np.random.default_rng([seed, 71, index, side + 1]))
        for index, street in enumerate(layout.streets)
        if street.width == BOULEVARD
        for side in (-1, 1)
    ]
    lots = np.concatenate(parts)
    return lots[_clear(layout, lots)]


def _side(layout: Layout, street: Street, side: int, rng: np.random.Generator) -> NDArray[np.void]:
    """Walk one side of a street and set lots wall to wall, a lane's gap after every few."""
    line = street.line
    count = int(line.length / 12.0)
    bays = rng.integers(10, 20, count)
    width = bays * BAY[Kind.BOULEVARD]
    gap = np.where(rng.random(count) < 0.24, 8.5, 1.2)
    start = 34.0 + np.cumsum(width + gap) - width
    inside = start + width < line.length - 20.0
    width, start = width[inside], start[inside]
    count = len(width)
    middle = start + width / 2.0
    centre = shapely.get_coordinates(shapely.line_interpolate_point(line, middle))
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, start + width))
    begin = shapely.get_coordinates(shapely.line_interpolate_point(line, start))
    along = (ends - begin) / np.maximum(np.hypot(*(ends - begin).T), 1e-6)[:, None]
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1) * side
    depth = rng.integers(8, 12, count) * BAY[Kind.BOULEVARD]
    place = centre + normal * (street.width / 2.0 + SETBACK + depth / 2.0)[:, None]
    # The front looks back at the street: local -v points along -normal.
    angle = np.arctan2(-normal[:, 1], normal[:, 0]) - np.pi / 2.0
    urban = _urbanity(layout, place)
    lots = np.zeros(count, BUILDING)
    high = rng.random(count) < urban
    floors = np.where(
        street.name == "geumnam",
        rng.choice(_TALL, count),
        np.where(high, rng.choice(_MIDDLE, count), rng.choice(_LOW, count)),
    )
    kind = np.where(floors > 5, Kind.BOULEVARD, Kind.MIXED)
    lots["x"], lots["z"], lots["angle"] = place[:, 0], place[:, 1], angle
    lots["width"], lots["depth"] = width, depth
    lots["floors"], lots["kind"] = floors, kind
    lots["height"] = floors * FLOOR_HEIGHT[Kind.BOULEVARD] + 0.8
    lots["seed"] = rng.integers(0, 2**32, count, dtype=np.uint32)
    lots["block"], lots["synthetic"] = -1, True
    standing = (street.name == "geumnam") | (rng.random(count) < np.clip(urban * 1.5, 0.0, 0.97))
    return np.asarray(lots[standing])


def _urbanity(layout: Layout, xz: FloatArray) -> FloatArray:
    """How much of a city there is, 0 to 1: near stations, most of all near downtown."""
    stations = np.array([site.centre for site in layout.sites if site.kind == "station"])
    downtown = layout.site("may18_square").centre
    nearest = np.min(np.hypot(*(xz[:, None] - stations[None]).transpose(2, 0, 1)), axis=1)
    core = np.hypot(*(xz - downtown).T)
    near = np.exp(-((nearest / 650.0) ** 2))
    return np.asarray(np.clip(near * (0.35 + 0.65 * np.exp(-((core / 6500.0) ** 2))), 0.0, 1.0))


def _clear(layout: Layout, lots: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which lots meet no place, river, lawn or other street, nor an earlier lot, and stand on fair ground."""
    frames = frames_of(lots)
    rectangles = shapely.polygons(corners(frames, lots["width"], lots["depth"]))
    blocked = shapely.union_all(
        [
            *[Point(site.centre).buffer(site.radius) for site in layout.sites if site.id != "may18_square"],
            Point(layout.site("may18_square").centre).buffer(70.0),
            *[surface.buffer(8.0) for surface in layout.rivers],
            *[street.line.buffer(street.width / 2.0) for street in layout.streets],
            layout.lawn.buffer(3.0),
        ]
    )
    shapely.prepare(blocked)
    good = ~shapely.intersects(blocked, rectangles) & buildable(layout, frames[:, :2])
    good &= shapely.contains_xy(layout.city, frames[:, 0], frames[:, 1])
    tree = shapely.STRtree(rectangles)
    first, second = tree.query(rectangles, predicate="overlaps")
    for a, b in zip(first, second, strict=True):
        if b < a and good[b] and good[a]:
            good[a] = False
    return np.asarray(good)


def footprints(lots: NDArray[np.void]) -> list[Polygon]:
    """Return the lots' rectangles in world x, z."""
    return list(shapely.polygons(corners(frames_of(lots), lots["width"], lots["depth"])))
