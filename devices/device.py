"""What every sensing device is: something that can be opened, asked for its next sample, and closed."""

import time
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Value_co = TypeVar("Value_co", covariant=True)


def now() -> float:
    """Return seconds of the one clock that stamps every sample: monotonic, shared by all processes here."""
    return time.monotonic()


@dataclass(frozen=True, slots=True, eq=False)
class Sample(Generic[Value_co]):
    """A value and the moment it was sensed.

    Attributes:
        time: Seconds, clock of :func:`now`.
        value: What was sensed; nobody changes it afterwards.
    """

    time: float
    value: Value_co


class Device(Protocol[Value_co]):
    """A device that gives samples. Calls never wait for the hardware except `open` and `close`."""

    @property
    def name(self) -> str:
        """What the system calls it."""

    def open(self) -> None:
        """Begin sensing.

        Raises:
            DeviceError: It is missing or busy; the message says what to do.
        """

    def read(self) -> "Sample[Value_co] | None":
        """Take the next sample, or None when there is none yet.

        Raises:
            DeviceError: The device went away.
        """

    def close(self) -> None:
        """End sensing; closing twice is fine."""
