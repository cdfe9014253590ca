"""What a step of the world tells: who it concerns, and what happened."""

from dataclasses import dataclass
from typing import Literal

from world.entity import Appearance, PersonId

#: Why somebody stands elsewhere than they thought, and why a command changed nothing.
Displaced = Literal["teleport", "too_fast", "out_of_bounds", "not_allowed"]
Refused = Literal["too_far", "out_of_bounds", "too_often", "full", "not_allowed"]


@dataclass(frozen=True, slots=True)
class PersonEntered:
    """Somebody came in."""

    person: PersonId
    appearance: Appearance


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Somebody went."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class PersonMoved:
    """The world put somebody somewhere themselves did not step to; tell them."""

    person: PersonId
    position: tuple[float, float, float]
    yaw: float
    reason: Displaced


@dataclass(frozen=True, slots=True)
class PersonWaved:
    """Somebody waved."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """Somebody said a text; `hearers` are the people near enough, the speaker among them."""

    person: PersonId
    text: str
    hearers: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class MicrophoneSet:
    """Somebody's microphone went live or mute."""

    person: PersonId
    live: bool


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command was not allowed; nothing changed."""

    person: PersonId
    code: Refused


Event = PersonEntered | PersonLeft | PersonMoved | PersonWaved | PersonSaid | MicrophoneSet | CommandRefused
