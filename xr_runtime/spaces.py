"""Reference spaces and locations (OpenXR 1.1, chapter 7). Pure.

Poses are wanted above a floor: STAGE where the runtime knows the room, else LOCAL_FLOOR, else LOCAL, whose
origin is at the eyes of a person who just sat or stood down, with a floor supposed below it.
"""

from collections.abc import Collection
from enum import Enum

from spatial.errors import InvalidPoseError
from spatial.pose import Pose

#: XR_SPACE_LOCATION_*_BIT.
ORIENTATION_VALID = 1
POSITION_VALID = 2
ORIENTATION_TRACKED = 4
POSITION_TRACKED = 8

#: How high eyes are supposed to be above the floor when the runtime knows no floor, metres.
EYE_HEIGHT = 1.6


class ReferenceSpace(Enum):
    """Values of XrReferenceSpaceType."""

    VIEW = 1
    LOCAL = 2
    STAGE = 3
    LOCAL_FLOOR = 1000426000


def choose(offered: Collection[ReferenceSpace]) -> tuple[ReferenceSpace, float]:
    """Return the space to measure in, and the y that its floor has in it, metres."""
    for space in (ReferenceSpace.STAGE, ReferenceSpace.LOCAL_FLOOR):
        if space in offered:
            return space, 0.0
    return ReferenceSpace.LOCAL, -EYE_HEIGHT


def pose_of(flags: int, position: tuple[float, ...], orientation: tuple[float, ...]) -> Pose | None:
    """Return a located pose; None unless the runtime vouches for it and it is one.

    A pose that is valid but not tracked (a hand that the cameras just lost, extrapolated) counts: the runtime
    takes the valid bits away once it is mere guessing. A controller that is off has none.

    Args:
        flags: XrSpaceLocationFlags.
        position: Metres.
        orientation: Quaternion (x, y, z, w).

    """
    if not (flags & ORIENTATION_VALID and flags & POSITION_VALID):
        return None
    try:
        return Pose.of(position, orientation)
    except InvalidPoseError:
        return None  # a driver's slip, NaN or a zero quaternion: as good as not tracked
