"""A database as one file, and back: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from meta_gwangju.errors import BackupError

#: Pages of 4 kB copied between two words about progress.
_PAGES = 2048
#: Tables live here unless somebody says otherwise.
_SCHEMA = "public"
#: A connection that was closed is listed for a moment more: the list is looked at so often, seconds apart.
_LOOKS, _LOOK_SECONDS = 10, 0.3


def copy_sqlite(database: Path, target: Path, told: Callable[[int, int], None]) -> None:
    """Copy an SQLite database as it stands at one moment, while others go on writing into it.

    Args:
        database: The file; its log (WAL) is taken into account.
        target: A file that does not exist.
        told: Hears how much is done, and of how much.

    Raises:
        BackupError: It cannot be read, or the copy not be written.
    """
    address = f"{database.resolve().as_uri()}?mode=rw"  # the log's index is written even by readers
    try:
        with (
            closing(sqlite3.connect(address, uri=True, isolation_level=None)) as source,
            closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            # With a reader's transaction open already, every step of the copy sees the same moment; without,
            # the copy would begin anew with every commit of somebody else (sqlite.org/c3ref/backup_finish).
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=_PAGES, progress=lambda _, left, total: told(total - left, total))
            source.execute("COMMIT")
    except sqlite3.Error as error:
        raise BackupError(
            f"데이터베이스 {database}을(를) 복사할 수 없습니다({error}). 권한과 남은 공간을 확인하세요.",
            f"The database {database} cannot be copied ({error}). Check permissions and the space left.",
        ) from error


def close_sqlite(database: Path) -> None:
    """Bring the log of a database into its file, which proves that nobody else has it open.

    Raises:
        BackupError: Somebody has. A file that is no database is left as it is.
    """
    try:
        with closing(sqlite3.connect(database, timeout=1.0, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise BackupError(
            f"데이터베이스 {database}이(가) 쓰이고 있습니다({error}). 도시를 닫고 다시 하세요.",
            f"The database {database} is in use ({error}). Close the city, then do this again.",
        ) from error
    except sqlite3.DatabaseError:
        return


def dump_postgres(url: sa.URL, target: Path) -> None:
    """Write a PostgreSQL database into a file of pg_dump's custom format, as it stands at one moment.

    Raises:
        BackupError: The client tools are missing or too old, or the database cannot be read.
    """
    options = ("--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--schema={_SCHEMA}")
    _run("pg_dump", url, *options, f"--file={target}")


def load_postgres(engine: sa.Engine, dump: Path, aside: str | None) -> None:
    """Put a dump into a database; when that fails, the database is as it was.

    Args:
        engine: Of the database.
        dump: What :func:`dump_postgres` wrote.
        aside: Name of a schema that the tables of now are kept in; None: there are none.

    Raises:
        BackupError: Somebody else is connected, the tools are missing, or the dump does not go in.
    """
    _check_alone(engine)
    if aside is not None:
        _execute(engine, f'ALTER SCHEMA {_SCHEMA} RENAME TO "{aside}"', f"CREATE SCHEMA {_SCHEMA}")
    try:
        options = ("--exit-on-error", "--single-transaction", "--no-owner", f"--schema={_SCHEMA}")
        _run("pg_restore", engine.url, *options, str(dump))
    except BackupError:
        back_to(engine, aside)
        raise


def back_to(engine: sa.Engine, aside: str | None) -> None:
    """Take the tables back that were set aside, or none, instead of those of now."""
    again = f"CREATE SCHEMA {_SCHEMA}" if aside is None else f'ALTER SCHEMA "{aside}" RENAME TO {_SCHEMA}'
    _execute(engine, f"DROP SCHEMA {_SCHEMA} CASCADE", again)


def holds_tables(engine: sa.Engine) -> bool:
    """Tell whether a PostgreSQL database holds anything.

    Raises:
        BackupError: It cannot be reached.
    """
    try:
        return bool(sa.inspect(engine).get_table_names(_SCHEMA))
    except sa.exc.DBAPIError as error:
        raise unreachable(engine.url, str(error.orig)) from error


def unreachable(url: sa.URL, reason: str) -> BackupError:
    """Return the error of a database that does not answer."""
    shown = url.render_as_string(hide_password=True)
    return BackupError(
        f"데이터베이스 {shown}에 연결할 수 없습니다({reason}). --database의 주소를 확인하세요.",
        f"The database {shown} cannot be reached ({reason}). Check the URL of --database.",
    )


def _check_alone(engine: sa.Engine) -> None:
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    for _ in range(_LOOKS):
        with engine.connect() as connection:
            others = connection.execute(query).scalar_one()
        if not others:
            return
        time.sleep(_LOOK_SECONDS)
    raise BackupError(
        f"다른 프로그램 {others}개가 데이터베이스에 연결되어 있습니다. 도시를 닫고 다시 하세요.",
        f"{others} other connections to the database are open. Close the city, then do this again.",
    )


def _execute(engine: sa.Engine, *statements: str) -> None:
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    except sa.exc.DBAPIError as error:
        raise unreachable(engine.url, str(error.orig)) from error


def _run(program: str, url: sa.URL, *options: str) -> None:
    """Run one of PostgreSQL's client tools; a password goes by the environment, which others cannot read."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            f"PostgreSQL의 {program}이(가) 없습니다. 'apt-get install postgresql-client'로 설치하세요.",
            f"PostgreSQL's {program} is missing. Install it with 'apt-get install postgresql-client'.",
        )
    password = url.password or url.query.get("password")
    query = {name: value for name, value in url.query.items() if name != "password"}
    bare = sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [found, "--no-password", f"--dbname={bare.render_as_string()}", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- found above
    if done.returncode:
        reason = " ".join(done.stderr.split())[-500:]
        raise BackupError(
            f"{program}이(가) 끝내지 못했습니다: {reason}. 데이터베이스 주소, 권한, 남은 공간을 확인하세요.",
            f"{program} failed: {reason}. Check the database's URL, the rights on it and the space left.",
        )
