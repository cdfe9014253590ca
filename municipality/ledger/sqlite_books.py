"""Books in SQLite (WAL, ``synchronous=FULL``): a batch is one transaction in a thread of its own."""

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from municipality.ledger import refusals
from municipality.ledger.book import Account, Book, OpenHold, Outcome, Posting, accounts_named, holds_named
from municipality.ledger.books import ENTRY, MOST_DUE, MOST_KNOWN
from municipality.ledger.command import Command, Expire
from municipality.ledger.entry import GENESIS, Entry

_BUSY_MILLISECONDS = 5000
#: Pages of 4 kB after which the log is copied into the file. The default of 1000 comes so often that every
#: fiftieth transfer waits for it.
_LOG_PAGES = 8000
#: Keys come in no order: every batch touches pages all over their index, which should be in memory.
_CACHE_KIBIBYTES = 65_536
#: Keys looked for in one statement, which is prepared once; shorter lists are filled up.
_KEYS = 16
_FIND_ENTRIES = f"SELECT {ENTRY} FROM ledger_entries WHERE key IN ({', '.join('?' * _KEYS)})"  # noqa: S608 -- our columns


class SqliteBooks:
    """The ledger's tables in one SQLite file."""

    def __init__(self, path: str) -> None:
        """Open the file; its tables must be there already (see :class:`municipality.store.Store`)."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            f"busy_timeout = {_BUSY_MILLISECONDS}",
            f"wal_autocheckpoint = {_LOG_PAGES}",
            f"cache_size = -{_CACHE_KIBIBYTES}",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        self._book = Book()

    async def post(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        """Do a batch in one transaction; see :class:`~municipality.ledger.books.Books`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._post, commands, now)

    async def close(self) -> None:
        """Close the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()

    def _post(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            due = self._due(now)
            asked = [*due, *commands]
            self._load(asked)
            posting = self._book.post(asked, now)
            self._write(posting)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._forget()
            raise refusals.unavailable(error) from error
        except BaseException:
            self._forget()
            raise
        self._book.entries.clear()
        self._book.holds.clear()
        return posting.outcomes[len(due) :]

    def _forget(self) -> None:
        """Believe nothing that was thought before a failure."""
        self._book = Book()
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _due(self, now: int) -> list[Expire]:
        rows = self._connection.execute(
            "SELECT seq FROM ledger_holds WHERE expires <= ? ORDER BY expires LIMIT ?", (now, MOST_DUE)
        )
        return [Expire(seq) for (seq,) in rows]

    def _load(self, commands: Sequence[Command]) -> None:
        """Bring into the book what the commands may touch."""
        head = self._connection.execute(
            "SELECT seq, hash, at FROM ledger_entries ORDER BY seq DESC LIMIT 1"
        ).fetchone() or (0, GENESIS, 0)
        if head[1] != self._book.hash or len(self._book.accounts) > MOST_KNOWN:
            self._book = Book(*head)  # another process wrote, or this is the first batch
        book, read = self._book, self._connection.execute
        keys = [command.key for command in commands]
        for start in range(0, len(keys), _KEYS):
            some = keys[start : start + _KEYS]
            for row in read(_FIND_ENTRIES, some + [b""] * (_KEYS - len(some))):
                entry = Entry(*row)
                book.entries[entry.key] = entry
        for seq in holds_named(commands):
            row = read(
                "SELECT debit, credit, amount, expires FROM ledger_holds WHERE seq = ?", (seq,)
            ).fetchone()
            if row is not None:
                book.holds[seq] = OpenHold(*row)
        self._load_accounts(accounts_named(commands))
        self._load_accounts(account for hold in book.holds.values() for account in (hold.debit, hold.credit))

    def _load_accounts(self, accounts: Iterable[int]) -> None:
        for account in accounts:
            if account not in self._book.accounts:
                row = self._connection.execute(
                    "SELECT balance, held, allowance, newest FROM ledger_accounts WHERE id = ?", (account,)
                ).fetchone()
                if row is not None:
                    self._book.accounts[account] = Account(*row)

    def _write(self, posting: Posting) -> None:
        book, many = posting.book, self._connection.executemany
        many("INSERT INTO ledger_entries VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", posting.rows)
        many(
            "INSERT INTO ledger_accounts VALUES (?,?,?,?,?)",
            [(seq, *_numbers(book.accounts[seq])) for seq in posting.opened],
        )
        many(
            "UPDATE ledger_accounts SET balance = ?, held = ?, allowance = ?, newest = ? WHERE id = ?",
            [(*_numbers(book.accounts[seq]), seq) for seq in posting.touched - posting.opened],
        )
        many("DELETE FROM ledger_holds WHERE seq = ?", [(seq,) for seq in posting.ended])
        many(
            "INSERT INTO ledger_holds VALUES (?,?,?,?,?)",
            [(seq, hold.debit, hold.credit, hold.amount, hold.expires) for seq, hold in posting.new_holds()],
        )


def _numbers(account: Account) -> tuple[int, int, int, int]:
    return account.balance, account.held, account.allowance, account.newest
