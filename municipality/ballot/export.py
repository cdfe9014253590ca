"""A vote written out, for anybody to check: what it is about, its log with every signed head, how it ended.

One JSON object a line, in canonical form (sorted, no spaces), so that no byte can change unseen:

1. `{"definition":"<digest>","format":"meta-gwangju export 1"}`
2. the definition, whose SHA-256 is that digest;
3. for each ballot `{"choices":5,"nonce":"…"}`; unless the vote is closed, `{"leaf":"<hash>"}`; after the last
   ballot of each signed head `{"root":"…","signature":"…","size":…}`, first that of the empty log;
4. `{"ending":{…},"signature":"…"}`, or `{"ending":null}` for a vote that goes on.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import sqlalchemy as sa

from municipality.ballot import refusals
from municipality.ballot.statements import TreeHead
from municipality.journal import canonical
from municipality.schema import vote_ballots, vote_heads, votes
from municipality.store import Store

FORMAT = "meta-gwangju export 1"
_PAGE = 5000
#: What makes all reads of a transaction see one moment. SQLite in WAL does so anyway.
_REPEATABLE: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {"sqlite": {}, "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}}
)


def export(store: Store, vote: int) -> Iterator[str]:
    """Yield the lines of a vote as it stands at one moment, each with its end of line.

    Raises:
        NotFoundError: There is no such vote.
    """
    options = dict(_REPEATABLE[store.engine.name])
    with store.engine.connect().execution_options(**options) as connection:
        table = votes.c
        row = connection.execute(
            sa.select(table.definition, table.digest, table.ending, table.signature).where(table.id == vote)
        ).one_or_none()
        if row is None:
            raise refusals.no_vote(vote)
        yield canonical({"format": FORMAT, "definition": row.digest.hex()}) + "\n"
        yield row.definition + "\n"
        shown = row.ending is not None and '"state":"closed"' in row.ending
        yield from _log(connection, vote, shown=shown)
        if row.ending is None:
            yield '{"ending":null}\n'
        else:
            yield f'{{"ending":{row.ending},"signature":"{row.signature.hex()}"}}\n'


def _log(connection: sa.Connection, vote: int, *, shown: bool) -> Iterator[str]:
    done = 0
    for head in _heads(connection, vote):
        while done < head.size:
            lines = _ballots(connection, vote, done, min(head.size, done + _PAGE), shown=shown)
            yield from lines
            done += len(lines)
        yield f'{{"root":"{head.root.hex()}","signature":"{head.signature.hex()}","size":{head.size}}}\n'


def _heads(connection: sa.Connection, vote: int) -> Iterator[TreeHead]:
    after = -1
    table = vote_heads.c
    while True:
        query = (
            sa.select(table.size, table.root, table.signature)
            .where(table.vote == vote, table.size > after)
            .order_by(table.size)
            .limit(_PAGE)
        )
        page = [TreeHead(*row) for row in connection.execute(query)]
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].size


def _ballots(connection: sa.Connection, vote: int, first: int, last: int, *, shown: bool) -> list[str]:
    table = vote_ballots.c
    columns = (table.choices, table.nonce) if shown else (table.leaf,)
    query = (
        sa.select(*columns)
        .where(table.vote == vote, table.index >= first, table.index < last)
        .order_by(table.index)
    )
    rows = connection.execute(query)
    if shown:
        return [f'{{"choices":{row.choices},"nonce":"{row.nonce.hex()}"}}\n' for row in rows]
    return [f'{{"leaf":"{row.leaf.hex()}"}}\n' for row in rows]
