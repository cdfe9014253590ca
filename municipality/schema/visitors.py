"""Who is in the city, or may still come back."""

import sqlalchemy as sa

from municipality.schema.base import Id, metadata

#: One row per visitor who is in the city or may still come back. The key is never given twice
#: (AUTOINCREMENT), so it is the person's id everywhere. The token itself is known to the visitor alone.
visitor_sessions = sa.Table(
    "visitor_sessions",
    metadata,
    sa.Column("person", Id, primary_key=True),
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
