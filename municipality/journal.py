"""Hash chains: each row carries the hash of the one before it; none is changed or left out unseen."""

import hashlib
from collections.abc import Iterable, Iterator


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
