"""The bench of the screens runs, and writes what the page of figures is made of; how fast is not tested."""

from pathlib import Path

import pytest

from tests.support.benching import quick

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.timeout(240)]


def test_the_quick_bench_of_the_screens_writes_its_figures(tmp_path: Path) -> None:
    assert [figure.unit for figure in quick("screen", tmp_path)] == ["×", "ms", "ms", "ms", "1/s"]
