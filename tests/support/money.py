"""A ledger to test: its clock stands still until it is turned, and its calls can be written as words."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from municipality.ledger import (
    AccountId,
    Capture,
    Entry,
    Hold,
    Ledger,
    OpenAccount,
    Statements,
    Transfer,
    Void,
    books_of,
    key_of,
)
from municipality.ledger.command import Key
from municipality.store import Store

CAP = 1_000_000


@dataclass
class Clock:
    """Unix microseconds, turned by hand."""

    now: int = 1_000_000

    def __call__(self) -> int:
        return self.now


@dataclass
class Till:
    """A ledger with an issuer, in a test's words."""

    ledger: Ledger
    statements: Statements
    clock: Clock
    issuer: AccountId
    _keys: "count[int]" = field(default_factory=count)

    def key(self, text: str | None = None) -> Key:
        return key_of("test", text or f"key {next(self._keys)}")

    async def open(self, money: int = 0) -> AccountId:
        account = AccountId((await self.ledger.ask(OpenAccount(self.key()))).seq)
        if money:
            await self.pay(self.issuer, account, money)
        return account

    async def pay(self, debit: AccountId, credit: AccountId, amount: Any, key: Key | None = None) -> Entry:
        return await self.ledger.ask(Transfer(key or self.key(), debit, credit, amount))

    async def hold(
        self, debit: AccountId, credit: AccountId, amount: int, lifetime: int = 60_000_000
    ) -> Entry:
        return await self.ledger.ask(Hold(self.key(), debit, credit, amount, lifetime))

    async def capture(self, hold: Entry, amount: int) -> Entry:
        return await self.ledger.ask(Capture(self.key(), hold.seq, amount))

    async def void(self, hold: Entry) -> Entry:
        return await self.ledger.ask(Void(self.key(), hold.seq))

    def stands(self, account: AccountId) -> tuple[int, int]:
        """Return balance and held."""
        found = self.statements.account(account)
        return found.balance, found.held


@asynccontextmanager
async def till(store: Store, clock: Clock | None = None) -> AsyncIterator[Till]:
    """Open a ledger in ``store``, with an issuer."""
    clock = clock or Clock()
    async with Ledger(await books_of(store), clock) as ledger:
        issuer = await ledger.ask(OpenAccount(key_of("test", "issuer"), CAP))
        yield Till(ledger, Statements(store), clock, AccountId(issuer.seq))


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a test's coroutine."""
    asyncio.run(work)
