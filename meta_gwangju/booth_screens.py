"""The booths' screens in the running city: whose they are, where they hang, and who stands within sight."""

from collections.abc import Iterable

import numpy as np

from meta_gwangju.presence import Presence
from municipality.expo import Slot
from municipality.expo.publishing import Publishing
from streaming.messages import NEAR_RADIUS
from streaming.video.screens import BoothId
from world.entity import PersonId
from world.state import World


class BoothScreens:
    """Implements :class:`streaming.video.screens.Screens` over the expo and the world.

    Args:
        publishing: Keys of the screens.
        slots: Where they hang.
        world: Who stands where.
        presence: Who is in the city with which token.
    """

    def __init__(
        self, publishing: Publishing, slots: Iterable[Slot], world: World, presence: Presence
    ) -> None:
        self._publishing = publishing
        self._slots = {slot.id: slot for slot in slots}
        self._world = world
        self._presence = presence

    def publisher(self, token: str) -> BoothId | None:
        """Return the booth whose publishing token this is."""
        booth = self._publishing.publisher(token)
        return None if booth is None else BoothId(booth.slot)

    def position(self, booth: BoothId) -> tuple[float, float, float] | None:
        """Return the middle of a booth's screen, metres, world frame; None when it has none."""
        slot = self._slots.get(booth)
        return None if slot is None else slot.screen

    def may_watch(self, credential: str, booth: BoothId) -> bool:
        """Tell whether the person of a token stands within sight of a screen: as far as people are shown."""
        person, screen = self._presence.person_with(credential), self.position(booth)
        if person is None or screen is None or PersonId(person) not in self._world:
            return False
        here = self._world.position[self._world.row(PersonId(person))]
        return bool(np.hypot(here[0] - screen[0], here[2] - screen[2]) <= NEAR_RADIUS)
