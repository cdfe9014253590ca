"""A city with something in it, to be backed up and put back."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from meta_gwangju.config import Settings
from meta_gwangju.errors import BackupError
from meta_gwangju.restore import restore_backup
from meta_gwangju.verification import verify_city
from municipality import journal
from municipality.access import Actor
from municipality.store import Store
from tests.support.money import till
from tests.support.voters import polls

NOW = dt.datetime(2026, 11, 23, 14, 0, tzinfo=dt.UTC)
UPLOADS = {"uploads/photo.jpg": bytes(range(256)) * 700, "keys/master.key": b"k" * 32, "uploads/a/빈": b""}


def live(settings: Settings) -> None:
    async def pay_and_vote() -> None:
        async with till(store) as money:
            await money.pay(await money.open(1000), await money.open(), 300)
        async with polls(store) as city:
            vote = city.open().definition.vote
            await city.cast(1, vote, 0)
            await city.cast(2, vote, 1, 2)

    with Store(settings.database) as store:
        asyncio.run(pay_and_vote())
        with store.write() as connection:
            for number in range(20):
                body = {"number": number}
                journal.append(connection, "reports", at=1e9, actor=Actor(), kind="opened", body=body)
    for path, content in UPLOADS.items():
        (settings.data / path).parent.mkdir(parents=True, exist_ok=True)
        (settings.data / path).write_bytes(content)
    (settings.data / "city").mkdir()
    (settings.data / "city" / "tileset.json").write_text("can be built again")


def files(settings: Settings) -> dict[str, bytes]:
    """Everything in the data folder but the database, which changes as it is looked at."""
    found = (path for path in settings.data.rglob("*") if path.is_file())
    return {
        path.relative_to(settings.data).as_posix(): path.read_bytes()
        for path in found
        if ".sqlite3" not in path.name
    }


def verdicts(settings: Settings) -> dict[str, bool]:
    with Store(settings.database) as store:
        return {verdict.what: verdict.passed for verdict in verify_city(store)}


def outstanding(settings: Settings) -> list[str]:
    with Store(settings.database) as store:
        return [verdict.en for verdict in verify_city(store)]


def refusal(settings: Settings, file: Path, *, replace: bool = False) -> str:
    """Return why a backup is not put back; nothing may have changed."""
    before = sorted(settings.data.rglob("*")), files(settings)
    with pytest.raises(BackupError) as refused:
        restore_backup(settings, file, NOW, replace=replace)
    assert (sorted(settings.data.rglob("*")), files(settings)) == before
    assert any("가" <= sign <= "힣" for sign in refused.value.ko)
    return refused.value.en
