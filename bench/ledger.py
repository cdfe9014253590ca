"""The ledger: durable transfers, asked by 16 concurrent callers of its public API in one process.

Each transfer is between two of 1,000 people drawn by a seed, under a key of its own, and is acknowledged when
it is on disk; an audit of the export checks chain and balances at the end. Beside it, in the same run, the
usual way: one SQLAlchemy transaction for each transfer, doing the same work on the same tables; and what is
left of it when people pay over HTTP.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
import uvloop

from bench.figure import Figure, Question, percentile
from bench.keys import uuid7
from bench.machine import machine
from bench.payments import measure_payments
from municipality.ledger import (
    AccountId,
    Kind,
    Ledger,
    OpenAccount,
    Statements,
    Transfer,
    audit,
    books_of,
    export,
    key_of,
)
from municipality.ledger.entry import linked
from municipality.schema import ledger_accounts, ledger_entries
from municipality.store import Store
from tests.support.postgres import postgres

CALLERS = 16
PEOPLE = 1000
WELCOME = 1_000_000
_ORM = "one SQLAlchemy transaction each, same tables and checks, same run"

SQLITE = Question("durable transfers/s, 16 callers, SQLite FULL", "1/s", ">= 20000", ">= 30000", _ORM)
SQLITE_99 = Question("p99 of a transfer, 16 callers, SQLite FULL", "ms", "<= 5", "<= 2", _ORM)
POSTGRES = Question("durable transfers/s, 16 callers, PostgreSQL", "1/s", ">= 2500", ">= 5000", _ORM)


class Load:
    """Transfers per second and the milliseconds each took."""

    def __init__(self) -> None:
        self.rate = 0.0
        self.milliseconds: list[float] = []


async def opened(ledger: Ledger) -> list[AccountId]:
    """Open accounts with money on them."""
    issuer = await ledger.ask(OpenAccount(key_of("bench", "issuer"), PEOPLE * WELCOME))
    entries = await asyncio.gather(
        *(ledger.ask(OpenAccount(key_of("bench", f"person {number}"))) for number in range(PEOPLE))
    )
    people = [AccountId(entry.seq) for entry in entries]
    await asyncio.gather(
        *(
            ledger.ask(Transfer(key_of("welcome", str(person)), AccountId(issuer.seq), person, WELCOME))
            for person in people
        )
    )
    return people


async def drive(ledger: Ledger, people: Sequence[AccountId], seconds: float, run: int) -> Load:
    """Let the callers pay for a while."""
    load, chance = Load(), random.Random(run)
    start = time.perf_counter()

    async def caller(name: int) -> None:
        while (asked := time.perf_counter()) < start + seconds:
            debit, credit = chance.sample(people, 2)
            key = key_of(f"caller {name}", uuid7(chance))
            await ledger.ask(Transfer(key, debit, credit, chance.randint(1, 100)))
            load.milliseconds.append((time.perf_counter() - asked) * 1000.0)

    await asyncio.gather(*(caller(name) for name in range(CALLERS)))
    load.rate = len(load.milliseconds) / (time.perf_counter() - start)
    return load


def one_transaction_each(store: Store, people: Sequence[AccountId], seconds: float, run: int) -> Load:
    """Transfer the usual way, one after the other: more connections only wait for each other's lock."""
    load, chance, number = Load(), random.Random(run), 0
    start = time.perf_counter()
    while (asked := time.perf_counter()) < start + seconds:
        number += 1
        debit, credit = chance.sample(people, 2)
        _transfer(store.engine, key_of("orm", uuid7(chance)), debit, credit, chance.randint(1, 100))
        load.milliseconds.append((time.perf_counter() - asked) * 1000.0)
    load.rate = number / (time.perf_counter() - start)
    return load


def _transfer(engine: sa.Engine, key: bytes, debit: int, credit: int, amount: int) -> None:
    entries, accounts = ledger_entries.c, ledger_accounts.c
    with engine.begin() as connection:
        if connection.execute(sa.select(entries.seq).where(entries.key == key)).first():
            return
        head = connection.execute(
            sa.select(entries.seq, entries.hash, entries.at).order_by(entries.seq.desc()).limit(1)
        ).one()
        numbers = sa.select(accounts.balance, accounts.held, accounts.allowance, accounts.newest)
        rows = {
            account: connection.execute(numbers.where(accounts.id == account).with_for_update()).one()
            for account in sorted((debit, credit))
        }
        paying = rows[debit]
        if paying.balance - paying.held + paying.allowance < amount:
            raise RuntimeError("a person of the bench ran out of money")
        at = max(time.time_ns() // 1000, head.at)
        entry = linked(head.hash, (head.seq + 1, int(Kind.TRANSFER), at, debit, credit, amount, 0, 0, key))
        before = {"debit_before": paying.newest, "credit_before": rows[credit].newest}
        connection.execute(sa.insert(ledger_entries).values({**entry._asdict(), **before}))
        for account, change in ((debit, -amount), (credit, amount)):
            connection.execute(
                sa.update(ledger_accounts)
                .where(accounts.id == account)
                .values(balance=rows[account].balance + change, newest=entry.seq)
            )


def _audited(store: Store, folder: Path) -> None:
    with (folder / "export").open("w") as file:
        export(Statements(store), file)
    found = audit(folder / "export")
    if not found.passed:
        raise RuntimeError(f"the ledger does not add up: {found.faults}")


def loads(database: Path | str, folder: Path, seconds: float, runs: int) -> tuple[list[Load], list[Load]]:
    """Measure the ledger and the usual way, in turns, in one database; it is audited at the end."""
    ours: list[Load] = []
    usual: list[Load] = []

    async def round_of(store: Store, run: int) -> list[AccountId]:
        async with Ledger(await books_of(store), _microseconds) as ledger:
            people = await opened(ledger)
            ours.append(await drive(ledger, people, seconds, run))
            return people

    with Store(database) as store:
        for run in range(runs):
            people = uvloop.run(round_of(store, run))
            usual.append(one_transaction_each(store, people, seconds, run))
        _audited(store, folder)
    return ours, usual


def _microseconds() -> int:
    return time.time_ns() // 1000


def _figure(
    question: Question, ours: list[Load], usual: list[Load], of: Callable[[Load], float], where: str
) -> Figure:
    figure = question.answered([of(load) for load in ours], where)
    peer = question.answered([of(load) for load in usual], where).value
    return replace(figure, peer_value=peer, ratio=round(figure.value / peer, 3))


def _rate(load: Load) -> float:
    return load.rate


def _p99(load: Load) -> float:
    return percentile(load.milliseconds, 0.99)


def measure(*, quick: bool) -> list[Figure]:
    """Measure all figures of the ledger."""
    seconds, runs = (1.0, 2) if quick else (8.0, 5)
    # Not in /tmp, which may be memory: the figure is of a disk.
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as temporary, postgres(durable=True) as server:
        folder = Path(temporary)
        file = loads(folder / "city.sqlite3", folder, seconds, runs)
        database = loads(server.database(), folder, seconds, runs)
        where = machine()
        return [
            _figure(SQLITE, *file, _rate, where),
            _figure(SQLITE_99, *file, _p99, where),
            _figure(POSTGRES, *database, _rate, where),
            *measure_payments(quick=quick, where=where, folder=folder),
        ]
