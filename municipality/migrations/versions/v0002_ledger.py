"""Accounts, the journal of their entries, and money that is held."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def upgrade() -> None:
    """Make the ledger's tables."""
    op.create_table(
        "ledger_entries",
        sa.Column("seq", _ID, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False, comment="Unix microseconds"),
        *(_number(name) for name in ("debit", "credit", "amount", "refers", "expires")),
        sa.Column("key", sa.LargeBinary(20), nullable=False, unique=True),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        *(_number(name) for name in ("debit_before", "credit_before")),
        sa.CheckConstraint("amount >= 0", name="ledger_amount_is_no_debt"),
    )
    op.create_table(
        "ledger_accounts",
        sa.Column("id", _ID, primary_key=True, autoincrement=False),
        *(_number(name) for name in ("balance", "held", "allowance", "newest")),
        sa.CheckConstraint("held >= 0", name="ledger_held_is_no_debt"),
        sa.CheckConstraint("balance - held + allowance >= 0", name="ledger_nothing_is_overdrawn"),
    )
    op.create_table(
        "ledger_holds",
        sa.Column("seq", _ID, primary_key=True, autoincrement=False),
        *(_number(name) for name in ("debit", "credit", "amount")),
        sa.Column("expires", sa.BigInteger, nullable=False, comment="Unix microseconds"),
    )
    op.create_index("ix_ledger_holds_expires", "ledger_holds", ["expires"])


def downgrade() -> None:
    """Drop them: the city's money is gone."""
    for table in ("ledger_holds", "ledger_accounts", "ledger_entries"):
        op.drop_table(table)
