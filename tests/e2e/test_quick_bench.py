"""The benches of the offices and of replication run, and write their figures; how fast is not tested."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.figure import read
from tests.support.server import PROJECT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_the_quick_bench_of_the_ledger_writes_its_figures_and_audits_them(tmp_path: Path) -> None:
    result = tmp_path / "ledger.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "ledger", "--quick", "--json", result],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = read(result)
    assert [figure.unit for figure in figures] == ["1/s", "ms", "1/s", "1/s", "ms"]
    assert all(figure.peer_value for figure in figures[:3])
    for figure in figures:
        assert 0.0 < figure.low <= figure.value <= figure.high, figure
        assert figure.figure in done.stdout


def test_the_quick_bench_of_civic_acts_writes_its_figures_and_verifies_the_votes(tmp_path: Path) -> None:
    result = tmp_path / "civic.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "civic", "--quick", "--json", result],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = read(result)
    assert [figure.unit for figure in figures][:4] == ["1/s", "ms", "1/s", "s"]
    for figure in figures:
        assert 0.0 < figure.low <= figure.value <= figure.high, figure
        assert figure.figure in done.stdout


def test_the_quick_bench_of_replication_writes_its_figures_beside_colyseus(tmp_path: Path) -> None:
    result = tmp_path / "replication.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "replication", "--quick", "--json", result],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = read(result)
    assert [figure.unit for figure in figures] == [
        "B",
        "B",
        "B",
        *["kbit/s"] * 2,
        "B",
        "×",
        "µs",
        "µs",
        "%",
        "%",
    ]
    assert all("Colyseus" in figure.peer for figure in figures[5:8])
    assert figures[5].peer_value == pytest.approx(37.0, abs=2.0), (
        "Colyseus sends seven floats with their tags"
    )
    assert figures[7].peer_value
    for figure in figures:
        assert 0.0 < figure.low <= figure.value <= figure.high, figure
        assert figure.figure in done.stdout
