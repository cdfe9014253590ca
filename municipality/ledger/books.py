"""Where a book is kept between batches: what both databases share."""

from collections.abc import Sequence
from typing import Protocol

from municipality.ledger.book import Outcome
from municipality.ledger.command import Command
from municipality.ledger.entry import Entry
from municipality.store import Store

#: The columns of an entry, in its order.
ENTRY = ", ".join(Entry._fields)
#: Holds that have run out are ended with the next batch, this many at once.
MOST_DUE = 64
#: Accounts kept in memory; beyond it all are forgotten, and read again as they are needed.
MOST_KNOWN = 200_000


class Books(Protocol):
    """A database that keeps a ledger. Used by one writer at a time."""

    async def post(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        """Do a batch in one transaction; it is on disk when this returns.

        Args:
            commands: In order; may be empty, then only what has expired is ended.
            now: Unix microseconds.

        Raises:
            LedgerUnavailableError: The database did not confirm; most likely nothing was done, and asking
                again with the same keys is safe.
        """

    async def close(self) -> None:
        """Let go of the database."""


async def books_of(store: Store) -> Books:
    """Open the books in the database of ``store``, through the driver that is quickest there."""
    # Each driver is loaded where it is used alone.
    if store.url.get_backend_name() == "sqlite":
        from municipality.ledger.sqlite_books import SqliteBooks  # noqa: PLC0415

        return SqliteBooks(str(store.url.database))
    from municipality.ledger.postgres_books import PostgresBooks  # noqa: PLC0415

    return await PostgresBooks.open(store.url)


class BooksWhenNeeded:
    """The books of a store, opened with the first batch: a ledger can be made before an event loop runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._books: Books | None = None

    async def post(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        """Do a batch in one transaction; see :class:`Books`."""
        if self._books is None:
            self._books = await books_of(self._store)
        return await self._books.post(commands, now)

    async def close(self) -> None:
        """Let go of the database."""
        if self._books is not None:
            await self._books.close()
            self._books = None
