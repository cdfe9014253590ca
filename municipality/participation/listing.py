"""Reading proposals: which of them somebody may see, in what order, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from municipality.access import CITY_HALL, Action, Actor
from municipality.errors import TextRefusedError
from municipality.participation.proposal import UNDECIDED, Answer, Proposal, State
from municipality.participation.refusals import no_such_proposal
from municipality.schema import proposal_answers, proposal_supports, proposals

#: Most of one page.
LONGEST_PAGE = 100
_LARGEST_ID = 2**63 - 1


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    MOST_SUPPORTED = "most_supported"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which proposals to list.

    Attributes:
        order: What comes first.
        states: Only these; empty: all.
        category: Only this one; None: all.
        box: Least x, least z, most x, most z, world metres; None: the whole city.
        mine: Only those of whoever asks, withdrawn and hidden ones too.
        due: Only those that an officer owes an answer.
        cursor: Where the page before ended; None: from the start.
        limit: Most of this page.
    """

    order: Order = Order.NEWEST
    states: tuple[State, ...] = ()
    category: str | None = None
    box: tuple[float, float, float, float] | None = None
    mine: bool = False
    due: bool = False
    cursor: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Page:
    """Some proposals.

    Attributes:
        proposals: In the order that was wanted.
        cursor: Asks for those after them; None at the end. Supports that come meanwhile may move a proposal
            from one page to another when the most supported come first.
    """

    proposals: tuple[Proposal, ...]
    cursor: str | None


def listed(connection: sa.Connection, viewer: Actor, wanted: Wanted) -> Page:
    """Return a page of proposals.

    Raises:
        TextRefusedError: The cursor is not one of ours.
    """
    table = proposals.c
    query = _seen_by(viewer).where(*_conditions(viewer, wanted))
    after = None if wanted.cursor is None else _place_of(wanted.cursor)
    if wanted.order is Order.MOST_SUPPORTED:
        query = query.order_by(table.supports.desc(), table.id.desc())
        if after:
            query = query.where(
                (table.supports < after[0]) | ((table.supports == after[0]) & (table.id < after[1]))
            )
    else:
        query = query.order_by(table.id.desc())
        if after:
            query = query.where(table.id < after[1])
    limit = min(max(wanted.limit, 1), LONGEST_PAGE)
    rows = connection.execute(query.limit(limit + 1)).all()
    shown = tuple(_proposal(row, viewer) for row in rows[:limit])
    return Page(shown, f"{shown[-1].supports}-{shown[-1].id}" if len(rows) > limit else None)


def found(connection: sa.Connection, viewer: Actor, number: int) -> Proposal:
    """Return one proposal.

    Raises:
        NotFoundError: There is none of that number, or its author withdrew it and the viewer may not see it.
    """
    row = connection.execute(_seen_by(viewer).where(proposals.c.id == number)).one_or_none()
    if row is None:
        raise no_such_proposal()
    is_mine = viewer.citizen is not None and row.author == viewer.citizen
    if row.state == State.WITHDRAWN and not (is_mine or viewer.may(Action.ANSWER_PROPOSAL, CITY_HALL)):
        raise no_such_proposal()
    return _proposal(row, viewer)


def answers(connection: sa.Connection, number: int) -> tuple[Answer, ...]:
    """Return what officers said about a proposal, the first answer first."""
    table = proposal_answers.c
    rows = connection.execute(
        sa.select(table.state, table.text, table.at).where(table.proposal == number).order_by(table.id)
    )
    return tuple(Answer(State(row.state), row.text, row.at) for row in rows)


def _seen_by(viewer: Actor) -> sa.Select[Any]:
    """Return the query of proposals with the viewer's own support."""
    support = proposal_supports.c
    supported = (
        sa.exists().where(support.proposal == proposals.c.id, support.citizen == viewer.citizen)
        if viewer.citizen is not None
        else sa.false()
    )
    return sa.select(proposals, supported.label("supported"))


def _conditions(viewer: Actor, wanted: Wanted) -> Sequence[sa.ColumnElement[bool]]:
    table = proposals.c
    chosen: list[sa.ColumnElement[bool]] = []
    if wanted.mine:
        chosen.append(table.author == viewer.of_citizen())
    else:
        chosen.append(table.state != State.WITHDRAWN)
        if not viewer.may(Action.HIDE, CITY_HALL):
            chosen.append(table.hidden.is_(None))
    if wanted.states:
        chosen.append(table.state.in_(wanted.states))
    if wanted.category is not None:
        chosen.append(table.category == wanted.category)
    if wanted.box is not None:
        least_x, least_z, most_x, most_z = wanted.box
        chosen += [table.x.between(least_x, most_x), table.z.between(least_z, most_z)]
    if wanted.due:
        chosen += [table.due_since.is_not(None), table.state.in_(UNDECIDED)]
    return chosen


def _proposal(row: Any, viewer: Actor) -> Proposal:
    """Return a row as the viewer may see it."""
    is_mine = viewer.citizen is not None and row.author == viewer.citizen
    is_shown = row.hidden is None or is_mine or viewer.may(Action.HIDE, CITY_HALL)
    return Proposal(
        id=row.id,
        author=row.author,
        title=row.title if is_shown else "",
        text=row.text if is_shown else "",
        category=row.category,
        x=row.x,
        z=row.z,
        state=State(row.state),
        supports=row.supports,
        comments=row.comments,
        supported=bool(row.supported),
        vote=row.vote,
        made_at=row.made_at,
        edited_at=row.edited_at,
        due_since=row.due_since,
        hidden=row.hidden,
    )


def _place_of(cursor: str) -> tuple[int, int]:
    """Return supports and number of the last proposal of a page.

    Raises:
        TextRefusedError: That is no cursor.
    """
    supports, _, number = cursor.partition("-")
    if not (supports.isascii() and supports.isdigit() and number.isascii() and number.isdigit()):
        raise _no_cursor()
    try:
        place = int(supports), int(number)
    except ValueError as error:  # more digits than the interpreter reads
        raise _no_cursor() from error
    if max(place) > _LARGEST_ID:
        raise _no_cursor()
    return place


def _no_cursor() -> TextRefusedError:
    return TextRefusedError(
        "다음 쪽을 가리키는 값이 맞지 않아요. 목록을 처음부터 다시 열어 주세요.",
        "The cursor does not fit. Open the list from its start again.",
    )
