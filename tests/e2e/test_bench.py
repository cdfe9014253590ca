"""The bench of first light writes its figures; how fast is not tested. It hears: nothing runs beside it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.figure import read
from tests.support.server import PROJECT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_the_quick_bench_of_first_light_writes_its_figures(city: Path, tmp_path: Path) -> None:
    (tmp_path / "city").symlink_to(city)
    result = tmp_path / "first-light.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "first-light", "--quick", "--json", result],
        cwd=PROJECT,
        env={**os.environ, "META_GWANGJU_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = read(result)
    assert [figure.unit for figure in figures] == ["s", "ms", "ms", "ms", "ms"]
    for figure in figures:
        assert 0.0 < figure.low <= figure.value <= figure.high, figure
        assert "Chromium" in figure.machine
        assert figure.figure in done.stdout
