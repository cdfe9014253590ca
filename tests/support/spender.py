"""`python -m tests.support.spender DATABASE NAME`: people pay each other quickly, until killed.

Prints a line "seq hash" for each acknowledged entry.
"""

import asyncio
import random
import sys
import time
from contextlib import suppress
from pathlib import Path

from municipality.errors import InsufficientFundsError
from municipality.ledger import AccountId, Entry, Ledger, OpenAccount, Transfer, books_of, key_of
from municipality.store import Store

CALLERS = 16
PEOPLE = 20


async def spend(database: Path | str, name: str) -> None:
    """Pay until killed."""
    with Store(database) as store:
        async with Ledger(await books_of(store), lambda: time.time_ns() // 1000) as ledger:
            issuer = await ledger.ask(OpenAccount(key_of("test", "issuer"), 10**9))
            people = [
                AccountId((await ledger.ask(OpenAccount(key_of("test", f"person {number}")))).seq)
                for number in range(PEOPLE)
            ]
            for person in people:
                await ledger.ask(
                    Transfer(key_of("welcome", str(person)), AccountId(issuer.seq), person, 10_000)
                )
            await asyncio.gather(*(_pay(ledger, people, f"{name} {number}") for number in range(CALLERS)))


async def _pay(ledger: Ledger, people: list[AccountId], scope: str) -> None:
    number = 0
    while True:
        number += 1
        debit, credit = random.sample(people, 2)
        with suppress(InsufficientFundsError):
            _acknowledge(
                await ledger.ask(Transfer(key_of(scope, str(number)), debit, credit, random.randint(1, 9)))
            )


def _acknowledge(entry: Entry) -> None:
    sys.stdout.write(f"{entry.seq} {entry.hash.hex()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    where = sys.argv[1]
    asyncio.run(spend(where if "://" in where else Path(where), sys.argv[2]))
