"""Citizens' money: an account for each, welcome money from the issuer, and paying one another.

The currency is a closed loop: the city issues it, the ledger keeps it, and it is worth something here
alone. Amounts are whole minor units; one minor unit is one 빛 (bit).
"""

import asyncio
from dataclasses import dataclass

from municipality.access import Action, Actor
from municipality.citizens import Citizens
from municipality.errors import AccountUnknownError, AmountRefusedError, NotFoundError
from municipality.ledger import AccountId, Entry, Kind, Ledger, OpenAccount, Statements, Transfer, key_of

#: All money that the city may issue, and what each new citizen gets.
MOST_ISSUED = 1_000_000_000_000
WELCOME = 10_000
#: One payment between citizens moves at most so much.
MOST_PAID = 1_000_000
CURRENCY = {"ko": "빛", "en": "bit"}


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a citizen's history.

    Attributes:
        number: Of the entry in the ledger.
        at: Unix seconds.
        amount: Minor units, below zero when it went out.
        with_citizen: The other citizen's number; None for the city.
        kind: `welcome` or `payment`.
        hash: Of the entry, hexadecimal: what `meta-gwangju audit --receipt` takes.
    """

    number: int
    at: float
    amount: int
    with_citizen: int | None
    kind: str
    hash: str


class Wallet:
    """What a citizen does with money. Enter the ledger before it is used."""

    def __init__(self, ledger: Ledger, statements: Statements, citizens: Citizens) -> None:
        self._ledger = ledger
        self._statements = statements
        self._citizens = citizens

    async def open(self, citizen: int) -> AccountId:
        """Return a citizen's account; the first time it is opened, with welcome money in it.

        Asked again after a crash at any point, it goes on where it stopped.

        Raises:
            LedgerError: The ledger takes nothing at the moment.
        """
        known = await asyncio.to_thread(self._citizens.account, citizen)
        if known is not None:
            return AccountId(known)
        issuer = await self.issuer()
        scope = f"citizen {citizen}"
        opened = await self._ledger.ask(OpenAccount(key_of(scope, "account")))
        account = AccountId(opened.seq)
        await self._ledger.ask(Transfer(key_of(scope, "welcome"), issuer, account, WELCOME))
        await asyncio.to_thread(self._citizens.give_account, citizen, account)
        return account

    async def issuer(self) -> AccountId:
        """Return the account that money comes from, which alone may stand below zero."""
        opened = await self._ledger.ask(OpenAccount(key_of("city", "issuer"), MOST_ISSUED))
        return AccountId(opened.seq)

    async def pay(self, actor: Actor, payee: int, amount: int, key: str) -> Movement:
        """Pay another citizen.

        Args:
            actor: Who pays.
            payee: The other citizen's number.
            amount: Minor units, 1 to :data:`MOST_PAID`.
            key: Idempotency key: paid once, however often it is asked.

        Raises:
            NotAllowedError: The actor is no citizen, or may not pay.
            AccountUnknownError: They pay themselves, or nobody.
            AmountRefusedError, InsufficientFundsError, KeyReusedError: See :mod:`municipality.errors`.
        """
        actor.require(Action.PAY)
        citizen = actor.of_citizen()
        if payee == citizen:
            raise AccountUnknownError("자기 자신에게는 보낼 수 없어요.", "You cannot pay yourself.")
        check_amount(amount)
        known = await asyncio.to_thread(self._accounts, citizen, payee)
        debit, credit = known[0] or await self.open(citizen), known[1] or await self.open(payee)
        entry = await self._ledger.ask(
            Transfer(key_of(f"citizen {citizen}", f"pay {key}"), debit, credit, amount)
        )
        return _movement(entry, debit, payee, "payment")

    async def balance(self, actor: Actor) -> int:
        """Return what the actor can spend, minor units.

        Raises:
            NotAllowedError: They are no citizen.
        """
        account = await self.open(actor.of_citizen())
        stands = await asyncio.to_thread(self._statements.account, account)
        return stands.balance - stands.held

    async def history(self, actor: Actor, before: int | None = None, limit: int = 20) -> list[Movement]:
        """Return the actor's movements, the newest first; `before` is the number of one of them.

        Raises:
            NotAllowedError: They are no citizen.
        """
        account = await self.open(actor.of_citizen())
        return await asyncio.to_thread(self._history, account, before, limit)

    async def receipt(self, actor: Actor, number: int) -> Movement:
        """Return one of the actor's movements.

        Raises:
            NotFoundError: They have none of that number.
        """
        account = await self.open(actor.of_citizen())
        entry = await asyncio.to_thread(self._statements.entry, number)
        if entry is None or account not in {entry.debit, entry.credit} or entry.kind == Kind.OPEN:
            raise NotFoundError("그런 영수증이 없어요.", "There is no such receipt of yours.")
        return await asyncio.to_thread(self._seen_from, account, entry)

    def _accounts(self, payer: int, payee: int) -> tuple[AccountId | None, AccountId | None]:
        """Return the accounts of both, as far as they are opened.

        Raises:
            AccountUnknownError: There is no such payee, or they were erased.
        """
        try:
            found = self._citizens.find(payee)
        except NotFoundError as error:
            raise AccountUnknownError(error.ko, error.en) from error
        if found.name is None:
            raise AccountUnknownError("이제 시민이 아닌 사람이에요.", "They are no citizen any more.")
        own = self._citizens.account(payer)
        return AccountId(own) if own else None, AccountId(found.account) if found.account else None

    def _history(self, account: AccountId, before: int | None, limit: int) -> list[Movement]:
        entries = self._statements.history(account, before, limit)
        return [self._seen_from(account, entry) for entry in entries if entry.kind != Kind.OPEN]

    def _seen_from(self, account: AccountId, entry: Entry) -> Movement:
        other = entry.credit if entry.debit == account else entry.debit
        citizen = self._citizens.with_account(other)
        return _movement(entry, account, citizen, "payment" if citizen else "welcome")


def check_amount(amount: int) -> None:
    """Check what somebody wants to pay.

    Raises:
        AmountRefusedError: It is no whole number from 1 to :data:`MOST_PAID`.
    """
    if not 1 <= amount <= MOST_PAID:
        raise AmountRefusedError(
            f"한 번에 1부터 {MOST_PAID:,}{CURRENCY['ko']}까지 보낼 수 있어요.",
            f"You can pay from 1 to {MOST_PAID:,} {CURRENCY['en']} at once.",
        )


def _movement(entry: Entry, account: AccountId, other: int | None, kind: str) -> Movement:
    amount = -entry.amount if entry.debit == account else entry.amount
    return Movement(entry.seq, entry.at / 1e6, amount, other, kind, entry.hash.hex())


def wallet_number(citizen: int) -> str:
    """Return what others pay a citizen by: their number and two check digits (ISO 7064, MOD 97-10)."""
    return f"{citizen:06d}-{98 - citizen * 100 % 97:02d}"


def citizen_of(number: str) -> int:
    """Return the citizen whose wallet number it is.

    Raises:
        AccountUnknownError: It was mistyped.
    """
    digits = number.replace("-", "").replace(" ", "")
    if digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 16 and int(digits) % 97 == 1:
        return int(digits[:-2])
    raise AccountUnknownError(
        "지갑 번호를 잘못 적은 것 같아요. 여섯 자리와 확인 숫자 두 자리를 다시 봐 주세요.",
        "This wallet number seems mistyped. Please check its digits.",
    )
