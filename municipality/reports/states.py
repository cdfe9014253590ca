"""The life of a report, as a table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from municipality.errors import ConflictError


class Status(StrEnum):
    """Where a report stands."""

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    """Closed, in Open311's word."""
    REOPENED = "reopened"


class Step(StrEnum):
    """What somebody does to it."""

    SUBMIT = "submit"
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    NOTE = "note"
    """Tell how it goes; the status stays."""
    ANSWER = "answer"
    REOPEN = "reopen"
    """By whoever reported it."""


#: What is not closed.
OPEN = frozenset(Status) - {Status.ANSWERED}
#: What the reporter does; everything else is an officer's.
OF_REPORTER = frozenset({Step.SUBMIT, Step.REOPEN})

_TABLE: Mapping[tuple[Status, Step], Status] = MappingProxyType(
    {
        (Status.SUBMITTED, Step.ACKNOWLEDGE): Status.ACKNOWLEDGED,
        (Status.SUBMITTED, Step.START): Status.IN_PROGRESS,
        (Status.SUBMITTED, Step.ANSWER): Status.ANSWERED,
        (Status.ACKNOWLEDGED, Step.START): Status.IN_PROGRESS,
        (Status.ACKNOWLEDGED, Step.NOTE): Status.ACKNOWLEDGED,
        (Status.ACKNOWLEDGED, Step.ANSWER): Status.ANSWERED,
        (Status.IN_PROGRESS, Step.NOTE): Status.IN_PROGRESS,
        (Status.IN_PROGRESS, Step.ANSWER): Status.ANSWERED,
        (Status.ANSWERED, Step.REOPEN): Status.REOPENED,
        (Status.REOPENED, Step.ACKNOWLEDGE): Status.ACKNOWLEDGED,
        (Status.REOPENED, Step.START): Status.IN_PROGRESS,
        (Status.REOPENED, Step.ANSWER): Status.ANSWERED,
    }
)


def steps_from(status: Status) -> frozenset[Step]:
    """Return what can be done to a report of that status."""
    return frozenset(step for before, step in _TABLE if before is status)


def after(status: Status, step: Step) -> Status:
    """Return the status after a step.

    Raises:
        ConflictError: That step does not follow that status.
    """
    if (status, step) not in _TABLE:
        possible = ", ".join(sorted(steps_from(status)))
        raise ConflictError(
            f"지금 상태({status})에서는 할 수 없어요. 가능한 처리: {possible}. 새로 고쳐 확인해 주세요.",
            f"A report that is {status} does not take the step {step}. "
            f"Possible: {possible}. Load it again and look.",
        )
    return _TABLE[status, step]
