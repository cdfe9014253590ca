import hashlib
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from municipality.ballot.merkle import (
    EMPTY_ROOT,
    LARGEST,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

#: Leaves and the root after each, from the tests of Google's Certificate Transparency (Apache-2.0).
CT = (
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
)
LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(300)]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH as section 2.1.1 defines it, over hashes of leaves."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH as section 2.1.3.1 defines it."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF as section 2.1.4.1 defines it."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole=whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], whole=False), naive_root(leaves[:k])]


def node(level: int, index: int) -> bytes:
    return naive_root(LEAVES[index << level : (index + 1) << level])


def test_roots_are_those_of_certificate_transparency() -> None:
    tree = Tree()
    assert tree.root == EMPTY_ROOT
    for leaf, expected in CT:
        tree.append(leaf_hash(bytes.fromhex(leaf)))
        assert tree.root.hex() == expected


def test_proofs_are_those_of_the_recursive_definitions_and_verify() -> None:
    for n in range(1, 50):
        leaves, whole = LEAVES[:n], naive_root(LEAVES[:n])
        assert root(n, node) == whole
        for m in range(n):
            path = inclusion_proof(m, n, node)
            assert path == naive_path(m, leaves)
            assert verify_inclusion(LEAVES[m], m, n, path, whole)
        for m in range(1, n + 1):
            proof = consistency_proof(m, n, node)
            assert proof == naive_subproof(m, leaves, whole=True)
            assert verify_consistency(m, n, naive_root(LEAVES[:m]), whole, proof)
        assert verify_consistency(0, n, EMPTY_ROOT, whole, consistency_proof(0, n, node))


def test_a_growing_tree_tells_which_subtrees_it_completes_and_goes_on_from_its_state() -> None:
    tree = Tree()
    for n, leaf in enumerate(LEAVES, 1):
        for completed in tree.append(leaf):
            assert completed.hash == node(completed.level, completed.index)
        tree = Tree.from_state(tree.size, tree.state)
        assert [peak.hash for peak in tree.nodes()] == tree.peaks
        assert all(node(peak.level, peak.index) == peak.hash for peak in tree.nodes())
        assert tree.root == naive_root(LEAVES[:n])
        assert len(tree.peaks) == n.bit_count()


@pytest.mark.parametrize(("size", "state"), [(1, b""), (3, bytes(32)), (-1, b""), (LARGEST + 1, bytes(32))])
def test_a_state_of_another_size_is_refused(size: int, state: bytes) -> None:
    with pytest.raises(ValueError, match="peaks"):
        Tree.from_state(size, state)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (0, LARGEST + 1)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, node)
    assert not verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize(("first", "second"), [(-1, 5), (6, 5), (0, LARGEST + 1)])
def test_there_is_no_consistency_with_a_smaller_tree(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(first, second, node)
    assert not verify_consistency(first, second, EMPTY_ROOT, EMPTY_ROOT, [])


def spoilt(proof: list[bytes], chance: random.Random) -> list[bytes]:
    """Return a proof that differs."""
    kinds = ["add"] if not proof else ["add", "drop", "flip", "cut", "swap" if len(proof) > 1 else "flip"]
    kind, at, bad = chance.choice(kinds), chance.randrange(len(proof) or 1), list(proof)
    if kind == "add":
        bad.insert(at, chance.randbytes(32))
    elif kind == "drop":
        del bad[at]
    elif kind == "cut":
        bad[at] = bad[at][:31]
    elif kind == "swap":
        bad[at], bad[at - 1] = bad[at - 1], bad[at]
    else:
        flipped = bytearray(bad[at])
        flipped[chance.randrange(32)] ^= 1 << chance.randrange(8)
        bad[at] = bytes(flipped)
    return bad


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 300), st.data())
def test_a_proof_that_was_tampered_with_does_not_verify(n: int, data: st.DataObject) -> None:
    m = data.draw(st.integers(0, n - 1))
    chance = data.draw(st.randoms(use_true_random=False))
    whole, path = root(n, node), inclusion_proof(m, n, node)
    assert verify_inclusion(LEAVES[m], m, n, path, whole)
    assert not verify_inclusion(LEAVES[m], m, n, spoilt(path, chance), whole)
    other = data.draw(st.integers(0, 310))
    assert verify_inclusion(LEAVES[m], other, n, path, whole) == (other == m)
    assert not verify_inclusion(LEAVES[m - 1], m, n, path, whole) or n == 1
    first, proof = root(m, node), consistency_proof(m, n, node)
    assert verify_consistency(m, n, first, whole, proof)
    assert not verify_consistency(m, n, first, whole, spoilt(proof, chance))
    assert not verify_consistency(m, n, whole, whole, proof)
    assert not verify_consistency(m, n, first, first, proof)


@settings(max_examples=400, deadline=None)
@given(
    st.integers(-5, 2**60),
    st.integers(-5, 2**60),
    st.lists(st.binary(min_size=30, max_size=34) | st.binary(min_size=32, max_size=32), max_size=80),
)
def test_any_numbers_and_bytes_are_judged_and_refused(a: int, b: int, proof: list[bytes]) -> None:
    assert not verify_inclusion(LEAVES[0], a, b, proof, LEAVES[1])
    assert not verify_consistency(a, b, LEAVES[0], LEAVES[1], proof)


def test_a_proof_that_goes_on_above_the_root_is_refused() -> None:
    above = leaf_hash(b"above")
    assert not verify_inclusion(LEAVES[0], 0, 1, [above], node_hash(above, LEAVES[0]))
    two = node_hash(LEAVES[0], LEAVES[1])
    proof = [*consistency_proof(1, 2, node), above]
    assert not verify_consistency(1, 2, LEAVES[0], node_hash(two, above), proof)
    assert not verify_consistency(1, 2, node_hash(above, LEAVES[0]), node_hash(above, two), proof)


def test_each_tree_is_consistent_with_the_next_and_with_no_forged_one() -> None:
    forged = [*LEAVES[:7], LEAVES[100], *LEAVES[8:20]]
    for first, second in pairwise(range(1, 20)):
        proof = naive_subproof(first, forged[:second], whole=True)
        fine = verify_consistency(first, second, root(first, node), naive_root(forged[:second]), proof)
        assert fine == (first <= 7)
