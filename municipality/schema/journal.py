"""What was done, in order, and what was asked under which key."""

import sqlalchemy as sa

from municipality.schema.base import metadata

#: Rows are added, never changed: one hash chain a journal (:mod:`municipality.journal`).
journal_entries = sa.Table(
    "journal_entries",
    metadata,
    sa.Column("journal", sa.String(24), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False, comment="Unix microseconds"),
    sa.Column("actor", sa.BigInteger, comment="citizen; null: a visitor, or the city itself"),
    sa.Column("door", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("body", sa.Text, nullable=False, comment="canonical JSON"),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)

#: What was answered to an idempotency key (:mod:`municipality.requests`).
requests = sa.Table(
    "requests",
    metadata,
    sa.Column("key", sa.LargeBinary(20), primary_key=True),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("result", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
