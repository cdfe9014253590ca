"""One row of the ledger's journal, and its canonical bytes."""

import struct
from enum import IntEnum
from typing import NamedTuple, NewType

from municipality.journal import chained, genesis

AccountId = NewType("AccountId", int)

#: The hash before the first entry.
GENESIS = genesis("meta-gwangju ledger 1")
#: Minor units; far above any city's money, far below 2^63 even when summed over all entries.
MOST = 10**12
#: Microseconds that money may be held: a year.
LONGEST = 366 * 86_400 * 10**6
#: seq, kind, at, debit, credit, amount, refers, expires; then 20 bytes of key.
_RECORD = struct.Struct(">QBQQQQQQ20s")


class Kind(IntEnum):
    """What an entry does."""

    OPEN = 1
    TRANSFER = 2
    HOLD = 3
    CAPTURE = 4
    VOID = 5
    EXPIRE = 6


class Entry(NamedTuple):
    """One row of the journal. It says nothing of who anybody is: accounts are numbers.

    Attributes:
        seq: From 1, without gaps. An account's id is the seq of the entry that opened it.
        kind: What it does.
        at: Unix microseconds.
        debit: Account that the money leaves; the account itself in OPEN.
        credit: Account that the money reaches; 0 in OPEN.
        amount: Minor units; in OPEN how far below zero the balance may go.
        refers: Seq of the hold that CAPTURE, VOID and EXPIRE end; else 0.
        expires: Unix microseconds at which a HOLD ends by itself; else 0.
        key: Digest of the idempotency key.
        hash: Of this entry, chained to the one before.
    """

    seq: int
    kind: int
    at: int
    debit: int
    credit: int
    amount: int
    refers: int
    expires: int
    key: bytes
    hash: bytes


def record(entry: Entry) -> bytes:
    """Return the bytes that the chain covers: all but the hash.

    Raises:
        struct.error: A number does not fit.
    """
    return _RECORD.pack(*entry[:9])


def linked(previous: bytes, values: tuple[int, int, int, int, int, int, int, int, bytes]) -> Entry:
    """Return the entry that follows the one whose hash is ``previous``.

    Args:
        previous: (32,) bytes.
        values: All of the entry but its hash.
    """
    return Entry(*values, chained(previous, _RECORD.pack(*values)))
