"""Booths, visits to them, and contacts left at them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _of(name: str, table: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        name,
        _ID,
        sa.ForeignKey(f"{table}.id"),
        nullable=nullable,
        primary_key=primary_key,
        autoincrement=False,
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "booths",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("slot", sa.String(64), nullable=False),
        _of("organisation", "organisations"),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("title_ko", sa.String(60), nullable=False),
        sa.Column("title_en", sa.String(60), nullable=False),
        sa.Column("summary_ko", sa.String(200), nullable=False),
        sa.Column("summary_en", sa.String(200), nullable=False),
        sa.Column("description_ko", sa.Text, nullable=False),
        sa.Column("description_en", sa.Text, nullable=False),
        sa.Column("link", sa.String(300)),
        sa.Column("model", sa.String(64)),
        sa.Column("model_report", sa.Text),
        sa.Column("token", sa.LargeBinary(32), unique=True),
        sa.Column("token_at", sa.Float),
        _of("taken_by", "citizens"),
        sa.Column("taken_at", sa.Float, nullable=False),
        sa.Column("changed_at", sa.Float, nullable=False),
        sa.Column("freed_at", sa.Float),
        sa.Column("freed_reason", sa.String(300)),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "booth_visits",
        _of("booth", "booths", primary_key=True),
        sa.Column("hour", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("visits", sa.Integer, nullable=False),
    )
    op.create_table(
        "contacts",
        sa.Column("id", _ID, primary_key=True),
        _of("booth", "booths"),
        _of("giver", "citizens", nullable=True),
        sa.Column("token", sa.LargeBinary(32), unique=True),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("key", sa.LargeBinary),
        sa.Column("left_at", sa.Float, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
        sa.Column("withdrawn_at", sa.Float),
        sqlite_autoincrement=True,
    )
    for table, column in (
        ("booths", "organisation"),
        ("booths", "model"),
        ("contacts", "booth"),
        ("contacts", "giver"),
        ("contacts", "expires_at"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    held = sa.text("freed_at IS NULL")
    op.create_index(
        "booths_slot_held", "booths", ["slot"], unique=True, sqlite_where=held, postgresql_where=held
    )


def downgrade() -> None:
    """Drop them: the hall is empty."""
    for table in ("contacts", "booth_visits", "booths"):
        op.drop_table(table)
