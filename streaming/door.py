"""What the bridge needs of the house around it: settings, and a door that decides who comes in."""

from dataclasses import dataclass
from typing import Protocol

from streaming.messages import Hello
from world.entity import Appearance, PersonId


@dataclass(frozen=True, slots=True)
class BridgeSettings:
    """How the bridge is set up.

    Attributes:
        city: The city's id, told in `welcome`.
        queue: So many may wait while the city is full.
        spectators: So many may look at once without being in the city.
    """

    city: str = "gwangju"
    queue: int = 64
    spectators: int = 64


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody may come in.

    Attributes:
        person: Their id, the same as before when they resumed.
        session: The token to come back with.
        resumed: Whether they were here a moment ago.
        appearance: How they are shown.
        position: Where they enter, metres, world frame.
        yaw: Their heading, radians.
    """

    person: PersonId
    session: str
    resumed: bool
    appearance: Appearance
    position: tuple[float, float, float]
    yaw: float


#: Where to stand, metres, world frame, and the heading there, radians.
Spot = tuple[tuple[float, float, float], float]


class Door(Protocol):
    """Decides who comes in, and remembers who went."""

    def admit(self, hello: Hello, now: float) -> Admission:
        """Let somebody in; `now` is Unix seconds.

        Raises:
            AdmissionRefused: They may not come in.
        """

    def has_room(self, hello: Hello, ahead: int, now: float) -> bool:
        """Tell whether somebody may come in now while `ahead` others wait before them; `now` is Unix seconds.

        Whoever is in the city always may.

        Raises:
            AdmissionRefused: They need not wait: they could not come in at all.
        """

    def left(
        self,
        person: PersonId,
        position: tuple[float, float, float],
        yaw: float,
        now: float,
        *,
        for_good: bool,
    ) -> None:
        """Note that somebody left; unless `for_good`, their session stays for a while."""

    def spot(self, spot_id: str | None) -> Spot | None:
        """Return where to stand at a landmark (None: where newcomers arrive), and the heading there.

        None when there is no such landmark.
        """
