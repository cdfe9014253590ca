"""What somebody may do with a proposal as it stands: for doors, which offer nothing that would be refused.

It promises nothing: :class:`municipality.participation.Proposals` looks again when it is done.
"""

from enum import StrEnum

from municipality.access import CITY_HALL, Action, Actor
from municipality.participation.proposal import ANSWERS, UNDECIDED, Proposal, State


class Act(StrEnum):
    """Something that may be done with a proposal."""

    EDIT = "edit"
    WITHDRAW = "withdraw"
    SUPPORT = "support"
    TAKE_SUPPORT_BACK = "take_support_back"
    COMMENT = "comment"
    ANSWER = "answer"
    HIDE = "hide"
    SHOW = "show"


def acts_open_to(viewer: Actor, proposal: Proposal) -> frozenset[Act]:
    """Return what a viewer may do with a proposal."""
    acts: set[Act] = set()
    if viewer.may(Action.HIDE, CITY_HALL):
        acts.add(Act.SHOW if proposal.hidden is not None else Act.HIDE)
    if proposal.hidden is not None or proposal.state is State.WITHDRAWN or viewer.citizen is None:
        return frozenset(acts)
    is_undecided = proposal.state in UNDECIDED
    if viewer.citizen == proposal.author and viewer.may(Action.PROPOSE, CITY_HALL):
        if is_undecided:
            acts.add(Act.WITHDRAW)
        if proposal.state is State.OPEN and not proposal.supports:
            acts.add(Act.EDIT)
    if is_undecided and viewer.may(Action.SUPPORT, CITY_HALL):
        acts.add(Act.TAKE_SUPPORT_BACK if proposal.supported else Act.SUPPORT)
    if viewer.may(Action.COMMENT, CITY_HALL):
        acts.add(Act.COMMENT)
    if ANSWERS[proposal.state] and viewer.may(Action.ANSWER_PROPOSAL, CITY_HALL):
        acts.add(Act.ANSWER)
    return frozenset(acts)
