"""The peer's figures; that the peer itself runs is a matter of tests/e2e/test_quick_bench.py."""

import os
from pathlib import Path

import pytest

from bench import colyseus
from bench.colyseus import FOLDER, PeerMissingError, figures_of, measure_peer, require

#: Five seconds of 200 clients that each see 40 things.
ARRIVED = {"patches": 20_000.0, "bytes": 29_916_000.0, "looked": 32_000.0, "changed": 32_000.0}


def test_an_update_is_one_thing_that_moved_for_one_client() -> None:
    figures = figures_of(ARRIVED, 512_000.0, 200, 40, 5.0)
    assert figures.cpu_us_per_update == pytest.approx(0.64)
    assert figures.bytes_per_update == pytest.approx(37.395)
    assert figures.patches_per_second == pytest.approx(20.0)


@pytest.mark.parametrize("nothing", ["patches", "looked"])
def test_a_peer_that_sends_nothing_has_no_figures(nothing: str) -> None:
    with pytest.raises(RuntimeError, match="no patch"):
        figures_of({**ARRIVED, nothing: 0.0}, 512_000.0, 200, 40, 5.0)


def test_patches_of_things_that_did_not_move_are_no_updates() -> None:
    with pytest.raises(RuntimeError, match="31000 had moved"):
        figures_of({**ARRIVED, "changed": 31_000.0}, 512_000.0, 200, 40, 5.0)


@pytest.mark.parametrize("seen", [0, 4])
def test_nobody_sees_nothing_or_more_than_there_is(seen: int) -> None:
    with pytest.raises(ValueError, match="nobody can see"):
        measure_peer(3, seen, 1.0)


def test_without_node_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PeerMissingError, match=r"Node\.js 20 or newer \(found: none\)"):
        require()


def _node(folder: Path, version: str) -> None:
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)


def test_an_old_node_is_not_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _node(tmp_path, "v18.20.4")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PeerMissingError, match=r"found: 18\.20\.4"):
        require()


def test_packages_that_are_not_as_locked_are_no_figure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _node(tmp_path, "v20.0.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    lock, installed = tmp_path / "package-lock.json", tmp_path / ".installed"
    for file in (installed, lock):
        file.touch()
    monkeypatch.setattr(colyseus, "_LOCK", lock)
    monkeypatch.setattr(colyseus, "_INSTALLED", installed)
    os.utime(installed, (2e9, 2e9))
    require()
    os.utime(lock, (2e9 + 1, 2e9 + 1))
    with pytest.raises(PeerMissingError, match="make bench BENCH=replication"):
        require()
    installed.unlink()
    with pytest.raises(PeerMissingError, match="make bench BENCH=replication"):
        require()


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (FOLDER / "package-lock.json").read_text(encoding="utf-8")
