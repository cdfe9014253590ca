"""Journals: rows are only ever added, and each carries the hash of the one before it.

What stands in a row is for everybody to see for ever: numbers, states and digests, never personal data.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from municipality.access import Actor
from municipality.schema import journal_entries

_MICROSECONDS = 1_000_000
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One act.

    Attributes:
        seq: Its place in its journal, from 1 on.
        at: Unix microseconds, never less than its predecessor's.
        actor: Number of the citizen who acted; None for a visitor or the city itself.
        door: By which door the act came.
        kind: What was done.
        body: What it was done with, as canonical JSON.
        hash: (32,) bytes.
    """

    seq: int
    at: int
    actor: int | None
    door: str
    kind: str
    body: str
    hash: bytes


def genesis(journal: str) -> bytes:
    """Return what stands where the first row's predecessor would: the hash of the journal's name."""
    return hashlib.sha256(journal.encode()).digest()


def chained(previous: bytes, record: bytes) -> bytes:
    """Return the 32-byte hash of a row: SHA-256 (FIPS 180-4) of its predecessor's hash and its record.

    Args:
        previous: (32,) bytes, so that where it ends and the record begins is never in doubt.
        record: The row's canonical bytes.
    """
    return hashlib.sha256(previous + record).digest()


def broken_links(previous: bytes, rows: Iterable[tuple[bytes, bytes]]) -> Iterator[int]:
    """Yield the index of each (record, hash) whose hash does not follow from the row before it.

    A wrong row is named once: the next is judged by the hash that the wrong one carries.
    """
    for index, (record, claimed) in enumerate(rows):
        if chained(previous, record) != claimed:
            yield index
        previous = claimed


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal: how a journal tells of a text without keeping it."""
    return hashlib.sha256(text.encode()).hexdigest()


def append(  # noqa: PLR0913 -- a row has this many columns
    connection: sa.Connection, journal: str, *, at: float, actor: Actor, kind: str, body: Mapping[str, object]
) -> int:
    """Add a row, in the transaction of the change that it tells of (:meth:`municipality.store.Store.write`).

    Args:
        connection: Of the transaction.
        journal: Its name, at most 24 characters.
        at: Unix seconds.
        actor: Who acts; their door is noted.
        kind: What is done, at most 32 characters.
        body: Numbers, states and digests; never personal data.

    Returns:
        The row's number.
    """
    if connection.dialect.name == "postgresql":  # one at a time may know which row is the last
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_lock_number(journal))))
    table = journal_entries.c
    last = connection.execute(
        sa.select(table.seq, table.at, table.hash)
        .where(table.journal == journal)
        .order_by(table.seq.desc())
        .limit(1)
    ).one_or_none()
    seq, before, previous = (last.seq + 1, last.at, last.hash) if last else (1, 0, genesis(journal))
    entry = {
        "seq": seq,
        "at": max(int(at * _MICROSECONDS), before),
        "actor": actor.citizen,
        "door": actor.door,
        "kind": kind,
        "body": canonical(body),
    }
    connection.execute(
        sa.insert(journal_entries),
        entry | {"journal": journal, "hash": chained(previous, canonical(entry).encode())},
    )
    return seq


def entries(connection: sa.Connection, journal: str, after: int = 0) -> Iterator[JournalEntry]:
    """Yield the rows of a journal in order, those after number ``after``."""
    table = journal_entries.c
    columns = (table.seq, table.at, table.actor, table.door, table.kind, table.body, table.hash)
    while True:
        query = (
            sa.select(*columns)
            .where(table.journal == journal)
            .where(table.seq > after)
            .order_by(table.seq)
            .limit(_PAGE)
        )
        page = [JournalEntry(*row) for row in connection.execute(query)]
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].seq


def names(connection: sa.Connection) -> list[str]:
    """Return the names of all journals that hold a row."""
    column = journal_entries.c.journal
    return list(connection.execute(sa.select(column).distinct().order_by(column)).scalars())


def verify(connection: sa.Connection, journal: str) -> list[int]:
    """Return the numbers of rows that do not follow from the one before; empty when the chain is whole."""
    rows = list(entries(connection, journal))
    gaps = [entry.seq for number, entry in enumerate(rows, 1) if entry.seq != number]
    broken = broken_links(genesis(journal), ((_record(entry), entry.hash) for entry in rows))
    return sorted({*gaps, *(rows[index].seq for index in broken)})


def canonical(value: Mapping[str, object]) -> str:
    """Return JSON in the one form that is hashed: sorted, without spaces (after RFC 8785)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _record(entry: JournalEntry) -> bytes:
    return canonical(
        {
            "seq": entry.seq,
            "at": entry.at,
            "actor": entry.actor,
            "door": entry.door,
            "kind": entry.kind,
            "body": entry.body,
        }
    ).encode()


def _lock_number(journal: str) -> int:
    """Return a signed 64-bit number for PostgreSQL's advisory locks."""
    return int.from_bytes(genesis(journal)[:8], "big", signed=True)
