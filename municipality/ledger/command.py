"""What may be asked of the ledger. Each carries an idempotency key: asked twice, it is done once."""

import hashlib
from dataclasses import dataclass, field
from typing import NewType

from municipality.ledger.entry import AccountId

Key = NewType("Key", bytes)


def key_of(scope: str, text: str) -> Key:
    """Return the idempotency key ``text`` of one caller as 16 bytes (BLAKE2b, RFC 7693).

    Args:
        scope: Who asks, so that nobody's keys meet another's; free of NUL.
        text: As the caller chose it.
    """
    return Key(hashlib.blake2b(f"{scope}\0{text}".encode(), digest_size=16).digest())


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Open an account, empty.

    Attributes:
        allowance: How far below zero it may go, minor units: 0 for all but the issuer, where it is the cap on
            the money outstanding.
    """

    key: Key
    allowance: int = 0


@dataclass(frozen=True, slots=True)
class Transfer:
    """Move money at once."""

    key: Key
    debit: AccountId
    credit: AccountId
    amount: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Set money aside for somebody until it is captured, voided, or ``lifetime`` has passed.

    Attributes:
        lifetime: Microseconds.
    """

    key: Key
    debit: AccountId
    credit: AccountId
    amount: int
    lifetime: int


@dataclass(frozen=True, slots=True)
class Capture:
    """Move what was held, or a part of it; the rest is free again.

    Attributes:
        hold: Seq of the HOLD entry.
        amount: Minor units, at most what is held.
    """

    key: Key
    hold: int
    amount: int


@dataclass(frozen=True, slots=True)
class Void:
    """Free what was held.

    Attributes:
        hold: Seq of the HOLD entry.
    """

    key: Key
    hold: int


@dataclass(frozen=True, slots=True)
class Expire:
    """Free what was held, because its time has come. Only the ledger itself asks this."""

    hold: int
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", key_of("ledger", f"expire {self.hold}"))


Command = OpenAccount | Transfer | Hold | Capture | Void | Expire
