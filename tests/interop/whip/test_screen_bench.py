"""The bench of the screens runs, and writes what the page of figures is made of; how fast is not tested."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.figure import read

PROJECT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.timeout(240)]


def test_the_quick_bench_of_the_screens_writes_its_figures(tmp_path: Path) -> None:
    result = tmp_path / "screen.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "screen", "--quick", "--json", result],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = read(result)
    assert [figure.unit for figure in figures] == ["×", "ms", "ms", "ms", "1/s"]
    for figure in figures:
        assert 0.0 < figure.low <= figure.value <= figure.high, figure
        assert figure.figure in done.stdout
