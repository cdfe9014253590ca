"""A city put into one file, and taken out again."""

import asyncio
import hashlib
import os
import stat
import tarfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from meta_gwangju import backup
from meta_gwangju.archive import Manifest
from meta_gwangju.backup import make_backup
from meta_gwangju.config import Settings
from meta_gwangju.dump import copy_sqlite
from meta_gwangju.durable import put_file
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


def test_files_that_come_and_go_while_a_backup_is_made_do_not_spoil_it(tmp_path: Path) -> None:
    city, other = Settings(data=tmp_path / "var"), Settings(data=tmp_path / "other")
    live(city)
    stop = threading.Event()

    def come_and_go() -> None:
        while not stop.is_set():
            for number in range(50):
                put_file(city.data / "uploads" / f"{number}.jpg", bytes([number]) * 20_000)
            for number in range(50):
                (city.data / "uploads" / f"{number}.jpg").unlink()

    with ThreadPoolExecutor(1) as threads:
        going = threads.submit(come_and_go)
        try:
            for number in range(3):
                make_backup(city, tmp_path / f"{number}.tar.gz")
        finally:
            stop.set()
        going.result()
    restore_backup(other, tmp_path / "2.tar.gz", NOW, replace=False)
    found = files(other)
    assert {path: found.pop(path) for path in UPLOADS} == UPLOADS
    assert all(content == bytes([int(Path(path).stem)]) * 20_000 for path, content in found.items())
    assert not list(city.data.glob(".*"))


def test_a_file_that_is_deleted_while_the_database_is_copied_is_in_the_backup(
    sqlite_city: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_then_copy(*arguments: Any) -> None:
        (sqlite_city.data / "uploads/photo.jpg").unlink()
        copy_sqlite(*arguments)

    monkeypatch.setattr(backup, "copy_sqlite", delete_then_copy)
    make_backup(sqlite_city, tmp_path / "city.tar.gz")
    other = Settings(data=tmp_path / "other")
    restore_backup(other, tmp_path / "city.tar.gz", NOW, replace=False)
    assert files(other) == UPLOADS


def test_what_a_killed_backup_left_is_forgotten(sqlite_city: Settings, tmp_path: Path) -> None:
    old, young = sqlite_city.data / ".backup-old", sqlite_city.data / ".backup-young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "0").write_bytes(b"deleted on purpose")
    os.utime(old, (1.0, 1.0))
    inside = make_backup(sqlite_city, tmp_path / "city.tar.gz").manifest.members
    assert (old.exists(), young.exists()) == (False, True)
    assert len(inside) == 1 + len(UPLOADS)


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
