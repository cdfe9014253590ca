"""The kernels are compiled before any test is timed."""

import pytest

from streaming.kernels import compile_all
from streaming.pump.rehearsal import rehearse
from tests.unit.streaming.city import MEDIA


@pytest.fixture(scope="session", autouse=True)
def _kernels() -> None:
    compile_all()
    rehearse()


@pytest.fixture(params=["portable", "pump"])
def media(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have the test's cities move media by each path in turn: both must pass what is asked of either."""
    path: str = request.param
    monkeypatch.setenv(MEDIA, path)
    return path
