"""Proposals, their supports, comments and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _ID, primary_key=True)


def _number_of(table: str, name: str, *, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        name,
        _ID,
        sa.ForeignKey(f"{table}.id"),
        nullable=False,
        primary_key=primary_key,
        autoincrement=False,
    )


def _hidden() -> sa.Column[str]:
    return sa.Column("hidden", sa.Text, comment="why an officer took it out of sight; null: in sight")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "proposals",
        _id(),
        _number_of("citizens", "author"),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("category", sa.String(16), nullable=False),
        *(sa.Column(name, sa.Float, nullable=False, comment="metres, world") for name in ("x", "z")),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("supports", sa.Integer, nullable=False, comment="rows in proposal_supports"),
        sa.Column("comments", sa.Integer, nullable=False, comment="rows in proposal_comments that are shown"),
        sa.Column("vote", sa.BigInteger, comment="that it led to"),
        sa.Column("made_at", sa.Float, nullable=False, comment="Unix seconds"),
        sa.Column("edited_at", sa.Float),
        sa.Column("due_since", sa.Float, comment="when enough supported it for an answer"),
        _hidden(),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "proposal_supports",
        _number_of("proposals", "proposal", primary_key=True),
        _number_of("citizens", "citizen", primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "proposal_comments",
        _id(),
        _number_of("proposals", "proposal"),
        _number_of("citizens", "author"),
        sa.Column("text", sa.Text, nullable=False, comment="empty once withdrawn"),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("withdrawn_at", sa.Float),
        _hidden(),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "proposal_answers",
        _id(),
        _number_of("proposals", "proposal"),
        _number_of("citizens", "officer"),
        sa.Column("state", sa.String(16), nullable=False, comment="that it led to"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposals_supports", "proposals", ["supports", "id"])
    for table, column in (
        ("proposals", "author"),
        ("proposal_comments", "proposal"),
        ("proposal_comments", "author"),
        ("proposal_answers", "proposal"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Drop them: nobody has proposed anything."""
    for table in ("proposal_answers", "proposal_comments", "proposal_supports", "proposals"):
        op.drop_table(table)
