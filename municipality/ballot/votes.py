"""Votes as everybody sees them, and what officers do about them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from municipality import journal
from municipality.access import CITY_HALL, Action, Actor
from municipality.ballot import endings, refusals
from municipality.ballot.ballot import Ballot
from municipality.ballot.city_key import CityKey
from municipality.ballot.definition import Definition, Draft, digest
from municipality.ballot.log import StoredNodes, begin_log, index_of, newest_head
from municipality.ballot.merkle import consistency_proof, inclusion_proof
from municipality.ballot.register import Opened, Register
from municipality.ballot.statements import Ending, State, TreeHead
from municipality.requests import once
from municipality.schema import vote_ballots, vote_logs, vote_voters, votes
from municipality.store import Store
from municipality.texts import checked_text

LONGEST_REASON = 500
#: Leaves given at once.
MOST_LEAVES = 1000
#: Votes listed at once.
MOST_LISTED = 200
_ROWS = sa.select(votes.c.id, votes.c.ending, votes.c.signature, vote_logs.c.size).join_from(votes, vote_logs)


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote.

    Attributes:
        definition: What it is about.
        digest: Of the definition, (32,) bytes.
        state: What it is now.
        turnout: Ballots cast so far.
        ending: How it ended; None as long as it has not.
        signature: Of the ending.
    """

    definition: Definition
    digest: bytes
    state: State
    turnout: int
    ending: Ending | None
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A ballot in the log.

    Attributes:
        index: Its place, from 0 on.
        hash: Of the leaf, (32,) bytes.
        ballot: What it says; None as long as the vote is not closed, and for ever when it was cancelled.
    """

    index: int
    hash: bytes
    ballot: Ballot | None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that a leaf stands in the log of a signed head."""

    index: int
    head: TreeHead
    proof: Sequence[bytes]


class Votes:
    """The votes of the city. Ballots are cast through :class:`~municipality.ballot.BallotBox`."""

    def __init__(self, store: Store, key: CityKey) -> None:
        self._store = store
        self._key = key
        self._register = Register()

    @property
    def fingerprint(self) -> str:
        """Of the city's public key, hexadecimal."""
        return self._key.fingerprint

    def open(self, actor: Actor, draft: Draft, *, key: str | None = None, now: float) -> Vote:
        """Open a vote; from now on nothing about it can be changed.

        Args:
            actor: An officer.
            draft: The vote.
            key: Idempotency key.
            now: Unix seconds.

        Raises:
            NotAllowedError: They may not.
            VoteRefusedError, TextRefusedError: It cannot be opened so.
            KeyReusedError: The key served another request.
        """
        actor.require(Action.OPEN_VOTE, CITY_HALL)
        checked = draft.checked(now)
        content = {"act": "open vote", "vote": Definition(0, checked, self._key.public).text()}
        with self._store.write() as connection:
            vote = once(
                connection,
                actor,
                key,
                content,
                now=now,
                act=lambda: self._open(connection, actor, checked, now),
            )
        return self.get(vote, now=now)

    def cancel(self, actor: Actor, vote: int, reason: str, *, now: float) -> Vote:
        """Cancel a vote before its time; what was cast is neither counted nor shown.

        Raises:
            NotAllowedError: They may not.
            NotFoundError: There is no such vote.
            TextRefusedError: The reason is empty or too long.
            ConflictError: It is over or cancelled already.
        """
        actor.require(Action.OPEN_VOTE, CITY_HALL)
        said = checked_text(reason, ("취소 사유", "reason"), LONGEST_REASON)
        with self._store.write() as connection:
            opened = self._register.opened(connection, vote)
            endings.cancel(connection, vote, opened, self._key, actor=actor, reason=said, now=now)
            return self._vote(connection, vote, now)

    def get(self, vote: int, *, now: float) -> Vote:
        """Return a vote.

        Raises:
            NotFoundError: There is none.
        """
        with self._store.engine.connect() as connection:
            return self._vote(connection, vote, now)

    def listed(self, *, now: float, proposal: int | None = None) -> list[Vote]:
        """Return votes, the newest first; those that decide on a proposal, when one is named."""
        query = _ROWS.order_by(votes.c.id.desc()).limit(MOST_LISTED)
        if proposal is not None:
            query = query.where(votes.c.proposal == proposal)
        with self._store.engine.connect() as connection:
            rows = connection.execute(query).all()
            return [self._seen(self._register.opened(connection, row.id), row, now) for row in rows]

    def voted(self, actor: Actor, numbers: Iterable[int]) -> frozenset[int]:
        """Return in which of these votes somebody has voted: they themselves ask, nobody else."""
        if actor.citizen is None:
            return frozenset()
        table = vote_voters.c
        query = sa.select(table.vote).where(table.vote.in_(list(numbers)), table.citizen == actor.citizen)
        with self._store.engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def leaves(self, vote: int, first: int, last: int, *, now: float) -> list[Leaf]:
        """Return leaves ``first`` up to, but not including, ``last``; at most :data:`MOST_LEAVES`.

        Raises:
            NotFoundError: There is no such vote.
        """
        table = vote_ballots.c
        end = min(last, first + MOST_LEAVES)
        query = (
            sa.select(table.index, table.leaf, table.choices, table.nonce)
            .where(table.vote == vote, table.index >= first, table.index < end)
            .order_by(table.index)
        )
        with self._store.engine.connect() as connection:
            shown = self._vote(connection, vote, now).state is State.CLOSED
            return [
                Leaf(index, leaf, Ballot(choices, nonce) if shown else None)
                for index, leaf, choices, nonce in connection.execute(query)
            ]

    def head(self, vote: int) -> TreeHead:
        """Return the newest signed head of a log.

        Raises:
            NotFoundError: There is no such vote.
        """
        with self._store.engine.connect() as connection:
            self._register.opened(connection, vote)
            return newest_head(connection, vote)

    def inclusion(self, vote: int, leaf: bytes) -> Inclusion:
        """Return the proof that a leaf, by its hash, stands in the log as it is.

        Raises:
            NotFoundError: There is no such vote or leaf.
        """
        with self._store.engine.connect() as connection:
            self._register.opened(connection, vote)
            index = index_of(connection, vote, leaf)
            if index is None:
                raise refusals.no_leaf()
            head = newest_head(connection, vote)
            return Inclusion(index, head, inclusion_proof(index, head.size, StoredNodes(connection, vote)))

    def consistency(self, vote: int, first: int, second: int) -> list[bytes]:
        """Return the proof that the log at one size begins with what it was at another.

        Raises:
            NotFoundError: There is no such vote.
            BallotRefusedError: The log never had one of those sizes, or the first is the larger.
        """
        with self._store.engine.connect() as connection:
            self._register.opened(connection, vote)
            size = newest_head(connection, vote).size
            if not 0 <= first <= second <= size:
                raise refusals.no_tree(first if not 0 <= first <= size else second)
            return consistency_proof(first, second, StoredNodes(connection, vote))

    def _open(self, connection: sa.Connection, actor: Actor, draft: Draft, now: float) -> int:
        columns = {"place": draft.place, "proposal": draft.proposal}
        vote: int = connection.execute(
            sa.insert(votes)
            .values(definition="", digest=b"", opens=draft.opens, closes=draft.closes, **columns)
            .returning(votes.c.id)
        ).scalar_one()
        text = Definition(vote, draft, self._key.public).text()
        connection.execute(
            sa.update(votes).where(votes.c.id == vote).values(definition=text, digest=digest(text))
        )
        begin_log(connection, vote, digest(text), self._key)
        body = {"vote": vote, "definition": digest(text).hex(), "opens": draft.opens, "closes": draft.closes}
        journal.append(connection, endings.JOURNAL, at=now, actor=actor, kind="opened", body=body | columns)
        return vote

    def _vote(self, connection: sa.Connection, vote: int, now: float) -> Vote:
        opened = self._register.opened(connection, vote)
        return self._seen(opened, connection.execute(_ROWS.where(votes.c.id == vote)).one(), now)

    @staticmethod
    def _seen(opened: Opened, row: Any, now: float) -> Vote:
        ending = None if row.ending is None else Ending.from_json(json.loads(row.ending))
        state = _state(opened.definition.draft, ending, now)
        return Vote(opened.definition, opened.digest, state, row.size, ending, row.signature)


def _state(draft: Draft, ending: Ending | None, now: float) -> State:
    if ending is not None:
        return ending.state
    if now < draft.opens:
        return State.SCHEDULED
    return State.OPEN if now < draft.closes else State.COUNTING
