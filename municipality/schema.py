"""The tables. Migrations bring a database to them; a test holds the two together."""

import sqlalchemy as sa

metadata = sa.MetaData()

#: A key that SQLite keeps as its row id.
_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

#: One row per visitor who is in the city or may still come back. The key is never given twice
#: (AUTOINCREMENT), so it is the person's id everywhere. The token itself is known to the visitor alone.
visitor_sessions = sa.Table(
    "visitor_sessions",
    metadata,
    sa.Column("person", _Id, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("name", sa.String(24), nullable=False),
    sa.Column("colour", sa.Integer, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("x", sa.Float, nullable=False),
    sa.Column("y", sa.Float, nullable=False),
    sa.Column("z", sa.Float, nullable=False),
    sa.Column("yaw", sa.Float, nullable=False),
    sa.Column("opened_at", sa.Float, nullable=False, comment="Unix seconds"),
    sa.Column("left_at", sa.Float, index=True, comment="Unix seconds; null while in the city"),
    sqlite_autoincrement=True,
)

#: The journal: rows are added, never changed. Columns as in :class:`municipality.ledger.Entry`.
ledger_entries = sa.Table(
    "ledger_entries",
    metadata,
    sa.Column("seq", _Id, primary_key=True, autoincrement=False),
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
    sa.Column("id", _Id, primary_key=True, autoincrement=False),
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
    sa.Column("seq", _Id, primary_key=True, autoincrement=False),
    sa.Column("debit", sa.BigInteger, nullable=False),
    sa.Column("credit", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False, index=True, comment="Unix microseconds"),
)
