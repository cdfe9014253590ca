"""The world's state as a structure of arrays: row i of every array belongs to one person."""

import numpy as np

from spatial.quaternion import IDENTITY, FloatArray
from world.entity import Appearance, PersonId
from world.errors import WorldFullError
from world.morton import morton
from world.register import NOWHERE, Ids, Register, Slots

HEAD, LEFT, RIGHT = 0, 1, 2


class World:
    """Everyone in the city, packed into the first ``count`` rows.

    Rows change hands when somebody leaves and when :meth:`arrange` puts them into spatial order: what must
    outlast a step keeps the id of a person, or their slot.

    Attributes:
        capacity: How many people fit.
        count: How many are in.
        tick: Steps since the city opened.
        seconds: World time of the last step.
        person: (capacity,) int64, ids.
        slot: (capacity,) int32, a number below the capacity that a person keeps while they are in the city,
            whatever row they stand in. Of the free ones a newcomer gets the one that was free the longest.
        id_in_slot: (capacity,) int64, by slot: who has it, or -1.
        row_in_slot: (capacity,) int32, by slot: the row of who has it, or -1.
        position: (capacity, 3) float64, metres, world frame, ground point below the person.
        yaw: (capacity,) float64, radians.
        parts: (capacity, 3, 3) float64, metres, body frame: head, left, right hand.
        orientations: (capacity, 3, 4) float64, unit quaternions, body frame.
        hands: (capacity, 2) bool, left and right tracked.
        acknowledged: (capacity,) int32, sequence of the newest accepted sample.
        budget: (capacity,) float64, metres a person may still step now (speed limit as a token bucket).
        waving_until, teleport_after: (capacity,) float64, world seconds.
        say_budget: (capacity,) float64, texts a person may still say now (token bucket).
        correct_after, refuse_after: (capacity,) float64, world seconds from which a person is told again
            where they stand, and that a command was not allowed.
        microphone: (capacity,) bool.
        speaking: (capacity,) bool, set by the audio mixer each tick.
        appearance: ids to names and colours.
    """

    def __init__(self, capacity: int = 2048) -> None:
        self.capacity = capacity
        self.count = 0
        self.tick = 0
        self.seconds = 0.0
        self.person = np.zeros(capacity, np.int64)
        self.slot = np.zeros(capacity, np.int32)
        self._register = Register(capacity)
        self.id_in_slot = self._register.id_in_slot
        self.row_in_slot = np.full(capacity, NOWHERE, np.int32)
        self.position = np.zeros((capacity, 3))
        self.yaw = np.zeros(capacity)
        self.parts = np.zeros((capacity, 3, 3))
        self.orientations = np.tile(IDENTITY, (capacity, 3, 1))
        self.hands = np.zeros((capacity, 2), bool)
        self.acknowledged = np.zeros(capacity, np.int32)
        self.budget = np.zeros(capacity)
        self.waving_until = np.full(capacity, -1.0)
        self.teleport_after = np.zeros(capacity)
        self.say_budget = np.zeros(capacity)
        self.correct_after = np.zeros(capacity)
        self.refuse_after = np.zeros(capacity)
        self.microphone = np.zeros(capacity, bool)
        self.speaking = np.zeros(capacity, bool)
        self.appearance: dict[PersonId, Appearance] = {}

    def __contains__(self, person: PersonId) -> bool:
        return person in self._register

    def row(self, person: PersonId) -> int:
        """Return the row of a person.

        Raises:
            UnknownPersonError: They are not in the city.
        """
        return int(self.row_in_slot[self._register.slot(person)])

    def rows(self, people: Ids) -> Slots:
        """Return the rows of (n,) people, -1 for those who are not in the city: (n,) int32."""
        slots = self._register.slots(people)
        return np.where(slots >= 0, self.row_in_slot[slots], np.int32(NOWHERE))

    def slot_of(self, person: PersonId) -> int:
        """Return the slot of a person.

        Raises:
            UnknownPersonError: They are not in the city.
        """
        return self._register.slot(person)

    def place_of(self, person: PersonId) -> FloatArray:
        """Return a copy of where a person stands, (3,) metres. The only one that other threads may ask.

        Raises:
            UnknownPersonError: They are not in the city.
        """
        while True:
            row = self.row(person)
            place: FloatArray = self.position[row].copy()
            # Of all columns the ids move first: a row that is still theirs has not been given away before.
            if self.person[row] == person:
                return place

    def add(self, person: PersonId, appearance: Appearance) -> int:
        """Append a person with a neutral pose; returns the row.

        Raises:
            WorldFullError: Every row is taken.
        """
        if self.count == self.capacity:
            raise WorldFullError(f"The city holds {self.capacity} people and is full.")
        row = self.count
        self.count += 1
        self.appearance[person] = appearance
        self.person[row] = person
        self.slot[row] = self._register.add(person)
        self.row_in_slot[self.slot[row]] = row
        self.parts[row] = ((0.0, 1.6, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
        self.orientations[row] = IDENTITY
        self.hands[row] = False
        self.acknowledged[row] = -1
        self.budget[row] = 0.0
        self.waving_until[row] = -1.0
        self.teleport_after[row] = 0.0
        self.say_budget[row] = 0.0
        self.correct_after[row] = 0.0
        self.refuse_after[row] = 0.0
        self.microphone[row] = False
        self.speaking[row] = False
        return row

    def remove(self, person: PersonId) -> None:
        """Take a person out; the last row moves into the gap."""
        slot = self._register.remove(person)
        row = int(self.row_in_slot[slot])
        self.row_in_slot[slot] = NOWHERE
        del self.appearance[person]
        self.count -= 1
        last = self.count
        if row != last:
            for column in self._columns():
                column[row] = column[last]
            self.row_in_slot[self.slot[row]] = row

    def arrange(self) -> None:
        """Put everyone into spatial order: who stands near somebody has a row near theirs, as a rule."""
        everyone = slice(0, self.count)
        order = np.argsort(morton(self.position[everyone]), kind="stable")
        for column in self._columns():
            column[everyone] = column[order]
        self.row_in_slot[self.slot[everyone]] = np.arange(self.count)

    def _columns(self) -> tuple[np.ndarray, ...]:
        return (
            self.person, self.slot, self.position, self.yaw, self.parts, self.orientations, self.hands,
            self.acknowledged, self.budget, self.waving_until, self.teleport_after, self.say_budget,
            self.correct_after, self.refuse_after, self.microphone, self.speaking,
        )  # fmt: skip
