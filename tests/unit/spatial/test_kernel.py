import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spatial import kernel

HEIGHT = "HEIGHT = {}\n"
STOREY = """
from spatial.kernel import trusted
from world.heights import HEIGHT

@trusted
def storey(number):
    return number * HEIGHT
"""
TOWER = """
from spatial.kernel import trusted
from world.storeys import storey

@trusted
def tower(storeys):
    return storey(storeys) + 1

print(tower(10))
"""


def _city(root: Path, height: int) -> None:
    for package in ("spatial", "world", "streaming"):
        (root / package).mkdir(exist_ok=True)
        (root / package / "__init__.py").touch()
    shutil.copy(kernel.__file__, root / "spatial" / "kernel.py")
    (root / "pyproject.toml").touch()
    (root / "world" / "heights.py").write_text(HEIGHT.format(height))
    (root / "world" / "storeys.py").write_text(STOREY)
    (root / "streaming" / "towers.py").write_text(TOWER)


def _tower(root: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    command = [sys.executable, "-m", "streaming.towers"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_kernel_is_kept_but_does_not_outlive_a_constant_of_another_module(tmp_path: Path) -> None:
    _city(tmp_path, height=3)
    assert _tower(tmp_path) == "31"
    kept = set((tmp_path / ".cache" / "kernels").rglob("*.nbi"))
    assert len(kept) == 2
    assert _tower(tmp_path) == "31"
    assert set((tmp_path / ".cache" / "kernels").rglob("*.nbi")) == kept
    _city(tmp_path, height=4)
    assert _tower(tmp_path) == "41"


def test_a_folder_that_cannot_be_made_is_not_chosen_and_old_versions_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel.numba.config, "CACHE_DIR", "")
    blocked = tmp_path / "file"
    blocked.touch()
    assert not kernel._keep_in(blocked, "a")
    for number in range(6):
        folder = tmp_path / "kernels" / str(number)
        folder.mkdir(parents=True)
        os.utime(folder, (number, number))
    assert kernel._keep_in(tmp_path / "kernels", "mine")
    assert {one.name for one in (tmp_path / "kernels").iterdir()} == {"mine", "5", "4", "3"}
    assert str(tmp_path / "kernels" / "mine") == kernel.numba.config.CACHE_DIR
