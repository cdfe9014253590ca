"""What people ask of the world: decoded and finite values. Whether they are allowed, the step decides."""

from dataclasses import dataclass

from spatial.quaternion import FloatArray
from world.entity import Appearance, PersonId


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


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """The newest pose sample of somebody, with its sequence number (16 bits, wraps)."""

    person: PersonId
    sequence: int
    pose: BodyPose


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


Command = Enter | Leave | Move | Teleport | Wave | Say | SetMicrophone
