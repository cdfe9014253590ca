"""Proposals: made, changed, supported, withdrawn, answered, hidden. Each act and its journal row are one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from municipality.access import CITY_HALL, Action, Actor
from municipality.errors import NotAllowedError
from municipality.journal import append, digest_of
from municipality.participation import listing
from municipality.participation.draft import Draft, Land, checked_draft, standing_apart
from municipality.participation.listing import Page, Wanted
from municipality.participation.proposal import (
    ANSWERS,
    LONGEST_ANSWER,
    LONGEST_REASON,
    UNDECIDED,
    Answer,
    Proposal,
    State,
)
from municipality.participation.refusals import (
    is_hidden,
    is_supported,
    no_such_proposal,
    not_in_state,
    too_many,
)
from municipality.requests import once
from municipality.schema import proposal_answers, proposal_supports, proposals
from municipality.store import Store
from municipality.texts import checked_text

JOURNAL = "proposals"
#: One citizen proposes at most this often within a day.
MOST_A_DAY = 10
_DAY_SECONDS = 86_400.0


class Proposals:
    """What citizens propose. Every change is on disk when the call returns; ``now`` is in Unix seconds.

    Attributes:
        threshold: So many supports oblige an officer to answer.
    """

    def __init__(
        self, store: Store, land: Land, city_hall: tuple[float, float], *, threshold: int = 20
    ) -> None:
        """Keep proposals.

        Args:
            store: Where.
            land: They stand on it.
            city_hall: World x and z, metres, where people stand before it: pins without a place go there.
            threshold: As above.
        """
        self.threshold = threshold
        self._store = store
        self._land = land
        self._city_hall = city_hall

    def listed(self, viewer: Actor, wanted: Wanted) -> Page:
        """Return a page of proposals, as :func:`municipality.participation.listing.listed` does."""
        with self._store.engine.connect() as connection:
            return listing.listed(connection, viewer, wanted)

    def found(self, viewer: Actor, number: int) -> tuple[Proposal, tuple[Answer, ...]]:
        """Return a proposal and what officers answered.

        Raises:
            NotFoundError: There is none of that number, or it was withdrawn.
        """
        with self._store.engine.connect() as connection:
            return listing.found(connection, viewer, number), listing.answers(connection, number)

    def propose(self, actor: Actor, draft: Draft, *, now: float, key: str | None = None) -> int:
        """Propose something; its author is the actor.

        Args:
            actor: May :attr:`Action.PROPOSE` at the city hall.
            draft: What.
            now: Unix seconds.
            key: Idempotency key.

        Returns:
            Its number.

        Raises:
            NotAllowedError: The actor may not.
            TextRefusedError: A text may not be shown, or the place lies outside the city.
            ConflictError: The actor proposed too much today.
            KeyReusedError: The key served another request.
        """
        actor.require(Action.PROPOSE, CITY_HALL)
        author = actor.of_citizen()
        draft = checked_draft(draft, self._land)

        def make() -> int:
            _check_pace(connection, author, now)
            x, z = draft.place or self._home(connection)
            row = _row_of(draft, x, z) | {"author": author, "made_at": now, "state": State.OPEN}
            made = sa.insert(proposals).values(**row, supports=0, comments=0).returning(proposals.c.id)
            number = int(connection.execute(made).scalar_one())
            _note(connection, actor, "proposed", at=now, proposal=number, **_noted(draft, x, z))
            return number

        with self._store.write() as connection:
            content = {"act": "propose", **asdict(draft)}
            return once(connection, actor, key, content, now=now, act=make)

    def edit(self, actor: Actor, number: int, draft: Draft, *, now: float) -> None:
        """Change one's own proposal, while nobody supports it; without a place its pin stays.

        Raises:
            NotAllowedError, NotFoundError, TextRefusedError, ConflictError: As they say.
        """
        actor.require(Action.PROPOSE, CITY_HALL)
        draft = checked_draft(draft, self._land)
        with self._own(actor, number) as (connection, row):
            if row.state != State.OPEN:
                raise not_in_state(State(row.state))
            if row.supports:
                raise is_supported()
            x, z = draft.place or (row.x, row.z)
            _change(connection, number, **_row_of(draft, x, z), edited_at=now)
            _note(connection, actor, "edited", at=now, proposal=number, **_noted(draft, x, z))

    def withdraw(self, actor: Actor, number: int, *, now: float) -> None:
        """Take one's own proposal back, until it is decided. Done twice, it is done once.

        Raises:
            NotAllowedError, NotFoundError, ConflictError: As they say.
        """
        actor.require(Action.PROPOSE, CITY_HALL)
        with self._own(actor, number) as (connection, row):
            if row.state == State.WITHDRAWN:
                return
            if row.state not in UNDECIDED:
                raise not_in_state(State(row.state))
            _change(connection, number, state=State.WITHDRAWN)
            _note(connection, actor, "withdrawn", at=now, proposal=number, state=State.WITHDRAWN)

    def support(self, actor: Actor, number: int, *, now: float, wanted: bool = True) -> int:
        """Support a proposal, or take one's support back. Done twice, it is done once.

        Returns:
            How many support it now.

        Raises:
            NotAllowedError, NotFoundError, ConflictError: As they say.
        """
        actor.require(Action.SUPPORT, CITY_HALL)
        citizen = actor.of_citizen()
        with self._store.write() as connection:
            row = _locked(connection, number, undecided=True)
            mine = {"proposal": number, "citizen": citizen}
            held = sa.and_(*(proposal_supports.c[name] == value for name, value in mine.items()))
            if connection.execute(sa.select(sa.exists().where(held))).scalar_one() == wanted:
                return int(row.supports)
            supports = int(row.supports) + (1 if wanted else -1)
            if wanted:
                connection.execute(sa.insert(proposal_supports), mine | {"at": now})
            else:
                connection.execute(sa.delete(proposal_supports).where(held))
            due = row.due_since or (now if supports >= self.threshold else None)
            _change(connection, number, supports=supports, due_since=due)
            kind = "supported" if wanted else "support_withdrawn"
            _note(connection, actor, kind, at=now, proposal=number, supports=supports, due=due is not None)
            return supports

    def answer(self, actor: Actor, number: int, state: State, text: str, *, now: float) -> None:
        """Answer a proposal, and so take it to its next state (:data:`ANSWERS`).

        Args:
            actor: May :attr:`Action.ANSWER_PROPOSAL` at the city hall.
            number: Of the proposal.
            state: It goes there.
            text: What the city says; may be empty only when it is taken under review.
            now: Unix seconds.

        Raises:
            NotAllowedError, NotFoundError, TextRefusedError, ConflictError: As they say.
        """
        actor.require(Action.ANSWER_PROPOSAL, CITY_HALL)
        said = ""
        if text.strip() or state is not State.UNDER_REVIEW:
            said = checked_text(text, ("답변", "answer"), LONGEST_ANSWER)
        with self._store.write() as connection:
            row = _locked(connection, number)
            if state not in ANSWERS[State(row.state)]:
                raise not_in_state(State(row.state))
            _change(connection, number, state=state)
            connection.execute(
                sa.insert(proposal_answers),
                {"proposal": number, "officer": actor.of_citizen(), "state": state, "text": said, "at": now},
            )
            _note(connection, actor, "answered", at=now, proposal=number, state=state, text=digest_of(said))

    def hide(self, actor: Actor, number: int, reason: str | None, *, now: float) -> None:
        """Take a proposal out of sight for a reason that everybody reads; None shows it again.

        Raises:
            NotAllowedError, NotFoundError, TextRefusedError: As they say.
        """
        actor.require(Action.HIDE, CITY_HALL)
        if reason is not None:
            reason = checked_text(reason, ("사유", "reason"), LONGEST_REASON)
        with self._store.write() as connection:
            row = _locked(connection, number, hidden=True)
            if row.hidden == reason:
                return
            _change(connection, number, hidden=reason)
            told = {} if reason is None else {"reason": digest_of(reason)}
            kind = "shown" if reason is None else "hidden"
            _note(connection, actor, kind, at=now, proposal=number, **told)

    def lead_to_vote(self, actor: Actor, number: int, vote: int, *, now: float) -> None:
        """Note that a proposal led to a vote. Done twice, it is done once.

        Raises:
            NotAllowedError, NotFoundError, ConflictError: As they say.
        """
        actor.require(Action.OPEN_VOTE, CITY_HALL)
        with self._store.write() as connection:
            row = _locked(connection, number)
            if row.vote == vote:
                return
            if row.state in {State.DECLINED, State.WITHDRAWN}:
                raise not_in_state(State(row.state))
            _change(connection, number, vote=vote)
            _note(connection, actor, "led_to_vote", at=now, proposal=number, vote=vote)

    @contextmanager
    def _own(self, actor: Actor, number: int) -> Iterator[tuple[sa.Connection, Any]]:
        """Change a proposal of the actor's own, in one transaction."""
        author = actor.of_citizen()
        with self._store.write() as connection:
            row = _locked(connection, number)
            if row.author != author:
                raise NotAllowedError("제안한 사람만 할 수 있어요.", "Only whoever proposed it may do this.")
            yield connection, row

    def _home(self, connection: sa.Connection) -> tuple[float, float]:
        """Return where the next pin stands that nobody gave a place."""
        last = connection.execute(sa.select(sa.func.max(proposals.c.id))).scalar_one()
        return standing_apart(self._city_hall, last or 0)


def _locked(connection: sa.Connection, number: int, *, undecided: bool = False, hidden: bool = False) -> Any:
    """Return a proposal's row; nobody else changes it until the transaction ends."""
    row = connection.execute(
        sa.select(proposals).where(proposals.c.id == number).with_for_update()
    ).one_or_none()
    if row is None:
        raise no_such_proposal()
    if row.hidden is not None and not hidden:
        raise is_hidden()
    if undecided and row.state not in UNDECIDED:
        raise not_in_state(State(row.state))
    return row


def _row_of(draft: Draft, x: float, z: float) -> dict[str, object]:
    return {"title": draft.title, "text": draft.text, "category": draft.category, "x": x, "z": z}


def _noted(draft: Draft, x: float, z: float) -> dict[str, object]:
    digests = {"title": digest_of(draft.title), "text": digest_of(draft.text)}
    return {"category": draft.category, "x": x, "z": z, **digests}


def _change(connection: sa.Connection, number: int, **values: object) -> None:
    connection.execute(sa.update(proposals).where(proposals.c.id == number).values(**values))


def _note(
    connection: sa.Connection, actor: Actor, kind: str, *, at: float, proposal: int, **body: object
) -> None:
    append(connection, JOURNAL, at=at, actor=actor, kind=kind, body={"proposal": proposal, **body})


def _check_pace(connection: sa.Connection, author: int, now: float) -> None:
    recent = sa.select(sa.func.count()).where(
        proposals.c.author == author, proposals.c.made_at > now - _DAY_SECONDS
    )
    if connection.execute(recent).scalar_one() >= MOST_A_DAY:
        raise too_many(MOST_A_DAY)
