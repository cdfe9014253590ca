"""Merkle trees over an append-only list, as in RFC 9162 (Certificate Transparency 2.0), section 2.1.

Growing keeps O(log n) hashes. Proofs are made from the hashes of perfect subtrees, wherever those are kept:
whoever keeps them hands in a :data:`NodeOf`.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

#: Bytes of a hash: SHA-256.
HASH_BYTES = 32
#: Root of a tree without leaves (section 2.1.1).
EMPTY_ROOT = hashlib.sha256().digest()
#: No tree is larger, and so no proof is longer than :data:`LONGEST_PROOF`.
LARGEST = 2**53 - 1
LONGEST_PROOF = 54

#: Returns the hash over leaves `index << level` up to, but not including, `(index + 1) << level`; all exist.
NodeOf = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Node:
    """A perfect subtree: `2 ** level` leaves, of which `index` such subtrees stand to the left."""

    level: int
    index: int
    hash: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf; the prefix keeps it from ever being that of two nodes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash above two nodes, (32,) bytes each."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Tree:
    """A tree that grows, kept as the roots of its perfect subtrees alone.

    Attributes:
        size: How many leaves it has.
        peaks: Roots of the perfect subtrees that it consists of, from the largest, the leftmost, on: one for
            each bit that is set in ``size``.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def from_state(cls, size: int, state: bytes) -> "Tree":
        """Return the tree whose :attr:`state` this is.

        Raises:
            ValueError: A tree of that size has another number of peaks.
        """
        if not 0 <= size <= LARGEST or len(state) != HASH_BYTES * size.bit_count():
            raise ValueError(f"{len(state)} bytes are not the peaks of a tree of {size} leaves")
        return cls(size, [state[at : at + HASH_BYTES] for at in range(0, len(state), HASH_BYTES)])

    @property
    def state(self) -> bytes:
        """The peaks, one after the other."""
        return b"".join(self.peaks)

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        return _folded(self.peaks) if self.peaks else EMPTY_ROOT

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf by its hash, and return the perfect subtrees that it completes: first itself."""
        completed = [Node(0, self.size, leaf)]
        self.size += 1
        self.peaks.append(leaf)
        while self.size % (2 ** len(completed)) == 0:
            right, left = self.peaks.pop(), self.peaks.pop()
            self.peaks.append(node_hash(left, right))
            level = len(completed)
            completed.append(Node(level, (self.size >> level) - 1, self.peaks[-1]))
        return completed

    def nodes(self) -> Iterator[Node]:
        """Yield the peaks as nodes."""
        for (level, index), peak in zip(_perfect(0, self.size), self.peaks, strict=True):
            yield Node(level, index, peak)


def root(size: int, node: NodeOf) -> bytes:
    """Return the root of the first ``size`` leaves."""
    return _range_hash(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: NodeOf) -> list[bytes]:
    """Return the proof that leaf ``index`` stands in the tree of ``size`` leaves (section 2.1.3.1).

    Raises:
        ValueError: There is no such leaf.
    """
    if not 0 <= index < size <= LARGEST:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    ranges, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return [_range_hash(*leaves, node) for leaves in reversed(ranges)]


def consistency_proof(first: int, second: int, node: NodeOf) -> list[bytes]:
    """Return the proof that the tree of ``second`` leaves begins with that of ``first`` (section 2.1.4.1).

    Of the tree without leaves, which every tree begins with, the proof is empty.

    Raises:
        ValueError: The first is larger than the second.
    """
    if not 0 <= first <= second <= LARGEST:
        raise ValueError(f"a tree of {second} does not begin with one of {first}")
    if first in {0, second}:
        return []
    ranges, start, end = [], 0, second
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # else it is the whole first tree, whose root the reader knows
        ranges.append((start, end))
    return [_range_hash(*leaves, node) for leaves in reversed(ranges)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Tell whether a proof leads from a leaf's hash to the root (section 2.1.3.2)."""
    if not 0 <= index < size <= LARGEST or not _well_formed(leaf, root_hash, *proof):
        return False
    at, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            reached = node_hash(sibling, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and reached == root_hash


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether a proof shows that the second tree begins with the first (section 2.1.4.2)."""
    if not 0 <= first <= second <= LARGEST or not _well_formed(first_root, second_root, *proof):
        return False
    if first in {0, second}:
        begins = first_root == (EMPTY_ROOT if first == 0 else second_root)
        return begins and not proof and (second == 0) == (second_root == EMPTY_ROOT)
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _well_formed(*hashes: bytes) -> bool:
    return len(hashes) <= LONGEST_PROOF + 2 and all(len(one) == HASH_BYTES for one in hashes)


def _split(size: int) -> int:
    """Return the largest power of two below ``size`` (k in section 2.1.1)."""
    return 1 << ((size - 1).bit_length() - 1)


def _perfect(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield level and index of the perfect subtrees that a range of the recursion consists of."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _range_hash(start: int, end: int, node: NodeOf) -> bytes:
    return _folded([node(level, index) for level, index in _perfect(start, end)])


def _folded(peaks: Sequence[bytes]) -> bytes:
    """Return the root above perfect subtrees, from the largest on."""
    reached = peaks[-1]
    for left in reversed(peaks[:-1]):
        reached = node_hash(left, reached)
    return reached
