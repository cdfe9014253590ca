"""A city put into one file, and taken out again."""

import asyncio
import hashlib
import os
import sqlite3
import stat
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from meta_gwangju.archive import Manifest
from meta_gwangju.backup import make_backup
from meta_gwangju.cli import app
from meta_gwangju.config import Settings
from meta_gwangju.restore import restore_backup
from municipality.store import Store, revisions
from tests.support.money import till
from tests.support.postgres import Postgres, postgres
from tests.unit.meta_gwangju.living import NOW, UPLOADS, files, live, outstanding, refusal, verdicts

#: Of the city that the tests back up.
VERIFIED = dict.fromkeys(("ledger", "ballots", "reports", "votes"), True)


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A city in which money was paid, something was done, and files lie."""
    data = tmp_path / "var"
    settings = Settings(data=data)
    if request.param == "postgresql":
        settings = Settings(data=data, database=request.getfixturevalue("postgres_server").database())
    live(settings)
    return settings


@pytest.fixture
def sqlite_city(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "var")
    live(settings)
    return settings


@pytest.fixture
def file(sqlite_city: Settings, tmp_path: Path) -> Path:
    """A backup of it."""
    make_backup(sqlite_city, tmp_path / "city.tar.gz")
    return tmp_path / "city.tar.gz"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """Where nothing is yet."""
    return Settings(data=tmp_path / "other")


# --- there and back -------------------------------------------------------------------------------------


def test_what_was_backed_up_and_wiped_is_there_again_and_verifies(city: Settings, tmp_path: Path) -> None:
    before = outstanding(city)
    make_backup(city, tmp_path / "city.tar.gz")
    other = replace(city, data=tmp_path / "other")
    if isinstance(city.database, Path):
        other = Settings(data=tmp_path / "other")
    else:
        wipe(city.database)
    restored = restore_backup(other, tmp_path / "city.tar.gz", NOW, replace=False)
    assert restored.aside is None
    assert files(other) == UPLOADS
    assert outstanding(other) == before
    assert verdicts(other) == VERIFIED
    found, target = revisions(other.database)
    assert found == target


def wipe(url: str) -> None:
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()


def test_a_backup_is_of_one_moment_while_the_city_goes_on(tmp_path: Path) -> None:
    city, other = Settings(data=tmp_path / "var"), Settings(data=tmp_path / "other")
    file = tmp_path / "city.tar.gz"

    async def pay_meanwhile() -> int:
        async with till(store) as money:
            one, two = await money.open(100_000), await money.open()
            making = asyncio.create_task(asyncio.to_thread(make_backup, city, file))
            while not making.done():
                await money.pay(one, two, 1)
            await making
            return int((await money.pay(one, two, 1)).seq)

    with Store(city.database) as store:
        newest = asyncio.run(pay_meanwhile())
    restore_backup(other, file, NOW, replace=False)
    assert verdicts(other) == {"ledger": True, "ballots": True}
    with Store(other.database) as store, store.engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT max(seq) FROM ledger_entries")).scalar_one()
    assert 3 < kept < newest


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_beside_it(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in file.parent.iterdir()) == ["city.tar.gz", "var"]


def test_a_backup_is_a_tar_that_tells_what_is_in_it(file: Path) -> None:
    with tarfile.open(file) as tar:
        manifest = msgspec.json.decode(tar.extractfile("manifest.json").read(), type=Manifest)  # type: ignore[union-attr]
        inside = {member.path: tar.extractfile(member.path).read() for member in manifest.members}  # type: ignore[union-attr]
        assert set(tar.getnames()) == {"manifest.json", *inside}
    assert set(inside) == {"database/city.sqlite3", *(f"files/{path}" for path in UPLOADS)}
    for member in manifest.members:
        content = inside[member.path]
        assert (member.size, member.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_neither_earlier_backups_nor_what_was_put_aside_are_backed_up(
    sqlite_city: Settings,
) -> None:
    for name in ("before-20260101T000000Z/old", "backups/one.tar.gz", ".hidden/x", "tls/key.pem"):
        (sqlite_city.data / name).parent.mkdir()
        (sqlite_city.data / name).write_bytes(b"x")
    (sqlite_city.data / "yesterday.tar.gz").write_bytes(b"x")
    inside = make_backup(sqlite_city, sqlite_city.data / "today.tar.gz").manifest.members
    assert {member.path for member in inside} == {
        "database/city.sqlite3",
        *(f"files/{path}" for path in UPLOADS),
    }


def test_a_path_longer_than_a_header_holds_comes_back(sqlite_city: Settings, elsewhere: Settings) -> None:
    long = sqlite_city.data / "uploads" / ("가" * 60) / "x"
    long.parent.mkdir()
    long.write_bytes(b"here")
    file = sqlite_city.data.parent / "city.tar.gz"
    make_backup(sqlite_city, file)
    restore_backup(elsewhere, file, NOW, replace=False)
    assert (elsewhere.data / long.relative_to(sqlite_city.data)).read_bytes() == b"here"


def test_what_is_put_back_is_for_its_owner_alone(file: Path, elsewhere: Settings) -> None:
    restore_backup(elsewhere, file, NOW, replace=False)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in elsewhere.data.rglob("*") if path.is_file()}
    assert modes == {0o600}


# --- what is there already ------------------------------------------------------------------------------


def test_an_existing_city_is_replaced_only_when_asked_and_kept_beside(city: Settings, tmp_path: Path) -> None:
    file = tmp_path / "city.tar.gz"
    make_backup(city, file)
    (city.data / "uploads/photo.jpg").write_bytes(b"newer")
    assert "--replace" in refusal(city, file)
    restored = restore_backup(city, file, NOW, replace=True)
    assert restored.aside == "before-20261123T140000Z"
    aside = city.data / restored.aside
    assert (aside / "uploads/photo.jpg").read_bytes() == b"newer"
    assert (city.data / "uploads/photo.jpg").read_bytes() == UPLOADS["uploads/photo.jpg"]
    assert verdicts(city) == VERIFIED
    if isinstance(city.database, Path):
        assert verdicts(replace(city, database=aside / city.database.name)) == verdicts(city)
    else:
        assert rows(city.database, f'"{restored.aside}".ledger_entries') == rows(
            city.database, "ledger_entries"
        )


def rows(url: str, table: str) -> int:
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        count = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 -- ours
    engine.dispose()
    return int(count)


def test_a_city_that_is_open_is_not_replaced(city: Settings, tmp_path: Path) -> None:
    make_backup(city, tmp_path / "city.tar.gz")
    with Store(city.database) as store, store.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        assert "Close the city" in refusal(city, tmp_path / "city.tar.gz", replace=True)


def test_a_damaged_database_is_what_a_backup_is_for(sqlite_city: Settings, file: Path) -> None:
    assert isinstance(sqlite_city.database, Path)
    sqlite_city.database.write_bytes(b"no database " * 500)
    restore_backup(sqlite_city, file, NOW, replace=True)
    assert verdicts(sqlite_city) == VERIFIED


def test_when_the_last_step_fails_the_first_ones_are_undone(city: Settings, tmp_path: Path) -> None:
    if isinstance(city.database, Path):  # so that the database can be put aside, and the files cannot
        (tmp_path / "db").mkdir()
        city.database.rename(tmp_path / "db" / city.database.name)
        city = replace(city, database=tmp_path / "db" / city.database.name)
    make_backup(city, tmp_path / "city.tar.gz")
    before = outstanding(city)
    (city.data / "before-20261123T140000Z").write_text("in the way")
    assert "cannot be put back" in refusal(city, tmp_path / "city.tar.gz", replace=True)
    assert outstanding(city) == before


# --- as the operator meets it ---------------------------------------------------------------------------


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
