"""Who a citizen of the client library is, and where their sound comes from and goes to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import IDENTITY
from streaming.messages import Kind, Language
from world.commands import BodyPose

Samples = NDArray[np.floating[Any]]
#: Gives the next (FRAME,) float32 samples of the microphone at 48 kHz in −1…1, or None for silence.
Source = Callable[[], Samples | None]
#: Takes (2, n) float32 samples of the mix, left and right.
Sink = Callable[[Samples], None]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who comes in.

    Attributes:
        name: 1 to 24 characters.
        colour: Coat colour, 0 to 9.
        kind: `headset`, `simulated` or `browser`.
        language: Of what the server says to people.
        spot: Id of the landmark to arrive at; None for the city's square.
        session: Token of an earlier visit, to come back as the same person.
    """

    name: str
    colour: int = 0
    kind: Kind = "headset"
    language: Language = "ko"
    spot: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """Where sound comes from and goes to; both are called in the event loop and must not block."""

    source: Source | None = None
    sink: Sink | None = None


def standing(position: tuple[float, float, float] | Samples, yaw: float, eyes: float = 1.6) -> BodyPose:
    """Return the pose of somebody who stands upright without tracked hands; `eyes` is in metres."""
    parts = np.zeros((3, 3))
    parts[0, 1] = eyes
    return BodyPose(np.asarray(position, float), yaw, parts, np.tile(IDENTITY, (3, 1)), False, False)  # noqa: FBT003 - has_left, has_right
