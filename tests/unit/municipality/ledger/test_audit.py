import asyncio
import json
from pathlib import Path

import pytest

from municipality.ledger import Statements, audit, export
from municipality.store import Store
from tests.support.money import till


@pytest.fixture
def exported(store: Store, tmp_path: Path) -> Path:
    """Of a city in which everything that can happen to money has happened."""

    async def live() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            await city.pay(bora, minh, 300)
            await city.capture(await city.hold(bora, minh, 200), 150)
            await city.void(await city.hold(bora, minh, 100))
            await city.hold(minh, bora, 50, lifetime=5)
            city.clock.now += 10
            await city.hold(minh, bora, 60)

    asyncio.run(live())
    path = tmp_path / "export"
    with path.open("w") as file:
        assert export(Statements(store), file) == 12
    return path


def changed(exported: Path, line: int, place: int, value: object) -> Path:
    """Write another value into an entry of the export."""
    lines = exported.read_text().splitlines(keepends=True)
    entry = json.loads(lines[line])
    entry[place] = value
    lines[line] = json.dumps(entry) + "\n"
    exported.write_text("".join(lines))
    return exported


def test_an_untouched_export_passes_and_says_what_it_adds_up_to(exported: Path) -> None:
    found = audit(exported)
    assert found.passed, found.faults
    assert (found.entries, found.outstanding) == (12, 1000)
    assert sum(found.balances.values()) == 0


def test_every_flipped_bit_of_every_entry_is_found(exported: Path) -> None:
    original = exported.read_text()
    entries = [json.loads(line) for line in original.splitlines() if line.startswith("[")]
    for line, entry in enumerate(entries, start=1):
        for place in range(8):
            assert not audit(changed(exported, line, place, entry[place] ^ 1)).passed, (line, place)
            exported.write_text(original)
        for place in (8, 9):
            flipped = f"{int(entry[place][0], 16) ^ 1:x}{entry[place][1:]}"
            assert not audit(changed(exported, line, place, flipped)).passed, (line, place)
            exported.write_text(original)


def test_an_entry_left_out_or_added_or_moved_is_found(exported: Path) -> None:
    lines = exported.read_text().splitlines(keepends=True)
    for wrong in (
        lines[:5] + lines[6:],
        lines[:6] + lines[5:],
        [*lines[:5], lines[6], lines[5], *lines[7:]],
        lines[1:],
    ):
        exported.write_text("".join(wrong))
        assert not audit(exported).passed


def test_a_stated_balance_that_the_entries_do_not_make_is_found(exported: Path) -> None:
    exported.write_text(exported.read_text().replace('{"account": [2, ', '{"account": [2, 1'))
    found = audit(exported)
    assert [en for _, en in found.faults if "Account 2" in en]
    assert [ko for ko, _ in found.faults if "계정 2" in ko]


def test_a_chain_written_anew_does_not_hold_the_receipts(exported: Path) -> None:
    receipt = json.loads(exported.read_text().splitlines()[4])
    assert audit(exported, {4: receipt[9]}).passed
    assert not audit(exported, {4: "0" * 64}).passed
    assert not audit(exported, {99: receipt[9]}).passed


@pytest.mark.parametrize(
    "text",
    ["", "{}", "nonsense\n", '{"format": "meta-gwangju ledger 1"}\n[1, 2]\n', "[" * 5000, "\x00\xff" * 600],
)
def test_what_is_no_export_is_said_not_to_be(tmp_path: Path, text: str) -> None:
    path = tmp_path / "export"
    path.write_text(text)
    found = audit(path)
    assert not found.passed
    assert all(ko and en for ko, en in found.faults)
