"""What the state of an entity holds, in whole numbers, and how its parts are coded."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from streaming.messages import TURN_16


class Entity(IntEnum):
    """What kind of thing a record describes."""

    PERSON = 0
    PROP = 1


class Coding(IntEnum):
    """How the numbers of a group are to be read."""

    SIGNED = 0
    """Two's complement of `bits` bits."""
    TURN = 1
    """An angle; differences wrap."""
    QUATERNION = 2
    """Smallest-three: which component is largest, then the other three with `bits` bits each."""


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that change together.

    Attributes:
        name: What they are.
        coding: How they are read.
        bits: Of one number in full.
        unit: Size of one step: metres or radians; unused for quaternions.
        classes: For each number that is coded as a difference, which statistics it follows.
        flag: Bit of the flags that says whether the group is there at all; 0: always.
        meaning: For the protocol page.
    """

    name: str
    coding: Coding
    bits: int
    unit: float
    classes: tuple[int, ...]
    flag: int = 0
    meaning: str = ""

    @property
    def numbers(self) -> int:
        """How many numbers of the state it has."""
        return 4 if self.coding is Coding.QUATERNION else len(self.classes)


#: Five millimetres; ±167 km from the origin, and ±5 m from a body's ground point.
STEP = 0.005
#: 0.18 degrees.
YAW_STEP = TURN_16 * 32
_PLACE, _HEIGHT, _YAW, _HEAD, _GAZE, _HAND, _GRIP, _PROP_PLACE, _PROP_TURN = range(9)
CLASSES = 9

PERSON = (
    Group("position", Coding.SIGNED, 26, STEP, (_PLACE, _HEIGHT, _PLACE), 0, "ground point, world frame"),
    Group("yaw", Coding.TURN, 11, YAW_STEP, (_YAW,), 0, "heading"),
    Group("head_position", Coding.SIGNED, 11, STEP, (_HEAD,) * 3, 0, "head, body frame"),
    Group("head_orientation", Coding.QUATERNION, 10, 0.0, (_GAZE,) * 3, 0, "head, body frame"),
    Group("left_position", Coding.SIGNED, 11, STEP, (_HAND,) * 3, 1, "left hand, body frame"),
    Group("left_orientation", Coding.QUATERNION, 10, 0.0, (_GRIP,) * 3, 1, "left hand, body frame"),
    Group("right_position", Coding.SIGNED, 11, STEP, (_HAND,) * 3, 2, "right hand, body frame"),
    Group("right_orientation", Coding.QUATERNION, 10, 0.0, (_GRIP,) * 3, 2, "right hand, body frame"),
)
PROP = (
    Group("position", Coding.SIGNED, 28, 0.001, (_PROP_PLACE,) * 3, 0, "centre, world frame"),
    Group("orientation", Coding.QUATERNION, 11, 0.0, (_PROP_TURN,) * 3, 0, "world frame"),
)
LAYOUTS = (PERSON, PROP)
#: The first number of every state: four flags (`Body` for people).
FLAG_BITS = 4
#: Numbers of the longest state, flags included.
NUMBERS = 1 + max(sum(group.numbers for group in layout) for layout in LAYOUTS)

#: How old a base may be, ticks; a record names it by its place in this list, from 1 on. 0: a full record.
AGES = (1, 2, 3, 4, 6, 8, 12)
AGE_BITS = 3
#: So many states back both sides keep.
HISTORY = 16

_SHAPE = (len(LAYOUTS), max(map(len, LAYOUTS)))
#: For the kernels, by entity and group: how many groups, where a group's numbers begin, and what
#: :class:`Group`
#: says; NUMBERS_CODED: how many numbers are coded as differences.
GROUPS = np.array([len(layout) for layout in LAYOUTS], np.int64)
FIRST, CODING, BITS, FLAG, NUMBERS_CODED = (np.zeros(_SHAPE, np.int64) for _ in range(5))
CLASS = np.zeros((*_SHAPE, 3), np.int64)
for _kind, _layout in enumerate(LAYOUTS):
    _first = 1
    for _index, _group in enumerate(_layout):
        FIRST[_kind, _index] = _first
        CODING[_kind, _index] = _group.coding
        BITS[_kind, _index] = _group.bits
        FLAG[_kind, _index] = _group.flag
        NUMBERS_CODED[_kind, _index] = len(_group.classes)
        CLASS[_kind, _index, : len(_group.classes)] = _group.classes
        _first += _group.numbers
#: For each age, which of four statistics a difference follows: 1 tick, 2, 3 to 4, more.
AGE_CLASSES = 4
AGE_CLASS = np.array(
    [0, *(0 if age == 1 else 1 if age == 2 else 2 if age <= 4 else 3 for age in AGES)], np.int32
)
