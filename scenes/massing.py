"""Batch extrusion: many boxes, walls, parapets and roofs at once, as arrays.

A *frame* is the place of one body: (n, 3) rows of world x, z and the angle of its long axis,
counter-clockwise from east. Along the axis runs u, to its left v; the front is at negative v.
"""

import numpy as np

from scenes.mesh import IntArray, Mesh, repeat
from scenes.palette import Bytes
from spatial.quaternion import FloatArray

_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
_SIDES = np.array([[0, 1, 5], [0, 5, 4], [1, 2, 6], [1, 6, 5], [2, 3, 7], [2, 7, 6], [3, 0, 4], [3, 4, 7]])
_BOX = np.concatenate([_SIDES, [[4, 5, 6], [4, 6, 7]]])
_WALLS = np.array([[[c, c + 2, c + 3], [c, c + 3, c + 1]] for c in (0, 2, 4, 6)]).reshape(-1, 3)
_PANELS = np.array([[[c, c + 1, c + 3], [c, c + 3, c + 2]] for c in (0, 4, 8, 12)]).reshape(-1, 3)
_RING = np.array([[[k, (k + 1) % 4, 4 + (k + 1) % 4], [k, 4 + (k + 1) % 4, 4 + k]] for k in range(4)])
_PARAPET = np.concatenate([_RING.reshape(-1, 3), _RING.reshape(-1, 3) + 4, [[8, 9, 10], [8, 10, 11]]])
_HIP = np.array([[0, 1, 4], [0, 4, 5], [2, 3, 5], [2, 5, 4], [1, 2, 4], [3, 0, 5]])


def points_of(frames: FloatArray, local: FloatArray) -> FloatArray:
    """Return world x, z (n, k, 2) of local points (n, k, 2) or (k, 2) given as u, v."""
    cos, sin = np.cos(frames[:, 2, None]), np.sin(frames[:, 2, None])
    u, v = np.broadcast_to(local, (len(frames), *np.shape(local)[-2:])).transpose(2, 0, 1)
    return np.stack([frames[:, 0, None] + u * cos - v * sin, frames[:, 1, None] - u * sin - v * cos], axis=-1)


def shifted(frames: FloatArray, u: FloatArray | float, v: FloatArray | float) -> FloatArray:
    """Return frames moved by u and v along their own axes."""
    count = len(frames)
    local = np.stack([np.broadcast_to(u, count), np.broadcast_to(v, count)], axis=-1)[:, None]
    return np.concatenate([points_of(frames, local)[:, 0], frames[:, 2:]], axis=1)


def corners(frames: FloatArray, width: FloatArray | float, depth: FloatArray | float) -> FloatArray:
    """Return the rectangles' corners (n, 4, 2), counter-clockwise seen from above, front left first."""
    count = len(frames)
    size = np.stack([np.broadcast_to(width, count), np.broadcast_to(depth, count)], axis=-1)
    return points_of(frames, _CORNERS * size[:, None])


def _spread(value: FloatArray | float, count: int, columns: int) -> FloatArray:
    return np.broadcast_to(np.asarray(value, dtype=float).reshape(-1, 1), (count, columns))


def _colours(colours: Bytes, count: int, each: int) -> Bytes:
    rows = np.broadcast_to(np.asarray(colours, np.uint8).reshape(-1, 4), (count, 4))
    return np.repeat(rows, each, axis=0)


def boxes(  # noqa: PLR0913, PLR0917 - a box has that many measures
    frames: FloatArray,
    width: FloatArray | float,
    depth: FloatArray | float,
    foot: FloatArray | float,
    top: FloatArray | float,
    colours: Bytes,
) -> Mesh:
    """Return boxes without facade: eight vertices, ten triangles each (no floor)."""
    count = len(frames)
    plan = corners(frames, width, depth)
    y = np.concatenate([_spread(foot, count, 4), _spread(top, count, 4)], axis=1)
    xz = np.concatenate([plan, plan], axis=1)
    vertices = np.stack([xz[..., 0], y, xz[..., 1]], axis=-1)
    return Mesh.plain(vertices, repeat(_BOX, count, 8), _colours(colours, count, 8))


def facade_walls(  # noqa: PLR0913, PLR0917 - one argument for each facade attribute of the contract
    plan: FloatArray,
    foot: FloatArray,
    top: FloatArray,
    colours: Bytes,
    kind: IntArray,
    seed: IntArray,
) -> Mesh:
    """Return four walls a building whose facade runs on round the corners: ten vertices, eight triangles.

    Args:
        plan: (n, 4, 2) corners as :func:`corners` gives them.
        foot: (n,) world y.
        top: (n,) world y.
        colours: (n, 4).
        kind: (n,) facade kind of all four walls.
        seed: (n,) 0 to 1023.
    """
    count = len(plan)
    ring = np.concatenate([plan, plan[:, :1]], axis=1)
    length = np.hypot(*(ring[:, 1:] - ring[:, :-1]).transpose(2, 0, 1))
    along = np.concatenate([np.zeros((count, 1)), np.cumsum(length, axis=1)], axis=1)
    xz = np.repeat(ring, 2, axis=1)
    y = np.tile(np.stack([foot, top], axis=1), (1, 5))
    vertices = np.stack([xz[..., 0], y, xz[..., 1]], axis=-1).reshape(-1, 3)
    rise = np.tile(np.stack([np.zeros(count), top - foot], axis=1), (1, 5))
    facade = _facade(np.repeat(along, 2, axis=1), rise, kind[:, None], seed[:, None])
    return Mesh(vertices, repeat(_WALLS, count, 10), _colours(colours, count, 10), facade)


def facade_panels(  # noqa: PLR0913, PLR0917 - one argument for each facade attribute of the contract
    plan: FloatArray,
    foot: FloatArray,
    top: FloatArray,
    colours: Bytes,
    kinds: IntArray,
    seed: IntArray,
) -> Mesh:
    """Return four walls a building, each with a facade kind of its own (n, 4): 16 vertices, 8 triangles."""
    count = len(plan)
    pairs = np.stack([plan, np.roll(plan, -1, axis=1)], axis=2)
    length = np.hypot(*(pairs[:, :, 1] - pairs[:, :, 0]).transpose(2, 0, 1))
    xz = np.concatenate([pairs, pairs], axis=2).reshape(count, 16, 2)
    zero, high = np.zeros((count, 4)), np.broadcast_to((top - foot)[:, None], (count, 4))
    along = np.stack([zero, length, zero, length], axis=2).reshape(count, 16)
    rise = np.stack([zero, zero, high, high], axis=2).reshape(count, 16)
    vertices = np.stack([xz[..., 0], foot[:, None] + rise, xz[..., 1]], axis=-1).reshape(-1, 3)
    facade = _facade(along, rise, np.repeat(kinds, 4, axis=1), seed[:, None])
    return Mesh(vertices, repeat(_PANELS, count, 16), _colours(colours, count, 16), facade)


def _facade(
    along: FloatArray, rise: FloatArray, kind: IntArray, seed: IntArray
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    columns = np.broadcast_arrays(np.round(along * 100.0), np.round(rise * 100.0), kind, seed)
    rows = np.clip(np.stack(columns, axis=-1), 0, 65535).reshape(-1, 4)
    return np.asarray(rows, dtype=np.uint16)


def caps(plan: FloatArray, y: FloatArray, colours: Bytes) -> Mesh:
    """Return flat roofs over plans (n, 4, 2): four vertices, two triangles each."""
    count = len(plan)
    vertices = np.stack([plan[..., 0], _spread(y, count, 4), plan[..., 1]], axis=-1)
    return Mesh.plain(
        vertices, repeat(np.array([[0, 1, 2], [0, 2, 3]]), count, 4), _colours(colours, count, 4)
    )


def parapets(  # noqa: PLR0913, PLR0917 - a roof edge has that many measures
    frames: FloatArray,
    width: FloatArray,
    depth: FloatArray,
    top: FloatArray,
    edge: Bytes,
    roof: Bytes,
    rise: float = 0.75,
    thickness: float = 0.28,
) -> Mesh:
    """Return flat roofs sunk behind a parapet: 12 vertices, 18 triangles each."""
    count = len(frames)
    outer = corners(frames, width, depth)
    inner = corners(frames, width - 2 * thickness, depth - 2 * thickness)
    plan = np.concatenate([outer, inner, inner], axis=1)
    y = np.concatenate([_spread(top, count, 8), _spread(top - rise, count, 4)], axis=1)
    vertices = np.stack([plan[..., 0], y, plan[..., 1]], axis=-1)
    edges = np.broadcast_to(np.asarray(edge, np.uint8).reshape(-1, 1, 4), (count, 8, 4))
    roofs = np.broadcast_to(np.asarray(roof, np.uint8).reshape(-1, 1, 4), (count, 4, 4))
    colours = np.concatenate([edges, roofs], axis=1).reshape(-1, 4)
    return Mesh.plain(vertices, repeat(_PARAPET, count, 12), colours)


def hips(  # noqa: PLR0913, PLR0917 - a roof has that many measures
    frames: FloatArray,
    width: FloatArray,
    depth: FloatArray,
    eaves: FloatArray,
    rise: FloatArray,
    inset: FloatArray,
    colours: Bytes,
) -> Mesh:
    """Return hip roofs (gables where ``inset`` is zero): six vertices, six triangles each."""
    count = len(frames)
    plan = corners(frames, width, depth)
    half = width / 2 - inset
    zero = np.zeros(count)
    ridge = points_of(frames, np.stack([np.stack([half, zero], -1), np.stack([-half, zero], -1)], axis=1))
    xz = np.concatenate([plan, ridge], axis=1)
    y = np.concatenate([_spread(eaves, count, 4), _spread(eaves + rise, count, 2)], axis=1)
    vertices = np.stack([xz[..., 0], y, xz[..., 1]], axis=-1)
    return Mesh.plain(vertices, repeat(_HIP, count, 6), _colours(colours, count, 6))
