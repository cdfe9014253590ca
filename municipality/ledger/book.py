"""The rules of the ledger: a batch of commands becomes entries, or refusals. It neither reads nor writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from municipality.errors import LedgerError
from municipality.ledger import refusals
from municipality.ledger.command import Capture, Command, Expire, Hold, Key, OpenAccount, Transfer, Void
from municipality.ledger.entry import GENESIS, LONGEST, MOST, Entry, Kind, linked

#: What a command came to: its entry (now or when it was first asked), or why not.
Outcome = Entry | LedgerError


@dataclass(slots=True)
class Account:
    """What an account stands at, minor units.

    Invariant: ``held >= 0`` and ``balance - held >= -allowance``.

    Attributes:
        balance: Posted.
        held: Set aside for open holds.
        allowance: How far below zero it may go.
        newest: Seq of the newest entry that names it.
    """

    balance: int
    held: int
    allowance: int
    newest: int = 0

    @property
    def available(self) -> int:
        """What may leave."""
        return self.balance - self.held + self.allowance


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold that was neither captured nor voided and has not expired. Times in Unix microseconds."""

    debit: int
    credit: int
    amount: int
    expires: int


@dataclass(slots=True)
class Book:
    """What a batch may touch, as it stands; :meth:`post` changes it.

    Attributes:
        seq: Of the newest entry.
        hash: Of the newest entry.
        at: Of the newest entry, Unix microseconds.
        accounts: By id; one that is not in here does not exist.
        holds: Open ones by seq.
        entries: Earlier ones by key, for the keys that the batch carries.
    """

    seq: int = 0
    hash: bytes = GENESIS
    at: int = 0
    accounts: dict[int, Account] = field(default_factory=dict)
    holds: dict[int, OpenHold] = field(default_factory=dict)
    entries: dict[bytes, Entry] = field(default_factory=dict)

    def post(self, commands: Iterable[Command], now: int) -> "Posting":
        """Do what the commands ask, in their order.

        Args:
            commands: Each is judged on what the ones before it left.
            now: Unix microseconds; entries never go back in time, whatever it says.
        """
        posting = Posting(self, max(now, self.at))
        for command in commands:
            posting.outcomes.append(posting.outcome(command))
        return posting


@dataclass(slots=True)
class Posting:
    """What became of a batch.

    Attributes:
        outcomes: One a command, in their order.
        rows: New entries, to be written, each with the seqs of the ones before it that named its debit and
            its credit account: an account's history is a list that its newest entry heads. Two indexes would
            cost twice what everything else costs.
        touched: Accounts whose numbers changed, to be written.
        opened: Those among them that are new.
        held: Seqs of new holds that are still open.
        ended: Seqs of holds that ended and were open before the batch.
    """

    book: Book
    now: int
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    opened: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)

    def new_holds(self) -> list[tuple[int, OpenHold]]:
        """Return the holds to be written, by seq."""
        return [(seq, self.book.holds[seq]) for seq in sorted(self.held)]

    def outcome(self, command: Command) -> Outcome:
        """Do one command; a refused one leaves everything as it was."""
        earlier = self.book.entries.get(command.key)
        if earlier is not None:
            return earlier if _is_answer(earlier, command) else refusals.key_reused(earlier)
        return self._fresh(command)

    def _fresh(self, command: Command) -> Outcome:
        match command:
            case Transfer():
                return self._transfer(command)
            case Hold():
                return self._hold(command)
            case Capture():
                return self._capture(command)
            case Void() | Expire():
                return self._release(command)
            case OpenAccount():
                return self._open(command)

    def _open(self, command: OpenAccount) -> Outcome:
        if not _is_amount(command.allowance, least=0):
            return refusals.amount(command.allowance)
        own = self.book.seq + 1
        self.book.accounts[own] = Account(0, 0, command.allowance)
        self.opened.add(own)
        return self._enter(Kind.OPEN, own, 0, command.allowance, 0, 0, command.key)

    def _transfer(self, command: Transfer) -> Outcome:
        parties = self._parties(command)
        if isinstance(parties, LedgerError):
            return parties
        debit, credit = parties
        debit.balance -= command.amount
        credit.balance += command.amount
        return self._enter(Kind.TRANSFER, command.debit, command.credit, command.amount, 0, 0, command.key)

    def _hold(self, command: Hold) -> Outcome:
        if not _is_amount(command.lifetime, most=LONGEST):
            return refusals.lifetime(command.lifetime)
        parties = self._parties(command)
        if isinstance(parties, LedgerError):
            return parties
        parties[0].held += command.amount
        entry = self._enter(
            Kind.HOLD, command.debit, command.credit, command.amount, 0, command.lifetime, command.key
        )
        self.book.holds[entry.seq] = OpenHold(
            command.debit, command.credit, command.amount, entry.at + command.lifetime
        )
        self.held.add(entry.seq)
        return entry

    def _parties(self, command: Transfer | Hold) -> tuple[Account, Account] | LedgerError:
        if not _is_amount(command.amount):
            return refusals.amount(command.amount)
        debit = self.book.accounts.get(command.debit)
        credit = self.book.accounts.get(command.credit)
        if debit is None or credit is None:
            return refusals.account_unknown(command.debit if debit is None else command.credit)
        if command.debit == command.credit:
            return refusals.same_account(command.debit)
        if debit.available < command.amount:
            return refusals.insufficient(command.amount, debit.available)
        return debit, credit

    def _capture(self, command: Capture) -> Outcome:
        if not _is_amount(command.amount):
            return refusals.amount(command.amount)
        hold = self.book.holds.get(command.hold)
        if hold is None or hold.expires <= self.now:
            return refusals.hold_not_open(command.hold)
        if command.amount > hold.amount:
            return refusals.insufficient(command.amount, hold.amount)
        self._end(command.hold, hold)
        self.book.accounts[hold.debit].balance -= command.amount
        self.book.accounts[hold.credit].balance += command.amount
        return self._enter(
            Kind.CAPTURE, hold.debit, hold.credit, command.amount, command.hold, 0, command.key
        )

    def _release(self, command: Void | Expire) -> Outcome:
        hold, by_time = self.book.holds.get(command.hold), isinstance(command, Expire)
        if hold is None or by_time != (hold.expires <= self.now):
            return refusals.hold_not_open(command.hold)
        self._end(command.hold, hold)
        kind = Kind.EXPIRE if by_time else Kind.VOID
        return self._enter(kind, hold.debit, hold.credit, hold.amount, command.hold, 0, command.key)

    def _end(self, seq: int, hold: OpenHold) -> None:
        self.book.accounts[hold.debit].held -= hold.amount
        del self.book.holds[seq]
        if seq in self.held:
            self.held.remove(seq)
        else:
            self.ended.add(seq)

    def _enter(  # noqa: PLR0913, PLR0917 -- the columns of a row
        self, kind: Kind, debit: int, credit: int, amount: int, refers: int, lifetime: int, key: Key
    ) -> Entry:
        book = self.book
        expires = self.now + lifetime if lifetime else 0
        values = (book.seq + 1, int(kind), self.now, debit, credit, amount, refers, expires, key)
        entry = linked(book.hash, values)
        book.seq, book.hash, book.at = entry.seq, entry.hash, entry.at
        book.entries[key] = entry
        self.rows.append((*entry, self._link(debit, entry.seq), self._link(credit, entry.seq)))
        return entry

    def _link(self, account: int, seq: int) -> int:
        """Make an entry the newest of an account; returns the one before it."""
        if not account:  # OPEN has no credit account
            return 0
        self.touched.add(account)
        stood = self.book.accounts[account]
        before, stood.newest = stood.newest, seq
        return before


def _is_amount(value: object, least: int = 1, most: int = MOST) -> bool:
    return type(value) is int and least <= value <= most  # type(): True is an int, and no amount


def _is_answer(entry: Entry, command: Command) -> bool:
    """Whether ``entry`` is what ``command`` came to when it was asked first."""
    match command:
        case Transfer(debit=debit, credit=credit, amount=amount):
            return entry[1] == Kind.TRANSFER and entry[3:6] == (debit, credit, amount)
        case Hold(debit=debit, credit=credit, amount=amount, lifetime=lifetime):
            same = entry[3:6] == (debit, credit, amount) and entry.expires - entry.at == lifetime
            return entry.kind == Kind.HOLD and same
        case Capture(hold=hold, amount=amount):
            return entry.kind == Kind.CAPTURE and (entry.refers, entry.amount) == (hold, amount)
        case Void(hold=hold):
            return entry.kind == Kind.VOID and entry.refers == hold
        case Expire(hold=hold):
            return entry.kind == Kind.EXPIRE and entry.refers == hold
        case OpenAccount(allowance=allowance):
            return entry.kind == Kind.OPEN and entry.amount == allowance


def accounts_named(commands: Sequence[Command]) -> set[int]:
    """Return the accounts that the commands name themselves; holds name more."""
    return {
        account
        for command in commands
        if isinstance(command, Transfer | Hold)
        for account in (command.debit, command.credit)
    }


def holds_named(commands: Sequence[Command]) -> set[int]:
    """Return the holds that the commands end."""
    return {command.hold for command in commands if isinstance(command, Capture | Void | Expire)}
