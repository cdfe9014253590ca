"""What officers did about people, and what those said to it.

Reasons and appeals are about people: a citizen's are sealed (:mod:`municipality.vault`), a visitor's are
deleted after a while.
"""

import sqlalchemy as sa

from municipality.schema.base import Id, metadata

moderation_acts = sa.Table(
    "moderation_acts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False, comment="mute, kick, timeout or ban"),
    sa.Column("place", sa.String(128), nullable=False),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), index=True, comment="null: a visitor"),
    sa.Column("person", sa.BigInteger, index=True, comment="a visitor's in the city; null: a citizen"),
    sa.Column("category", sa.String(16), nullable=False),
    sa.Column("reason", sa.LargeBinary, comment="sealed for a citizen; null once deleted"),
    sa.Column("officer", sa.BigInteger, nullable=False, comment="citizen who acted"),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("until", sa.Float, nullable=False, comment="a kick's is its moment"),
    sa.Column("code", sa.LargeBinary(32), comment="hash of what a visitor appeals with"),
    sa.Column("salt", sa.LargeBinary(16), comment="of the network; null: not bound to one, or forgotten"),
    sa.Column("network", sa.LargeBinary(32), comment="salted hash; for a day at most"),
    sa.Column("network_until", sa.Float, index=True),
    sa.Column("lifted_at", sa.Float),
    sa.Column("lifted_by", sa.BigInteger),
    sa.CheckConstraint("(citizen IS NULL) <> (person IS NULL)", name="moderation_acts_have_one_target"),
    sqlite_autoincrement=True,
)

#: One an act.
moderation_appeals = sa.Table(
    "moderation_appeals",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("act", Id, sa.ForeignKey("moderation_acts.id"), nullable=False, unique=True),
    sa.Column("text", sa.LargeBinary, comment="sealed for a citizen; null once deleted"),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("outcome", sa.String(8), comment="kept or lifted; null: waits"),
    sa.Column("answer", sa.LargeBinary, comment="as the text"),
    sa.Column("answered_by", sa.BigInteger),
    sa.Column("answered_at", sa.Float),
    sqlite_autoincrement=True,
)
