"""Votes, the logs of their ballots, and who has voted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _vote() -> sa.Column[int]:
    return sa.Column("vote", _ID, sa.ForeignKey("votes.id"), primary_key=True, autoincrement=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def _bytes(name: str, size: int, comment: str | None = None) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(size), nullable=False, comment=comment)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "votes",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("definition", sa.Text, nullable=False, comment="canonical JSON"),
        _bytes("digest", 32, "of the definition"),
        sa.Column("place", sa.String(128), nullable=False),
        sa.Column("proposal", sa.BigInteger),
        sa.Column("opens", sa.BigInteger, nullable=False, comment="Unix seconds"),
        sa.Column("closes", sa.BigInteger, nullable=False, comment="Unix seconds"),
        sa.Column("ending", sa.Text, comment="canonical JSON; null: not over, or not counted yet"),
        sa.Column("signature", sa.LargeBinary(64), comment="of the ending"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_votes_proposal", "votes", ["proposal"])
    op.create_index("ix_votes_closes", "votes", ["closes"])
    op.create_table(
        "vote_logs",
        _vote(),
        sa.Column("size", sa.BigInteger, nullable=False, comment="ballots"),
        sa.Column("peaks", sa.LargeBinary, nullable=False, comment="roots of its perfect subtrees"),
    )
    op.create_table(
        "vote_ballots",
        _vote(),
        _number("index"),
        sa.Column("choices", sa.Integer, nullable=False, comment="bitmap"),
        _bytes("nonce", 32),
        _bytes("leaf", 32, "hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_vote_ballots_leaf", "vote_ballots", ["vote", "leaf"], unique=True)
    op.create_table(
        "vote_nodes",
        _vote(),
        _number("level"),
        _number("index"),
        _bytes("hash", 32),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "vote_heads",
        _vote(),
        _number("size"),
        _bytes("root", 32),
        _bytes("signature", 64),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "vote_voters",
        _vote(),
        sa.Column("citizen", _ID, sa.ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
        sa.Column("door", sa.String(16), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them: every vote is forgotten."""
    for table in ("vote_voters", "vote_heads", "vote_nodes", "vote_ballots", "vote_logs", "votes"):
        op.drop_table(table)
