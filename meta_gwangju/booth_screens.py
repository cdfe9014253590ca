"""The booths' screens in the running city: whose they are, where they hang, and who stands within sight."""

import numpy as np

from meta_gwangju.presence import Presence
from municipality.access import Action
from municipality.expo import Expo
from streaming.messages import NEAR_RADIUS
from streaming.video.screens import BoothId
from world.entity import PersonId
from world.state import World


class BoothScreens:
    """Implements :class:`streaming.video.screens.Screens` over the expo and the world.

    Args:
        expo: Keys of the screens, where they hang, and which booths are open.
        world: Who stands where.
        presence: Who is in the city with which token.
    """

    def __init__(self, expo: Expo, world: World, presence: Presence) -> None:
        self._expo = expo
        self._world = world
        self._presence = presence

    def publisher(self, token: str) -> BoothId | None:
        """Return the booth whose publishing token this is."""
        booth = self._expo.publishing.publisher(token)
        return None if booth is None else BoothId(booth.slot)

    def position(self, booth: BoothId) -> tuple[float, float, float] | None:
        """Return the middle of a booth's screen, metres, world frame; None when it has none."""
        slot = self._expo.booths.slots.get(booth)
        return None if slot is None else slot.screen

    def may_watch(self, credential: str, booth: BoothId) -> bool:
        """Tell whether the person of a token stands within sight of a screen: as far as people are shown.

        A booth that is not open shows its screen to its own staff alone.
        """
        person, screen = self._presence.person_with(credential), self.position(booth)
        if person is None or screen is None or PersonId(person) not in self._world:
            return False
        place = self._expo.booths.slots[booth].place
        if not self._expo.booths.is_open(booth) and not self._presence.may(person, Action.ENTER_STAFF, place):
            return False
        here = self._world.position[self._world.row(PersonId(person))]
        return bool(np.hypot(here[0] - screen[0], here[2] - screen[2]) <= NEAR_RADIUS)
