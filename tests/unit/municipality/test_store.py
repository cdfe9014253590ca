import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from municipality.errors import StoreError
from municipality.schema import metadata, visitor_sessions
from municipality.store import Store

#: What version 0.1.0 wrote, with one visitor.
FIRST_RELEASE = """
CREATE TABLE visitor_sessions (
    person INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, token_hash BLOB NOT NULL, name VARCHAR(24) NOT NULL,
    colour INTEGER NOT NULL, language VARCHAR(2) NOT NULL, x FLOAT NOT NULL, y FLOAT NOT NULL,
    z FLOAT NOT NULL, yaw FLOAT NOT NULL, opened_at FLOAT NOT NULL, left_at FLOAT, UNIQUE (token_hash)
);
CREATE INDEX ix_visitor_sessions_left_at ON visitor_sessions (left_at);
INSERT INTO visitor_sessions VALUES (1, x'00', '보라', 0, 'ko', 0, 0, 0, 0, 0, NULL);
PRAGMA user_version = 1;
"""


def pragma(store: Store, name: str) -> object:
    with store.engine.connect() as connection:
        return connection.execute(sa.text(f"PRAGMA {name}")).scalar_one()


def test_what_is_committed_survives_a_power_cut(sqlite_store: Store) -> None:
    assert pragma(sqlite_store, "journal_mode") == "wal"
    assert pragma(sqlite_store, "synchronous") == 2  # FULL
    assert pragma(sqlite_store, "foreign_keys") == 1


def test_the_migrations_end_at_the_tables_that_the_program_declares(store: Store) -> None:
    with store.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    # What a column's comment says is said to whoever reads the program; SQLite keeps none.
    steps = [step for group in found for step in (group if isinstance(group, list) else [group])]
    assert [step for step in steps if step[0] != "modify_comment"] == []


def test_a_database_of_the_first_release_keeps_its_visitors(tmp_path: Path) -> None:
    path = tmp_path / "city.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_RELEASE)
    with Store(path) as store, store.engine.connect() as opened:
        assert opened.execute(sa.select(visitor_sessions.c.name)).scalars().all() == ["보라"]
        assert sa.inspect(opened).has_table("ledger_entries")


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    with Store(tmp_path / "a" / "b" / "city.sqlite3"):
        assert (tmp_path / "a" / "b" / "city.sqlite3").is_file()


def test_a_file_that_is_no_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "city.sqlite3"
    path.write_bytes(b"not a database at all " * 100)
    with pytest.raises(StoreError, match="--data") as refused:
        Store(path)
    assert str(path) in refused.value.ko


def test_a_folder_that_cannot_be_made_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(StoreError, match="--data"):
        Store(tmp_path / "taken" / "city.sqlite3")


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "city.sqlite3"
    with Store(path) as store, store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="Update this program"):
        Store(path)


def test_as_many_read_at_once_as_the_server_has_threads(sqlite_store: Store) -> None:
    with ExitStack() as threads:
        for _ in range(60):
            connection = threads.enter_context(sqlite_store.engine.connect())
            assert connection.execute(sa.select(1)).scalar_one() == 1
