"""The one-minute form of `make soak`: company comes, talks, walks, and nobody is lost."""

import subprocess
import sys

import pytest

from tests.support.server import PROJECT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_a_minute_of_company_loses_nobody_and_leaks_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "tools/soak.py", "--minutes", "1", "--citizens", "8", "--talkers", "2"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "held for 1 min with 8 citizens" in done.stdout
