"""Zones: parts of the ground with a name, and a right that walking into them takes; who has which rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from spatial.quaternion import FloatArray
from world.entity import PersonId
from world.register import Ids

#: What a person may be kept from. The composition root maps these to its own capabilities.
Right = Literal["enter", "enter_staff", "speak", "chat", "wave", "teleport"]
#: The place that everything lies in which is in no zone.
CITY = "city"


class Permissions(Protocol):
    """Who may do what where. The composition root hands the real one in."""

    def may(self, person: PersonId, action: str, place: str) -> bool:
        """Tell whether a person may do something at a place."""
        ...


class Everybody:
    """Everybody may do everything: a city without rules."""

    def may(self, person: PersonId, action: str, place: str) -> bool:
        """Say yes."""
        del person, action, place
        return True


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle on the ground, whatever its height.

    Attributes:
        place: Its name, for the rules.
        right: What walking or teleporting into it takes.
        centre: (x, z) metres, world frame.
        half: Half its width and half its depth, metres.
        yaw: Its heading, radians: its depth runs along the heading, its width across.
    """

    place: str
    right: Right
    centre: tuple[float, float]
    half: tuple[float, float]
    yaw: float = 0.0


class Zones:
    """All zones of a city. Where they overlap, the later one counts."""

    def __init__(self, zones: Sequence[Zone] = ()) -> None:
        self._zones = tuple(zones)
        self._centre = np.array([zone.centre for zone in zones]).reshape(-1, 2)
        self._half = np.array([zone.half for zone in zones]).reshape(-1, 2)
        yaw = np.array([zone.yaw for zone in zones])
        # Heading 0 looks to −z and positive turns left (docs/conventions.md): in (x, z).
        self._across = np.column_stack([np.cos(yaw), -np.sin(yaw)])
        self._along = np.column_stack([-np.sin(yaw), -np.cos(yaw)])

    def __len__(self) -> int:
        return len(self._zones)

    def __getitem__(self, index: int) -> Zone:
        return self._zones[index]

    def at(self, xz: FloatArray) -> np.ndarray:
        """Return for points (n, 2), metres (x, z), the index of their zone, or −1: (n,) int64."""
        if not self._zones:
            return np.full(len(xz), -1)
        away = xz[:, None, :] - self._centre
        inside = np.abs((away * self._across).sum(-1)) <= self._half[:, 0]
        inside &= np.abs((away * self._along).sum(-1)) <= self._half[:, 1]
        last = inside.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1)
        return np.where(inside.any(axis=1), last, -1)

    def place(self, position: FloatArray) -> str:
        """Return the place that a point (3,) lies in."""
        index = int(self.at(position[None, [0, 2]])[0])
        return CITY if index < 0 else self._zones[index].place


class Rules:
    """What a step asks before it lets somebody do something."""

    def __init__(self, permissions: Permissions, zones: Zones) -> None:
        self.permissions = permissions
        self.zones = zones

    def may(self, person: PersonId, right: Right, position: FloatArray) -> bool:
        """Tell whether somebody may do something where they stand, (3,) metres."""
        return self.permissions.may(person, right, self.zones.place(position))

    def may_go(self, person: PersonId, here: FloatArray, there: FloatArray) -> bool:
        """Tell whether somebody may go from a point (3,) to another: into its zone, if it has another one."""
        before, after = self.zones.at(np.array([here[[0, 2]], there[[0, 2]]]))
        return after in {-1, before} or self._may_enter(person, int(after))

    def may_step(self, people: Ids, here: FloatArray, there: FloatArray) -> np.ndarray:
        """Tell for people (n,) and points (n, 2), metres (x, z), who may walk between them: (n,) bool."""
        allowed = np.ones(len(people), bool)
        if len(self.zones) == 0:
            return allowed
        after = self.zones.at(there)
        entering = np.flatnonzero((after >= 0) & (after != self.zones.at(here)))
        for index in entering.tolist():
            allowed[index] = self._may_enter(PersonId(int(people[index])), int(after[index]))
        return allowed

    def _may_enter(self, person: PersonId, index: int) -> bool:
        zone = self.zones[index]
        return self.permissions.may(person, zone.right, zone.place)


#: No zones, and everybody may do everything.
OPEN_CITY = Rules(Everybody(), Zones())
