"""Who is in the city, by id: everyone's slot, one at a time and for a whole batch at once."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from world.entity import PersonId
from world.errors import UnknownPersonError
from world.hashing import BITS, EMPTY, drop, find, put

Ids = NDArray[np.int64]
Slots = NDArray[np.int32]

#: The slot of nobody.
NOWHERE = -1


class Register:
    """Gives people slots: numbers below the capacity that they keep while they are in.

    Attributes:
        id_in_slot: (capacity,) int64, who has a slot, or -1.
    """

    def __init__(self, capacity: int) -> None:
        self.id_in_slot = np.full(capacity, NOWHERE, np.int64)
        self._slot: dict[PersonId, int] = {}
        self._free = deque(range(capacity))
        # At most a quarter full, so that next to every id is found where it is looked for first.
        size = 1 << max(4 * capacity - 1, 1).bit_length()
        self._shift = BITS - (size.bit_length() - 1)
        self._ids = np.zeros(size, np.int64)
        self._slots = np.full(size, EMPTY, np.int32)

    def __contains__(self, person: PersonId) -> bool:
        return person in self._slot

    def slot(self, person: PersonId) -> int:
        """Return somebody's slot.

        Raises:
            UnknownPersonError: They are not in the city.
        """
        try:
            return self._slot[person]
        except KeyError:
            raise UnknownPersonError(person) from None

    def slots(self, people: Ids) -> Slots:
        """Return the slots of (n,) people, -1 for those who are not in the city: (n,) int32."""
        found = np.empty(len(people), np.int32)
        find(self._ids, self._slots, self._shift, people, found)
        return found

    def add(self, person: PersonId) -> int:
        """Give somebody who has none the slot that was free the longest, and return it."""
        slot = self._free.popleft()
        put(self._ids, self._slots, self._shift, person, slot)
        self._slot[person] = slot
        self.id_in_slot[slot] = person
        return slot

    def remove(self, person: PersonId) -> int:
        """Take somebody's slot back, and return it.

        Raises:
            UnknownPersonError: They are not in the city.
        """
        slot = self.slot(person)
        drop(self._ids, self._slots, self._shift, person)
        del self._slot[person]
        self.id_in_slot[slot] = NOWHERE
        self._free.append(slot)
        return slot
