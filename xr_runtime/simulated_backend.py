"""A runtime that a script plays, for tests and for machines without OpenXR.

It goes through the states of a headless session, gives the poses and actions it is told, and dies and comes
back when it is told. The same contract tests run against it and against the real runtime.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from devices.device import now
from spatial.pose import Pose
from xr_runtime.backend import RuntimeEvent, RuntimeInfo, Side, StateChanged
from xr_runtime.errors import RuntimeLostError, RuntimeMissingError
from xr_runtime.frame import Actions, Hand, XrFrame
from xr_runtime.session import SessionState

NOT_TRACKED = Hand(None, None, select=False)


class SimulatedBackend:
    """A scripted headset (`xr_runtime.backend.Backend`); the script may run on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alive = True
        self._open = False
        self._events: deque[RuntimeEvent] = deque()
        self._frame = XrFrame(
            0, 0.0, focused=True, head=Pose.of((0.0, 1.6, 0.0)), left=NOT_TRACKED, right=NOT_TRACKED,
            actions=Actions(),
        )  # fmt: skip
        self.pulses: list[tuple[Side, float, float]] = []

    # --- what the script does ---------------------------------------------------------------------------

    def move_head(self, pose: Pose | None) -> None:
        """Put the head here, or lose it."""
        with self._lock:
            self._frame = replace(self._frame, head=pose)

    def move_hand(self, side: Side, pose: Pose | None, *, select: bool = False) -> None:
        """Put a hand here, or lose it."""
        hand = Hand(pose, pose, select=select)
        with self._lock:
            if side == "left":
                self._frame = replace(self._frame, left=hand)
            else:
                self._frame = replace(self._frame, right=hand)

    def act(self, actions: Actions) -> None:
        """Hold buttons and sticks so."""
        with self._lock:
            self._frame = replace(self._frame, actions=actions)

    def announce(self, event: RuntimeEvent) -> None:
        """Let the runtime say something."""
        with self._lock:
            self._events.append(event)

    def kill(self) -> None:
        """Let the runtime die."""
        with self._lock:
            self._alive = False

    def revive(self) -> None:
        """Let it come back."""
        with self._lock:
            self._alive = True

    # --- what the loop asks -----------------------------------------------------------------------------

    def open(self) -> RuntimeInfo:
        """Open a session.

        Raises:
            RuntimeMissingError: The runtime is dead.
        """
        with self._lock:
            if not self._alive:
                raise RuntimeMissingError("simulated")
            self._open = True
            self._events = deque([StateChanged(SessionState.IDLE), StateChanged(SessionState.READY)])
        return RuntimeInfo("simulated", "Simulated headset")

    def poll(self) -> Sequence[RuntimeEvent]:
        """Take what was announced."""
        with self._lock:
            self._check()
            events = list(self._events)
            self._events.clear()
            return events

    def begin(self) -> None:
        """Begin: the person puts the headset on at once."""
        with self._lock:
            self._check()
            self._events.extend(
                StateChanged(state)
                for state in (SessionState.SYNCHRONIZED, SessionState.VISIBLE, SessionState.FOCUSED)
            )

    def end(self) -> None:
        """End: the session idles."""
        with self._lock:
            self._check()
            self._events.append(StateChanged(SessionState.IDLE))

    def read(self, number: int) -> XrFrame:
        """Read what the script set."""
        with self._lock:
            self._check()
            return replace(self._frame, number=number, time=now())

    def pulse(self, side: Side, seconds: float, amplitude: float) -> None:
        """Remember the pulse."""
        with self._lock:
            self._check()
            self.pulses.append((side, seconds, amplitude))

    def close(self) -> None:
        """Close the session."""
        with self._lock:
            self._open = False

    def _check(self) -> None:
        if not self._alive or not self._open:
            raise RuntimeLostError("simulated")
