"""The expo hall before the Kim Daejung Convention Center: its slots, walls and screens, as a plan.

The centre stands where the data puts it; the hall is our invention (a stand-in, and says so): an open floor
on the forecourt, because people can walk there, with twelve slots in three rows along two aisles.

A *slot frame* has its origin at the middle of the slot's floor, x to the right of someone who stands inside
and looks out of its open front, y up, z to the back; its heading is theirs (0 north, positive turns left).
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from scenes.layout import Layout
from scenes.massing import corners, points_of
from scenes.places import Site
from spatial.quaternion import FloatArray

#: The landmark that the hall belongs to.
SITE = "kdj_center"
#: Side of a slot, metres.
SLOT = 6.0
#: Between two rows; along the open fronts; from the outermost slot to the floor's edge, metres.
CROSSING, AISLE, MARGIN = 4.0, 6.0, 3.0
#: From the landmark's point to the middle of the hall, metres towards the arrival: 12 m before the canopy.
REACH = 56.0
ROWS = ("a", "b", "c")
#: The floor's height over the level ground, metres, as of all paving: shadows under people lie on it.
LIFT = 0.05
#: Back wall: thickness and height, metres.
WALL = (0.15, 4.5)
#: The screen is 16:9 and hangs above people's heads: they never hide it from each other.
SCREEN_WIDTH, SCREEN_HEIGHT, SCREEN_MIDDLE = 4.0, 2.25, 3.1
#: The name plate tops the wall: width, height, height of its middle.
PLATE = (4.0, 0.6, 4.85)
#: Where the exhibitor's model stands: its middle (x, z) in the slot frame, and the box that it must fit.
STAND_MIDDLE, STAND_SIZE = (-0.6, -0.2), (3.6, 3.0, 3.6)
#: The corner for staff alone: x and z from, x and z to, in the slot frame.
STAFF = (1.4, 1.2, 3.0, 2.85)


#: From, to, and whether slots lie in it.
Strip = tuple[float, float, bool]


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A place for one booth.

    Attributes:
        number: Row and column, `a1` to `c4`; row a is nearest to where people arrive, column 1 leftmost.
        centre: (2,) world x, z.
        yaw: Heading of its open front.
    """

    number: str
    centre: FloatArray
    yaw: float

    @property
    def frame(self) -> FloatArray:
        """(1, 3): world x, z and yaw, as :mod:`scenes.massing` wants it."""
        return np.array([[*self.centre, self.yaw]])

    def world(self, *local: tuple[float, float]) -> FloatArray:
        """Return world x, z (n, 2) of points x, z in the slot frame."""
        return np.asarray(points_of(self.frame, np.array([[x, -z] for x, z in local]))[0])


@dataclass(frozen=True, slots=True, eq=False)
class Hall:
    """The floor and what stands on it.

    Attributes:
        site: The landmark.
        y: World height of the floor.
        floor: (4, 2) corners of the floor, counter-clockwise seen from above.
        slots: Row by row.
    """

    site: Site
    y: float
    floor: FloatArray
    slots: tuple[Slot, ...]


def hall_of(layout: Layout) -> Hall:
    """Lay the hall out before its landmark."""
    site = layout.site(SITE)
    middle = site.centre + site.front * REACH
    frame = np.array([[*middle, site.angle]])
    across, along = cells(len(ROWS))
    columns = [(u0 + u1) / 2.0 for u0, u1, slotted in across if slotted]
    rows = [(v0 + v1) / 2.0 for v0, v1, slotted in along if slotted]
    slots = []
    for (letter, v), (column, u) in product(zip(ROWS, rows, strict=True), enumerate(columns)):
        # Columns 1 and 3 look right, 2 and 4 left: two aisles, the middle columns back to back.
        turn = -np.pi / 2.0 if column % 2 == 0 else np.pi / 2.0
        centre = points_of(frame, np.array([[u, v]]))[0, 0]
        slots.append(Slot(f"{letter}{column + 1}", centre, _wrapped(site.angle + turn)))
    width, depth = 2.0 * across[-1][1], 2.0 * along[-1][1]
    y = float(layout.ground.height(middle[None])[0]) + LIFT
    return Hall(site, y, corners(frame, width, depth)[0], tuple(slots))


def cells(rows: int) -> tuple[list[Strip], list[Strip]]:
    """Return the strips that the floor is made of, across (u) and along (v), both symmetric about 0."""
    gaps = [CROSSING] * (rows - 1)
    across = [(MARGIN, False), (SLOT, True), (AISLE, False), (SLOT, True)]
    rest = [strip for gap in gaps for strip in ((gap, False), (SLOT, True))]
    depth = [(MARGIN, False), (SLOT, True), *rest]
    return _strips([*across, *across[::-1]]), _strips([*depth, (MARGIN, False)])


def _strips(sizes: list[tuple[float, bool]]) -> list[Strip]:
    at = -sum(size for size, _ in sizes) / 2.0
    strips = []
    for size, slotted in sizes:
        strips.append((at, at + size, slotted))
        at += size
    return strips


def _wrapped(angle: float) -> float:
    """Return the same angle between -π and π."""
    return float((angle + np.pi) % (2.0 * np.pi) - np.pi)


def halls_document(layout: Layout) -> dict[str, Any]:
    """Return the document of halls.json (docs/expo.md describes it)."""
    hall = hall_of(layout)
    place = f"city/{SITE}"
    return {
        "version": 1,
        "halls": [
            {
                "id": SITE,
                "place": place,
                "name": {
                    "ko": f"{hall.site.name.ko} 전시장",
                    "en": f"Expo hall, {hall.site.name.en}",
                },
                "synthetic": True,
                "notice": {
                    "ko": "대역 모형: 전시장의 바닥과 칸, 벽은 실제와 다른 합성 모형이에요.",
                    "en": "Stand-in: the hall's floor, slots and walls are invented.",
                },
                "floor": {"corners": _rounded(hall.floor), "y": round(hall.y, 4)},
                "arrival": _posture(hall, hall.site.arrival, hall.site.yaw, -LIFT),
                "slots": [_slot(hall, slot, place) for slot in hall.slots],
            }
        ],
    }


def _slot(hall: Hall, slot: Slot, place: str) -> dict[str, Any]:
    x0, z0, x1, z1 = STAFF
    half, wall = SLOT / 2.0, SLOT / 2.0 - WALL[0]
    return {
        "id": f"{SITE}-{slot.number}",
        "number": slot.number.upper(),
        "place": f"{place}/{slot.number}",
        **_posture(hall, slot.centre, slot.yaw, 0.0),
        "size": [SLOT, SLOT],
        "corners": _rounded(slot.world((-half, -half), (half, -half), (half, half), (-half, half))),
        "screen": {
            **_posture(hall, slot.world((0.0, wall))[0], slot.yaw, SCREEN_MIDDLE),
            "size": [SCREEN_WIDTH, SCREEN_HEIGHT],
        },
        "plate": {
            **_posture(hall, slot.world((0.0, wall))[0], slot.yaw, PLATE[2]),
            "size": [PLATE[0], PLATE[1]],
        },
        "stand": {**_posture(hall, slot.world(STAND_MIDDLE)[0], slot.yaw, 0.0), "size": list(STAND_SIZE)},
        "staff": {"corners": _rounded(slot.world((x0, z0), (x1, z0), (x1, z1), (x0, z1)))},
    }


def _posture(hall: Hall, xz: FloatArray, yaw: float, up: float) -> dict[str, Any]:
    x, z = (round(float(value), 3) for value in xz)
    return {"position": [x, round(hall.y + up, 4), z], "yaw": round(yaw, 6)}


def _rounded(plan: FloatArray) -> list[list[float]]:
    return [[round(float(x), 3), round(float(z), 3)] for x, z in plan]
