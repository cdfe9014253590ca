"""`python -m tests.support.caster DATABASE VOTE FIRST`: citizens from number FIRST on vote, until killed.

Prints the receipt of each acknowledged ballot. Citizen n votes for option n mod 3, under `key-of-n`.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from municipality.ballot import BallotBox
from municipality.store import Store
from tests.support.voters import KEY, citizen

CALLERS = 16


async def cast(database: Path | str, vote: int, numbers: Iterator[int]) -> None:
    """Vote until killed, or until all have."""

    async def caller(box: BallotBox) -> None:
        for number in numbers:
            receipt = await box.cast(citizen(number), vote, (number % 3,), f"key-of-{number}")
            sys.stdout.write(f"{receipt.text()}\n")
            sys.stdout.flush()

    with Store(database) as store:
        async with BallotBox(store, KEY, time.time) as box:
            await asyncio.gather(*(caller(box) for _ in range(CALLERS)))


if __name__ == "__main__":
    where, first = sys.argv[1], int(sys.argv[3])
    asyncio.run(cast(where if "://" in where else Path(where), int(sys.argv[2]), iter(range(first, 10**9))))
