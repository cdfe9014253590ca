"""The bench of first light writes its figures; how fast is not tested. It hears: nothing runs beside it."""

from pathlib import Path

import pytest

from tests.support.benching import quick

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_the_quick_bench_of_first_light_writes_its_figures(city: Path, tmp_path: Path) -> None:
    (tmp_path / "city").symlink_to(city)
    figures = quick("first-light", tmp_path, data=tmp_path)
    assert [figure.unit for figure in figures] == ["s", "ms", "ms", "ms", "ms"]
    assert all("Chromium" in figure.machine for figure in figures)
