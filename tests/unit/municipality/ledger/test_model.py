"""Any series of requests, against a model that is too simple to be wrong; the city restarts now and then."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from municipality.errors import (
    AccountUnknownError,
    AmountRefusedError,
    HoldNotOpenError,
    InsufficientFundsError,
    KeyReusedError,
    LedgerError,
)
from municipality.ledger import (
    Capture,
    Command,
    Entry,
    Hold,
    Ledger,
    OpenAccount,
    Statements,
    Transfer,
    Void,
    audit,
    books_of,
    export,
    key_of,
)
from municipality.store import Store
from tests.support.money import Clock

CAP = 500
_accounts = st.integers(1, 5)
_amounts = st.sampled_from([-1, 0, 1, 5, 20, 20, 50, 300])
#: Which of the open holds; one beyond them is none.
_picks = st.integers(0, 3)
#: Mostly a key of its own.
_keys = st.sampled_from(["", "", "", "", "", "a", "b"])


@dataclass
class Held:
    debit: int
    credit: int
    amount: int
    expires: int


class City(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = Clock()
        self.allowances: dict[int, int] = {}
        self.balances: Counter[int] = Counter()
        self.holds: dict[int, Held] = {}
        self.count = 0
        self.drawn = 0
        self.answers: dict[str, tuple[Command, Entry]] = {}
        self.runner = asyncio.Runner()
        self.store: Store | None = None

    @initialize()
    def open_city(self) -> None:
        self.start()
        self.do(OpenAccount(key_of("test", "issuer"), CAP), "issuer")
        for number in range(3):
            self.do(OpenAccount(key_of("test", f"person {number}")), f"person {number}")

    def start(self) -> None:
        self.store = Store(Path(self.folder.name) / "city.sqlite3")
        self.ledger = self.runner.run(self.entered(self.store))
        self.statements = Statements(self.store)

    async def entered(self, store: Store) -> Ledger:
        return await Ledger(await books_of(store), self.clock).__aenter__()

    def stop(self) -> None:
        if self.store is not None:
            self.runner.run(self.ledger.__aexit__())
            self.store.close()

    @rule()
    def restart(self) -> None:
        self.stop()
        self.start()

    @rule(microseconds=st.integers(0, 40))
    def time_passes(self, microseconds: int) -> None:
        self.clock.now += microseconds

    @rule(allowance=st.sampled_from([0, 0, 0, 5, -1]), key=_keys)
    def open_account(self, allowance: int, key: str) -> None:
        text = self.text(key)
        self.do(OpenAccount(key_of("test", text), allowance), text)

    @rule(debit=_accounts, credit=_accounts, amount=_amounts, key=_keys)
    def transfer(self, debit: Any, credit: Any, amount: int, key: str) -> None:
        text = self.text(key)
        self.do(Transfer(key_of("test", text), debit, credit, amount), text)

    @rule(
        debit=_accounts,
        credit=_accounts,
        amount=_amounts,
        lifetime=st.integers(0, 50),
        key=_keys,
    )
    def hold(self, debit: Any, credit: Any, amount: int, lifetime: int, key: str) -> None:
        text = self.text(key)
        self.do(Hold(key_of("test", text), debit, credit, amount, lifetime), text)

    @rule(pick=_picks, amount=_amounts, key=_keys)
    def capture(self, pick: int, amount: int, key: str) -> None:
        text = self.text(key)
        self.do(Capture(key_of("test", text), self.picked(pick), amount), text)

    @rule(pick=_picks, key=_keys)
    def void(self, pick: int, key: str) -> None:
        text = self.text(key)
        self.do(Void(key_of("test", text), self.picked(pick)), text)

    @rule(
        asked=st.lists(st.tuples(_accounts, _accounts, st.integers(1, 200)), min_size=1, max_size=5),
        key=_keys,
    )
    def many_at_once(self, asked: list[Any], key: str) -> None:
        key = self.text(key)
        commands = [
            (Transfer(key_of("test", f"{key}+{number}"), *pair), f"{key}+{number}")
            for number, pair in enumerate(asked)
        ]

        async def all_of_them() -> list[Any]:
            return await asyncio.gather(
                *(self.ledger.ask(command) for command, _ in commands), return_exceptions=True
            )

        self.expire()
        for (command, text), answer in zip(commands, self.runner.run(all_of_them()), strict=True):
            self.judge(command, text, answer)

    def text(self, key: str) -> str:
        """Return a key that was drawn, or one of its own."""
        self.drawn += 1
        return key or f"key {self.drawn}"

    def picked(self, pick: int) -> int:
        """Return the seq of an open hold, or one that holds nothing."""
        opened = sorted(self.holds)
        return opened[pick] if pick < len(opened) else 1

    def do(self, command: Command, text: str) -> None:
        self.expire()

        async def ask() -> Entry | LedgerError:
            try:
                return await self.ledger.ask(command)
            except LedgerError as error:
                return error

        self.judge(command, text, self.runner.run(ask()))

    def expire(self) -> None:
        """The ledger ends what has run out before it does what it is asked."""
        for seq, hold in sorted(self.holds.items()):
            if hold.expires <= self.clock.now:
                self.count += 1
                del self.holds[seq]

    def judge(self, command: Command, text: str, answer: Entry | LedgerError) -> None:
        expected = self.expected(command, text)
        if isinstance(expected, Entry):
            assert answer == expected
        elif expected is None:
            assert isinstance(answer, Entry), answer
            self.count += 1
            assert answer.seq == self.count
            self.answers[text] = (command, answer)
            self.apply(command, answer)
        else:
            assert type(answer) is expected, (command, answer, expected)

    def expected(  # noqa: PLR0911 -- a table
        self, command: Command, text: str
    ) -> Entry | type[LedgerError] | None:
        if text in self.answers:
            before, answer = self.answers[text]
            return answer if before == command else KeyReusedError
        match command:
            case OpenAccount(allowance=allowance):
                return AmountRefusedError if allowance < 0 else None
            case Hold(lifetime=0):
                return AmountRefusedError
            case Transfer() | Hold():
                return self.expected_payment(command)
            case Capture(hold=seq, amount=amount):
                if amount < 1:
                    return AmountRefusedError
                if seq not in self.holds:
                    return HoldNotOpenError
                return InsufficientFundsError if amount > self.holds[seq].amount else None
            case Void(hold=seq):
                return None if seq in self.holds else HoldNotOpenError
        raise AssertionError(command)

    def expected_payment(self, command: Transfer | Hold) -> type[LedgerError] | None:
        if command.amount < 1:
            return AmountRefusedError
        if {command.debit, command.credit} - self.allowances.keys() or command.debit == command.credit:
            return AccountUnknownError
        return InsufficientFundsError if command.amount > self.available(command.debit) else None

    def apply(self, command: Command, answer: Entry) -> None:
        match command:
            case OpenAccount(allowance=allowance):
                self.allowances[answer.seq] = allowance
            case Transfer(debit=debit, credit=credit, amount=amount):
                self.move(debit, credit, amount)
            case Hold(debit=debit, credit=credit, amount=amount):
                self.holds[answer.seq] = Held(debit, credit, amount, answer.expires)
            case Capture(hold=seq, amount=amount):
                hold = self.holds.pop(seq)
                self.move(hold.debit, hold.credit, amount)
            case Void(hold=seq):
                del self.holds[seq]

    def move(self, debit: int, credit: int, amount: int) -> None:
        self.balances[debit] -= amount
        self.balances[credit] += amount

    def held(self, account: int) -> int:
        return sum(hold.amount for hold in self.holds.values() if hold.debit == account)

    def available(self, account: int) -> int:
        return self.balances[account] - self.held(account) + self.allowances[account]

    @invariant()
    def the_accounts_stand_as_the_model_says(self) -> None:
        if self.store is None:
            return
        for account in self.allowances:
            found = self.statements.account(account)
            due = {seq for seq, hold in self.holds.items() if hold.expires <= self.clock.now}
            if not due:  # else the writer may be ending them just now
                assert (found.balance, found.held) == (self.balances[account], self.held(account))
            assert found.available >= 0
        assert sum(self.balances.values()) == 0

    def teardown(self) -> None:
        if self.store is not None:
            path = Path(self.folder.name) / "export"
            with StringIO() as text:
                export(self.statements, text)
                path.write_text(text.getvalue())
            found = audit(path, {entry.seq: entry.hash.hex() for _, entry in self.answers.values()})
            assert found.passed, found.faults
        self.stop()
        self.runner.close()
        self.folder.cleanup()


TestCity = City.TestCase
# Shrinking runs a city a hundred times over and outlasts the time limit: the whole failing run is shown.
TestCity.settings = settings(
    max_examples=60,
    phases=[Phase.generate],
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
