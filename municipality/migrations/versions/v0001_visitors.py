"""Visitors without an account."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "visitor_sessions",
        sa.Column("person", _ID, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("colour", sa.Integer, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("x", sa.Float, nullable=False),
        sa.Column("y", sa.Float, nullable=False),
        sa.Column("z", sa.Float, nullable=False),
        sa.Column("yaw", sa.Float, nullable=False),
        sa.Column("opened_at", sa.Float, nullable=False, comment="Unix seconds"),
        sa.Column("left_at", sa.Float, comment="Unix seconds; null while in the city"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_visitor_sessions_left_at", "visitor_sessions", ["left_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("visitor_sessions")
