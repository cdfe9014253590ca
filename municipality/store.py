"""The database: opened so that nothing acknowledged is lost, and brought to this version's tables."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import alembic.command
import alembic.config
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from municipality.errors import StoreError

#: The migration that a database of the first release stands at; it kept its version in `user_version`.
_FIRST = "0001"
#: PostgreSQL's advisory lock of whoever migrates: any number that nobody else uses.
_MIGRATING = 0x6D67_6D69_6772
#: Connections at most: more than there are threads that ask, so that nobody waits for one, least of all the
#: event loop. Beyond the first few each is closed after its use.
_KEPT_CONNECTIONS, _MORE_CONNECTIONS = 10, 54
#: How long SQLite waits for another writer: in a thread, and where the event loop itself would stand still.
_PATIENCE_MILLISECONDS, _HASTE_MILLISECONDS = 5000, 500


class Store:
    """An open database. Close it, or use it as a context manager.

    Attributes:
        url: Where it is.
        engine: For :mod:`municipality` alone; everybody else asks the nouns.
    """

    def __init__(self, database: Path | str) -> None:
        """Open a database, and bring it to this version's tables; an SQLite file is made when missing.

        Args:
            database: An SQLite file, or the URL of a PostgreSQL database: `postgresql://user@host/name`.

        Raises:
            StoreError: It cannot be reached or written, is no database, or is newer than this program.
        """
        self.url = url_of(database)
        self.engine = sa.create_engine(
            self.url,
            poolclass=sa.QueuePool,
            pool_size=_KEPT_CONNECTIONS,
            max_overflow=_MORE_CONNECTIONS,
        )
        self._one_writes = threading.Lock()
        if self.url.get_backend_name() == "sqlite":
            sa.event.listen(self.engine, "connect", _make_durable)
            sa.event.listen(self.engine, "begin", _begin)
        try:
            if isinstance(database, Path):
                database.parent.mkdir(parents=True, exist_ok=True)
            migrate(self.engine)
        except (sa.exc.DBAPIError, OSError) as error:
            self.close()
            raise _cannot_open(self.url, _reason(error)) from error
        except StoreError:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Change something, in one transaction that is on disk at the end. For threads, not the event loop.

        In SQLite it is the only one that writes from its first statement on, so that what it reads stays
        true until it commits; writers of this process queue up, and for the ledger's they wait.
        """
        if self.url.get_backend_name() != "sqlite":
            with self.engine.begin() as connection:
                yield connection
            return
        with (
            self._one_writes,
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def migrate(engine: sa.Engine) -> None:
    """Bring a database to the tables of this version, in one transaction; of two at once, one waits.

    Raises:
        StoreError: It was written by a newer version.
    """
    with engine.begin() as connection:
        if MigrationContext.configure(connection).get_current_revision() == _steps()[1].get_current_head():
            return
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATING)))
        _upgrade(connection)


def revisions(database: Path | str) -> tuple[str | None, str]:
    """Return which schema a database stands at (None: there is none so far), and which this program needs.

    Raises:
        StoreError: It cannot be reached, or is no database.
    """
    target = str(_steps()[1].get_current_head())
    if isinstance(database, Path) and not database.is_file():
        return None, target
    url = url_of(database)
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
            unnumbered = found is None and sa.inspect(connection).has_table("visitor_sessions")
    except sa.exc.DBAPIError as error:
        raise _cannot_open(url, _reason(error)) from error
    finally:
        engine.dispose()
    return _FIRST if unnumbered else found, target


def known_revisions() -> frozenset[str]:
    """Return the schemas that this program can bring to its own."""
    return frozenset(step.revision for step in _steps()[1].walk_revisions())


def _upgrade(connection: sa.Connection) -> None:
    config, steps = _steps()
    config.attributes["connection"] = connection
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in known_revisions():
        shown = _shown(connection.engine.url)
        raise StoreError(
            f"데이터베이스 {shown}은(는) 더 새로운 버전(스키마 {found})이 만들었습니다. "
            "프로그램을 업데이트하세요.",
            f"The database {shown} was written by a newer version (schema {found}). Update this program.",
        )
    if found is None and sa.inspect(connection).has_table("visitor_sessions"):
        alembic.command.stamp(config, _FIRST)
    if found != steps.get_current_head():
        alembic.command.upgrade(config, "head")


def _steps() -> tuple[alembic.config.Config, ScriptDirectory]:
    config = alembic.config.Config()
    config.set_main_option("script_location", "municipality:migrations")
    return config, ScriptDirectory.from_config(config)


def url_of(database: Path | str) -> sa.URL:
    """Return the URL of an SQLite file or a PostgreSQL database, with the driver that is used for it.

    Raises:
        StoreError: It is neither.
    """
    if isinstance(database, Path):
        return sa.URL.create("sqlite", database=str(database))
    try:
        url = sa.make_url(database)
    except sa.exc.ArgumentError as error:
        raise StoreError(
            f"데이터베이스 주소 {database!r}을(를) 읽을 수 없습니다. "
            "postgresql://사용자@호스트/이름 꼴로 적어 주세요.",
            f"{database!r} is no database URL. Write it as postgresql://user@host/name.",
        ) from error
    if url.get_backend_name() not in {"postgresql", "sqlite"}:
        raise StoreError(
            f"{url.get_backend_name()} 데이터베이스는 쓸 수 없습니다. SQLite나 PostgreSQL을 쓰세요.",
            f"A {url.get_backend_name()} database cannot be used. Use SQLite or PostgreSQL.",
        )
    return url if url.get_backend_name() == "sqlite" else url.set(drivername="postgresql+psycopg")


def _cannot_open(url: sa.URL, reason: str) -> StoreError:
    return StoreError(
        f"데이터베이스 {_shown(url)}을(를) 열 수 없습니다({reason}). "
        "폴더의 쓰기 권한과 남은 공간을 확인하거나 --data로 다른 폴더를 지정하세요.",
        f"The database {_shown(url)} cannot be opened ({reason}). "
        "Check that its folder can be written and has space left, or name another one with --data.",
    )


def _shown(url: sa.URL) -> str:
    """Return a database's name as it may be shown: no password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def _make_durable(connection: Any, _record: object) -> None:
    """Set SQLite so that what was committed survives a power cut (WAL with FULL, sqlite.org/pragma)."""
    connection.isolation_level = None  # the driver would end transactions before a change of the schema
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    patience = _PATIENCE_MILLISECONDS if writes else _HASTE_MILLISECONDS
    if connection.info.get("patience") != patience:  # the connection keeps it from one use to the next
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
        connection.info["patience"] = patience
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reason(error: Exception) -> str:
    if isinstance(error, sa.exc.DBAPIError):
        return str(error.orig)
    return str(error.strerror if isinstance(error, OSError) else error)
