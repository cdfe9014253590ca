"""Votes, and the logs of their ballots.

Nothing joins those who have voted to the ballots: the two tables share no column but the vote, neither holds
a time, and in SQLite rows stand by their keys, not in the order in which they came.
"""

import sqlalchemy as sa

from municipality.schema.base import Id, metadata

_HASH = sa.LargeBinary(32)
_SIGNATURE = sa.LargeBinary(64)


def _vote() -> sa.Column[int]:
    return sa.Column("vote", Id, sa.ForeignKey("votes.id"), primary_key=True, autoincrement=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


votes = sa.Table(
    "votes",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("definition", sa.Text, nullable=False, comment="canonical JSON"),
    sa.Column("digest", _HASH, nullable=False, comment="of the definition"),
    sa.Column("place", sa.String(128), nullable=False),
    sa.Column("proposal", sa.BigInteger, index=True),
    sa.Column("opens", sa.BigInteger, nullable=False, comment="Unix seconds"),
    sa.Column("closes", sa.BigInteger, nullable=False, index=True, comment="Unix seconds"),
    sa.Column("ending", sa.Text, comment="canonical JSON; null: not over, or not counted yet"),
    sa.Column("signature", _SIGNATURE, comment="of the ending"),
    sqlite_autoincrement=True,
)

#: How far each log has come.
vote_logs = sa.Table(
    "vote_logs",
    metadata,
    _vote(),
    sa.Column("size", sa.BigInteger, nullable=False, comment="ballots"),
    sa.Column("peaks", sa.LargeBinary, nullable=False, comment="roots of its perfect subtrees"),
)

vote_ballots = sa.Table(
    "vote_ballots",
    metadata,
    _vote(),
    _number("index"),
    sa.Column("choices", sa.Integer, nullable=False, comment="bitmap"),
    sa.Column("nonce", _HASH, nullable=False),
    sa.Column("leaf", _HASH, nullable=False, comment="hash"),
    sa.Index("ix_vote_ballots_leaf", "vote", "leaf", unique=True),
    sqlite_with_rowid=False,
)

#: Hashes of perfect subtrees of every eighth level; those between are computed from them.
vote_nodes = sa.Table(
    "vote_nodes",
    metadata,
    _vote(),
    _number("level"),
    _number("index"),
    sa.Column("hash", _HASH, nullable=False),
    sqlite_with_rowid=False,
)

#: What the city signed after each commit.
vote_heads = sa.Table(
    "vote_heads",
    metadata,
    _vote(),
    _number("size"),
    sa.Column("root", _HASH, nullable=False),
    sa.Column("signature", _SIGNATURE, nullable=False),
    sqlite_with_rowid=False,
)

#: Who has voted: one row a citizen and vote, for ever.
vote_voters = sa.Table(
    "vote_voters",
    metadata,
    _vote(),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    sa.Column("door", sa.String(16), nullable=False),
    sqlite_with_rowid=False,
)
