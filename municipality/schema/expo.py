"""Booths in the expo hall, how many people came to them, and the contacts that were left."""

import sqlalchemy as sa

from municipality.schema.base import Id, metadata

#: One row each time that an organisation holds a slot; it stays when the slot is freed.
booths = sa.Table(
    "booths",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("slot", sa.String(64), nullable=False),
    sa.Column("organisation", Id, sa.ForeignKey("organisations.id"), nullable=False, index=True),
    sa.Column("state", sa.String(8), nullable=False, comment="draft, open, closed or freed"),
    sa.Column("title_ko", sa.String(60), nullable=False),
    sa.Column("title_en", sa.String(60), nullable=False),
    sa.Column("summary_ko", sa.String(200), nullable=False),
    sa.Column("summary_en", sa.String(200), nullable=False),
    sa.Column("description_ko", sa.Text, nullable=False),
    sa.Column("description_en", sa.Text, nullable=False),
    sa.Column("link", sa.String(300), comment="https; null: none"),
    sa.Column("model", sa.String(64), index=True, comment="SHA-256 of the kept glb, hexadecimal"),
    sa.Column("model_report", sa.Text, comment="JSON: its figures, and what was found in it"),
    sa.Column("token", sa.LargeBinary(32), unique=True, comment="hash of the key that opens the screen"),
    sa.Column("token_at", sa.Float, comment="when it was made, Unix seconds"),
    sa.Column("taken_by", Id, sa.ForeignKey("citizens.id"), nullable=False),
    sa.Column("taken_at", sa.Float, nullable=False),
    sa.Column("changed_at", sa.Float, nullable=False),
    sa.Column("freed_at", sa.Float, comment="null while the slot is held"),
    sa.Column("freed_reason", sa.String(300), comment="what an officer said; null: given back"),
    sqlite_autoincrement=True,
)

#: A slot is held once, whatever the program does.
sa.Index(
    "booths_slot_held",
    booths.c.slot,
    unique=True,
    sqlite_where=booths.c.freed_at.is_(None),
    postgresql_where=booths.c.freed_at.is_(None),
)

booth_visits = sa.Table(
    "booth_visits",
    metadata,
    sa.Column("booth", Id, sa.ForeignKey("booths.id"), primary_key=True, autoincrement=False),
    sa.Column("hour", sa.BigInteger, primary_key=True, autoincrement=False, comment="Unix hours"),
    sa.Column("visits", sa.Integer, nullable=False),
)

#: What somebody left for one booth. Withdrawn: neither `sealed` nor `key` is there any more.
contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("booth", Id, sa.ForeignKey("booths.id"), nullable=False, index=True),
    sa.Column("giver", Id, sa.ForeignKey("citizens.id"), index=True, comment="null: a visitor"),
    sa.Column("token", sa.LargeBinary(32), unique=True, comment="hash of a visitor's key to withdraw it"),
    sa.Column("sealed", sa.LargeBinary, comment="under the giver's key, or under `key`"),
    sa.Column("key", sa.LargeBinary, comment="a visitor's: of this contact alone, itself sealed"),
    sa.Column("left_at", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False, index=True),
    sa.Column("withdrawn_at", sa.Float),
    sqlite_autoincrement=True,
)
