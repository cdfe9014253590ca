"""What the loop needs of an OpenXR runtime, and how the real one is loaded."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from xr_runtime.errors import GraphicsLibraryMissingError
from xr_runtime.frame import XrFrame
from xr_runtime.session import SessionState

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The runtime moved the session into another state."""

    state: SessionState


@dataclass(frozen=True, slots=True)
class Recentred:
    """The person recentred the headset: poses jump, and stay right."""


@dataclass(frozen=True, slots=True)
class ControllerChanged:
    """A hand holds another kind of controller; `profile` is its OpenXR path, empty when it holds none."""

    side: Side
    profile: str


RuntimeEvent = StateChanged | Recentred | ControllerChanged


@dataclass(frozen=True, slots=True)
class RuntimeInfo:
    """Who is at the other end.

    Attributes:
        runtime: Name and version of the runtime.
        system: Name of the headset.
    """

    runtime: str
    system: str


class Backend(Protocol):
    """One OpenXR instance, system and session. Every call comes from the loop's thread.

    Every method but `close` raises `RuntimeLostError` when the runtime went away; `close` always works, and
    `open` may be called again after it.
    """

    def open(self) -> RuntimeInfo:
        """Create instance, system, session, action set and spaces.

        Raises:
            RuntimeMissingError, ExtensionMissingError, HeadsetMissingError: As their names say.
        """

    def poll(self) -> Sequence[RuntimeEvent]:
        """Take what the runtime has to say."""

    def begin(self) -> None:
        """Begin the session (its state is READY)."""

    def end(self) -> None:
        """End the session (its state is STOPPING)."""

    def read(self, number: int) -> XrFrame:
        """Read head, hands and actions as they are now, as frame `number`."""

    def pulse(self, side: Side, seconds: float, amplitude: float) -> None:
        """Let a controller vibrate; nothing happens where it cannot."""

    def close(self) -> None:
        """Destroy everything; closing twice is fine."""


def openxr_backend() -> Backend:
    """Return the backend of the machine's OpenXR runtime; nothing is opened yet.

    Raises:
        GraphicsLibraryMissingError: pyopenxr cannot be loaded: it drags libGL in.
    """
    # The loader writes pages to stderr about a runtime it does not find; our errors say it in a sentence.
    os.environ.setdefault("XR_LOADER_DEBUG", "none")
    try:
        from xr_runtime.openxr_backend import OpenXrBackend  # noqa: PLC0415 - `import xr` needs libGL
    except (ImportError, OSError, AttributeError) as error:
        # PyOpenGL, which pyopenxr imports, trips over the missing library with an AttributeError.
        raise GraphicsLibraryMissingError(str(error)) from error
    return OpenXrBackend()
