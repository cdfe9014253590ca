"""Citizens, the ways in that they have, what they may do, and the organisations that they belong to.

What tells who somebody is stands sealed (:mod:`municipality.vault`); everything else knows a number.
"""

import sqlalchemy as sa

from municipality.schema.base import Id, metadata

_HASH = sa.LargeBinary(32)

citizens = sa.Table(
    "citizens",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("handle", sa.LargeBinary(32), nullable=False, unique=True, comment="WebAuthn user handle"),
    sa.Column("name", sa.LargeBinary, comment="sealed; null once erased"),
    sa.Column("colour", sa.Integer, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("account", sa.BigInteger, unique=True, comment="in the ledger; null until it is opened"),
    sa.Column("joined_at", sa.Float, nullable=False, comment="Unix seconds"),
    sa.Column("erased_at", sa.Float, comment="Unix seconds"),
    sqlite_autoincrement=True,
)

#: Without its row nothing that was sealed for a citizen can be read again.
citizen_keys = sa.Table(
    "citizen_keys",
    metadata,
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False, comment="under the city's master key"),
)

passkeys = sa.Table(
    "passkeys",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), nullable=False, index=True),
    sa.Column("credential", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False, comment="COSE"),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("device", sa.String(64), nullable=False),
    sa.Column("added_at", sa.Float, nullable=False),
    sa.Column("used_at", sa.Float),
    sqlite_autoincrement=True,
)

#: Codes that let somebody in once: the recovery codes, and those that one device makes for another.
entry_codes = sa.Table(
    "entry_codes",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(8), nullable=False, comment="recovery or device"),
    sa.Column("hash", _HASH, nullable=False, unique=True),
    sa.Column("expires_at", sa.Float, comment="null: does not"),
)

#: A WebAuthn challenge that waits for its answer.
ceremonies = sa.Table(
    "ceremonies",
    metadata,
    sa.Column("hash", _HASH, primary_key=True, comment="of the ceremony's token"),
    sa.Column("challenge", sa.LargeBinary, nullable=False),
    sa.Column("citizen", sa.BigInteger, comment="who adds a device; null for somebody new or signing in"),
    sa.Column("handle", sa.LargeBinary, comment="of somebody new"),
    sa.Column("expires_at", sa.Float, nullable=False, index=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("hash", _HASH, nullable=False, unique=True),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), index=True, comment="null: a visitor"),
    sa.Column("device", sa.String(64), nullable=False),
    sa.Column("opened_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False, index=True),
    sqlite_autoincrement=True,
)

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), nullable=False, index=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("place", sa.String(128), nullable=False),
    sa.Column("given_at", sa.Float, nullable=False),
    sa.UniqueConstraint("citizen", "role", "place", name="grants_once"),
    sqlite_autoincrement=True,
)

organisations = sa.Table(
    "organisations",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name_ko", sa.String(60), nullable=False),
    sa.Column("name_en", sa.String(60), nullable=False),
    sa.Column("founded_at", sa.Float, nullable=False),
    sqlite_autoincrement=True,
)

memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("organisation", Id, sa.ForeignKey("organisations.id"), primary_key=True, autoincrement=False),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), primary_key=True, autoincrement=False, index=True),
    sa.Column("rank", sa.String(8), nullable=False, comment="owner or staff"),
    sa.Column("joined_at", sa.Float, nullable=False),
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("organisation", Id, sa.ForeignKey("organisations.id"), nullable=False, index=True),
    sa.Column("hash", _HASH, nullable=False, unique=True),
    sa.Column("rank", sa.String(8), nullable=False),
    sa.Column("made_at", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
    sa.Column("used_by", sa.BigInteger, comment="null: open"),
    sqlite_autoincrement=True,
)
