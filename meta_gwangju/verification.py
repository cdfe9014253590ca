"""Whether everything that must never be lost is there, unchanged: the ledger, the journals, the votes."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from municipality import journal
from municipality.ballot import verify_stored
from municipality.ledger import Statements, audit, export
from municipality.store import Store

_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found.

    Attributes:
        what: `ledger`, `ballots`, or the name of a journal.
        passed: Whether nothing is wrong.
        ko, en: What there is, or what is wrong.
    """

    what: str
    passed: bool
    ko: str
    en: str


def verify_city(store: Store) -> Iterator[Verdict]:
    """Check everything, one verdict after the other; the city may be open meanwhile."""
    yield _ledger(store)
    yield _ballots(store)
    yield from _journals(store)


def _ledger(store: Store) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        file = Path(folder) / "ledger.jsonl"
        with file.open("w", encoding="utf-8") as opened:
            export(Statements(store), opened)
        found = audit(file)
    if found.passed:
        return Verdict(
            "ledger",
            passed=True,
            ko=f"거래 {found.entries:,}건, 유통 중 {found.outstanding:,}",
            en=f"{found.entries:,} entries, {found.outstanding:,} outstanding",
        )
    ko, en = found.faults[0]
    return Verdict(
        "ledger", passed=False, ko=f"{found.wrong:,}건 틀림: {ko}", en=f"{found.wrong:,} wrong: {en}"
    )


def _ballots(store: Store) -> Verdict:
    votes, ballots = 0, 0
    for vote, found in verify_stored(store):
        votes, ballots = votes + 1, ballots + found.ballots
        if not found.passed:
            ko, en = found.faults[0]
            return Verdict("ballots", passed=False, ko=f"투표 {vote}: {ko}", en=f"vote {vote}: {en}")
    return Verdict(
        "ballots",
        passed=True,
        ko=f"투표 {votes:,}건, 표 {ballots:,}장",
        en=f"{votes:,} votes, {ballots:,} ballots",
    )


def _journals(store: Store) -> Iterator[Verdict]:
    with store.engine.connect() as connection:
        for name in journal.names(connection):
            wrong = journal.verify(connection, name)
            count = sum(1 for _ in journal.entries(connection, name))
            if wrong:
                rows = ", ".join(str(seq) for seq in wrong[:_MOST_TOLD])
                yield Verdict(
                    name,
                    passed=False,
                    ko=f"{len(wrong)}줄이 이어지지 않습니다: {rows}",
                    en=f"{len(wrong)} rows do not follow: {rows}",
                )
            else:
                yield Verdict(
                    name, passed=True, ko=f"{count:,}줄이 이어집니다", en=f"{count:,} rows, one chain"
                )
