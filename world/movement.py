"""How people move: the newest sample of each, applied to all of them at once."""

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from world.commands import BodyPose, Move
from world.entity import PersonId
from world.events import Displaced, Event, PersonMoved
from world.limits import REACH, SPEED, STRIDE, TELL_PAUSE
from world.state import World
from world.zones import OPEN_CITY, Rules

IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

#: No number of a pose is larger (metres, radians, quaternion components); its squares are finite.
_LARGEST = 1e6
#: Shorter quaternions have no direction.
_SHORTEST_QUATERNION = 1e-6


class Ground(Protocol):
    """The land that people stand on, and how far it reaches. The composition root hands the real one in."""

    def height(self, xz: FloatArray) -> FloatArray:
        """Return the world height (n,) of the ground at points (n, 2), metres (x east, z south)."""
        ...

    def inside(self, xz: FloatArray) -> BoolArray:
        """Return for points (n, 2) whether they lie in the city, (n,) bool."""
        ...


def is_newer(sequence: int, acknowledged: int) -> bool:
    """Tell whether a 16-bit sequence number follows another one, across the wrap (RFC 1982).

    Args:
        sequence: The number that arrived; only its low 16 bits count.
        acknowledged: The newest number accepted so far, or -1 when there is none.
    """
    return acknowledged < 0 or 0 < ((sequence - acknowledged) & 0xFFFF) < 0x8000


def is_sound(pose: BodyPose) -> bool:
    """Tell whether a pose has the right shapes and sane numbers, and its quaternions have a direction."""
    shapes = (pose.position.shape, pose.parts.shape, pose.orientations.shape)
    if shapes != ((3,), (3, 3), (3, 4)):
        return False
    numbers = np.concatenate([pose.position, pose.parts.ravel(), pose.orientations.ravel(), [pose.yaw]])
    # A comparison with NaN is false, so that this line also refuses what is no number.
    if not (np.abs(numbers) <= _LARGEST).all():
        return False
    return bool((np.linalg.norm(pose.orientations, axis=-1) > _SHORTEST_QUATERNION).all())


def place_at(ground: Ground, x: float, z: float) -> FloatArray | None:
    """Return the point (3,) on the ground at x, z; None outside the city or when a number is not sane."""
    if not (abs(x) <= _LARGEST and abs(z) <= _LARGEST):
        return None
    xz = np.array([[x, z]])
    if not ground.inside(xz)[0]:
        return None
    height = float(ground.height(xz)[0])
    return np.array([x, height, z]) if np.isfinite(height) else None


def refill(world: World, seconds: float) -> None:
    """Give everyone the metres that a time of ``seconds`` allows, up to one second's worth."""
    budget = world.budget[: world.count]
    np.minimum(budget + SPEED * seconds, STRIDE, out=budget)


def newest(world: World, moves: Iterable[Move]) -> list[Move]:
    """Keep the newest sound sample of each person who is in the city; what is older or unsound is dropped."""
    kept: dict[PersonId, Move] = {}
    for move in moves:
        if move.person not in world:
            continue
        before = kept.get(move.person)
        last = before.sequence if before else int(world.acknowledged[world.row(move.person)])
        if is_newer(move.sequence, last if last < 0 else last & 0xFFFF) and is_sound(move.pose):
            kept[move.person] = move
    return list(kept.values())


def advance(
    world: World, moves: list[Move], ground: Ground, now: float, rules: Rules = OPEN_CITY
) -> list[Event]:
    """Apply one sample a person; heads and hands always follow, a step only when it is allowed.

    Args:
        world: The state, changed in place.
        moves: From :func:`newest`: at most one a person, all of them sound.
        ground: The land.
        now: World seconds.
        rules: Who may go where.

    Returns:
        A :class:`PersonMoved` for each step refused, no more often than ``TELL_PAUSE`` a person.
    """
    if not moves:
        return []
    rows = np.array([world.row(move.person) for move in moves])
    _turn_bodies(world, rows, [move.pose for move in moves])
    wanted = np.array([move.pose.position for move in moves])[:, [0, 2]]
    here = world.position[rows][:, [0, 2]]
    distance = np.hypot(*(wanted - here).T)
    slow = distance <= world.budget[rows]
    allowed = slow & ground.inside(np.where(slow[:, None], wanted, here))
    heights = ground.height(np.where(allowed[:, None], wanted, here))
    allowed &= np.isfinite(heights)
    permitted = rules.may_step(world.person[rows].tolist(), here, wanted)
    allowed &= permitted
    stepping = rows[allowed]
    world.position[stepping] = np.column_stack([wanted[:, 0], heights, wanted[:, 1]])[allowed]
    world.budget[stepping] -= distance[allowed]
    world.acknowledged[stepping] = np.array([move.sequence & 0xFFFF for move in moves])[allowed]
    reasons = np.where(slow, np.where(permitted, "out_of_bounds", "not_allowed"), "too_fast")
    return _corrections(world, rows[~allowed], reasons[~allowed].tolist(), now)


def _turn_bodies(world: World, rows: IntArray, poses: list[BodyPose]) -> None:
    """Take over heading, head and hands, each part within reach, each quaternion of unit length."""
    parts = np.array([pose.parts for pose in poses])
    distance = np.linalg.norm(parts, axis=-1, keepdims=True)
    turns = np.array([pose.orientations for pose in poses])
    # Headings may have been added up for hours: keep them within one turn, where floats are fine.
    world.yaw[rows] = np.remainder([pose.yaw for pose in poses], 2.0 * np.pi)
    world.parts[rows] = parts * (REACH / np.maximum(distance, REACH))
    world.orientations[rows] = turns / np.linalg.norm(turns, axis=-1, keepdims=True)
    world.hands[rows] = [(pose.has_left, pose.has_right) for pose in poses]


def _corrections(world: World, refused: IntArray, reasons: list[Displaced], now: float) -> list[Event]:
    """Tell the people whose step was refused where they still stand."""
    due = world.correct_after[refused] <= now
    world.correct_after[refused[due]] = now + TELL_PAUSE
    return [
        correction(world, int(row), reason)
        for row, reason, is_due in zip(refused, reasons, due, strict=True)
        if is_due
    ]


def correction(world: World, row: int, reason: Displaced) -> PersonMoved:
    """Return the event that tells a person where the world holds them."""
    x, y, z = world.position[row].tolist()
    return PersonMoved(PersonId(int(world.person[row])), (x, y, z), float(world.yaw[row]), reason)
