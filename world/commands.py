"""What people ask of the world, decoded. Whether it is sound and allowed, the step decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from world.entity import Appearance, PersonId
from world.errors import UnevenMovesError


@dataclass(frozen=True, slots=True, eq=False)
class BodyPose:
    """A person's pose as they sample it.

    Attributes:
        position: (3,) metres, world frame, the ground point below the person.
        yaw: Radians, 0 looks north (−Z), positive turns left.
        parts: (3, 3) metres, body frame: head, left hand, right hand.
        orientations: (3, 4) unit quaternions, body frame, same order.
        has_left, has_right: Whether each hand is tracked.
    """

    position: FloatArray
    yaw: float
    parts: FloatArray
    orientations: FloatArray
    has_left: bool
    has_right: bool


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """The newest pose sample of each of n people: row i of every array belongs to one of them.

    Attributes:
        person: (n,) int64, ids.
        sequence: (n,) int32, numbers of the samples; their low 16 bits count, and wrap.
        position: (n, 3) float64, metres, world frame, ground points.
        yaw: (n,) float64, radians.
        parts: (n, 3, 3) float64, metres, body frame: head, left hand, right hand.
        orientations: (n, 3, 4) float64, quaternions, body frame, same order.
        hands: (n, 2) bool, whether the left and the right one are tracked.

    Raises:
        UnevenMovesError: An array has another shape.
    """

    person: NDArray[np.int64]
    sequence: NDArray[np.int32]
    position: FloatArray
    yaw: FloatArray
    parts: FloatArray
    orientations: FloatArray
    hands: NDArray[np.bool_]

    def __post_init__(self) -> None:
        n = self.person.size
        shapes = ((n,), (n,), (n, 3), (n,), (n, 3, 3), (n, 3, 4), (n, 2))
        found = tuple(column.shape for column in self._columns())
        if found != shapes:
            raise UnevenMovesError(f"{n} moves cannot have arrays of {found}.")

    def __len__(self) -> int:
        return self.person.size

    def take(self, indices: NDArray[np.integer]) -> "Moves":
        """Return the moves at (k,) indices."""
        return Moves(*(column[indices] for column in self._columns()))

    @classmethod
    def of(cls, people: Sequence[int], sequences: Sequence[int], poses: Sequence[BodyPose]) -> "Moves":
        """Return the moves of some people, one each: the interpreter looks at every one of them."""
        n = len(people)
        return cls(
            person=np.array(people, np.int64).reshape(n),
            sequence=np.array(sequences, np.int32).reshape(n),
            position=np.array([pose.position for pose in poses], float).reshape(n, 3),
            yaw=np.array([pose.yaw for pose in poses], float).reshape(n),
            parts=np.array([pose.parts for pose in poses], float).reshape(n, 3, 3),
            orientations=np.array([pose.orientations for pose in poses], float).reshape(n, 3, 4),
            hands=np.array([(pose.has_left, pose.has_right) for pose in poses], bool).reshape(n, 2),
        )

    @classmethod
    def none(cls) -> "Moves":
        """Return nobody's moves."""
        return cls.of((), (), ())

    def _columns(self) -> tuple[Any, ...]:
        return (
            self.person, self.sequence, self.position, self.yaw, self.parts, self.orientations, self.hands,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enter:
    """Somebody comes in, at a place the composition root chose."""

    person: PersonId
    appearance: Appearance
    position: tuple[float, float, float]
    yaw: float


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody goes."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Teleport:
    """Somebody wants to stand elsewhere. `free` is true for places the server itself named (landmarks)."""

    person: PersonId
    position: tuple[float, float, float]
    yaw: float | None
    free: bool


@dataclass(frozen=True, slots=True)
class Wave:
    """Somebody waves."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody says a text to the people near them."""

    person: PersonId
    text: str


@dataclass(frozen=True, slots=True)
class SetMicrophone:
    """Somebody's microphone goes live or mute."""

    person: PersonId
    live: bool


Command = Enter | Leave | Teleport | Wave | Say | SetMicrophone
