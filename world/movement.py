"""How people move: the newest sample of each, applied to all of them at once."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from world.bodies import LARGEST, find_sound, turn
from world.commands import Moves
from world.entity import PersonId
from world.events import Displaced, Event, PersonMoved
from world.limits import SPEED, STRIDE, TELL_PAUSE
from world.register import Slots
from world.state import World
from world.strides import measure, pick_newest, settle
from world.zones import OPEN_CITY, Rules

IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]


class Ground(Protocol):
    """The land that people stand on, and how far it reaches. The composition root hands the real one in."""

    def height(self, xz: FloatArray) -> FloatArray:
        """Return the world height (n,) of the ground at points (n, 2), metres (x east, z south)."""
        ...

    def inside(self, xz: FloatArray) -> BoolArray:
        """Return for points (n, 2) whether they lie in the city, (n,) bool."""
        ...


def place_at(ground: Ground, x: float, z: float) -> FloatArray | None:
    """Return the point (3,) on the ground at x, z; None outside the city or when a number is not sane."""
    if not (abs(x) <= LARGEST and abs(z) <= LARGEST):
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


def newest(world: World, moves: Moves) -> tuple[Slots, Moves]:
    """Keep the newest sound sample of each person who is in the city; what is older or unsound is dropped.

    Returns:
        (k,) int32, the rows of k different people, and their moves.
    """
    rows, n = world.rows(moves.person), len(moves)
    sound, picks = np.empty(n, bool), np.empty(n, np.int64)
    find_sound(moves.position, moves.yaw, moves.parts, moves.orientations, sound)
    chosen = np.full(world.capacity, -1, np.int32)
    count = pick_newest(rows, sound, moves.sequence, world.acknowledged, chosen, picks)
    return (rows, moves) if count == n else (rows[picks[:count]], moves.take(picks[:count]))


def advance(world: World, moves: Moves, ground: Ground, now: float, rules: Rules = OPEN_CITY) -> list[Event]:
    """Apply one sample a person; heads and hands always follow, a step only when it is allowed.

    Args:
        world: The state, changed in place.
        moves: What arrived. Who is in the batch twice counts with the newest sample alone.
        ground: The land.
        now: World seconds.
        rules: Who may go where.

    Returns:
        A :class:`PersonMoved` for each step refused, no more often than ``TELL_PAUSE`` a person.
    """
    rows, moves = newest(world, moves)
    n = len(moves)
    if n == 0:
        return []
    bodies = (moves.yaw, moves.parts, moves.orientations, moves.hands)
    turn(rows, *bodies, world.yaw, world.parts, world.orientations, world.hands)
    here, there, distance, slow = np.empty((n, 2)), np.empty((n, 2)), np.empty(n), np.empty(n, bool)
    measure(rows, moves.position, world.position, world.budget, here, there, distance, slow)
    allowed = slow & ground.inside(there)
    if not allowed.all():
        there[~allowed] = here[~allowed]
    heights = ground.height(there)
    allowed &= np.isfinite(heights)
    permitted = rules.may_step(moves.person, here, moves.position[:, ::2])
    allowed &= permitted
    settle(
        rows, allowed, there, heights, distance, moves.sequence,
        world.position, world.budget, world.acknowledged,
    )  # fmt: skip
    if allowed.all():
        return []
    reasons = np.where(slow, np.where(permitted, "out_of_bounds", "not_allowed"), "too_fast")
    return _corrections(world, rows[~allowed], reasons[~allowed].tolist(), now)


def _corrections(world: World, refused: Slots, reasons: list[Displaced], now: float) -> list[Event]:
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
