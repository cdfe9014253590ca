"""Money: the journal of entries, what it adds up to, and what is held."""

import sqlalchemy as sa

from municipality.schema.base import Id, metadata

#: The journal: rows are added, never changed. Columns as in :class:`municipality.ledger.Entry`.
ledger_entries = sa.Table(
    "ledger_entries",
    metadata,
    sa.Column("seq", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False, comment="Unix microseconds"),
    sa.Column("debit", sa.BigInteger, nullable=False),
    sa.Column("credit", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("refers", sa.BigInteger, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False),
    sa.Column("key", sa.LargeBinary(20), nullable=False, unique=True),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sa.Column("debit_before", sa.BigInteger, nullable=False, comment="the debit account's entry before this"),
    sa.Column("credit_before", sa.BigInteger, nullable=False, comment="the credit account's entry before"),
    sa.CheckConstraint("amount >= 0", name="ledger_amount_is_no_debt"),
)

#: What the journal adds up to. The constraints hold even if the program is wrong.
ledger_accounts = sa.Table(
    "ledger_accounts",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("balance", sa.BigInteger, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False),
    sa.Column("allowance", sa.BigInteger, nullable=False),
    sa.Column("newest", sa.BigInteger, nullable=False, comment="seq of the newest entry that names it"),
    sa.CheckConstraint("held >= 0", name="ledger_held_is_no_debt"),
    sa.CheckConstraint("balance - held + allowance >= 0", name="ledger_nothing_is_overdrawn"),
)

#: Holds that were neither captured nor voided and have not expired.
ledger_holds = sa.Table(
    "ledger_holds",
    metadata,
    sa.Column("seq", Id, primary_key=True, autoincrement=False),
    sa.Column("debit", sa.BigInteger, nullable=False),
    sa.Column("credit", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False, index=True, comment="Unix microseconds"),
)
