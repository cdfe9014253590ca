"""The kernels are compiled before any test is timed."""

import pytest

from streaming.kernels import compile_all


@pytest.fixture(scope="session", autouse=True)
def _kernels() -> None:
    compile_all()
