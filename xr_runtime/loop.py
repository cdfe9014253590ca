"""The headset's frame loop: a thread of its own that keeps a session alive and reads it at its pace.

A headless session has no frame clock, so the loop keeps its own. Frames go into a bounded ring, where the
newest wins: a reader that falls behind loses the oldest. When the runtime dies, the loop opens it again in
the same process until it is back or the loop is stopped; frames then go on, and their numbers too.
"""

import logging
import threading
from collections import deque
from enum import Enum
from itertools import count

from devices.device import now
from devices.headset import profile_of
from xr_runtime.backend import Backend, ControllerChanged, Recentred, RuntimeInfo, Side, StateChanged
from xr_runtime.errors import RuntimeLostError, XrError
from xr_runtime.frame import XrFrame
from xr_runtime.session import Reaction, Session

log = logging.getLogger(__name__)

#: Frames the ring holds: more than a second of the fastest headset.
RING_FRAMES = 192
#: Seconds between looks at a session that does not run yet.
IDLE_SECONDS = 0.01
#: Seconds before each attempt to open a lost runtime; the last goes for all that follow.
RETRY_SECONDS = (0.25, 0.5, 1.0, 2.0)


class LoopState(Enum):
    """Where the loop stands."""

    OPENING = "opening"
    """The session exists and does not run yet."""
    RUNNING = "running"
    """Frames are read."""
    LOST = "lost"
    """The runtime went away; it is opened again and again."""
    ENDED = "ended"
    """Stopped, or the person closed the application from inside the headset."""


class HeadsetLoop:
    """Runs a backend on a thread of its own.

    Args:
        backend: Used by that thread alone, from `start` to `stop`.
        rate: Frames per second; None takes what the headset's profile says.
    """

    def __init__(self, backend: Backend, rate: float | None = None) -> None:
        self._backend = backend
        self._rate = rate
        self._frames: deque[XrFrame] = deque(maxlen=RING_FRAMES)
        self._pulses: deque[tuple[Side, float, float]] = deque(maxlen=4)
        self._stop = threading.Event()
        self._opened = threading.Event()
        self._failure: XrError | None = None
        self._info: RuntimeInfo | None = None
        self._number = 0
        self._rebuilds = 0
        self._state = LoopState.OPENING
        self._controllers: dict[Side, str] = {}
        self._beat = now()
        self._thread = threading.Thread(target=self._run, name="headset", daemon=True)

    @property
    def state(self) -> LoopState:
        """Where the loop stands."""
        return self._state

    @property
    def trouble(self) -> XrError | None:
        """What the runtime was lost by, the last time."""
        return self._failure

    @property
    def rebuilds(self) -> int:
        """How often a lost runtime was opened again."""
        return self._rebuilds

    @property
    def controllers(self) -> dict[Side, str]:
        """OpenXR path of what each hand holds."""
        return dict(self._controllers)

    def start(self) -> RuntimeInfo:
        """Open the runtime and begin; returns once it is open.

        Raises:
            RuntimeMissingError, ExtensionMissingError, HeadsetMissingError: As their names say.
        """
        self._thread.start()
        self._opened.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        assert self._info is not None  # noqa: S101 - set before `_opened`
        return self._info

    def drain(self) -> list[XrFrame]:
        """Take every frame read since the last call, oldest first."""
        frames = []
        while self._frames:
            frames.append(self._frames.popleft())
        return frames

    def pulse(self, side: Side, seconds: float = 0.05, amplitude: float = 0.5) -> None:
        """Let a controller vibrate with the next frame."""
        self._pulses.append((side, seconds, amplitude))

    def silent_for(self) -> float:
        """Return seconds since the runtime answered last. Some calls wait for seconds on a frozen runtime."""
        return now() - self._beat

    def stop(self) -> None:
        """End the session. A runtime that does not answer is left behind with its thread."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(2.0)

    # --- on the thread ----------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._info = self._backend.open()
        except XrError as error:
            self._failure = error
            self._state = LoopState.ENDED
            return
        finally:
            self._opened.set()
        try:
            while not self._stop.is_set() and not self._live():
                self._reopen()
        finally:
            self._backend.close()
            self._state = LoopState.ENDED

    def _live(self) -> bool:
        """Run one session to its end; True when the person left, False when the runtime was lost."""
        self._state = LoopState.OPENING
        session = Session()
        period = 1.0 / (self._rate or profile_of(self._info.system if self._info else "").refresh_hz)
        due = now()
        try:
            while not self._stop.is_set():
                session, leave = self._follow(session)
                if leave:
                    return True
                self._beat = now()
                if session.running:
                    self._state = LoopState.RUNNING
                    self._frame()
                    due = max(due + period, now())
                    self._stop.wait(due - now())
                else:
                    self._state = LoopState.OPENING
                    self._stop.wait(IDLE_SECONDS)
                    due = now()
        except RuntimeLostError as error:
            log.debug("%s", error)
            self._failure = error
            self._state = LoopState.LOST
        return False

    def _follow(self, session: Session) -> tuple[Session, bool]:
        """Do what the runtime's events ask; returns the session after them, and whether the person left."""
        for event in self._backend.poll():
            if isinstance(event, StateChanged):
                before = session.state
                session, reaction, expected = session.enter(event.state)
                if not expected:
                    log.warning("OpenXR session went from %s to %s", before.name, event.state.name)
                if reaction is Reaction.BEGIN:
                    self._backend.begin()
                elif reaction is Reaction.END:
                    self._backend.end()
                elif reaction is Reaction.REBUILD:
                    raise RuntimeLostError("LOSS_PENDING")
                elif reaction is Reaction.LEAVE:
                    return session, True
            elif isinstance(event, ControllerChanged):
                self._controllers[event.side] = event.profile
            elif isinstance(event, Recentred):
                log.info("recentred")
        return session, False

    def _frame(self) -> None:
        while self._pulses:
            self._backend.pulse(*self._pulses.popleft())
        self._number += 1
        self._frames.append(self._backend.read(self._number))

    def _reopen(self) -> None:
        """Open a lost runtime again; returns when it is open or the loop was stopped."""
        self._backend.close()
        for attempt in count():
            if self._stop.wait(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]):
                return
            try:
                self._info = self._backend.open()
            except XrError as error:
                log.debug("%s", error)
            else:
                self._rebuilds += 1
                return
