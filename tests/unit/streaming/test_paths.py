"""Which media path a city takes, and that both are the same to the bridge."""

import sys

import pytest

from streaming import paths
from streaming.errors import PumpUnavailableError
from streaming.mux import Mux
from streaming.portable import Portable
from streaming.pump import functions
from streaming.pump.path import PumpPath


def test_the_pump_is_taken_where_it_runs() -> None:
    assert isinstance(paths.choose_path("auto", Mux("127.0.0.1"), 2), PumpPath)
    assert isinstance(paths.choose_path("pump", Mux("127.0.0.1"), 2), PumpPath)
    assert isinstance(paths.choose_path("portable", Mux("127.0.0.1"), 2), Portable)


def test_where_it_does_not_run_the_portable_path_is_taken_unless_the_pump_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    functions.addresses.cache_clear()
    with caplog.at_level("INFO"):
        assert isinstance(paths.choose_path("auto", Mux("127.0.0.1"), 2), Portable)
    assert "knows Linux" in caplog.text
    with pytest.raises(PumpUnavailableError, match="knows Linux"):
        paths.choose_path("pump", Mux("127.0.0.1"), 2)
