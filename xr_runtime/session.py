"""The life of an OpenXR session as a table (OpenXR 1.1, section 9.3, session lifecycle). Pure.

The runtime is the one who changes the state; the application answers. :data:`REACTIONS` says with what, and
:data:`SUCCESSORS` which changes the specification draws: another one is followed all the same, and reported.
"""

from dataclasses import dataclass
from enum import Enum


class SessionState(Enum):
    """Values of XrSessionState."""

    UNKNOWN = 0
    IDLE = 1
    READY = 2
    SYNCHRONIZED = 3
    VISIBLE = 4
    FOCUSED = 5
    STOPPING = 6
    LOSS_PENDING = 7
    EXITING = 8


class Reaction(Enum):
    """What the application does when a state begins."""

    NOTHING = "nothing"
    BEGIN = "begin"
    """Call xrBeginSession; frames follow."""
    END = "end"
    """Call xrEndSession; no more frames."""
    REBUILD = "rebuild"
    """The system was lost: destroy everything, and open it again when it is back."""
    LEAVE = "leave"
    """The person closed the application: destroy the session and finish."""


S = SessionState

REACTIONS = {
    S.UNKNOWN: Reaction.NOTHING,
    S.IDLE: Reaction.NOTHING,
    S.READY: Reaction.BEGIN,
    S.SYNCHRONIZED: Reaction.NOTHING,
    S.VISIBLE: Reaction.NOTHING,
    S.FOCUSED: Reaction.NOTHING,
    S.STOPPING: Reaction.END,
    S.LOSS_PENDING: Reaction.REBUILD,
    S.EXITING: Reaction.LEAVE,
}

#: The system may be lost from anywhere, so LOSS_PENDING follows every state.
SUCCESSORS = {
    S.UNKNOWN: frozenset({S.IDLE, S.LOSS_PENDING}),
    S.IDLE: frozenset({S.READY, S.EXITING, S.LOSS_PENDING}),
    S.READY: frozenset({S.SYNCHRONIZED, S.LOSS_PENDING}),
    S.SYNCHRONIZED: frozenset({S.VISIBLE, S.STOPPING, S.LOSS_PENDING}),
    S.VISIBLE: frozenset({S.FOCUSED, S.SYNCHRONIZED, S.LOSS_PENDING}),
    S.FOCUSED: frozenset({S.VISIBLE, S.LOSS_PENDING}),
    S.STOPPING: frozenset({S.IDLE, S.LOSS_PENDING}),
    S.LOSS_PENDING: frozenset(),
    S.EXITING: frozenset(),
}

#: States between xrBeginSession and xrEndSession, in which frames run.
RUNNING = frozenset({S.READY, S.SYNCHRONIZED, S.VISIBLE, S.FOCUSED})


@dataclass(frozen=True, slots=True)
class Session:
    """Where a session stands.

    Attributes:
        state: What the runtime said last.
        running: Between begin and end: frames may be read.
    """

    state: SessionState = SessionState.UNKNOWN
    running: bool = False

    @property
    def focused(self) -> bool:
        """Whether the runtime gives this application the person's input."""
        return self.state is SessionState.FOCUSED

    def enter(self, state: SessionState) -> tuple["Session", Reaction, bool]:
        """Follow the runtime into `state`.

        Returns:
            The session after it, what to do now, and whether the specification draws this change.
        """
        expected = state in SUCCESSORS[self.state]
        return Session(state, state in RUNNING), REACTIONS[state], expected
