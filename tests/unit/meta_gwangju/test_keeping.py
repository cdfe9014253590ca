"""`backup`, `restore` and `migrate` as an operator meets them."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from meta_gwangju.cli import app
from meta_gwangju.config import Settings
from municipality.store import Store, revisions
from tests.support.postgres import Postgres, postgres
from tests.unit.meta_gwangju.living import live


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture
def sqlite_city(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "var")
    live(settings)
    return settings


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=environment)


def test_an_operator_backs_up_wipes_and_restores(sqlite_city: Settings, tmp_path: Path) -> None:
    backed = run("backup", tmp_path / "b.tar.gz", "--data", sqlite_city.data)
    assert backed.exit_code == 0, backed.output
    assert "4 files" in backed.stdout
    assert "Guard it like a safe" in " ".join(backed.stderr.split())
    restored = run("restore", tmp_path / "b.tar.gz", "--data", tmp_path / "other")
    assert restored.exit_code == 0, restored.output
    assert "Everything verifies" in restored.stdout
    assert "ledger" in restored.stdout
    assert "reports" in restored.stdout


def test_a_backup_of_a_changed_ledger_says_so_when_it_is_restored(
    sqlite_city: Settings, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(str(sqlite_city.database))) as connection:
        connection.execute("UPDATE journal_entries SET body = '{\"number\":99}' WHERE seq = 7")
        connection.commit()
    run("backup", tmp_path / "b.tar.gz", "--data", sqlite_city.data)
    restored = run("restore", tmp_path / "b.tar.gz", "--data", tmp_path / "other")
    assert restored.exit_code == 1
    assert "1 rows do not follow: 7" in restored.stdout


def test_what_cannot_be_backed_up_is_a_sentence(tmp_path: Path, sqlite_city: Settings) -> None:
    for arguments, said in [
        (("backup", tmp_path / "b", "--data", tmp_path / "none"), "no database of a city"),
        (("backup", tmp_path, "--data", sqlite_city.data), "is a folder"),
        (("backup", tmp_path / "no" / "b", "--data", sqlite_city.data), "cannot be written"),
        (("restore", tmp_path / "none", "--data", tmp_path / "other"), "cannot be put back"),
        (("backup", tmp_path / "b", "--database", "postgresql://nobody@127.0.0.1:9/none"), "pg_dump failed"),
        (("backup", tmp_path / "b", "--database", "mysql://x/y"), "cannot be used"),
    ]:
        result = run(*arguments)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
        assert said in " ".join(result.stderr.split())
    assert not (tmp_path / "b").exists()


def test_missing_client_tools_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    result = run("backup", tmp_path / "b", "--database", "postgresql://x@/y", PATH=str(tmp_path / "bin"))
    assert result.exit_code == 1
    assert "apt-get install postgresql-client" in result.stderr


def test_a_password_stands_in_no_command_line_and_in_no_message(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "pg_dump").write_text('#!/bin/sh\necho "asked $*; password $PGPASSWORD" >&2\nexit 1\n')
    (tools / "pg_dump").chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    url = "postgresql://officer:s3cret@127.0.0.1:9/city?sslmode=disable"
    said = " ".join(run("backup", tmp_path / "b", "--database", url, PATH=path).stderr.split())
    assert "password s3cret" in said  # the tool has it, by its environment
    assert "asked --no-password --dbname=postgresql://officer@127.0.0.1:9/city?sslmode=disable" in said


def test_migrate_tells_where_a_database_stands_and_moves_it(tmp_path: Path) -> None:
    target = revisions(tmp_path / "none")[1]
    first = tmp_path / "first.sqlite3"
    with Store(first) as store, store.engine.begin() as connection:
        connection.execute(sa.text("SELECT 1"))
    with closing(sqlite3.connect(first)) as connection:
        for table in [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]:
            if table not in {"visitor_sessions", "sqlite_sequence"}:
                connection.execute(f"DROP TABLE {table}")
        connection.commit()
    checked = run("migrate", "--check", "--database", first)
    assert checked.exit_code == 1
    assert f"0001 → {target}" in checked.stdout
    moved = run("migrate", "--database", first)
    assert moved.exit_code == 0, moved.output
    again = run("migrate", "--check", "--database", first)
    assert again.exit_code == 0
    assert f"{target} → {target}" in again.stdout


def test_migrate_refuses_a_newer_database(sqlite_city: Settings) -> None:
    with Store(sqlite_city.database) as store, store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for options in (("--check",), ()):
        result = run("migrate", *options, "--data", sqlite_city.data)
        assert result.exit_code == 1
        assert "newer version" in " ".join(result.stderr.split())


def test_of_two_that_migrate_at_once_one_waits(postgres_server: Postgres) -> None:
    url = postgres_server.database()

    async def both() -> None:
        await asyncio.gather(*(asyncio.to_thread(lambda: Store(url).close()) for _ in range(4)))

    asyncio.run(both())
    found, target = revisions(url)
    assert found == target
