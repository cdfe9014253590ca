"""The database: its tables, and how it is opened so that nothing acknowledged is lost."""

from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from municipality.errors import StoreError

#: Rises with every change of the tables; kept in SQLite's `user_version`.
SCHEMA_VERSION = 1

metadata = sa.MetaData()

#: One row per visitor who is in the city or may still come back. The key is never given twice
#: (AUTOINCREMENT), so it is the person's id everywhere. The token itself is known to the visitor alone.
visitor_sessions = sa.Table(
    "visitor_sessions",
    metadata,
    sa.Column("person", sa.Integer, primary_key=True),
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


class Store:
    """An open database. Close it, or use it as a context manager.

    Attributes:
        engine: For :mod:`municipality` alone; everybody else asks the nouns.
    """

    def __init__(self, path: Path) -> None:
        """Open the SQLite file at ``path``; it is made when missing.

        Raises:
            StoreError: The file cannot be written, is no database, or is newer than this program.
        """
        self.engine = sa.create_engine(f"sqlite:///{path}")
        sa.event.listen(self.engine, "connect", _make_durable)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self.engine.begin() as connection:
                self._prepare(connection, path)
        except (sa.exc.DatabaseError, OSError) as error:
            self.close()
            reason = _reason(error)
            raise StoreError(
                f"데이터베이스 {path}을(를) 열 수 없습니다({reason}). "
                "폴더의 쓰기 권한과 남은 공간을 확인하거나 --data로 다른 폴더를 지정하세요.",
                f"The database {path} cannot be opened ({reason}). "
                "Check that its folder can be written and has space left, or name another one with --data.",
            ) from error
        except StoreError:
            self.close()
            raise

    def _prepare(self, connection: sa.Connection, path: Path) -> None:
        found = connection.execute(sa.text("PRAGMA user_version")).scalar_one()
        if found > SCHEMA_VERSION:
            raise StoreError(
                f"데이터베이스 {path}은(는) 더 새로운 버전(스키마 {found})이 만들었습니다. "
                "프로그램을 업데이트하세요.",
                f"The database {path} was written by a newer version (schema {found}). Update this program.",
            )
        metadata.create_all(connection)
        connection.execute(sa.text(f"PRAGMA user_version = {SCHEMA_VERSION}"))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _make_durable(connection: Any, _record: object) -> None:
    """Set SQLite so that what was committed survives a power cut (WAL with FULL, sqlite.org/pragma)."""
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _reason(error: Exception) -> str:
    if isinstance(error, sa.exc.DBAPIError):
        return str(error.orig)
    return str(error.strerror if isinstance(error, OSError) else error)
