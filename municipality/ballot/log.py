"""The log of a vote in the database: it grows at the end, and anybody's proofs are made from it.

Hashes of perfect subtrees are kept for every eighth level alone, as tiles are in c2sp.org/tlog-tiles; at most
256 rows a level are read for a proof.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from municipality.ballot.ballot import Ballot
from municipality.ballot.city_key import CityKey
from municipality.ballot.merkle import Node, Tree, inclusion_proof, node_hash
from municipality.ballot.statements import TreeHead
from municipality.schema import vote_ballots, vote_heads, vote_logs, vote_nodes

_LEVELS = 8
_TILE = 2**_LEVELS


class StoredNodes:
    """Hashes of perfect subtrees, as :data:`~municipality.ballot.merkle.NodeOf`."""

    def __init__(self, connection: sa.Connection, vote: int) -> None:
        self._connection = connection
        self._vote = vote
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Return a hash.

        Raises:
            LookupError: The subtree is not complete.
        """
        above = level % _LEVELS
        first = index << above
        tile = self._tile(level - above, first // _TILE)
        hashes = tile[first % _TILE : first % _TILE + 2**above]
        if len(hashes) != 2**above:
            raise LookupError(f"subtree {index} of level {level} is not complete")
        while len(hashes) > 1:
            hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    def _tile(self, level: int, number: int) -> Sequence[bytes]:
        if (level, number) not in self._tiles:
            table = vote_nodes.c if level else vote_ballots.c
            query = sa.select(table.hash if level else table.leaf).where(table.vote == self._vote)
            if level:
                query = query.where(table.level == level)
            start = number * _TILE
            query = query.where(table.index >= start, table.index < start + _TILE).order_by(table.index)
            self._tiles[level, number] = self._connection.execute(query).scalars().all()
        return self._tiles[level, number]


class GrowingLog:
    """A log to which ballots are being added, in a transaction that holds it for itself."""

    def __init__(self, connection: sa.Connection, vote: int, definition: bytes) -> None:
        """Hold the log of a vote whose definition has this digest; it must be there."""
        self._connection = connection
        self._vote = vote
        self._definition = definition
        self.tree = hold_tree(connection, vote)
        self._nodes = {(node.level, node.index): node.hash for node in self.tree.nodes()}
        self._completed: list[Node] = []
        self._ballots: list[Ballot] = []
        self._before = self.tree.size

    @property
    def grown(self) -> bool:
        """Whether something was added."""
        return bool(self._ballots)

    def add(self, ballot: Ballot) -> int:
        """Add a ballot, and return its index."""
        completed = self.tree.append(ballot.hash(self._definition))
        self._nodes |= {(node.level, node.index): node.hash for node in completed}
        self._completed += completed
        self._ballots.append(ballot)
        return self.tree.size - 1

    def write(self, key: CityKey) -> TreeHead:
        """Write what was added, and the head that the city signs of it."""
        head = TreeHead.sign(key, self._definition, self.tree.size, self.tree.root)
        vote, execute = self._vote, self._connection.execute
        leaves = (node.hash for node in self._completed if node.level == 0)
        execute(
            sa.insert(vote_ballots),
            [
                {"vote": vote, "index": index, "choices": ballot.choices, "nonce": ballot.nonce, "leaf": leaf}
                for index, (ballot, leaf) in enumerate(zip(self._ballots, leaves, strict=True), self._before)
            ],
        )
        kept = [node for node in self._completed if node.level and node.level % _LEVELS == 0]
        if kept:
            execute(
                sa.insert(vote_nodes),
                [
                    {"vote": vote, "level": node.level, "index": node.index, "hash": node.hash}
                    for node in kept
                ],
            )
        write_head(self._connection, vote, head)
        execute(
            sa.update(vote_logs)
            .where(vote_logs.c.vote == vote)
            .values(size=self.tree.size, peaks=self.tree.state)
        )
        return head

    def proof(self, index: int) -> tuple[bytes, ...]:
        """Return the proof that a ballot added by this very transaction stands in the log as it is now."""
        return tuple(inclusion_proof(index, self.tree.size, lambda *node: self._nodes[node]))


def hold_tree(connection: sa.Connection, vote: int) -> Tree:
    """Return how far a log has come; until the transaction ends nobody else adds to it or ends its vote."""
    table = vote_logs.c
    query = sa.select(table.size, table.peaks).where(table.vote == vote).with_for_update()
    row = connection.execute(query).one()
    return Tree.from_state(row.size, row.peaks)


def begin_log(connection: sa.Connection, vote: int, definition: bytes, key: CityKey) -> None:
    """Begin the log of a new vote, and sign that it is empty."""
    tree = Tree()
    connection.execute(sa.insert(vote_logs), {"vote": vote, "size": 0, "peaks": tree.state})
    write_head(connection, vote, TreeHead.sign(key, definition, 0, tree.root))


def write_head(connection: sa.Connection, vote: int, head: TreeHead) -> None:
    """Write a tree head."""
    connection.execute(
        sa.insert(vote_heads),
        {"vote": vote, "size": head.size, "root": head.root, "signature": head.signature},
    )


def head_with(connection: sa.Connection, vote: int, index: int) -> TreeHead:
    """Return the first signed head of a log that has ballot ``index`` in it."""
    return _one_head(connection, vote, vote_heads.c.size > index, vote_heads.c.size)


def newest_head(connection: sa.Connection, vote: int) -> TreeHead:
    """Return the newest signed head of a log."""
    return _one_head(connection, vote, sa.true(), vote_heads.c.size.desc())


def index_of(connection: sa.Connection, vote: int, leaf: bytes) -> int | None:
    """Return where a ballot stands, by its leaf's hash; None when it is not there."""
    table = vote_ballots.c
    query = sa.select(table.index).where(table.vote == vote, table.leaf == leaf)
    return connection.execute(query).scalar_one_or_none()


def _one_head(
    connection: sa.Connection, vote: int, which: sa.ColumnElement[bool], order: sa.ColumnElement[int]
) -> TreeHead:
    table = vote_heads.c
    query = (
        sa.select(table.size, table.root, table.signature)
        .where(table.vote == vote, which)
        .order_by(order)
        .limit(1)
    )
    return TreeHead(*connection.execute(query).one())
