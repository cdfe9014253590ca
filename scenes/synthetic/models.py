"""The building grammar as triangles: full models near by, boxes further off, rows and blocks far away."""

import numpy as np
from numpy.typing import NDArray

from scenes import palette
from scenes.massing import boxes, caps, corners, facade_panels, facade_walls, hips, parapets, shifted
from scenes.mesh import IntArray, Mesh, join
from scenes.palette import Bytes, shade
from scenes.synthetic.building import Kind, draw, frames_of
from spatial.quaternion import FloatArray

Buildings = NDArray[np.void]

#: Facade kinds of the contract, by building kind. Houses take the plain windows of kind 5: no shopfront.
_FACADE = np.array([5, 1, 2, 3])


def full(buildings: Buildings) -> tuple[Mesh, Mesh]:
    """Return walls with facade, and all the rest (about 15 triangles a house, 45 a shop house, 60 a slab)."""
    kind = buildings["kind"]
    pitched = (kind == Kind.HOUSE) & (draw(buildings["seed"], 3) < 0.55)
    flat_house = (kind == Kind.HOUSE) & ~pitched
    apartment = kind == Kind.APARTMENT
    topped = (kind == Kind.MIXED) | (kind == Kind.BOULEVARD)
    rest = join(
        [
            _pitched_roofs(buildings[pitched]),
            _flat_roofs(buildings[flat_house]),
            _sunk_roofs(buildings[topped | apartment]),
            _roof_gear(buildings[topped]),
            _lift_heads(buildings[apartment]),
            _signs(buildings[topped]),
        ]
    )
    return _all_walls(buildings, 0.0), rest


def _all_walls(buildings: Buildings, sink: float) -> Mesh:
    apartment = buildings["kind"] == Kind.APARTMENT
    return join([_walls(buildings[~apartment], sink), _apartment_walls(buildings[apartment], sink)])


def simple(buildings: Buildings, sink: float) -> tuple[Mesh, Mesh]:
    """Return walls with facade, and flat roofs: 10 triangles a building, feet ``sink`` metres deeper."""
    return _all_walls(buildings, sink), _flat_roofs(buildings)


def masses(buildings: Buildings, *, by_row: bool, sink: float) -> tuple[Mesh, Mesh]:
    """Return walls and roofs of one box for each row (or block) of low buildings, and each tall building.

    A row's box spans its buildings' plan and has their mean height.
    """
    low = (buildings["kind"] <= Kind.MIXED) & (buildings["block"] >= 0)
    tall = buildings[~low]
    walls, roofs = simple(tall, sink)
    rows = buildings[low]
    if len(rows):
        row_walls, row_roofs = _group_boxes(rows, sink, by_row=by_row)
        walls, roofs = join([walls, row_walls]), join([roofs, row_roofs])
    return walls, roofs


def _group_boxes(rows: Buildings, sink: float, *, by_row: bool) -> tuple[Mesh, Mesh]:
    key = rows["block"].astype(np.int64) * 2 + (rows["row"] if by_row else 0)
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    group = np.cumsum(np.concatenate([[True], key[1:] != key[:-1]])) - 1
    # Back rows are turned by half a turn: the plan is spanned in the axes of each group's first building.
    base = frames_of(rows)[first][group]
    cos, sin = np.cos(base[:, 2]), np.sin(base[:, 2])
    plan = corners(frames_of(rows), rows["width"], rows["depth"]) - base[:, None, :2]
    u = plan[..., 0] * cos[:, None] - plan[..., 1] * sin[:, None]
    v = -plan[..., 0] * sin[:, None] - plan[..., 1] * cos[:, None]
    u0, u1 = np.minimum.reduceat(u.min(axis=1), first), np.maximum.reduceat(u.max(axis=1), first)
    v0, v1 = np.minimum.reduceat(v.min(axis=1), first), np.maximum.reduceat(v.max(axis=1), first)
    count = np.diff(np.concatenate([first, [len(rows)]]))
    top = np.add.reduceat(rows["foot"] + rows["height"], first) / count
    foot = np.minimum.reduceat(rows["foot"], first) - sink
    frames = shifted(base[first], (u0 + u1) / 2.0, (v0 + v1) / 2.0)
    plan = corners(frames, u1 - u0, v1 - v0)
    top = np.maximum(top, foot + 1.0)
    one = rows[first]
    walls = facade_walls(plan, foot, top, wall_colours(one), _FACADE[one["kind"]], facade_seed(one))
    return walls, caps(plan, top, _roof_colours(one))


def wall_colours(buildings: Buildings) -> Bytes:
    """Return each building's paper (n, 4)."""
    pick = (draw(buildings["seed"], 1) * len(palette.PAPER)).astype(int)
    return np.asarray(palette.PAPER[pick])


def _roof_colours(buildings: Buildings) -> Bytes:
    pick = (draw(buildings["seed"], 2) * 3).astype(int)
    celadon = (buildings["kind"] < Kind.BOULEVARD) & (draw(buildings["seed"], 4) < 0.34)
    return np.asarray(np.where(celadon[:, None], palette.CELADON[pick], palette.ROOF[pick]))


def _walls(buildings: Buildings, sink: float) -> Mesh:
    plan = corners(frames_of(buildings), buildings["width"], buildings["depth"])
    foot = buildings["foot"] - sink
    top = buildings["foot"] + buildings["height"]
    kind = _FACADE[buildings["kind"]]
    return facade_walls(plan, foot, top, wall_colours(buildings), kind, facade_seed(buildings))


def _apartment_walls(buildings: Buildings, sink: float) -> Mesh:
    plan = corners(frames_of(buildings), buildings["width"], buildings["depth"])
    kinds = np.broadcast_to(np.array([3, 4, 3, 4]), (len(buildings), 4))
    foot = buildings["foot"] - sink
    top = buildings["foot"] + buildings["height"]
    return facade_panels(plan, foot, top, wall_colours(buildings), kinds, facade_seed(buildings))


def facade_seed(buildings: Buildings) -> IntArray:
    """Return the facade seeds, 0 to 1023."""
    return np.asarray(buildings["seed"] & np.uint32(1023)).astype(np.int64)


def _flat_roofs(buildings: Buildings) -> Mesh:
    plan = corners(frames_of(buildings), buildings["width"], buildings["depth"])
    return caps(plan, buildings["foot"] + buildings["height"], _roof_colours(buildings))


def _pitched_roofs(buildings: Buildings) -> Mesh:
    width, depth = buildings["width"] + 0.7, buildings["depth"] + 0.7
    rise = np.minimum(3.2, depth * 0.24)
    inset = np.where(draw(buildings["seed"], 5) < 0.5, np.minimum(depth * 0.5, width * 0.4), 0.0)
    pick = (draw(buildings["seed"], 2) * 3).astype(int)
    colours = shade(palette.ROOF[pick], 0.86)
    eaves = buildings["foot"] + buildings["height"]
    return hips(frames_of(buildings), width, depth, eaves, rise, inset, colours)


def _sunk_roofs(buildings: Buildings) -> Mesh:
    return parapets(
        frames_of(buildings),
        buildings["width"],
        buildings["depth"],
        buildings["foot"] + buildings["height"],
        palette.EDGE,
        _roof_colours(buildings),
    )


def _roof_gear(buildings: Buildings) -> Mesh:
    """Stair box on every shop house and slab, water tank on 62 in 100, plant on most slabs."""
    roomy = buildings[(buildings["width"] > 7.5) & (buildings["depth"] > 7.5)]
    seed, width, depth = roomy["seed"], roomy["width"], roomy["depth"]
    roof = roomy["foot"] + roomy["height"] - 0.75
    frames = frames_of(roomy)
    side = np.where(draw(seed, 6) < 0.5, -1.0, 1.0)
    stairs = shifted(frames, (draw(seed, 7) - 0.5) * (width - 5.0), side * (depth / 2.0 - 2.6))
    parts = [boxes(stairs, 3.4, 3.6, roof, roof + 2.7, wall_colours(roomy))]
    tank = draw(seed, 8) < 0.62
    at = shifted(frames, (draw(seed, 9) - 0.5) * (width - 4.0), -side * draw(seed, 10) * (depth / 2.0 - 2.0))
    parts.append(boxes(at[tank], 1.9, 1.9, roof[tank], roof[tank] + 1.7, palette.TANK))
    plant = (roomy["kind"] == Kind.BOULEVARD) & (draw(seed, 11) < 0.7)
    parts.append(
        boxes(
            frames[plant],
            width[plant] * 0.5,
            depth[plant] * 0.3,
            roof[plant],
            roof[plant] + 1.6,
            palette.PAPER[7],
        )
    )
    return join(parts)


def _lift_heads(buildings: Buildings) -> Mesh:
    roof = buildings["foot"] + buildings["height"] - 0.75
    frames, width = frames_of(buildings), buildings["width"]
    return join(
        boxes(shifted(frames, width * at, 0.0), 4.5, 5.0, roof, roof + 3.2, wall_colours(buildings))
        for at in (-0.28, 0.28)
    )


def _signs(buildings: Buildings) -> Mesh:
    """Blank projecting signs and shop canopies: no invented names."""
    seed, width, depth = buildings["seed"], buildings["width"], buildings["depth"]
    height, foot = buildings["height"], buildings["foot"]
    frames = frames_of(buildings)
    pick = (draw(seed, 12) * len(palette.PAPER)).astype(int)
    vertical = (height > 8.0) & (draw(seed, 13) < 0.5)
    at = shifted(frames, -width / 2.0 + 0.6, -depth / 2.0 - 0.55)
    reach: FloatArray = np.minimum(height - 5.2, 2.4 + draw(seed, 14) * 5.0)
    sign = boxes(
        at[vertical],
        0.22,
        1.0,
        foot[vertical] + 4.3,
        (foot + 4.3 + reach)[vertical],
        shade(palette.PAPER[pick[vertical]], 0.8),
    )
    canopy = (buildings["kind"] == Kind.MIXED) & (draw(seed, 15) < 0.35)
    over = shifted(frames, 0.0, -depth / 2.0 - 0.5)
    shelf = boxes(
        over[canopy],
        width[canopy] * 0.8,
        1.0,
        foot[canopy] + 3.0,
        foot[canopy] + 3.12,
        shade(palette.PAPER[pick[canopy]], 0.9),
    )
    return join([sign, shelf])
