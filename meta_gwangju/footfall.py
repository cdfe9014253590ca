"""Who has stood at a booth long enough to count as a visit; nothing of it is kept but the count."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from municipality.expo import Slot
from spatial.quaternion import FloatArray
from world.zones import Zone, Zones

#: Seconds that somebody stands in a slot before they have visited it, and before they may visit it again.
STAY_SECONDS, AGAIN_SECONDS = 5.0, 1800.0


@dataclass(slots=True)
class _Stay:
    slot: int
    since: float
    counted: bool = False


class Footfall:
    """Watches the slots. Time comes in as an argument, seconds on one clock."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        watched = tuple(slots)
        self._names = [slot.id for slot in watched]
        self._zones = Zones([_zone(slot) for slot in watched])
        self._stays: dict[int, _Stay] = {}
        self._visited: dict[tuple[int, int], float] = {}

    def look(self, people: np.ndarray, positions: FloatArray, now: float) -> list[tuple[int, str]]:
        """Return the visits that have come about since the last look: person and slot.

        Args:
            people: (n,) ids of everybody in the city.
            positions: (n, 3) metres, world frame.
            now: Seconds; call about once a second.
        """
        at = self._zones.at(positions[:, [0, 2]])
        inside = {int(people[row]): int(at[row]) for row in np.flatnonzero(at >= 0)}
        self._stays = {
            person: stay for person, stay in self._stays.items() if inside.get(person) == stay.slot
        }
        self._visited = {key: when for key, when in self._visited.items() if now - when < AGAIN_SECONDS}
        visits = []
        for person, slot in inside.items():
            stay = self._stays.setdefault(person, _Stay(slot, now))
            if stay.counted or now - stay.since < STAY_SECONDS:
                continue
            stay.counted = True
            if (person, slot) not in self._visited:
                self._visited[person, slot] = now
                visits.append((person, self._names[slot]))
        return visits


def _zone(slot: Slot) -> Zone:
    corners = np.array(slot.corners)
    x, z = corners.mean(axis=0).tolist()
    side = corners[1] - corners[0]
    across, along = float(np.hypot(*side)), float(np.hypot(*(corners[2] - corners[1])))
    # A zone's width runs along (cos yaw, −sin yaw) in x, z.
    yaw = float(np.arctan2(-side[1], side[0]))
    return Zone(slot.place, "enter", (x, z), (across / 2.0, along / 2.0), yaw)
