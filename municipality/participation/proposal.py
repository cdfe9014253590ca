"""What a proposal is, and the states that it goes through."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

#: Characters.
LONGEST_ANSWER, LONGEST_REASON = 4000, 500


class State(StrEnum):
    """How far a proposal has come."""

    OPEN = "open"
    UNDER_REVIEW = "under_review"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """By its author; only they and officers see it still."""


#: Where an officer's answer may take a proposal.
ANSWERS: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        State.OPEN: (State.UNDER_REVIEW,),
        State.UNDER_REVIEW: (State.ACCEPTED, State.DECLINED, State.DONE),
        State.ACCEPTED: (State.DONE,),
        State.DECLINED: (),
        State.DONE: (),
        State.WITHDRAWN: (),
    }
)
#: Citizens may support it, and its author may withdraw it.
UNDECIDED = (State.OPEN, State.UNDER_REVIEW)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as somebody sees it.

    Attributes:
        id: Its number.
        author: Number of the citizen.
        title, text: Both empty when it is hidden from whoever sees it.
        category: Code of a :class:`municipality.participation.Category`.
        x, z: Where its pin stands, world metres.
        state: How far it has come.
        supports: Citizens who support it.
        comments: Comments in sight.
        supported: Whether whoever sees it is one of them.
        vote: Number of the vote that it led to; None: to none.
        made_at, edited_at: Unix seconds.
        due_since: Unix seconds when enough supported it that an officer must answer; None: not yet.
        hidden: Why an officer took it out of sight; None: in sight.
    """

    id: int
    author: int
    title: str
    text: str
    category: str
    x: float
    z: float
    state: State
    supports: int
    comments: int
    supported: bool
    vote: int | None
    made_at: float
    edited_at: float | None
    due_since: float | None
    hidden: str | None

    @property
    def is_due(self) -> bool:
        """Whether an officer owes an answer."""
        return self.due_since is not None and self.state in UNDECIDED


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer said.

    Attributes:
        state: That it took the proposal to.
        text: Empty when it was taken under review without a word.
        at: Unix seconds.
    """

    state: State
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as somebody sees it.

    Attributes:
        id: Its number.
        proposal: That it is about.
        author: Number of the citizen.
        text: Empty when it was withdrawn, or is hidden from whoever sees it.
        at: Unix seconds.
        withdrawn: Whether its author took it back.
        hidden: Why an officer took it out of sight; None: in sight.
    """

    id: int
    proposal: int
    author: int
    text: str
    at: float
    withdrawn: bool
    hidden: str | None
