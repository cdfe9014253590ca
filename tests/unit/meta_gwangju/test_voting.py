import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from meta_gwangju.cli import app
from meta_gwangju.config import Settings
from municipality.ballot import Receipt
from municipality.store import Store
from tests.support.voters import KEY, START, draft, officer, polls


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)


@pytest.fixture
def receipt(tmp_path: Path) -> Receipt:
    """Of a ballot in vote 1 of the city whose data lie in `tmp_path`; vote 1 is closed, vote 2 goes on."""

    async def live() -> Receipt:
        async with polls(store) as city:
            vote = city.open().definition.vote
            mine = await city.cast(1, vote, 0, 2)
            await asyncio.gather(*(city.cast(number, vote, 2) for number in range(2, 12)))
            city.clock.now += 1800
            city.votes.open(officer(), draft(closes=START + 7200), now=city.clock.now)
            city.clock.now += 1800
            await city.has_closed.wait()
            return mine

    with Store(Settings(data=tmp_path).database) as store:
        return asyncio.run(live())


@pytest.fixture
def file(receipt: Receipt, tmp_path: Path) -> Path:
    file = tmp_path / "vote.jsonl"
    exported = run("export-vote", receipt.vote, file, "--data", tmp_path)
    assert exported.exit_code == 0, exported.output
    return file


def test_an_exported_vote_is_recounted_with_a_receipt(file: Path, receipt: Receipt, tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text(receipt.text())
    verified = run("verify-vote", file, "--receipt", tmp_path / "receipt.json", "--key", KEY.fingerprint)
    assert verified.exit_code == 0, verified.output
    for said in ("Everything verifies", "11  시장 · Market", "0  백지 · Blank", "11 ballots", "1 receipts"):
        assert said in verified.stdout


def test_a_receipt_comes_in_by_the_standard_input(file: Path, receipt: Receipt) -> None:
    assert run("verify-vote", file, "--receipt", "-", given=receipt.text() + "\n").exit_code == 0
    refused = run(
        "verify-vote", file, "--receipt", "-", given=receipt.text().replace('"index":0', '"index":1')
    )
    assert refused.exit_code == 1
    assert "index, choices, salt, key or proof" in refused.stdout
    assert run("verify-vote", file, "--receipt", "-", given="no receipt").exit_code == 1


def test_one_changed_digit_does_not_verify(file: Path) -> None:
    text = file.read_text()
    file.write_text(text.replace('{"choices":4,', '{"choices":5,', 1))
    verified = run("verify-vote", file)
    assert verified.exit_code == 1
    assert "one of the ballots 1–10 is not as the signed log has it" in verified.stdout
    assert "does not verify" in verified.stdout


def test_a_root_seen_earlier_must_be_gone_through(file: Path, receipt: Receipt) -> None:
    head = receipt.head
    assert run("verify-vote", file, "--root", f"{head.size}:{head.root.hex()}").exit_code == 0
    for size, said in ((head.size, "another root"), (99, "cut short")):
        verified = run("verify-vote", file, "--root", f"{size}:{'0' * 64}")
        assert verified.exit_code == 1
        assert said in verified.stdout


def test_another_citys_key_does_not_verify(file: Path) -> None:
    verified = run("verify-vote", file, "--key", "0" * 64)
    assert verified.exit_code == 1
    assert "The city's key is another" in verified.stdout
    assert "compare with the one City Hall publishes" in run("verify-vote", file).stdout


def test_a_vote_that_goes_on_is_checked_without_a_count(receipt: Receipt, tmp_path: Path) -> None:
    run("export-vote", receipt.vote + 1, tmp_path / "open.jsonl", "--data", tmp_path)
    verified = run("verify-vote", tmp_path / "open.jsonl")
    assert verified.exit_code == 0, verified.output
    assert "Not over yet" in verified.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify-vote", "missing.jsonl"], "cannot be read"),
        (["verify-vote", "missing.jsonl", "--receipt", "none.json"], "none.json cannot be read"),
        (["verify-vote", "missing.jsonl", "--key", "7"], "64 hexadecimal digits"),
        (["verify-vote", "missing.jsonl", "--root", "7"], "SIZE:HASH"),
        (["export-vote", "1", "out.jsonl", "--data", "nowhere"], "There is no database"),
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


def test_a_vote_that_is_not_there_leaves_no_file(receipt: Receipt, tmp_path: Path) -> None:
    result = run("export-vote", receipt.vote + 9, tmp_path / "none.jsonl", "--data", tmp_path)
    assert result.exit_code == 1
    assert "There is no vote" in result.stderr
    assert not (tmp_path / "none.jsonl").exists()
    unwritable = run("export-vote", receipt.vote, tmp_path / "no" / "folder", "--data", tmp_path)
    assert "cannot be written" in unwritable.stderr
