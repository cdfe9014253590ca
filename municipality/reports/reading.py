"""Reports as they stand in the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from municipality.access import Actor
from municipality.errors import NotFoundError
from municipality.reports.place import Place
from municipality.reports.report import MOST_ROWS, Page, Part, Query, Redaction, Report, ReportStep, Update
from municipality.reports.states import OF_REPORTER, Status, Step
from municipality.schema import report_redactions, report_steps, reports

#: What the numbers of rows can be at most: more overflows the databases' 64 bits.
MOST_NUMBER = 2**63 - 1


def one(connection: sa.Connection, number: int) -> Report:
    """Return a report.

    Raises:
        NotFoundError: There is none of that number.
    """
    return _complete(connection, [row_of(connection, number)])[0]


def row_of(connection: sa.Connection, number: int, *, lock: bool = False) -> sa.Row[Any]:
    """Return a report's row; locked, it stays as it is until the transaction ends.

    Raises:
        NotFoundError: There is none of that number.
    """
    query = sa.select(reports).where(reports.c.id == number)
    in_range = 0 < number <= MOST_NUMBER
    row = connection.execute(query.with_for_update() if lock else query).one_or_none() if in_range else None
    if row is None:
        raise NotFoundError(
            "그런 민원이 없어요. 번호를 확인해 주세요.", "There is no such report. Check its number."
        )
    return row


def page(connection: sa.Connection, actor: Actor, query: Query) -> Page:
    """Return a page of reports, in the order of their numbers."""
    statement = sa.select(reports).where(*_conditions(actor, query))
    statement = statement.order_by(reports.c.id if query.oldest_first else reports.c.id.desc())
    limit = min(max(query.limit, 1), MOST_ROWS)
    rows = connection.execute(statement.offset(query.offset).limit(limit + 1)).all()
    more = len(rows) > limit
    found = _complete(connection, rows[:limit])
    return Page(found, found[-1].id if more else None)


def steps_of(connection: sa.Connection, number: int) -> list[ReportStep]:
    """Return what was done to a report, in order."""
    query = sa.select(report_steps).where(report_steps.c.report == number).order_by(report_steps.c.id)
    return [_step(row) for row in connection.execute(query)]


def updates(connection: sa.Connection, since: float, until: float, offset: int, limit: int) -> list[Update]:
    """Return what was done to all reports after they were submitted, the newest first."""
    table = report_steps.c
    query = (
        sa.select(report_steps)
        .where(table.at >= since, table.at <= until, table.kind != Step.SUBMIT)
        .order_by(table.at.desc(), table.id.desc())
        .offset(offset)
        .limit(min(limit, MOST_ROWS))
    )
    return [Update(row.report, _step(row)) for row in connection.execute(query)]


def _conditions(actor: Actor, query: Query) -> list[sa.ColumnElement[bool]]:
    table = reports.c
    wanted = [
        column == value
        for column, value in (
            (table.gu, query.gu),
            (table.dong, query.dong),
            (table.assignee, query.assignee),
            (table.reporter, actor.of_citizen() if query.mine else None),
        )
        if value is not None
    ]
    if query.ids is not None:
        wanted.append(table.id.in_({number for number in query.ids if 0 < number <= MOST_NUMBER}))
    if query.statuses:
        wanted.append(table.status.in_([status.value for status in query.statuses]))
    if query.services:
        wanted.append(table.service.in_(query.services))
    if query.unassigned:
        wanted.append(table.assignee.is_(None))
    return wanted + _limits(query)


def _limits(query: Query) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that are ranges."""
    table, wanted = reports.c, []
    if query.bounds is not None:
        x0, z0, x1, z1 = query.bounds
        wanted += [table.x >= x0, table.x <= x1, table.z >= z0, table.z <= z1]
    if query.since is not None:
        wanted.append(table.submitted_at >= query.since)
    if query.until is not None:
        wanted.append(table.submitted_at <= query.until)
    if query.after is not None:
        wanted.append(table.id > query.after if query.oldest_first else table.id < query.after)
    return wanted


def _complete(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> list[Report]:
    """Add what stands in other tables, by one query for all rows each."""
    numbers = [row.id for row in rows]
    notes = _newest_notes(connection, numbers)
    hidden = _redactions(connection, numbers)
    return [_report(row, notes.get(row.id), hidden.get(row.id, ())) for row in rows]


def _newest_notes(
    connection: sa.Connection, numbers: Iterable[int]
) -> Mapping[int, tuple[str | None, str | None]]:
    table = report_steps.c
    said = sa.or_(table.note_ko.is_not(None), table.note_en.is_not(None))
    newest = (
        sa.select(sa.func.max(table.id))
        .where(table.report.in_(numbers), table.kind.not_in([step.value for step in OF_REPORTER]), said)
        .group_by(table.report)
    )
    query = sa.select(table.report, table.note_ko, table.note_en).where(table.id.in_(newest))
    return {row.report: (row.note_ko, row.note_en) for row in connection.execute(query)}


def _redactions(connection: sa.Connection, numbers: Iterable[int]) -> Mapping[int, Sequence[Redaction]]:
    table = report_redactions.c
    found = defaultdict(list)
    query = sa.select(report_redactions).where(table.report.in_(numbers)).order_by(table.id)
    for row in connection.execute(query):
        found[row.report].append(Redaction(Part(row.part), row.step, row.reason, row.at))
    return found


def _report(
    row: sa.Row[Any], note: tuple[str | None, str | None] | None, hidden: Sequence[Redaction]
) -> Report:
    return Report(
        id=row.id,
        reporter=row.reporter,
        service=row.service,
        status=Status(row.status),
        place=Place(row.longitude, row.latitude, row.x, row.z, row.gu, row.dong),
        description=row.description,
        address=row.address,
        photo=row.photo,
        assignee=row.assignee,
        reopened=row.reopened,
        submitted_at=row.submitted_at,
        updated_at=row.updated_at,
        answered_at=row.answered_at,
        expected_at=row.expected_at,
        status_note=note,
        redactions=tuple(hidden),
    )


def _step(row: sa.Row[Any]) -> ReportStep:
    kind = Step(row.kind)
    return ReportStep(
        row.id,
        kind,
        Status(row.status),
        kind in OF_REPORTER,
        row.note_ko,
        row.note_en,
        row.expected_at,
        row.at,
    )
