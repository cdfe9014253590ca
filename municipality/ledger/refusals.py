"""What the ledger says when it refuses, in both languages."""

from municipality.errors import (
    AccountUnknownError,
    AmountRefusedError,
    HoldNotOpenError,
    InsufficientFundsError,
    KeyReusedError,
    LedgerBusyError,
    LedgerUnavailableError,
)
from municipality.ledger.entry import MOST, Entry


def amount(value: object) -> AmountRefusedError:
    """Not an amount of money."""
    return AmountRefusedError(
        f"금액 {value!r}은(는) 쓸 수 없습니다. 1부터 {MOST:,}까지의 정수를 적어 주세요.",
        f"{value!r} is no amount. Give a whole number from 1 to {MOST:,}.",
    )


def lifetime(value: object) -> AmountRefusedError:
    """Not a time to hold money for."""
    return AmountRefusedError(
        f"보류 기간 {value!r}은(는) 쓸 수 없습니다. 0보다 긴 시간을 적어 주세요.",
        f"Money cannot be held for {value!r}. Give a time longer than zero.",
    )


def account_unknown(account: object) -> AccountUnknownError:
    """No such account."""
    return AccountUnknownError(
        f"계정 {account!r}이(가) 없습니다. 받는 사람을 다시 골라 주세요.",
        f"There is no account {account!r}. Choose again whom to pay.",
    )


def same_account(account: object) -> AccountUnknownError:
    """One account on both sides."""
    return AccountUnknownError(
        f"계정 {account!r}에서 같은 계정으로는 보낼 수 없습니다. 다른 사람을 골라 주세요.",
        f"Account {account!r} cannot pay itself. Choose somebody else.",
    )


def insufficient(asked: int, available: int) -> InsufficientFundsError:
    """More than is there."""
    return InsufficientFundsError(
        f"잔액이 모자랍니다: {asked:,} 중 {available:,}까지 쓸 수 있습니다.",
        f"Not enough money: {asked:,} asked, {available:,} available.",
    )


def hold_not_open(hold: int) -> HoldNotOpenError:
    """Captured, voided, expired or never there."""
    return HoldNotOpenError(
        f"보류 {hold}은(는) 이미 끝났거나 없습니다. 거래 내역을 확인하세요.",
        f"Hold {hold} has ended or never was. Look at the history.",
    )


def key_reused(entry: Entry) -> KeyReusedError:
    """The key served another request."""
    return KeyReusedError(
        f"이 요청의 멱등 키는 다른 내용의 거래 {entry.seq}에 이미 쓰였습니다. 새 키로 다시 보내 주세요.",
        f"This idempotency key already served entry {entry.seq}, which says something else. Use a new key.",
    )


def busy(waiting: int) -> LedgerBusyError:
    """Too much waits already."""
    return LedgerBusyError(
        f"지금 거래 {waiting:,}건이 기다리고 있습니다. 잠시 뒤에 같은 키로 다시 보내 주세요.",
        f"{waiting:,} requests wait already. Ask again with the same key in a moment.",
    )


def unavailable(reason: object) -> LedgerUnavailableError:
    """The database did not confirm."""
    return LedgerUnavailableError(
        f"거래를 기록하지 못했습니다({reason}). "
        "남은 공간과 데이터베이스를 확인한 뒤 같은 키로 다시 보내 주세요.",
        f"The ledger could not be written ({reason}). Check disk space and database; "
        "then ask again with the same key.",
    )
