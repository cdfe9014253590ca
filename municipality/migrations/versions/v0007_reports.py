"""Reports, their steps, what was hidden of them, and the keys of programs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _ID, primary_key=True)


def _of(name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _ID, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=nullable)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reports",
        _id(),
        _of("reporter", "citizens"),
        sa.Column("service", sa.String(24), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("address", sa.String(200)),
        *(_number(name) for name in ("longitude", "latitude", "x", "z")),
        sa.Column("gu", sa.String(16)),
        sa.Column("dong", sa.String(16)),
        sa.Column("photo", sa.String(64)),
        sa.Column("contact", sa.LargeBinary),
        _of("assignee", "citizens", nullable=True),
        sa.Column("reopened", sa.Integer, nullable=False),
        _number("submitted_at"),
        _number("updated_at"),
        _number("answered_at", nullable=True),
        _number("expected_at", nullable=True),
        sqlite_autoincrement=True,
    )
    _steps()
    for table, column in (
        ("reports", "reporter"),
        ("reports", "status"),
        ("reports", "photo"),
        ("reports", "assignee"),
        ("reports", "submitted_at"),
        ("report_steps", "report"),
        ("report_steps", "at"),
        ("report_redactions", "report"),
        ("api_keys", "citizen"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _steps() -> None:
    op.create_table(
        "report_steps",
        _id(),
        _of("report", "reports"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        _of("by", "citizens"),
        sa.Column("note_ko", sa.Text),
        sa.Column("note_en", sa.Text),
        _number("expected_at", nullable=True),
        _number("at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "report_redactions",
        _id(),
        _of("report", "reports"),
        _of("step", "report_steps", nullable=True),
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        _of("by", "citizens"),
        _number("at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_keys",
        _id(),
        sa.Column("hash", sa.LargeBinary(32), nullable=False, unique=True),
        _of("citizen", "citizens"),
        sa.Column("name", sa.String(60), nullable=False),
        _number("made_at"),
        _number("revoked_at", nullable=True),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop them: nobody reported anything."""
    for table in ("api_keys", "report_redactions", "report_steps", "reports"):
        op.drop_table(table)
