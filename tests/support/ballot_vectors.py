"""`python -m tests.support.ballot_vectors`: writes what the page's verifier is tested against."""

import json
import tempfile
from pathlib import Path
from typing import Any

from municipality.ballot import Receipt, Text, Votes, endings, export
from municipality.ballot.casting import Cast, Casting
from municipality.ballot.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
)
from municipality.ballot.register import Register
from municipality.store import Store
from tests.support.server import PROJECT
from tests.support.voters import KEY, START, admit, citizen, draft, officer

FILE = PROJECT / "web" / "src" / "verify" / "vectors.json"
_LEAVES = [leaf_hash(bytes([number])) for number in range(20)]


def vectors() -> dict[str, Any]:
    """Return trees and proofs, and the exports and receipts of votes; the same at every call."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "city.sqlite3") as store:
        return {"fingerprint": KEY.fingerprint, "trees": _trees(), **_votes(store)}


def _node(level: int, index: int) -> bytes:
    if level == 0:
        return _LEAVES[index]
    return node_hash(_node(level - 1, 2 * index), _node(level - 1, 2 * index + 1))


def _trees() -> dict[str, Any]:
    sizes = range(1, len(_LEAVES) + 1)
    return {
        "leaves": [leaf.hex() for leaf in _LEAVES],
        "roots": [EMPTY_ROOT.hex(), *(root(size, _node).hex() for size in sizes)],
        "inclusion": [
            {"index": index, "size": size, "proof": _hex(inclusion_proof(index, size, _node))}
            for size in sizes
            for index in range(0, size, 3)
        ],
        "consistency": [
            {"first": first, "second": second, "proof": _hex(consistency_proof(first, second, _node))}
            for second in sizes
            for first in range(0, second + 1, 3)
        ],
    }


def _hex(proof: list[bytes]) -> list[str]:
    return [one.hex() for one in proof]


def _votes(store: Store) -> dict[str, Any]:
    admit(store, range(1, 40))
    votes, register = Votes(store, KEY), Register()
    title = Text("'무엇'을 지을까요? \"1\" \\ 🌳", "What <b>shall</b> we build?")
    numbers = [votes.open(officer(), draft(title=title), now=START).definition.vote for _ in range(2)]
    receipts = list[Receipt]()
    for batch in (range(1, 2), range(2, 10), range(10, 40)):
        asked = [
            Cast(citizen(who), number, tuple(n for n in range(3) if who % 8 >> n & 1), f"key-of-{who}")
            for who in batch
            for number in numbers
        ]
        with store.write() as connection:
            found = Casting(connection, register, KEY, START).outcomes(asked)
        receipts += [one for one in found if isinstance(one, Receipt) and one.vote == numbers[0]]
    going_on = "".join(export(store, numbers[0]))
    votes.cancel(officer(), numbers[1], "잘못 물었어요.", now=START)
    with store.write() as connection:
        opened = register.opened(connection, numbers[0])
        endings.close(connection, numbers[0], opened, KEY, START + 3600)
    return {
        "receipts": [receipt.text() for receipt in receipts[::7]],
        "going_on": going_on,
        "counted": "".join(export(store, numbers[0])),
        "cancelled": "".join(export(store, numbers[1])),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
