"""How reports change, each change with its row in the journal; whoever calls has asked who may."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from municipality.access import CITY_HALL, Action, Actor, Grant, Role
from municipality.errors import ConflictError, NotAllowedError, NotFoundError
from municipality.journal import append, digest_of
from municipality.reports.checks import sealed_form
from municipality.reports.reading import row_of
from municipality.reports.report import Draft
from municipality.reports.states import Status, Step, after
from municipality.schema import grants, report_steps, reports
from municipality.vault import Vault

#: An answer can be reopened for so long, seconds, and a report so often.
REOPEN_SECONDS = 30 * 86_400.0
MOST_REOPENED = 3
JOURNAL = "reports"
#: What contacts are sealed for.
CONTACT = "report contact"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said to a step.

    Attributes:
        ko: In Korean.
        en: In English.
        expected_at: When the end is expected, Unix seconds.
    """

    ko: str | None = None
    en: str | None = None
    expected_at: float | None = None


def content(draft: Draft) -> dict[str, object]:
    """Return what tells one request from another under the same idempotency key."""
    place, contact = draft.place, draft.contact
    return {
        "service": draft.service,
        "description": draft.description,
        "address": draft.address,
        "place": [place.longitude, place.latitude],
        "photo": draft.photo,
        "contact": [contact.name, contact.phone, contact.email] if contact else None,
    }


def submit(connection: sa.Connection, vault: Vault, actor: Actor, draft: Draft, now: float) -> int:
    """Take up a checked draft; returns the report's number."""
    reporter, place, sealed = actor.of_citizen(), draft.place, None
    if draft.contact is not None:
        sealed = vault.seal(connection, reporter, CONTACT, sealed_form(draft.contact))
    values = {
        "reporter": reporter,
        "service": draft.service,
        "status": Status.SUBMITTED.value,
        "description": draft.description,
        "address": draft.address,
        "longitude": place.longitude,
        "latitude": place.latitude,
        "x": place.x,
        "z": place.z,
        "gu": place.gu,
        "dong": place.dong,
        "photo": draft.photo,
        "contact": sealed,
        "reopened": 0,
        "submitted_at": now,
        "updated_at": now,
    }
    number = int(connection.execute(sa.insert(reports).returning(reports.c.id), values).scalar_one())
    _record(connection, actor, number, step=Step.SUBMIT, status=Status.SUBMITTED, words=Words(), now=now)
    body = {
        "report": number,
        "status": Status.SUBMITTED.value,
        "service": draft.service,
        "description": digest_of(draft.description),
        "place": digest_of(f"{place.longitude:.7f} {place.latitude:.7f}"),
        "photo": draft.photo,
    }
    if draft.address is not None:
        body["address"] = digest_of(draft.address)
    append(connection, JOURNAL, at=now, actor=actor, kind=Step.SUBMIT.value, body=body)
    return number


def take_step(  # noqa: PLR0913 -- who, on what, what, in which words, when
    connection: sa.Connection, actor: Actor, number: int, *, step: Step, words: Words, now: float
) -> int:
    """Take a step; returns its number.

    Raises:
        NotFoundError: There is no such report.
        NotAllowedError: Somebody else reported it.
        ConflictError: The step does not follow the report's status, or it is too late, or was done too often.
    """
    row = row_of(connection, number, lock=True)
    if step is Step.REOPEN:
        _require_reporter(row, actor)
    status = after(Status(row.status), step)
    if step is Step.REOPEN:
        _require_reopenable(row, now)
    values: dict[str, object] = {
        "status": status.value,
        "updated_at": now,
        "answered_at": now if status is Status.ANSWERED else None,
        "reopened": row.reopened + (step is Step.REOPEN),
    }
    if words.expected_at is not None or step in {Step.ANSWER, Step.REOPEN}:
        values["expected_at"] = words.expected_at
    connection.execute(sa.update(reports).where(reports.c.id == number).values(values))
    taken = _record(connection, actor, number, step=step, status=status, words=words, now=now)
    body = {"report": number, "step": taken, "status": status.value}
    if words.ko is not None:
        body["note_ko"] = digest_of(words.ko)
    if words.en is not None:
        body["note_en"] = digest_of(words.en)
    append(connection, JOURNAL, at=now, actor=actor, kind=step.value, body=body)
    return taken


def assign(connection: sa.Connection, actor: Actor, number: int, officer: int | None, now: float) -> None:
    """Give a report to an officer, or to nobody.

    Raises:
        NotFoundError: There is no such report, or that citizen may not answer reports.
    """
    row = row_of(connection, number, lock=True)
    if officer is not None and not _may_answer(connection, officer):
        raise NotFoundError(
            "그 번호의 민원 담당자가 없어요. 담당자 번호를 확인해 주세요.",
            "No officer of that number answers reports. Check the number.",
        )
    if row.assignee == officer:
        return
    connection.execute(sa.update(reports).where(reports.c.id == number).values(assignee=officer))
    body = {"report": number, "officer": officer}
    append(connection, JOURNAL, at=now, actor=actor, kind="assign", body=body)


def _record(  # noqa: PLR0913 -- a row has this many columns
    connection: sa.Connection,
    actor: Actor,
    number: int,
    *,
    step: Step,
    status: Status,
    words: Words,
    now: float,
) -> int:
    values = {
        "report": number,
        "kind": step.value,
        "status": status.value,
        "by": actor.of_citizen(),
        "note_ko": words.ko,
        "note_en": words.en,
        "expected_at": words.expected_at,
        "at": now,
    }
    return int(connection.execute(sa.insert(report_steps).returning(report_steps.c.id), values).scalar_one())


def _require_reporter(row: sa.Row[Any], actor: Actor) -> None:
    if row.reporter != actor.citizen:
        raise NotAllowedError(
            "신고한 사람만 다시 신청할 수 있어요. 같은 불편이 있으면 새로 신고해 주세요.",
            "Only whoever reported this can reopen it. If the trouble is yours too, please report it anew.",
        )


def _require_reopenable(row: sa.Row[Any], now: float) -> None:
    if now - row.answered_at > REOPEN_SECONDS:
        raise ConflictError(
            "답변을 받은 지 30일이 지나 다시 신청할 수 없어요. 새로 신고해 주세요.",
            "More than 30 days have passed since the answer. Please report it anew.",
        )
    if row.reopened >= MOST_REOPENED:
        raise ConflictError(
            f"이미 {MOST_REOPENED}번 다시 신청했어요. 새로 신고해 주세요.",
            f"This was reopened {MOST_REOPENED} times already. Please report it anew.",
        )


def _may_answer(connection: sa.Connection, citizen: int) -> bool:
    """Tell whether a citizen's roles let them answer reports."""
    rows = connection.execute(sa.select(grants.c.role, grants.c.place).where(grants.c.citizen == citizen))
    held = frozenset(Grant(Role(row.role), row.place) for row in rows)
    return Actor(citizen, grants=held).may(Action.ANSWER_REPORT, CITY_HALL)
