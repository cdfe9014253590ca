"""Taking something of a report out of sight: the text goes, its digest and the reason stay."""

import sqlalchemy as sa

from municipality.access import Actor
from municipality.errors import NotFoundError, ReportRefusedError
from municipality.journal import append, digest_of
from municipality.reports.filing import JOURNAL
from municipality.reports.reading import MOST_NUMBER, row_of
from municipality.reports.report import LONGEST_REASON, Part
from municipality.schema import report_redactions, report_steps, reports
from municipality.texts import checked_text


def hide(  # noqa: PLR0913 -- who hides what of which, why and when
    connection: sa.Connection,
    actor: Actor,
    number: int,
    part: Part,
    reason: str,
    *,
    step: int | None,
    now: float,
) -> None:
    """Hide a part of a report; whoever calls has asked who may.

    Raises:
        NotFoundError: There is no such report or step, or nothing to hide there.
        ReportRefusedError: A step is named without its note being meant, or the other way round.
        TextRefusedError: The reason is empty or too long.
    """
    why = checked_text(reason, ("까닭", "reason"), LONGEST_REASON, lines=False)
    if (part is Part.NOTE) != (step is not None):
        raise ReportRefusedError(
            "처리 단계의 글을 숨기려면 단계 번호를, 다른 것이면 번호 없이 보내 주세요.",
            "Name the step when its note is to be hidden, and no step for anything else.",
        )
    row_of(connection, number, lock=True)
    digest = _hide_own(connection, number, part) if step is None else _hide_note(connection, number, step)
    values = {
        "report": number,
        "step": step,
        "part": part.value,
        "digest": digest,
        "reason": why,
        "by": actor.of_citizen(),
        "at": now,
    }
    connection.execute(sa.insert(report_redactions), values)
    body = {"report": number, "part": part.value, "step": step, "digest": digest, "reason": digest_of(why)}
    append(connection, JOURNAL, at=now, actor=actor, kind="hide", body=body)


def _hide_own(connection: sa.Connection, number: int, part: Part) -> str:
    column = reports.c[part.value]
    text = connection.execute(sa.select(column).where(reports.c.id == number)).scalar_one()
    if not text:
        raise _nothing()
    connection.execute(sa.update(reports).where(reports.c.id == number).values({part.value: None}))
    return str(text) if part is Part.PHOTO else digest_of(text)


def _hide_note(connection: sa.Connection, number: int, step: int) -> str:
    table = report_steps.c
    which = sa.and_(table.id == min(max(step, 0), MOST_NUMBER), table.report == number)
    note = connection.execute(sa.select(table.note_ko, table.note_en).where(which)).one_or_none()
    texts = [text for text in note or () if text]
    if not texts:
        raise _nothing()
    connection.execute(sa.update(report_steps).where(which).values(note_ko=None, note_en=None))
    return digest_of("\n".join(texts))


def _nothing() -> NotFoundError:
    return NotFoundError("거기에는 숨길 것이 없어요.", "There is nothing to hide there.")
