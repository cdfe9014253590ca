"""Reading the ledger: balances, histories, and the whole of it at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

import sqlalchemy as sa

from municipality.ledger import refusals
from municipality.ledger.book import Account
from municipality.ledger.books import ENTRY
from municipality.ledger.entry import Entry
from municipality.schema import ledger_accounts, ledger_entries
from municipality.store import Store

_PAGE = 10_000
#: What makes all reads of a transaction see one moment. SQLite in WAL does so anyway.
_REPEATABLE = MappingProxyType(
    {"sqlite": {}, "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}}
)
_ENTRY = [ledger_entries.c[name] for name in Entry._fields]
#: From the newest entry, or the one before the given, along the account's list.
_HISTORY_SQL = f"""
WITH RECURSIVE history AS (
    SELECT entry.* FROM ledger_entries entry WHERE entry.seq = CASE WHEN :before IS NULL
        THEN (SELECT newest FROM ledger_accounts WHERE id = :account)
        ELSE (SELECT CASE :account WHEN debit THEN debit_before WHEN credit THEN credit_before END
              FROM ledger_entries WHERE seq = :before) END
    UNION ALL
    SELECT entry.* FROM history JOIN ledger_entries entry
    ON entry.seq = CASE :account WHEN history.debit THEN history.debit_before ELSE history.credit_before END
)
SELECT {ENTRY} FROM history LIMIT :limit
"""  # noqa: S608 -- our own column names
_HISTORY = sa.text(_HISTORY_SQL).bindparams(
    *(sa.bindparam(name, type_=sa.BigInteger) for name in ("account", "before", "limit"))
)


class Statements:
    """What stands in the ledger, for readers; everything returned was committed."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def account(self, account: int) -> Account:
        """Return where an account stands.

        Raises:
            AccountUnknownError: There is none.
        """
        table = ledger_accounts.c
        query = sa.select(table.balance, table.held, table.allowance, table.newest).where(table.id == account)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise refusals.account_unknown(account)
        return Account(*row)

    def history(self, account: int, before: int | None = None, limit: int = 50) -> list[Entry]:
        """Return entries of an account, newest first.

        Args:
            account: Whose.
            before: Seq of an entry of this account: only older ones are returned.
            limit: At most so many.
        """
        values = {"account": account, "before": before, "limit": limit}
        with self._engine.connect() as connection:
            return [Entry(*row) for row in connection.execute(_HISTORY, values)]

    def entry(self, seq: int) -> Entry | None:
        """Return one entry, or None when there is none so far."""
        query = sa.select(*_ENTRY).where(ledger_entries.c.seq == seq)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Entry(*row)

    @contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """Open everything as it stands at one moment, whatever is written meanwhile."""
        with self._engine.connect().execution_options(**_REPEATABLE[self._engine.name]) as connection:
            yield Snapshot(connection)


class Snapshot:
    """The whole ledger at one moment."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def journal(self) -> Iterator[Entry]:
        """Yield every entry, in order."""
        after = 0
        while True:
            query = (
                sa.select(*_ENTRY)
                .where(ledger_entries.c.seq > after)
                .order_by(ledger_entries.c.seq)
                .limit(_PAGE)
            )
            page = [Entry(*row) for row in self._connection.execute(query)]
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].seq

    def accounts(self) -> dict[int, Account]:
        """Return all accounts by id."""
        table = ledger_accounts.c
        columns = (table.id, table.balance, table.held, table.allowance, table.newest)
        query = sa.select(*columns).order_by(table.id)
        return {row[0]: Account(*row[1:]) for row in self._connection.execute(query)}
