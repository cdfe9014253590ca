"""Reports (민원), what became of each, what was hidden of them, and the keys of programs that file them."""

import sqlalchemy as sa

from municipality.schema.base import Id, metadata

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("reporter", Id, sa.ForeignKey("citizens.id"), nullable=False, index=True),
    sa.Column("service", sa.String(24), nullable=False),
    sa.Column("status", sa.String(16), nullable=False, index=True),
    sa.Column("description", sa.Text, comment="null: hidden"),
    sa.Column("address", sa.String(200), comment="null: none, or hidden"),
    sa.Column("longitude", sa.Float, nullable=False, comment="degrees, WGS 84"),
    sa.Column("latitude", sa.Float, nullable=False, comment="degrees, WGS 84"),
    sa.Column("x", sa.Float, nullable=False, comment="world metres"),
    sa.Column("z", sa.Float, nullable=False, comment="world metres"),
    sa.Column("gu", sa.String(16), comment="district; null: on no district's land"),
    sa.Column("dong", sa.String(16), comment="neighbourhood"),
    sa.Column("photo", sa.String(64), index=True, comment="SHA-256 of the kept picture, hexadecimal"),
    sa.Column("contact", sa.LargeBinary, comment="sealed"),
    sa.Column("assignee", Id, sa.ForeignKey("citizens.id"), index=True),
    sa.Column("reopened", sa.Integer, nullable=False, comment="how often"),
    sa.Column("submitted_at", sa.Float, nullable=False, index=True, comment="Unix seconds"),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.Column("answered_at", sa.Float, comment="null while it is open"),
    sa.Column("expected_at", sa.Float),
    sqlite_autoincrement=True,
)

report_steps = sa.Table(
    "report_steps",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("report", Id, sa.ForeignKey("reports.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("status", sa.String(16), nullable=False, comment="after it"),
    sa.Column("by", Id, sa.ForeignKey("citizens.id"), nullable=False),
    sa.Column("note_ko", sa.Text, comment="null: none, or hidden"),
    sa.Column("note_en", sa.Text),
    sa.Column("expected_at", sa.Float),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sqlite_autoincrement=True,
)

#: What an officer took out of sight; the text itself is gone.
report_redactions = sa.Table(
    "report_redactions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("report", Id, sa.ForeignKey("reports.id"), nullable=False, index=True),
    sa.Column("step", Id, sa.ForeignKey("report_steps.id"), comment="whose note; null: the report's own"),
    sa.Column("part", sa.String(16), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, comment="SHA-256 of what stood there, hexadecimal"),
    sa.Column("reason", sa.String(300), nullable=False),
    sa.Column("by", Id, sa.ForeignKey("citizens.id"), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sqlite_autoincrement=True,
)

#: Programs that file reports in a citizen's name.
api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("citizen", Id, sa.ForeignKey("citizens.id"), nullable=False, index=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("made_at", sa.Float, nullable=False),
    sa.Column("revoked_at", sa.Float),
    sqlite_autoincrement=True,
)
