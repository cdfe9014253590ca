"""How votes end: closed by time and counted, or cancelled with a reason. Either way the city signs it."""

import json

import sqlalchemy as sa

from municipality import journal
from municipality.access import Actor
from municipality.ballot import refusals
from municipality.ballot.ballot import approvals
from municipality.ballot.city_key import CityKey
from municipality.ballot.log import hold_tree
from municipality.ballot.register import Opened
from municipality.ballot.statements import Ending, State, ending_statement
from municipality.schema import vote_ballots, votes

JOURNAL = "votes"
#: Who closes votes: nobody; it is time that does.
_CITY = Actor(door="program", grants=frozenset())


def ending_of(connection: sa.Connection, vote: int) -> Ending | None:
    """Return how a vote ended; None when it has not, or is not counted yet."""
    text = connection.execute(sa.select(votes.c.ending).where(votes.c.id == vote)).scalar_one()
    return None if text is None else Ending.from_json(json.loads(text))


def due(connection: sa.Connection, now: float) -> list[int]:
    """Return the numbers of votes whose time is over and that are not counted yet."""
    table = votes.c
    query = sa.select(table.id).where(table.ending.is_(None), table.closes <= int(now)).order_by(table.id)
    return list(connection.execute(query).scalars())


def turned(connection: sa.Connection, after: float, until: float) -> list[int]:
    """Return the numbers of votes whose time to open or close came after one moment and until another."""
    table = votes.c
    times = sa.or_(*(time.between(int(after) + 1, int(until)) for time in (table.opens, table.closes)))
    query = sa.select(table.id).where(table.ending.is_(None), times)
    return list(connection.execute(query.order_by(table.id)).scalars())


def close(connection: sa.Connection, vote: int, opened: Opened, key: CityKey, now: float) -> None:
    """Count a vote whose time is over, unless somebody just did."""
    tree = hold_tree(connection, vote)
    if ending_of(connection, vote) is not None:
        return
    table = vote_ballots.c
    query = (
        sa.select(table.choices, sa.func.count().label("ballots"))
        .where(table.vote == vote)
        .group_by(table.choices)
    )
    tally = {row.choices: row.ballots for row in connection.execute(query)}
    counted = tuple(approvals(tally.items(), len(opened.definition.draft.options)))
    ending = Ending(
        State.CLOSED, opened.definition.draft.closes, tree.size, tree.root, tally.get(0, 0), counted
    )
    _end(connection, vote, opened, key, ending)
    body = {
        "vote": vote,
        "size": ending.size,
        "root": ending.root.hex(),
        "blank": ending.blank,
        "approvals": list(counted),
    }
    journal.append(connection, JOURNAL, at=now, actor=_CITY, kind="closed", body=body)


def cancel(  # noqa: PLR0913 -- who ends what, why and when
    connection: sa.Connection,
    vote: int,
    opened: Opened,
    key: CityKey,
    *,
    actor: Actor,
    reason: str,
    now: float,
) -> None:
    """End a vote before its time; its ballots stay sealed and are not counted.

    Raises:
        ConflictError: It is over already.
    """
    tree = hold_tree(connection, vote)
    if ending_of(connection, vote) is not None or now >= opened.definition.draft.closes:
        raise refusals.ended()
    ending = Ending(State.CANCELLED, int(now), tree.size, tree.root, reason=reason)
    _end(connection, vote, opened, key, ending)
    body = {
        "vote": vote,
        "size": ending.size,
        "root": ending.root.hex(),
        "reason": journal.digest_of(reason),
    }
    journal.append(connection, JOURNAL, at=now, actor=actor, kind="cancelled", body=body)


def _end(connection: sa.Connection, vote: int, opened: Opened, key: CityKey, ending: Ending) -> None:
    if opened.definition.city != key.public:
        raise refusals.other_key()
    text = ending.text()
    signature = key.sign(ending_statement(opened.digest, text))
    connection.execute(sa.update(votes).where(votes.c.id == vote).values(ending=text, signature=signature))
