"""What citizens say about a proposal. Each act and its journal row are one."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from municipality.access import CITY_HALL, Action, Actor
from municipality.errors import NotAllowedError
from municipality.journal import append, digest_of
from municipality.participation.listing import LONGEST_PAGE, found
from municipality.participation.proposal import LONGEST_REASON, Comment, State
from municipality.participation.proposals import JOURNAL
from municipality.participation.refusals import is_hidden, no_such_comment, no_such_proposal, too_many
from municipality.requests import once
from municipality.schema import proposal_comments, proposals
from municipality.store import Store
from municipality.texts import checked_text

#: Characters.
LONGEST_COMMENT = 1000
#: One citizen comments at most this often within a day.
MOST_A_DAY = 100
_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Some comments.

    Attributes:
        comments: The oldest first.
        after: Number to ask for those after them; None at the end.
    """

    comments: tuple[Comment, ...]
    after: int | None


class Comments:
    """Comments on proposals. Every change is on disk when the call returns; ``now`` is in Unix seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def listed(self, viewer: Actor, proposal: int, *, after: int = 0, limit: int = 50) -> CommentPage:
        """Return a page of a proposal's comments.

        Args:
            viewer: Who reads.
            proposal: Its number.
            after: Number of the last comment of the page before.
            limit: Most of this page.

        Raises:
            NotFoundError: There is no such proposal in sight.
        """
        limit = min(max(limit, 1), LONGEST_PAGE)
        table = proposal_comments.c
        query = (
            sa.select(proposal_comments)
            .where(table.proposal == proposal, table.id > after)
            .order_by(table.id)
            .limit(limit + 1)
        )
        with self._store.engine.connect() as connection:
            about = found(connection, viewer, proposal)
            if about.hidden is not None and not about.text:
                return CommentPage((), None)
            rows = connection.execute(query).all()
        shown = tuple(_comment(row, viewer) for row in rows[:limit])
        return CommentPage(shown, shown[-1].id if len(rows) > limit else None)

    def comment(self, actor: Actor, proposal: int, text: str, *, now: float, key: str | None = None) -> int:
        """Say something about a proposal.

        Returns:
            The comment's number.

        Raises:
            NotAllowedError, NotFoundError, TextRefusedError, ConflictError, KeyReusedError: As they say.
        """
        actor.require(Action.COMMENT, CITY_HALL)
        author = actor.of_citizen()
        said = checked_text(text, ("의견", "comment"), LONGEST_COMMENT)

        def make() -> int:
            _check_open(connection, proposal)
            _check_pace(connection, author, now)
            row = {"proposal": proposal, "author": author, "text": said, "at": now}
            made = sa.insert(proposal_comments).values(**row).returning(proposal_comments.c.id)
            number = int(connection.execute(made).scalar_one())
            _count(connection, proposal, 1)
            body = {"proposal": proposal, "comment": number, "text": digest_of(said)}
            append(connection, JOURNAL, at=now, actor=actor, kind="commented", body=body)
            return number

        with self._store.write() as connection:
            content = {"act": "comment", "proposal": proposal, "text": said}
            return once(connection, actor, key, content, now=now, act=make)

    def withdraw(self, actor: Actor, proposal: int, number: int, *, now: float) -> None:
        """Take one's own comment back: its text is gone. Done twice, it is done once.

        Raises:
            NotAllowedError, NotFoundError: As they say.
        """
        actor.require(Action.COMMENT, CITY_HALL)
        author = actor.of_citizen()
        with self._store.write() as connection:
            row = _locked(connection, proposal, number)
            if row.author != author:
                raise NotAllowedError("쓴 사람만 지울 수 있어요.", "Only whoever wrote it may withdraw it.")
            if row.withdrawn_at is not None:
                return
            _change(connection, number, withdrawn_at=now, text="")
            if row.hidden is None:
                _count(connection, proposal, -1)
            body = {"proposal": proposal, "comment": number}
            append(connection, JOURNAL, at=now, actor=actor, kind="comment_withdrawn", body=body)

    def hide(self, actor: Actor, proposal: int, number: int, reason: str | None, *, now: float) -> None:
        """Take a comment out of sight for a reason that everybody reads; None shows it again.

        Raises:
            NotAllowedError, NotFoundError, TextRefusedError: As they say.
        """
        actor.require(Action.HIDE, CITY_HALL)
        if reason is not None:
            reason = checked_text(reason, ("사유", "reason"), LONGEST_REASON)
        with self._store.write() as connection:
            row = _locked(connection, proposal, number)
            if row.hidden == reason:
                return
            _change(connection, number, hidden=reason)
            if row.withdrawn_at is None and (row.hidden is None) != (reason is None):
                _count(connection, proposal, 1 if reason is None else -1)
            told = {} if reason is None else {"reason": digest_of(reason)}
            body = {"proposal": proposal, "comment": number, **told}
            kind = "comment_shown" if reason is None else "comment_hidden"
            append(connection, JOURNAL, at=now, actor=actor, kind=kind, body=body)


def _check_open(connection: sa.Connection, proposal: int) -> None:
    """Go on only if people may speak about a proposal; nobody else changes it until the transaction ends."""
    row = connection.execute(
        sa.select(proposals.c.state, proposals.c.hidden).where(proposals.c.id == proposal).with_for_update()
    ).one_or_none()
    if row is None or row.state == State.WITHDRAWN:
        raise no_such_proposal()
    if row.hidden is not None:
        raise is_hidden()


def _locked(connection: sa.Connection, proposal: int, number: int) -> Any:
    """Return a comment's row; nobody else changes it or its proposal until the transaction ends."""
    connection.execute(sa.select(proposals.c.id).where(proposals.c.id == proposal).with_for_update())
    table = proposal_comments.c
    row = connection.execute(
        sa.select(proposal_comments).where(table.id == number, table.proposal == proposal)
    ).one_or_none()
    if row is None:
        raise no_such_comment()
    return row


def _change(connection: sa.Connection, number: int, **values: object) -> None:
    connection.execute(sa.update(proposal_comments).where(proposal_comments.c.id == number).values(**values))


def _count(connection: sa.Connection, proposal: int, change: int) -> None:
    table = proposals.c
    connection.execute(
        sa.update(proposals).where(table.id == proposal).values(comments=table.comments + change)
    )


def _check_pace(connection: sa.Connection, author: int, now: float) -> None:
    table = proposal_comments.c
    recent = sa.select(sa.func.count()).where(table.author == author, table.at > now - _DAY_SECONDS)
    if connection.execute(recent).scalar_one() >= MOST_A_DAY:
        raise too_many(MOST_A_DAY)


def _comment(row: Any, viewer: Actor) -> Comment:
    """Return a row as the viewer may see it."""
    is_mine = viewer.citizen is not None and row.author == viewer.citizen
    is_shown = row.hidden is None or is_mine or viewer.may(Action.HIDE, CITY_HALL)
    return Comment(
        id=row.id,
        proposal=row.proposal,
        author=row.author,
        text=row.text if is_shown else "",
        at=row.at,
        withdrawn=row.withdrawn_at is not None,
        hidden=row.hidden,
    )
