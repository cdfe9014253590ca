"""The stand-in of the expo hall: paper floor and walls, slots and their numbers inlaid in celadon."""

from itertools import product

import numpy as np

from scenes import palette
from scenes.drape import Height, ribbons
from scenes.hall import (
    LIFT,
    PLATE,
    ROWS,
    SCREEN_HEIGHT,
    SCREEN_MIDDLE,
    SCREEN_WIDTH,
    SLOT,
    STAFF,
    WALL,
    Hall,
    Slot,
    cells,
)
from scenes.massing import boxes, caps, corners, shifted
from scenes.mesh import Layer, Mesh, join
from spatial.quaternion import FloatArray

#: Inlays lie this far above the floor, metres; widths of a slot's edge and of its number's strokes.
_INLAY, _EDGE, _STROKE = 0.02, 0.06, 0.07
#: How far the dark panel behind a screen, and the board behind a plate, reach beyond it, metres.
_RIM = 0.08
_BOARD = 0.06
#: Strokes of the numbers on a grid 0.6 wide and 1 high, from the lower left, as seen from the aisle.
_GLYPHS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "a": (((0.0, 0.0), (0.3, 1.0), (0.6, 0.0)), ((0.12, 0.4), (0.48, 0.4))),
    "b": (
        ((0.0, 0.5), (0.45, 0.5), (0.6, 0.36), (0.6, 0.14), (0.45, 0.0), (0.0, 0.0), (0.0, 1.0), (0.4, 1.0)),
        ((0.4, 1.0), (0.52, 0.88), (0.52, 0.62), (0.4, 0.5)),
    ),
    "c": (
        ((0.6, 0.85), (0.45, 1.0), (0.15, 1.0), (0.0, 0.8)),
        ((0.0, 0.8), (0.0, 0.2), (0.15, 0.0), (0.45, 0.0), (0.6, 0.15)),
    ),
    "1": (((0.1, 0.8), (0.35, 1.0), (0.35, 0.0)),),
    "2": (((0.0, 0.85), (0.15, 1.0), (0.45, 1.0), (0.6, 0.85), (0.6, 0.62), (0.0, 0.0), (0.6, 0.0)),),
    "3": (
        ((0.0, 1.0), (0.58, 1.0), (0.26, 0.58), (0.45, 0.56)),
        ((0.45, 0.56), (0.6, 0.42), (0.6, 0.14), (0.45, 0.0), (0.12, 0.0), (0.0, 0.1)),
    ),
    "4": (((0.45, 0.0), (0.45, 1.0), (0.0, 0.3), (0.6, 0.3)),),
}  # fmt: skip
#: Where the number begins in the slot frame (x, z) and how high it is, metres: in the front's left corner.
_NUMBER_AT, _NUMBER_SIZE = (2.7, -2.75), 0.55


def hall_layers(hall: Hall, *, inlays: bool) -> list[Layer]:
    """Return what a tile shows of the hall; the inlays of slots and numbers where asked."""
    said: dict[str, object] = {"hall": hall.site.id, "form": "stand-in"}
    solid = [_floor(hall), *(part for slot in hall.slots for part in _booth(hall, slot))]
    layers = [Layer("paper", synthetic=True, mesh=join(solid), extras=said, part="hall")]
    if inlays:
        layers.append(Layer("paper", synthetic=True, mesh=_inlays(hall), extras=said, part="inlays"))
    return layers


def _floor(hall: Hall) -> Mesh:
    """The floor with a low edge, so that it never floats, and the slots a shade lighter than the aisles.

    One quad a cell between the lines that slots draw: none overlaps another, so nothing fights for depth.
    """
    frame = np.array([[*hall.floor.mean(axis=0), hall.site.angle]])
    across, along = cells(len(ROWS))
    plans, lighter = [], []
    for (u0, u1, column), (v0, v1, row) in product(across, along):
        middle = shifted(frame, (u0 + u1) / 2.0, (v0 + v1) / 2.0)
        plans.append(corners(middle, u1 - u0, v1 - v0)[0])
        lighter.append(column and row)
    colours = np.where(np.array(lighter)[:, None], palette.PAVING[2], palette.PAVING[1])
    top = caps(np.array(plans), np.full(len(plans), hall.y), colours)
    high = np.insert(hall.floor, 1, hall.y, axis=1)
    low = high - np.array([0.0, LIFT + 0.3, 0.0])
    k = np.arange(4)
    after = (k + 1) % 4
    sides = np.concatenate([np.stack([k, after, after + 4], 1), np.stack([k, after + 4, k + 4], 1)])
    return join([top, Mesh.plain(np.concatenate([low, high]), sides, palette.PAPER[7])])


def _booth(hall: Hall, slot: Slot) -> list[Mesh]:
    """Back wall, the dark panel behind the screen, and the board for the name above."""
    thick, high = WALL
    back = -(SLOT - thick) / 2.0
    front = back + thick / 2.0 + _BOARD / 2.0
    wall = boxes(shifted(slot.frame, 0.0, back), SLOT, thick, hall.y, hall.y + high, palette.PAPER[2])
    panel = boxes(
        shifted(slot.frame, 0.0, front - 0.03),
        SCREEN_WIDTH + 2.0 * _RIM,
        _BOARD - 0.02,
        hall.y + SCREEN_MIDDLE - SCREEN_HEIGHT / 2.0 - _RIM,
        hall.y + SCREEN_MIDDLE + SCREEN_HEIGHT / 2.0 + _RIM,
        palette.POLE,
    )
    width, height, middle = PLATE
    board = boxes(
        shifted(slot.frame, 0.0, back),
        width + 2.0 * _RIM,
        thick,
        hall.y + high,
        hall.y + middle + height / 2.0 + _RIM,
        palette.EDGE,
    )
    return [wall, panel, board]


def _inlays(hall: Hall) -> Mesh:
    half = SLOT / 2.0 - _EDGE / 2.0
    x0, z0, x1, z1 = STAFF
    edges, strokes = [], []
    for slot in hall.slots:
        # From the back wall round the open front; the wall closes the fourth side.
        edges.append(slot.world((half, half), (half, -half), (-half, -half), (-half, half)))
        edges.append(slot.world((x0, z1), (x0, z0), (x1, z0)))
        strokes += _number(slot)
    flat = ribbons(edges, _EDGE, palette.INLAY, _level(hall), _INLAY)
    return join([flat, ribbons(strokes, _STROKE, palette.INLAY, _level(hall), _INLAY)])


def _number(slot: Slot) -> list[FloatArray]:
    """The slot's number as strokes, upright for someone who comes from the aisle and looks in."""
    x0, z0 = _NUMBER_AT
    lines = []
    for index, sign in enumerate(slot.number):
        for stroke in _GLYPHS[sign]:
            points = [
                (x0 - (index * 0.85 + right) * _NUMBER_SIZE, z0 + up * _NUMBER_SIZE) for right, up in stroke
            ]
            lines.append(slot.world(*points))
    return lines


def _level(hall: Hall) -> Height:
    return lambda xz: np.full(np.shape(xz)[:-1], hall.y)
