"""What citizens propose, who supports it, what is said about it, and what the city answers."""

import sqlalchemy as sa

from municipality.schema.base import Id, metadata

proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("author", Id, sa.ForeignKey("citizens.id"), nullable=False, index=True),
    sa.Column("title", sa.String(80), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("category", sa.String(16), nullable=False),
    sa.Column("x", sa.Float, nullable=False, comment="metres, world"),
    sa.Column("z", sa.Float, nullable=False, comment="metres, world"),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("supports", sa.Integer, nullable=False, comment="rows in proposal_supports"),
    sa.Column("comments", sa.Integer, nullable=False, comment="rows in proposal_comments that are shown"),
    sa.Column("vote", sa.BigInteger, comment="that it led to"),
    sa.Column("made_at", sa.Float, nullable=False, comment="Unix seconds"),
    sa.Column("edited_at", sa.Float),
    sa.Column("due_since", sa.Float, comment="when enough supported it for an answer"),
    sa.Column("hidden", sa.Text, comment="why an officer took it out of sight; null: in sight"),
    sa.Index("ix_proposals_supports", "supports", "id"),
    sqlite_autoincrement=True,
)

proposal_supports = sa.Table(
    "proposal_supports",
    metadata,
    sa.Column("proposal", Id, sa.ForeignKey("proposals.id"), primary_key=True, autoincrement=False),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), primary_key=True, autoincrement=False),
    sa.Column("at", sa.Float, nullable=False),
)

proposal_comments = sa.Table(
    "proposal_comments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("proposal", Id, sa.ForeignKey("proposals.id"), nullable=False, index=True),
    sa.Column("author", Id, sa.ForeignKey("citizens.id"), nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False, comment="empty once withdrawn"),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("withdrawn_at", sa.Float),
    sa.Column("hidden", sa.Text, comment="why an officer took it out of sight; null: in sight"),
    sqlite_autoincrement=True,
)

#: Rows are added, never changed: what an officer said when the state changed.
proposal_answers = sa.Table(
    "proposal_answers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("proposal", Id, sa.ForeignKey("proposals.id"), nullable=False, index=True),
    sa.Column("officer", Id, sa.ForeignKey("citizens.id"), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, comment="that it led to"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sqlite_autoincrement=True,
)
