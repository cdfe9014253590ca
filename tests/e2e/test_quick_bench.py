"""The benches of the offices and of replication run, and write their figures; how fast is not tested."""

from pathlib import Path

import pytest

from tests.support.benching import quick

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_the_quick_bench_of_the_ledger_writes_its_figures_and_audits_them(tmp_path: Path) -> None:
    figures = quick("ledger", tmp_path)
    assert [figure.unit for figure in figures] == ["1/s", "ms", "1/s", "1/s", "ms"]
    assert all(figure.peer_value for figure in figures[:3])


def test_the_quick_bench_of_civic_acts_writes_its_figures_and_verifies_the_votes(tmp_path: Path) -> None:
    figures = quick("civic", tmp_path)
    assert [figure.unit for figure in figures][:4] == ["1/s", "ms", "1/s", "s"]


def test_the_quick_bench_of_replication_writes_its_figures_beside_colyseus(tmp_path: Path) -> None:
    figures = quick("replication", tmp_path)
    units = ["B", "B", "B", "kbit/s", "kbit/s", "B", "×", "µs", "µs", "%", "%"]
    assert [figure.unit for figure in figures] == units
    assert all("Colyseus" in figure.peer for figure in figures[5:8])
    assert figures[5].peer_value == pytest.approx(37.0, abs=2.0), (
        "Colyseus sends seven floats with their tags"
    )
    assert figures[7].peer_value
