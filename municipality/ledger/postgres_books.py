"""Books in PostgreSQL: a batch is a handful of round trips over one connection of asyncpg."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Self

import asyncpg
import sqlalchemy as sa

from municipality.ledger import refusals
from municipality.ledger.book import Account, Book, OpenHold, Outcome, Posting, accounts_named, holds_named
from municipality.ledger.books import ENTRY, MOST_DUE, MOST_KNOWN
from municipality.ledger.command import Command, Expire
from municipality.ledger.entry import GENESIS, Entry

#: Of the advisory lock that lets one writer in at a time, whatever the process.
_LOCK = 0x6D677765
_SECONDS = 15.0
_FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, asyncio.TimeoutError)


class PostgresBooks:
    """The ledger's tables in a PostgreSQL database."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: Any = None
        self._book = Book()

    @classmethod
    async def open(cls, url: sa.URL) -> Self:
        """Connect; the tables must be there already (see :class:`municipality.store.Store`).

        Raises:
            LedgerUnavailableError: Nobody answers there.
        """
        books = cls(url.set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            await books._connect()
        except _FAULTS as error:
            raise refusals.unavailable(error) from error
        return books

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()

    async def post(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        """Do a batch in one transaction; see :class:`~municipality.ledger.books.Books`."""
        try:
            if self._connection is None or self._connection.is_closed():
                await self._connect()
            async with self._connection.transaction():
                return await self._post(commands, now)
        except _FAULTS as error:
            self._book = Book()
            raise refusals.unavailable(error) from error
        except BaseException:
            self._book = Book()
            raise

    async def _connect(self) -> None:
        # A plan made while the journal was empty would scan it for ever after.
        settings = {"enable_seqscan": "off", "synchronous_commit": "on", "application_name": "ledger"}
        self._connection = await asyncpg.connect(
            self._address, timeout=_SECONDS, command_timeout=_SECONDS, server_settings=settings
        )

    async def _post(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        # A statement sees what was committed before it began: the lock must be had before one that reads.
        await self._connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        head = await self._connection.fetchrow(
            "SELECT seq, hash, at FROM ledger_entries ORDER BY seq DESC LIMIT 1"
        )
        due = await self._due(now)
        asked = [*due, *commands]
        await self._load(tuple(head) if head else (0, GENESIS, 0), asked)
        posting = self._book.post(asked, now)
        await self._write(posting)
        self._book.entries.clear()
        self._book.holds.clear()
        return posting.outcomes[len(due) :]

    async def _due(self, now: int) -> list[Expire]:
        rows = await self._connection.fetch(
            "SELECT seq FROM ledger_holds WHERE expires <= $1 ORDER BY expires LIMIT $2", now, MOST_DUE
        )
        return [Expire(row[0]) for row in rows]

    async def _load(self, head: tuple[int, bytes, int], commands: Sequence[Command]) -> None:
        """Bring into the book what the commands may touch."""
        if head[1] != self._book.hash or len(self._book.accounts) > MOST_KNOWN:
            self._book = Book(*head)  # another process wrote, or this is the first batch
        book, fetch = self._book, self._connection.fetch
        keys = [command.key for command in commands]
        for row in await fetch(_FIND_ENTRIES, keys):
            book.entries[row["key"]] = Entry(*row.values())
        if holds := holds_named(commands):
            for row in await fetch("SELECT * FROM ledger_holds WHERE seq = ANY($1::bigint[])", list(holds)):
                book.holds[row["seq"]] = OpenHold(*tuple(row)[1:])
        await self._load_accounts(
            accounts_named(commands)
            | {account for hold in book.holds.values() for account in (hold.debit, hold.credit)}
        )

    async def _load_accounts(self, accounts: Iterable[int]) -> None:
        missing = [account for account in accounts if account not in self._book.accounts]
        if missing:
            rows = await self._connection.fetch(
                "SELECT id, balance, held, allowance, newest FROM ledger_accounts "
                "WHERE id = ANY($1::bigint[])",
                missing,
            )
            self._book.accounts |= {row[0]: Account(*tuple(row)[1:]) for row in rows}

    async def _write(self, posting: Posting) -> None:
        book, execute = posting.book, self._connection.execute
        if posting.rows:
            await execute(_INSERT_ENTRIES, *map(list, zip(*posting.rows, strict=True)))
        if posting.touched:
            rows = [(seq, *_numbers(book.accounts[seq])) for seq in sorted(posting.touched)]
            await execute(_KEEP_ACCOUNTS, *map(list, zip(*rows, strict=True)))
        if posting.ended:
            await execute("DELETE FROM ledger_holds WHERE seq = ANY($1::bigint[])", list(posting.ended))
        if posting.held:
            held = [
                (seq, hold.debit, hold.credit, hold.amount, hold.expires) for seq, hold in posting.new_holds()
            ]
            await execute(_INSERT_HOLDS, *map(list, zip(*held, strict=True)))


def _numbers(account: Account) -> tuple[int, int, int, int]:
    return account.balance, account.held, account.allowance, account.newest


_FIND_ENTRIES = f"SELECT {ENTRY} FROM ledger_entries WHERE key = ANY($1::bytea[])"  # noqa: S608 -- our columns
_INSERT_ENTRIES = """
INSERT INTO ledger_entries
SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[],
                     $6::bigint[], $7::bigint[], $8::bigint[], $9::bytea[], $10::bytea[],
                     $11::bigint[], $12::bigint[])
"""
_KEEP_ACCOUNTS = """
INSERT INTO ledger_accounts (id, balance, held, allowance, newest)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
ON CONFLICT (id) DO UPDATE SET balance = excluded.balance, held = excluded.held,
                               allowance = excluded.allowance, newest = excluded.newest
"""
_INSERT_HOLDS = """
INSERT INTO ledger_holds (seq, debit, credit, amount, expires)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
"""
