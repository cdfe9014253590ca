"""What somebody may do with a report as it stands: for doors, which offer nothing that would be refused.

It promises nothing: :class:`municipality.reports.Reports` looks again when it is done.
"""

from enum import StrEnum

from municipality.access import CITY_HALL, Action, Actor
from municipality.reports.filing import MOST_REOPENED, REOPEN_SECONDS
from municipality.reports.report import Report
from municipality.reports.states import Step, steps_from


class Act(StrEnum):
    """Something that may be done with a report."""

    ACKNOWLEDGE = "acknowledge"
    START = "start"
    NOTE = "note"
    ANSWER = "answer"
    REOPEN = "reopen"
    ASSIGN = "assign"
    HIDE = "hide"


def acts_open_to(viewer: Actor, report: Report, now: float) -> frozenset[Act]:
    """Return what a viewer may do with a report, at Unix seconds ``now``."""
    if viewer.citizen is None:
        return frozenset()
    steps = steps_from(report.status)
    acts: set[Act] = set()
    if viewer.may(Action.ANSWER_REPORT, CITY_HALL):
        acts |= {Act.ASSIGN, *(Act(step) for step in steps - {Step.REOPEN})}
    if viewer.may(Action.HIDE, CITY_HALL):
        acts.add(Act.HIDE)
    is_reopenable = (
        Step.REOPEN in steps
        and report.answered_at is not None
        and now - report.answered_at <= REOPEN_SECONDS
        and report.reopened < MOST_REOPENED
    )
    if is_reopenable and viewer.citizen == report.reporter and viewer.may(Action.REPORT, CITY_HALL):
        acts.add(Act.REOPEN)
    return frozenset(acts)
