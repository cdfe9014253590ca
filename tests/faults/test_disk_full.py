"""A full disk is refused, loses nothing, and the city goes on when there is room again."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from municipality.errors import LedgerUnavailableError
from municipality.ledger import AccountId, Entry, Statements, audit, export
from municipality.store import Store
from tests.support.money import Till, till


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*sudo, "mount", "-t", "tmpfs", "-o", "size=3m,mode=777", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*sudo, "umount", folder], check=True)


def test_a_full_disk_is_refused_and_recovered_from(small_disk: Path, tmp_path: Path) -> None:
    filler, acknowledged = small_disk / "filler", list[Entry]()

    async def pay_for_ever(city: Till, debit: AccountId, credit: AccountId) -> None:
        while True:
            acknowledged.append(await city.pay(debit, credit, 1))

    async def pay_until_full(store: Store) -> None:
        async with till(store) as city:
            bora, minh = await city.open(100_000), await city.open()
            filler.write_bytes(bytes(1_500_000))
            with pytest.raises(LedgerUnavailableError, match="disk"):
                await pay_for_ever(city, bora, minh)
            lost = city.key("asked when full")
            with pytest.raises(LedgerUnavailableError):
                await city.pay(bora, minh, 1, lost)
            filler.unlink()
            acknowledged.append(await city.pay(bora, minh, 1, lost))
            assert city.stands(minh) == (len(acknowledged), 0)

    with Store(small_disk / "city.sqlite3") as store:
        asyncio.run(pay_until_full(store))
        with (tmp_path / "export").open("w") as file:
            export(Statements(store), file)
    found = audit(tmp_path / "export", {entry.seq: entry.hash.hex() for entry in acknowledged})
    assert found.passed, found.faults
    assert len(acknowledged) > 20
