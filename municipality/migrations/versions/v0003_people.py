"""Citizens, passkeys, sessions, grants and organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_HASH = sa.LargeBinary(32)


def _id() -> sa.Column[int]:
    return sa.Column("id", _ID, primary_key=True)


def _citizen(*, nullable: bool = False, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "citizen",
        _ID,
        sa.ForeignKey("citizens.id"),
        nullable=nullable,
        primary_key=primary_key,
        autoincrement=False,
    )


def _time(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=nullable)


def upgrade() -> None:
    """Make the tables of people."""
    op.create_table(
        "citizens",
        _id(),
        sa.Column("handle", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("name", sa.LargeBinary),
        sa.Column("colour", sa.Integer, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("account", sa.BigInteger, unique=True),
        _time("joined_at"),
        _time("erased_at", nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "citizen_keys", _citizen(primary_key=True), sa.Column("wrapped", sa.LargeBinary, nullable=False)
    )
    _ways_in()
    _rights()
    for table, column in (
        ("passkeys", "citizen"),
        ("entry_codes", "citizen"),
        ("ceremonies", "expires_at"),
        ("sessions", "citizen"),
        ("sessions", "expires_at"),
        ("grants", "citizen"),
        ("memberships", "citizen"),
        ("invitations", "organisation"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _ways_in() -> None:
    op.create_table(
        "passkeys",
        _id(),
        _citizen(),
        sa.Column("credential", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        _time("added_at"),
        _time("used_at", nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "entry_codes",
        _id(),
        _citizen(),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("hash", _HASH, nullable=False, unique=True),
        _time("expires_at", nullable=True),
    )
    op.create_table(
        "ceremonies",
        sa.Column("hash", _HASH, primary_key=True),
        sa.Column("challenge", sa.LargeBinary, nullable=False),
        sa.Column("citizen", sa.BigInteger),
        sa.Column("handle", sa.LargeBinary),
        _time("expires_at"),
    )
    op.create_table(
        "sessions",
        _id(),
        sa.Column("hash", _HASH, nullable=False, unique=True),
        _citizen(nullable=True),
        sa.Column("device", sa.String(64), nullable=False),
        *(_time(name) for name in ("opened_at", "seen_at", "expires_at")),
        sqlite_autoincrement=True,
    )


def _rights() -> None:
    op.create_table(
        "grants",
        _id(),
        _citizen(),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("place", sa.String(128), nullable=False),
        _time("given_at"),
        sa.UniqueConstraint("citizen", "role", "place", name="grants_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "organisations",
        _id(),
        sa.Column("name_ko", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(60), nullable=False),
        _time("founded_at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "memberships",
        sa.Column(
            "organisation", _ID, sa.ForeignKey("organisations.id"), primary_key=True, autoincrement=False
        ),
        _citizen(primary_key=True),
        sa.Column("rank", sa.String(8), nullable=False),
        _time("joined_at"),
    )
    op.create_table(
        "invitations",
        _id(),
        sa.Column("organisation", _ID, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("hash", _HASH, nullable=False, unique=True),
        sa.Column("rank", sa.String(8), nullable=False),
        _time("made_at"),
        _time("expires_at"),
        sa.Column("used_by", sa.BigInteger),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop them: nobody is a citizen any more."""
    for table in (
        "invitations",
        "memberships",
        "organisations",
        "grants",
        "sessions",
        "ceremonies",
        "entry_codes",
        "passkeys",
        "citizen_keys",
        "citizens",
    ):
        op.drop_table(table)
