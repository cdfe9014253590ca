"""Vectors hold the page's verifier to this one; `python -m tests.support.ballot_vectors` writes them."""

import io
import json

from municipality.ballot import read_receipt, verify
from tests.support.ballot_vectors import FILE, vectors


def test_the_pages_vectors_are_what_this_version_makes() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == vectors()


def test_the_vectors_verify_here() -> None:
    made = vectors()
    receipts = [read_receipt(text) for text in made["receipts"]]
    for name in ("counted", "going_on"):
        assert verify(io.BytesIO(made[name].encode()), receipts, made["fingerprint"]).passed
    assert verify(io.BytesIO(made["cancelled"].encode()), (), made["fingerprint"]).passed
