"""What every table shares."""

import sqlalchemy as sa

metadata = sa.MetaData()

#: A key that SQLite keeps as its row id.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
