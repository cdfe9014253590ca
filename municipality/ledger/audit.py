"""Anybody's check of the whole ledger from an export alone: the chain, the rules, and what it adds up to."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from municipality.ledger.replay import FORMAT, Audit, Replay
from municipality.ledger.statements import Statements

_LONGEST_LINE = 1000


def export(statements: Statements, file: TextIO) -> int:
    """Write the ledger as it stands, one JSON value a line; returns the number of entries.

    A header, then an array for each entry (key and hash in hexadecimal), then an object for each account.
    """
    count = 0
    with statements.snapshot() as snapshot:
        print(json.dumps({"format": FORMAT}), file=file)
        for entry in snapshot.journal():
            print(json.dumps([*entry[:8], entry.key.hex(), entry.hash.hex()]), file=file)
            count += 1
        for number, account in snapshot.accounts().items():
            stated = [number, account.balance, account.held, account.allowance]
            print(json.dumps({"account": stated}), file=file)
    return count


def audit(path: Path, published: Mapping[int, str] | None = None) -> Audit:
    """Check an export.

    Args:
        path: What :func:`export` wrote.
        published: Hashes known from elsewhere by seq, such as those on receipts, hexadecimal. They must stand
            in the chain, which alone could have been written anew from its beginning.
    """
    found = Audit()
    replay = Replay(found, published or {})
    with path.open(encoding="utf-8", errors="replace") as file:
        for line, value in _lines(file, found):
            replay.read(line, value)
    replay.end()
    return found


def _lines(file: TextIO, found: Audit) -> Iterator[tuple[int, Any]]:
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            found.blame(f"{number}째 줄을 읽을 수 없습니다.", f"Line {number} cannot be read.")
            if not line.endswith("\n"):
                return
