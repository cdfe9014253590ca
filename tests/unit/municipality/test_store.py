import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from municipality.errors import StoreError
from municipality.store import SCHEMA_VERSION, Store


def pragma(store: Store, name: str) -> object:
    with store.engine.connect() as connection:
        return connection.execute(sa.text(f"PRAGMA {name}")).scalar_one()


def test_what_is_committed_survives_a_power_cut(store: Store) -> None:
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "synchronous") == 2  # FULL
    assert pragma(store, "foreign_keys") == 1


def test_the_schema_carries_its_version(store: Store) -> None:
    assert pragma(store, "user_version") == SCHEMA_VERSION


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
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="Update this program"):
        Store(path)
