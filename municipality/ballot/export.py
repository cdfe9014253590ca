"""A vote written out, for anybody to check: what it is about, its log with every signed head, how it ended.

One JSON object a line, in canonical form (sorted, no spaces), so that no byte can change unseen:

1. `{"definition":"<digest>","format":"meta-gwangju export 1"}`
2. the definition, whose SHA-256 is that digest;
3. for each ballot `{"choices":5,"nonce":"…"}`; unless the vote is closed, `{"leaf":"<hash>"}`; after the last
   ballot of each signed head `{"root":"…","signature":"…","size":…}`, first that of the empty log;
4. `{"ending":{…},"signature":"…"}`, or `{"ending":null}` for a vote that goes on.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from municipality.ballot import refusals
from municipality.ballot.log import newest_head
from municipality.journal import canonical
from municipality.schema import vote_ballots, vote_heads, votes
from municipality.store import Store

FORMAT = "meta-gwangju export 1"
_PAGE = 2000


def export(store: Store, vote: int) -> Iterator[str]:
    """Yield the text of a vote as it stands now, some lines at a time.

    A log only grows, so no transaction is held open, however slowly the text is taken.

    Raises:
        NotFoundError: There is no such vote.
    """
    with store.engine.connect() as connection:
        table = votes.c
        columns = (table.definition, table.digest, table.ending, table.signature)
        row = connection.execute(sa.select(*columns).where(table.id == vote)).one_or_none()
        if row is None:
            raise refusals.no_vote(vote)
        size = newest_head(connection, vote).size
    yield f"{canonical({'format': FORMAT, 'definition': row.digest.hex()})}\n{row.definition}\n"
    shown = row.ending is not None and '"state":"closed"' in row.ending
    for start in range(0, size + 1, _PAGE):
        with store.engine.connect() as connection:
            text = _page(connection, vote, start, min(start + _PAGE, size + 1), shown=shown)
        yield text
    if row.ending is None:
        yield '{"ending":null}\n'
    else:
        yield f'{{"ending":{row.ending},"signature":"{row.signature.hex()}"}}\n'


def _page(connection: sa.Connection, vote: int, start: int, end: int, *, shown: bool) -> str:
    """Return the lines of a log between two of its sizes: heads of size ``start`` up to, without, ``end``.

    Before each head, and where there is none, stands the ballot that brought the log to that size.
    """
    table, heads = vote_ballots.c, vote_heads.c
    ballots = connection.execute(
        sa.select(table.index, table.choices, table.nonce, table.leaf)
        .where(table.vote == vote, table.index >= start - 1, table.index < end - 1)
        .order_by(table.index)
    )
    signed = {
        row.size: f'{{"root":"{row.root.hex()}","signature":"{row.signature.hex()}","size":{row.size}}}\n'
        for row in connection.execute(
            sa.select(heads.size, heads.root, heads.signature).where(
                heads.vote == vote, heads.size >= start, heads.size < end
            )
        )
    }
    lines = [signed.get(0, "")] if start == 0 else []
    for index, choices, nonce, leaf in ballots:
        lines.append(
            f'{{"choices":{choices},"nonce":"{nonce.hex()}"}}\n' if shown else f'{{"leaf":"{leaf.hex()}"}}\n'
        )
        lines.append(signed.get(index + 1, ""))
    return "".join(lines)
