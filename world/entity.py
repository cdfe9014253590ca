"""Who lives in the world."""

from dataclasses import dataclass
from typing import Literal, NewType

#: Identifies a person for as long as their session lives; never reused while the server runs.
PersonId = NewType("PersonId", int)

Kind = Literal["browser", "headset", "simulated"]


@dataclass(frozen=True, slots=True)
class Appearance:
    """How a person is shown.

    Attributes:
        name: 1 to 24 characters, checked by the door they came in through.
        colour: Index into the ten coat colours.
        kind: What they came in with.
    """

    name: str
    colour: int
    kind: Kind
