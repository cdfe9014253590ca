"""Power cuts, simulated under the very SQLite that the ledger runs on: nothing acknowledged is lost."""

import asyncio
import random
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from municipality.errors import LedgerError
from municipality.ledger import Audit, Entry, Statements, audit, export
from municipality.store import Store
from tests.support.money import Till, till
from tests.support.power_cut import Disk

CUTS = 100
CALLERS = 8


class Round:
    """One city that loses power while people pay."""

    def __init__(self, seed: int, folder: Path, synchronous: str = "FULL") -> None:
        self._seed = seed
        self._synchronous = synchronous
        self._folder = folder
        self.disk = Disk(seed)
        self.acknowledged: list[Entry] = []
        self._safe = 0

    def run(self) -> None:
        path = self._folder / "before" / "city.sqlite3"
        with self.disk.installed(), Store(path) as store:
            asyncio.run(self._pay(store))
        self.acknowledged = self.acknowledged[: self._safe]

    async def _pay(self, store: Store) -> None:
        async with AsyncExitStack() as stack:
            city = await stack.enter_async_context(till(store))
            connection = city.ledger._books._connection  # type: ignore[attr-defined] -- the control's fault
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA wal_autocheckpoint = 40")  # so that cuts meet checkpoints, too
            people = [await city.open(10_000) for _ in range(6)]
            chance = random.Random(self._seed)
            self.disk.arm(chance.randint(1, 900), self._cut)
            await asyncio.gather(*(self._spend(city, people, chance) for _ in range(CALLERS)))

    def _cut(self) -> None:
        self._safe = len(self.acknowledged)

    async def _spend(self, city: Till, people: list[int], chance: random.Random) -> None:
        while not self.disk.remains:
            debit, credit = chance.sample(people, 2)
            with suppress(LedgerError):
                if chance.random() < 0.2:
                    hold = await city.hold(debit, credit, chance.randint(1, 50))  # type: ignore[arg-type]
                    self.acknowledged.append(hold)
                    self.acknowledged.append(await city.capture(hold, hold.amount))
                else:
                    paid = await city.pay(debit, credit, chance.randint(1, 50))  # type: ignore[arg-type]
                    self.acknowledged.append(paid)

    def after(self) -> Audit:
        """Open what the cut left, and audit it against every acknowledgement."""
        folder = self._folder / "after"
        folder.mkdir()
        self.disk.leave(folder)
        with Store(folder / "city.sqlite3") as store, (folder / "export").open("w") as file:
            export(Statements(store), file)
        return audit(folder / "export", {entry.seq: entry.hash.hex() for entry in self.acknowledged})


def test_a_hundred_power_cuts_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    acknowledged, unsynced = 0, 0
    for seed in range(CUTS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        this = Round(seed, folder)
        this.run()
        found = this.after()
        assert found.passed, (seed, found.faults)
        acknowledged += len(this.acknowledged)
        unsynced += this.disk.unsynced
    assert acknowledged > CUTS * 20
    assert unsynced > CUTS  # the cuts came where it hurts


def test_the_cuts_do_lose_what_is_not_synced(tmp_path: Path) -> None:
    """Proves the disk: the same city without syncs loses what it acknowledged."""
    lost = 0
    for seed in range(10):
        folder = tmp_path / str(seed)
        folder.mkdir()
        this = Round(seed, folder, synchronous="OFF")
        this.run()
        try:
            lost += not this.after().passed
        except Exception:  # noqa: BLE001 -- any way of being broken counts
            lost += 1
    assert lost >= 5
