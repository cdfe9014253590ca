"""kill -9 while people vote, again and again: every receipt stays true, and nobody votes twice."""

import asyncio
import io
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from municipality.ballot import BallotBox, Receipt, Votes, export, read_receipt, verify
from municipality.errors import AlreadyVotedError
from municipality.schema import vote_voters
from municipality.store import Store
from tests.support.postgres import postgres
from tests.support.server import PROJECT
from tests.support.voters import KEY, admit, citizen, draft, officer

#: Citizens of one round; more than any round gets to.
ROUND = 3000


def receipts_until_killed(database: str, vote: int, first: int, least: int) -> list[Receipt]:
    """Let people vote until so many ballots were acknowledged, kill them, and return the receipts."""
    command = [sys.executable, "-m", "tests.support.caster", database, str(vote), str(first)]
    seen = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith("\n"):  # the kill may cut the last one
                seen.append(read_receipt(line))
            if len(seen) == least:
                process.kill()
    assert len(seen) >= least
    return seen


def prove(store: Store, vote: int, receipts: list[Receipt]) -> None:
    """Check that every receipt is true, and that there are as many ballots as there are voters."""
    found = verify(io.BytesIO("".join(export(store, vote)).encode()), receipts, KEY.fingerprint)
    assert found.passed, found.faults
    with store.engine.connect() as connection:
        voters = connection.execute(sa.select(sa.func.count()).select_from(vote_voters)).scalar_one()
    assert found.ballots == voters >= len(receipts)


async def try_again(store: Store, vote: int, receipts: list[Receipt]) -> None:
    """Vote again as those who hold receipts: the same gets the same receipt, anything else is refused."""
    async with BallotBox(store, KEY, time.time) as box:
        for receipt in receipts:
            number = int(receipt.key.removeprefix("key-of-"))
            assert await box.cast(citizen(number), vote, (number % 3,), receipt.key) == receipt
            with pytest.raises(AlreadyVotedError):
                await box.cast(citizen(number), vote, (), receipt.key)
            with pytest.raises(AlreadyVotedError):
                await box.cast(citizen(number), vote, (number % 3,), "another-key")


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("kind", "rounds"), [("sqlite", 10), ("postgresql", 3)])
def test_acknowledged_ballots_survive_kill_9_and_nobody_votes_twice(
    kind: str, rounds: int, tmp_path: Path
) -> None:
    with postgres(durable=True) as server:
        database = str(tmp_path / "city.sqlite3") if kind == "sqlite" else server.database()
        where = Path(database) if kind == "sqlite" else database
        with Store(where) as store:
            admit(store, range(1, rounds * ROUND + 1))
            now = time.time()
            wanted = draft(opens=int(now), closes=int(now) + 86_400)
            vote = Votes(store, KEY).open(officer(), wanted, now=now).definition.vote
        chance, receipts = random.Random(518), list[Receipt]()
        for number in range(rounds):
            fresh = receipts_until_killed(database, vote, number * ROUND + 1, chance.randint(50, 1000))
            receipts += fresh
            if kind == "postgresql":
                server.stop("immediate")  # as a crash: it recovers from its log
                server.start()
            with Store(where) as store:
                prove(store, vote, receipts)
                asyncio.run(try_again(store, vote, [*fresh[:2], *fresh[-2:], receipts[0]]))
