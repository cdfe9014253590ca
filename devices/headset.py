"""Headsets as data: what a session without a display must know about the one it does not draw for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeadsetProfile:
    """One kind of headset.

    Attributes:
        word: What its OpenXR system name contains, lower case.
        name: What people call it.
        refresh_hz: Frames per second of its display as it comes out of the box: how often its pose is worth
            reading when no display sets the pace.
    """

    word: str
    name: str
    refresh_hz: float


#: In the order of looking: the first whose word the system name contains.
HEADSETS = (
    HeadsetProfile("quest 3", "Meta Quest 3", 72.0),
    HeadsetProfile("quest pro", "Meta Quest Pro", 72.0),
    HeadsetProfile("quest", "Meta Quest", 72.0),
    HeadsetProfile("index", "Valve Index", 120.0),
    HeadsetProfile("vive", "HTC Vive", 90.0),
    HeadsetProfile("pico", "Pico", 72.0),
    HeadsetProfile("reverb", "HP Reverb", 90.0),
)

#: A headset nobody listed.
UNKNOWN = HeadsetProfile("", "OpenXR headset", 72.0)


def profile_of(system_name: str) -> HeadsetProfile:
    """Return the profile of the headset that a runtime calls `system_name`."""
    lowered = system_name.lower()
    return next((headset for headset in HEADSETS if headset.word in lowered), UNKNOWN)
