"""A batch of ballots in one transaction: each is cast, answered as it was before, or refused."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from municipality.access import CITY, Action, Actor, covers
from municipality.ballot import refusals
from municipality.ballot.ballot import Ballot, bitmap, nonce_of
from municipality.ballot.city_key import CityKey
from municipality.ballot.definition import Draft
from municipality.ballot.endings import ending_of
from municipality.ballot.log import GrowingLog, StoredNodes, head_with, index_of
from municipality.ballot.merkle import inclusion_proof
from municipality.ballot.receipt import Receipt
from municipality.ballot.register import Opened, Register
from municipality.ballot.statements import Ending, State, TreeHead
from municipality.errors import MunicipalityError, NotAllowedError
from municipality.schema import vote_voters


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that somebody casts.

    Attributes:
        actor: Who; a citizen.
        vote: In which vote.
        choices: Numbers of options from 0 on.
        key: Their part in the nonce, and what makes asking twice harmless.
    """

    actor: Actor
    vote: int
    choices: tuple[object, ...]
    key: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A ballot and its place in the log."""

    choices: int
    salt: bytes
    index: int
    leaf: bytes


def is_elector(actor: Actor, draft: Draft) -> bool:
    """Tell whether somebody has a ballot in a vote, cast or not."""
    try:
        require_electorate(actor, draft)
    except NotAllowedError:
        return False
    return actor.citizen is not None


def require_electorate(actor: Actor, draft: Draft) -> None:
    """Go on only if somebody has a ballot in a vote.

    Raises:
        NotAllowedError: They have none.
    """
    actor.require(Action.VOTE, draft.place)
    if draft.local and not any(
        grant.place != CITY
        and covers(grant.place, draft.place)
        and Actor(grants=frozenset({grant})).may(Action.VOTE, draft.place)
        for grant in actor.grants
    ):
        raise refusals.not_local(draft.place)


class Casting:
    """One batch."""

    def __init__(self, connection: sa.Connection, register: Register, key: CityKey, now: float) -> None:
        """Cast in the transaction of ``connection``, at Unix second ``now``."""
        self._connection = connection
        self._register = register
        self._key = key
        self._now = now
        self._logs: dict[int, GrowingLog] = {}
        self._voted: dict[tuple[int, int], _Placed | None] = {}
        self._endings: dict[int, Ending | None] = {}
        self._doors: list[dict[str, object]] = []

    def outcomes(self, casts: Sequence[Cast]) -> list[Receipt | MunicipalityError]:
        """Cast all, in their order, and return a receipt or a refusal for each."""
        self._load(casts)
        found = [self._outcome(cast) for cast in casts]
        if self._doors:
            self._connection.execute(sa.insert(vote_voters), self._doors)
        heads = {vote: log.write(self._key) for vote, log in self._logs.items() if log.grown}
        # The receipts of this batch wait for its heads.
        return [
            self._receipt(cast, outcome, heads[cast.vote], self._logs[cast.vote].proof(outcome.index))
            if isinstance(outcome, _Placed)
            else outcome
            for cast, outcome in zip(casts, found, strict=True)
        ]

    def _load(self, casts: Sequence[Cast]) -> None:
        """Hold the logs, always in the same order, and see who has voted and what has ended."""
        named: dict[int, set[int]] = defaultdict(set)
        for cast in casts:
            named[cast.vote].add(cast.actor.of_citizen())
        for vote in sorted(named):
            try:
                opened = self._register.opened(self._connection, vote)
            except MunicipalityError:
                continue  # each who asks for it hears so
            self._logs[vote] = GrowingLog(self._connection, vote, opened.digest)
            table = vote_voters.c
            query = sa.select(table.citizen).where(table.vote == vote, table.citizen.in_(named[vote]))
            self._voted |= {(vote, citizen): None for citizen in self._connection.execute(query).scalars()}
            self._endings[vote] = ending_of(self._connection, vote)

    def _outcome(self, cast: Cast) -> Receipt | _Placed | MunicipalityError:
        try:
            return self._cast(cast)
        except MunicipalityError as error:
            return error

    def _cast(self, cast: Cast) -> Receipt | _Placed:
        opened = self._register.opened(self._connection, cast.vote)
        draft, citizen = opened.definition.draft, cast.actor.of_citizen()
        choices = bitmap(cast.choices, len(draft.options))
        salt = self._key.salt(opened.digest, citizen, cast.key)
        ballot = Ballot(choices, nonce_of(salt, cast.key))
        leaf = ballot.hash(opened.digest)
        if (cast.vote, citizen) in self._voted:
            return self._again(cast, choices, salt, leaf)
        require_electorate(cast.actor, draft)
        self._require_open(cast.vote, opened)
        placed = _Placed(choices, salt, self._logs[cast.vote].add(ballot), leaf)
        self._voted[cast.vote, citizen] = placed
        self._doors.append({"vote": cast.vote, "citizen": citizen, "door": cast.actor.door})
        return placed

    def _require_open(self, vote: int, opened: Opened) -> None:
        draft, ending = opened.definition.draft, self._endings[vote]
        if ending is not None and ending.state is State.CANCELLED:
            raise refusals.cancelled()
        if ending is not None or self._now >= draft.closes:
            raise refusals.over()
        if self._now < draft.opens:
            raise refusals.not_begun()
        if opened.definition.city != self._key.public:
            raise refusals.other_key()

    def _again(self, cast: Cast, choices: int, salt: bytes, leaf: bytes) -> Receipt | _Placed:
        """Answer somebody who has voted: the same ballot under the same key gets the same receipt."""
        earlier = self._voted[cast.vote, cast.actor.of_citizen()]
        if earlier is not None and earlier.leaf == leaf:
            return earlier
        index = None if earlier is not None else index_of(self._connection, cast.vote, leaf)
        if index is None:
            raise refusals.already_voted()
        head = head_with(self._connection, cast.vote, index)
        proof = inclusion_proof(index, head.size, StoredNodes(self._connection, cast.vote))
        return self._receipt(cast, _Placed(choices, salt, index, leaf), head, proof)

    def _receipt(self, cast: Cast, placed: _Placed, head: TreeHead, proof: Sequence[bytes]) -> Receipt:
        opened = self._register.opened(self._connection, cast.vote)
        return Receipt(
            cast.vote,
            opened.digest,
            opened.definition.city,
            placed.index,
            placed.choices,
            placed.salt,
            cast.key,
            head,
            tuple(proof),
        )
