"""What may be asked of the ledger. Each carries an idempotency key: asked twice, it is done once."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import NewType

from municipality.ledger.entry import AccountId

Key = NewType("Key", bytes)


#: Of a UUID of version 7 (RFC 9562, section 5.7): where its time stands.
_UUID7 = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


def key_of(scope: str, text: str) -> Key:
    """Return the idempotency key ``text`` of one caller as 20 bytes.

    The last 14 are a digest (BLAKE2b, RFC 7693). The first 6 are the milliseconds that a UUID of version 7
    carries, else zero: keys of one moment stand side by side in their index, and a batch writes one of its
    pages instead of one a key.

    Args:
        scope: Who asks, so that nobody's keys meet another's; free of NUL.
        text: As the caller chose it. A UUID of version 7 is quickest.
    """
    uuid = _UUID7.fullmatch(text)
    moment = bytes.fromhex(uuid[1] + uuid[2]) if uuid else bytes(6)
    return Key(moment + hashlib.blake2b(f"{scope}\0{text}".encode(), digest_size=14).digest())


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
