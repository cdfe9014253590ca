import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from meta_gwangju.cli import app
from meta_gwangju.config import Settings
from municipality.ledger import Entry
from municipality.store import Store
from tests.support.money import till


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def receipt(tmp_path: Path) -> Entry:
    """Of a payment in the city whose data lie in `tmp_path`."""

    async def live() -> Entry:
        async with till(store) as city:
            return await city.pay(await city.open(1000), await city.open(), 300)

    with Store(Settings(data=tmp_path).database) as store:
        return asyncio.run(live())


def test_an_exported_ledger_is_verified_with_a_receipt(receipt: Entry, tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    exported = run("export-ledger", file, "--data", tmp_path)
    assert exported.exit_code == 0
    assert "5 entries" in exported.stdout
    audited = run("audit", file, "--receipt", f"{receipt.seq}:{receipt.hash.hex()}")
    assert audited.exit_code == 0, audited.output
    assert "Everything verifies" in audited.stdout
    assert "1,000 outstanding" in audited.stdout


def test_one_changed_digit_does_not_verify(receipt: Entry, tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    run("export-ledger", file, "--data", tmp_path)
    file.write_text(file.read_text().replace(", 300,", ", 301,"))
    audited = run("audit", file)
    assert audited.exit_code == 1
    assert f"Entry {receipt.seq}: its hash does not follow" in audited.stdout


def test_a_receipt_that_is_not_in_the_ledger_does_not_verify(receipt: Entry, tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    run("export-ledger", file, "--data", tmp_path)
    audited = run("audit", file, "--receipt", f"{receipt.seq}:{'0' * 64}")
    assert audited.exit_code == 1
    assert "differs from the published hash" in audited.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audit", "missing.jsonl"], "cannot be read"),
        (["audit", "missing.jsonl", "--receipt", "7"], "NUMBER:HASH"),
        (["export-ledger", "out.jsonl", "--data", "nowhere"], "There is no database"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert said in result.stderr


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(receipt: Entry, tmp_path: Path) -> None:
    result = run("export-ledger", tmp_path / "no" / "folder", "--data", tmp_path)
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert receipt.seq == 5
