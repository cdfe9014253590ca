"""The fabric of one dong: its blocks filled with lots and apartment estates up to the dong's quota."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from scenes.layout import Layout
from scenes.massing import corners, shifted
from scenes.synthetic.blocks import Blocks, blocks_of, waves
from scenes.synthetic.building import BAY, BUILDING, FLOOR_HEIGHT, Kind, floor_area, frames_of
from scenes.synthetic.quota import ESTATE, LOT, Quota
from spatial.quaternion import FloatArray

_LOTS_A_ROW = 18
_VACANT = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Fabric:
    """Blocks and buildings.

    Attributes:
        shapes: (b,) block polygons, world x and z.
        estate: (b,) True where apartments stand.
        buildings: (n,) of dtype BUILDING; ``block`` indexes ``shapes`` (-1: along a boulevard).
    """

    shapes: NDArray[np.object_]
    estate: NDArray[np.bool_]
    buildings: NDArray[np.void]


def merge(parts: list[Fabric]) -> Fabric:
    """Concatenate fabrics, block numbers renumbered."""
    start, buildings = 0, []
    for part in parts:
        moved = part.buildings.copy()
        moved["block"][moved["block"] >= 0] += start
        start += len(part.shapes)
        buildings.append(moved)
    return Fabric(
        np.concatenate([part.shapes for part in parts]),
        np.concatenate([part.estate for part in parts]),
        np.concatenate(buildings),
    )


def weave(layout: Layout, code: str, quota: Quota, seed: int) -> Fabric:
    """Fill one dong. The same layout, quota and seed give the same fabric, whatever else is built."""
    rng = np.random.default_rng([seed, int(code)])
    area = quota.buildings * LOT * 1.2 + quota.apartment_floor / 28_000.0 * ESTATE
    blocks = blocks_of(layout, code, rng, int(area / 3900.0) + 1)
    if not len(blocks.frames):
        return Fabric(np.zeros(0, object), np.zeros(0, bool), np.zeros(0, BUILDING))
    slabs = _estates(layout, blocks, quota, rng)
    estate = np.isin(np.arange(len(blocks.frames)), slabs["block"])
    low = _lots(blocks, np.flatnonzero(~estate), rng)
    low = low[np.argsort(low["block"], kind="stable")][: max(0, quota.buildings - len(slabs))]
    _storeys(low, quota.low_floor, rng)
    buildings = np.concatenate([slabs, low])
    buildings["foot"] = foot_of(layout, buildings)
    used = np.unique(buildings["block"])
    renumber = np.full(len(blocks.frames), -1)
    renumber[used] = np.arange(len(used))
    buildings["block"] = renumber[buildings["block"]]
    return Fabric(blocks.shapes[used], estate[used], buildings)


def foot_of(layout: Layout, buildings: NDArray[np.void]) -> FloatArray:
    """Return the lowest ground under each building's corners and middle, a hand lower."""
    frames = frames_of(buildings)
    plan = corners(frames, buildings["width"], buildings["depth"])
    under = np.concatenate([plan, frames[:, None, :2]], axis=1)
    return np.asarray(layout.ground.height(under).min(axis=1) - 0.15)


def _estates(layout: Layout, blocks: Blocks, quota: Quota, rng: np.random.Generator) -> NDArray[np.void]:
    """Choose neighbouring blocks for apartments: slabs of 15 to 25 floors, two a block where they fit."""
    count = len(blocks.frames)
    whole = shapely.area(blocks.shapes) > 0.93 * np.prod(blocks.size, axis=1)
    core = np.hypot(*(blocks.frames[:, :2] - layout.site("may18_square").centre).T)
    wish = waves(blocks.frames[:, :2], rng, 900.0) + 0.25 * rng.random(count)
    # Not among the likeliest blocks of a dong (its old centre), and not downtown.
    wish -= np.where(np.arange(count) < count * 0.12, 0.8, 0.0) + np.where(core < 900.0, 3.0, 0.0)
    wish -= np.where(np.arange(count) > count * 0.85, 1.2, 0.0)
    fit = whole & (blocks.size[:, 0] > 52.0)
    order = np.argsort(-np.where(fit, wish, -9.0), kind="stable")[: int(np.count_nonzero(fit))]
    length = np.minimum(blocks.size[order, 0] - 9.0, rng.uniform(46.0, 64.0, len(order)))
    floors = np.clip(np.round(rng.normal(20.0, 2.6, len(order))), 15, 25)
    pair = blocks.size[order, 1] > 38.0
    floor = length * 13.0 * floors * np.where(pair, 2.0, 1.0)
    chosen = np.cumsum(floor) - floor / 2.0 < quota.apartment_floor
    order, length, floors, pair = order[chosen], length[chosen], floors[chosen], pair[chosen]
    rows = []
    for row, here in ((0, np.ones(len(order), bool)), (1, pair)):
        slab = np.zeros(int(np.count_nonzero(here)), BUILDING)
        offset = np.where(pair, blocks.size[order, 1] / 2.0 - 9.5, 0.0)[here] * (1 if row else -1)
        frames = shifted(blocks.frames[order[here]], 0.0, offset)
        slab["x"], slab["z"], slab["angle"] = frames.T
        slab["width"], slab["depth"], slab["floors"] = length[here], 13.0, floors[here]
        slab["floors"] -= row * rng.integers(0, 3, len(slab)).astype(np.uint8)
        slab["block"], slab["row"] = order[here], row
        rows.append(slab)
    slabs = np.concatenate(rows)
    slabs["kind"], slabs["synthetic"] = Kind.APARTMENT, True
    slabs["height"] = slabs["floors"] * FLOOR_HEIGHT[Kind.APARTMENT] + 0.75
    slabs["seed"] = rng.integers(0, 2**32, len(slabs), dtype=np.uint32)
    plan = shapely.polygons(corners(frames_of(slabs), slabs["width"], slabs["depth"]))
    return np.asarray(slabs[shapely.covers(blocks.shapes[slabs["block"]], plan)])


def _lots(blocks: Blocks, index: NDArray[np.integer], rng: np.random.Generator) -> NDArray[np.void]:
    """Fill blocks with two rows of lots, back to back, each lot a whole number of facade bays wide."""
    rows = np.repeat(index, 2)
    back = np.tile([False, True], len(index))
    size = blocks.size[rows]
    shape = (len(rows), _LOTS_A_ROW)
    # The likeliest blocks of a dong are mixed use, its outskirts houses.
    rank = rows / max(1, len(blocks.frames))
    mixed = rng.random(shape) < (0.88 - 0.62 * rank)[:, None]
    bay = np.where(mixed, BAY[Kind.MIXED], BAY[Kind.HOUSE])
    width = np.where(mixed, rng.integers(3, 7, shape), rng.integers(2, 5, shape)) * bay
    most = np.minimum(size[:, 1] / 2.0 - 1.2, 23.0)[:, None]
    bays = np.where(mixed, rng.integers(4, 8, shape), rng.integers(2, 5, shape))
    depth = np.minimum(bays, np.floor(most / bay)) * bay
    gap = rng.uniform(0.7, 1.4, shape)
    start = np.cumsum(width + gap, axis=1) - width - gap + 0.5
    fits = (start + width < size[:, :1] - 0.4) & (depth > 5.0) & (rng.random(shape) > _VACANT)
    # Centre what is left over at the end of a row.
    end = np.max(np.where(fits, start + width, 0.0), axis=1)
    u = start + width / 2.0 - size[:, :1] / 2.0 + ((size[:, 0] - end) / 2.0)[:, None]
    setback = rng.uniform(0.3, 1.1, shape)
    v = (size[:, 1:] / 2.0 - setback - depth / 2.0) * np.where(back, 1.0, -1.0)[:, None]
    seeds = rng.integers(0, 2**32, shape, dtype=np.uint32)
    pick = fits.ravel()
    owner = np.repeat(rows, _LOTS_A_ROW)[pick]
    lots = np.zeros(len(owner), BUILDING)
    frames = shifted(blocks.frames[owner], u.ravel()[pick], v.ravel()[pick])
    lots["x"], lots["z"] = frames[:, 0], frames[:, 1]
    turned = np.repeat(back, _LOTS_A_ROW)[pick]
    lots["angle"] = frames[:, 2] + np.where(turned, np.pi, 0.0)
    lots["width"], lots["depth"] = width.ravel()[pick], depth.ravel()[pick]
    lots["kind"] = np.where(mixed.ravel()[pick], Kind.MIXED, Kind.HOUSE)
    lots["seed"], lots["block"], lots["row"] = seeds.ravel()[pick], owner, turned
    lots["synthetic"] = True
    return _fitting(blocks, lots)


def _fitting(blocks: Blocks, lots: NDArray[np.void]) -> NDArray[np.void]:
    """Keep lots that lie within their block; those cut by its edge get one smaller try."""
    rectangle = blocks.size.prod(axis=1)
    clipped = shapely.area(blocks.shapes) < rectangle - 0.01
    inside = ~clipped[lots["block"]]
    for _ in range(2):
        test = np.flatnonzero(~inside)
        plan = shapely.polygons(corners(frames_of(lots[test]), lots["width"][test], lots["depth"][test]))
        inside[test] = shapely.covers(blocks.shapes[lots["block"][test]], plan)
        small = np.flatnonzero(~inside)
        bay = np.where(lots["kind"][small] == Kind.MIXED, BAY[Kind.MIXED], BAY[Kind.HOUSE])
        lots["width"][small] -= bay
        lots["depth"][small] -= bay
    return np.asarray(lots[inside & (lots["width"] > 6.0) & (lots["depth"] > 5.0)])


def _storeys(lots: NDArray[np.void], mean_floor: float, rng: np.random.Generator) -> None:
    """Give low buildings their floors, so that the mean floor area comes to the published total."""
    if not len(lots):
        return
    plan = lots["width"] * lots["depth"]
    mixed = lots["kind"] == Kind.MIXED
    two = rng.random(len(lots)) < 0.4
    fixed = float((plan * np.where(mixed, 2.0, 1.0 + two)).sum())
    room = float((plan * mixed).sum()) * 3.0
    chance = np.clip((mean_floor * len(lots) - fixed) / max(room, 1.0), 0.03, 0.97)
    floors = np.where(mixed, 2 + rng.binomial(3, chance, len(lots)), 1 + two)
    lots["floors"] = floors
    each = np.where(mixed, FLOOR_HEIGHT[Kind.MIXED], FLOOR_HEIGHT[Kind.HOUSE])
    lots["height"] = floors * each + np.where(mixed, 0.8, 0.2)


def totals(buildings: NDArray[np.void]) -> dict[str, float]:
    """Return the figures that the calibration is held against."""
    area = floor_area(buildings)
    return {
        "buildings": len(buildings),
        "floor_area_m2": float(area.sum()),
        "apartment_floor_area_m2": float(area[buildings["kind"] == Kind.APARTMENT].sum()),
        "share_five_floors_or_less": float(np.mean(buildings["floors"] <= 5)) if len(buildings) else 0.0,
    }
