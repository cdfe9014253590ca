"""Checking every vote where it is kept: its log by its export, and one voter for each ballot."""

import tempfile
from collections.abc import Iterator

import sqlalchemy as sa

from municipality.ballot.export import export
from municipality.ballot.recount import verify
from municipality.ballot.verification import Verification
from municipality.schema import vote_logs, vote_voters, votes
from municipality.store import Store


def verify_stored(store: Store) -> Iterator[tuple[int, Verification]]:
    """Yield the number of each vote, and what its check found."""
    with store.engine.connect() as connection:
        numbers = connection.execute(sa.select(votes.c.id).order_by(votes.c.id)).scalars().all()
    for vote in numbers:
        with tempfile.TemporaryFile() as file:
            file.writelines(part.encode() for part in export(store, vote))
            file.seek(0)
            found = verify(file)
        ballots, voters = _counts(store, vote)
        if ballots != voters:
            found.blame(
                f"표는 {ballots}장인데 투표한 사람은 {voters}명입니다.",
                f"There are {ballots} ballots, but {voters} have voted.",
            )
        yield vote, found


def _counts(store: Store, vote: int) -> tuple[int, int]:
    """Return how many ballots and voters there are at one moment."""
    ballots = sa.select(vote_logs.c.size).where(vote_logs.c.vote == vote).scalar_subquery()
    voters = sa.select(sa.func.count()).where(vote_voters.c.vote == vote).scalar_subquery()
    with store.engine.connect() as connection:
        row = connection.execute(sa.select(ballots, voters)).one()
    return row[0], row[1]
