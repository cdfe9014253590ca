"""Sanctions, and appeals against them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of moderation."""
    op.create_table(
        "moderation_acts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("place", sa.String(128), nullable=False),
        sa.Column("citizen", _ID, sa.ForeignKey("citizens.id")),
        sa.Column("person", sa.BigInteger),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("reason", sa.LargeBinary),
        sa.Column("officer", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
        sa.Column("code", sa.LargeBinary(32)),
        sa.Column("salt", sa.LargeBinary(16)),
        sa.Column("network", sa.LargeBinary(32)),
        sa.Column("network_until", sa.Float),
        sa.Column("lifted_at", sa.Float),
        sa.Column("lifted_by", sa.BigInteger),
        sa.CheckConstraint("(citizen IS NULL) <> (person IS NULL)", name="moderation_acts_have_one_target"),
        sqlite_autoincrement=True,
    )
    for column in ("citizen", "person", "at", "network_until"):
        op.create_index(f"ix_moderation_acts_{column}", "moderation_acts", [column])
    op.create_table(
        "moderation_appeals",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("act", _ID, sa.ForeignKey("moderation_acts.id"), nullable=False, unique=True),
        sa.Column("text", sa.LargeBinary),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("outcome", sa.String(8)),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("answered_by", sa.BigInteger),
        sa.Column("answered_at", sa.Float),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop them: what was done about whom is lost, and the journal alone tells of it."""
    op.drop_table("moderation_appeals")
    op.drop_table("moderation_acts")
