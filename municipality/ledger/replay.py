"""The rules of the ledger a second time, apart from :mod:`municipality.ledger.book`, for an audit.

A mistake in the one does not hide itself in the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from municipality.journal import chained
from municipality.ledger.entry import GENESIS, MOST, Entry, Kind, record

FORMAT = "meta-gwangju ledger 1"
#: Findings beyond these are counted, not told.
MOST_TOLD = 20


@dataclass(slots=True)
class Audit:
    """What an audit found.

    Attributes:
        entries: How many there are.
        head: Hash of the last, hexadecimal.
        outstanding: Money in circulation, minor units.
        balances: By account, minor units.
        faults: What is wrong, as sentences in Korean and English; the first :data:`MOST_TOLD`.
        wrong: How many faults there are in all.
    """

    entries: int = 0
    head: str = GENESIS.hex()
    outstanding: int = 0
    balances: dict[int, int] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    wrong: int = 0

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.wrong == 0

    def blame(self, ko: str, en: str) -> None:
        """Note a fault."""
        self.wrong += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append((ko, en))


class Replay:
    """The accounts as the entries make them."""

    def __init__(self, found: Audit, published: Mapping[int, str]) -> None:
        self._found = found
        self._expected = dict(published)
        self._previous = GENESIS
        self._at = 0
        self._keys: set[bytes] = set()
        self._allowances: dict[int, int] = {}
        self._held: dict[int, int] = {}
        self._holds: dict[int, Entry] = {}
        self._stated: set[int] = set()
        self._headed = False

    def read(self, line: int, value: Any) -> None:
        """Take one line of the export."""
        match value:
            case {"format": str(name)} if line == 1 and name == FORMAT:
                self._headed = True
            case [*numbers, str(key), str(digest)] if len(numbers) == 8 and all(
                type(number) is int and 0 <= number < 2**63 for number in numbers
            ):
                self._entry(line, numbers, key, digest)
            case {"account": [int(number), int(balance), int(held), int(allowance)]}:
                self._account(number, (balance, held, allowance))
            case _:
                self._found.blame(f"{line}째 줄의 꼴이 틀립니다.", f"Line {line} is not of this format.")

    def end(self) -> None:
        """Check what only the end can tell."""
        found = self._found
        if not self._headed:
            found.blame(
                "첫 줄이 원장 내보내기가 아닙니다.", "The first line is not that of a ledger's export."
            )
        for account in sorted(found.balances.keys() - self._stated):
            found.blame(f"계정 {account}의 잔액이 적혀 있지 않습니다.", f"Account {account} is not stated.")
        for seq in sorted(self._expected):
            found.blame(f"공표된 거래 {seq}이(가) 없습니다.", f"The published entry {seq} is missing.")
        found.outstanding = sum(
            balance for account, balance in found.balances.items() if not self._allowances[account]
        )

    def _entry(self, line: int, numbers: list[int], key: str, digest: str) -> None:
        found = self._found
        try:
            values: list[Any] = [*numbers, bytes.fromhex(key), bytes.fromhex(digest)]
            entry = Entry(*values)
            claimed = chained(self._previous, record(entry))
        except (ValueError, OverflowError):
            found.blame(f"{line}째 줄의 값이 틀립니다.", f"Line {line} holds a wrong value.")
            return
        seq = found.entries = found.entries + 1
        if entry.seq != seq:
            self._blame(entry, f"번호가 {seq}이어야 합니다", f"should be number {seq}")
            found.entries = entry.seq
        if claimed != entry.hash:
            self._blame(
                entry, "해시가 앞 거래와 이어지지 않습니다", "its hash does not follow from the one before"
            )
        if self._expected.pop(entry.seq, digest) != digest:
            self._blame(entry, "공표된 해시와 다릅니다", "differs from the published hash")
        if entry.at < self._at:
            self._blame(entry, "시간이 거꾸로 갑니다", "goes back in time")
        if entry.key in self._keys:
            self._blame(entry, "멱등 키가 두 번 쓰였습니다", "uses an idempotency key again")
        self._previous, self._at, found.head = entry.hash, entry.at, digest
        self._keys.add(entry.key)
        for reason in self._apply(entry):
            self._blame(entry, *reason)

    def _blame(self, entry: Entry, ko: str, en: str) -> None:
        self._found.blame(f"거래 {entry.seq}: {ko}.", f"Entry {entry.seq}: {en}.")

    def _apply(self, entry: Entry) -> Iterable[tuple[str, str]]:
        """Do what an entry says, and yield the rules that it breaks."""
        balances = self._found.balances
        if entry.kind == Kind.OPEN:
            yield from self._open(entry)
            return
        if entry.debit not in balances or entry.credit not in balances or entry.debit == entry.credit:
            yield "없는 계정을 씁니다", "uses an account that does not exist"
            return
        if not 0 < entry.amount <= MOST:
            yield "금액이 틀립니다", "holds a wrong amount"
        if entry.kind in {Kind.CAPTURE, Kind.VOID, Kind.EXPIRE}:
            yield from self._end_hold(entry)
        elif entry.kind not in {Kind.TRANSFER, Kind.HOLD} or entry.refers:
            yield "알 수 없는 종류입니다", "is of an unknown kind"
        if entry.kind == Kind.HOLD:
            self._holds[entry.seq] = entry
            self._held[entry.debit] += entry.amount
        if entry.kind in {Kind.TRANSFER, Kind.CAPTURE}:
            balances[entry.debit] -= entry.amount
            balances[entry.credit] += entry.amount
        if balances[entry.debit] - self._held[entry.debit] < -self._allowances[entry.debit]:
            yield "잔액보다 많이 나갔습니다", "takes more than is there"

    def _open(self, entry: Entry) -> Iterable[tuple[str, str]]:
        if entry.debit != entry.seq or entry.credit or entry.refers or entry.expires:
            yield "계정을 여는 거래의 꼴이 틀립니다", "is no well-formed opening of an account"
        self._found.balances[entry.debit], self._held[entry.debit] = 0, 0
        self._allowances[entry.debit] = entry.amount

    def _end_hold(self, entry: Entry) -> Iterable[tuple[str, str]]:
        hold = self._holds.pop(entry.refers, None)
        if hold is None:
            yield "열려 있지 않은 보류를 끝냅니다", "ends a hold that is not open"
            return
        self._held[hold.debit] -= hold.amount
        if (entry.debit, entry.credit) != (hold.debit, hold.credit) or entry.amount > hold.amount:
            yield "보류와 내용이 다릅니다", "differs from its hold"
        if (entry.at >= hold.expires) != (entry.kind == Kind.EXPIRE):
            yield "보류 기한에 맞지 않습니다", "does not fit the time of its hold"

    def _account(self, number: int, stated: tuple[int, int, int]) -> None:
        own = (self._found.balances.get(number), self._held.get(number), self._allowances.get(number))
        self._stated.add(number)
        if own != stated:
            self._found.blame(
                f"계정 {number}: 적힌 값 {stated}이(가) 거래의 합 {own}과 다릅니다.",
                f"Account {number}: stated as {stated}, but its entries make {own}.",
            )
