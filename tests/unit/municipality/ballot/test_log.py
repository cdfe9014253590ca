import asyncio
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from municipality.ballot import Ballot, TreeHead, Votes
from municipality.ballot.log import GrowingLog, StoredNodes
from municipality.ballot.merkle import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from municipality.errors import BallotRefusedError, NotFoundError
from municipality.store import Store
from tests.support.voters import KEY, START, draft, officer, polls


def grown(store: Store, *sizes: int) -> tuple[Votes, int, list[TreeHead]]:
    """Fill the log of a new vote up to each size in turn, and return the heads."""
    votes = Votes(store, KEY)
    vote = votes.open(officer(), draft(), now=START)
    heads = [votes.head(vote.definition.vote)]
    for size in sizes:
        with store.write() as connection:
            log = GrowingLog(connection, vote.definition.vote, vote.digest)
            while log.tree.size < size:
                nonce = hashlib.sha256(log.tree.size.to_bytes(4, "big")).digest()
                log.add(Ballot(log.tree.size % 8, nonce))
            heads.append(log.write(KEY))
    return votes, vote.definition.vote, heads


def test_the_log_proves_each_ballot_and_that_it_only_grew(store: Store) -> None:
    votes, vote, heads = grown(store, 1, 2, 7, 255, 256, 257, 700)
    digest = votes.get(vote, now=START).digest
    assert votes.head(vote) == heads[-1]
    assert [head.size for head in heads] == [0, 1, 2, 7, 255, 256, 257, 700]
    assert all(head.is_signed_by(KEY.public, digest) for head in heads)
    assert not heads[-1].is_signed_by(KEY.public, bytes(32))
    leaves = votes.leaves(vote, 0, 1000, now=START)
    assert [leaf.index for leaf in leaves] == list(range(700))
    for leaf in leaves[::23]:
        found = votes.inclusion(vote, leaf.hash)
        assert found.index == leaf.index
        assert verify_inclusion(leaf.hash, found.index, found.head.size, found.proof, found.head.root)
    for first in heads:
        for second in heads:
            if first.size > second.size:
                continue
            proof = votes.consistency(vote, first.size, second.size)
            assert verify_consistency(first.size, second.size, first.root, second.root, proof)


def test_leaves_come_in_pages_and_stay_sealed_while_voting_goes_on(sqlite_store: Store) -> None:
    votes, vote, _ = grown(sqlite_store, 1200)
    assert [leaf.index for leaf in votes.leaves(vote, 3, 6, now=START)] == [3, 4, 5]
    assert len(votes.leaves(vote, 0, 2**60, now=START)) == 1000
    assert [leaf.index for leaf in votes.leaves(vote, 1198, 2000, now=START)] == [1198, 1199]
    assert votes.leaves(vote, 5, 5, now=START) == votes.leaves(vote, 9, 2, now=START) == []
    assert all(leaf.ballot is None for leaf in votes.leaves(vote, 0, 1000, now=START))


def test_what_the_log_never_held_has_no_proof(sqlite_store: Store) -> None:
    votes, vote, heads = grown(sqlite_store, 5)
    with pytest.raises(NotFoundError):
        votes.inclusion(vote, bytes(32))
    with pytest.raises(NotFoundError):
        votes.inclusion(vote + 1, bytes(32))
    for first, second in ((0, 6), (3, 2), (-1, 2), (2**70, 2**70)):
        with pytest.raises(BallotRefusedError):
            votes.consistency(vote, first, second)
    assert heads[1].size == 5
    with sqlite_store.engine.connect() as connection, pytest.raises(LookupError, match="not complete"):
        StoredNodes(connection, vote)(3, 0)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A log of more than 2 ** 16 ballots: three levels of stored nodes."""
    store = Store(tmp_path_factory.mktemp("large") / "city.sqlite3")
    grown(store, 40_000, 66_000)
    return store


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_large_log_is_proven_from_few_rows(large: Store, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 66_000))
    index = data.draw(st.integers(0, size - 1))
    with large.engine.connect() as connection:
        nodes = StoredNodes(connection, 1)
        old = inclusion_proof(index, size, nodes)
        new = inclusion_proof(index, 66_000, nodes)
        between = consistency_proof(size, 66_000, nodes)
    votes = Votes(large, KEY)
    leaf, head = votes.leaves(1, index, index + 1, now=START)[0].hash, votes.head(1)
    assert verify_inclusion(leaf, index, 66_000, new, head.root)
    small = replayed_root(leaf, index, size, old)
    assert verify_consistency(size, 66_000, small, head.root, between)


def replayed_root(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root that a proof leads to, by the recursion of section 2.1.3.1 turned around."""
    if size == 1:
        return leaf
    k = 1
    while k * 2 < size:
        k *= 2
    if index < k:
        left, right = replayed_root(leaf, index, k, proof[:-1]), proof[-1]
    else:
        left, right = proof[-1], replayed_root(leaf, index - k, size - k, proof[:-1])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_receipts_of_many_batches_prove_themselves(sqlite_store: Store) -> None:
    async def body() -> None:
        async with polls(sqlite_store, 300) as city:
            vote = city.open().definition.vote
            receipts = []
            for start, end in ((1, 2), (2, 5), (5, 120), (120, 301)):
                receipts += await asyncio.gather(
                    *(city.cast(number, vote, number % 3) for number in range(start, end))
                )
            for receipt in receipts:
                receipt.check()
            assert {receipt.index for receipt in receipts} == set(range(300))
            head = city.votes.head(vote)
            for receipt in receipts[::40]:
                again = await city.cast(receipt.index + 1, vote, (receipt.index + 1) % 3)
                assert again == receipt
                proof = city.votes.consistency(vote, receipt.head.size, head.size)
                assert verify_consistency(receipt.head.size, 300, receipt.head.root, head.root, proof)

    asyncio.run(body())
