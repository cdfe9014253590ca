import asyncio

import pytest
import sqlalchemy as sa

from municipality.ballot import verify_stored
from municipality.schema import vote_ballots, vote_heads, vote_logs, vote_voters, votes
from municipality.store import Store
from tests.support.voters import polls


@pytest.fixture
def voted(store: Store) -> Store:
    """Two votes, with five ballots in each."""

    async def body() -> None:
        async with polls(store) as city:
            for _ in range(2):
                vote = city.open().definition.vote
                await asyncio.gather(*(city.cast(number, vote, 0) for number in range(1, 6)))

    asyncio.run(body())
    return store


def test_what_is_kept_verifies(voted: Store) -> None:
    found = dict(verify_stored(voted))
    assert [(vote, one.ballots) for vote, one in found.items()] == [(1, 5), (2, 5)]
    assert all(one.passed for one in found.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (sa.update(vote_ballots).where(vote_ballots.c.index == 3).values(leaf=bytes(32)), "Line"),
        (sa.delete(vote_ballots).where(vote_ballots.c.index == 4), "Line"),
        (sa.update(vote_heads).where(vote_heads.c.size == 5).values(root=bytes(32)), "signature"),
        (sa.update(votes).values(definition=votes.c.definition + " "), "definition"),
        (sa.delete(vote_voters).where(vote_voters.c.citizen == 2), "5 ballots, but 4 have voted"),
        (sa.update(vote_logs).values(size=6), "6 ballots, but 5 have voted"),
    ],
)
def test_what_was_changed_behind_the_citys_back_is_found(voted: Store, change: sa.Update, said: str) -> None:
    with voted.write() as connection:
        connection.execute(change.where(change.table.c[0] == 2))
    found = dict(verify_stored(voted))
    assert found[1].passed
    assert any(said in en for _, en in found[2].faults), found[2].faults
