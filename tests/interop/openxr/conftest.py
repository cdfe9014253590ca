"""A real Monado, and a headset loop on it, for the tests beside this file."""

import json
import platform
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.deadline import eventually
from tests.support.monado import PROJECT, Monado, running_monado
from tests.support.monado_remote import Side
from tests.support.server import Server, serving
from tests.support.small_city import small_city

VALIDATION_LAYER = "XR_APILAYER_LUNARG_core_validation"
#: pyopenxr ships the layer; it prints what it finds on stdout.
LAYERS = Path(sysconfig.get_path("purelib")) / "xr" / "api_layer" / f"linux_{platform.machine()}"
#: Of the city that headsets enter; a test that restarts one takes the next.
PORT = 8243
WATCHER = Path(__file__).with_name("watcher.py")


class Watcher:
    """A headset loop in a process of its own, started where it can load Monado."""

    def __init__(
        self, monado: Monado, program: tuple[str, ...] = (str(WATCHER),), *, validate: bool = False
    ) -> None:
        environment = {**monado.environment, "PYTHONPATH": str(PROJECT)}
        if validate:
            environment.update(XR_API_LAYER_PATH=str(LAYERS), XR_ENABLE_API_LAYERS=VALIDATION_LAYER)
        self.complaints: list[str] = []
        self._process = subprocess.Popen(
            [*monado.python, *program],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.hello = self._line()
        self.newest: dict[str, Any] = {}
        self.status: dict[str, Any] = {}

    def ask(self, question: str) -> Any:
        """Put a question; returns the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        return self._line()

    def until(self, condition: Callable[[dict[str, Any]], bool], within: float = 10.0) -> dict[str, Any]:
        """Look at the newest frame until it is as wanted; returns it."""

        def look() -> bool:
            self.status = self.ask("frame")
            self.newest = self.status["frame"] or self.newest
            return bool(self.newest) and condition(self.newest)

        eventually(look, within=within, saying=lambda: self.newest, every=0.01)
        return self.newest

    def close(self) -> int:
        """End the session; returns the exit status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self.complaints += [line for line in self._process.stdout if "[VALID_ERROR" in line]
        self._process.stdout.close()
        return self._process.wait(10)

    def _line(self) -> Any:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            if line.startswith("{"):
                return json.loads(line)
            if "[VALID_ERROR" in line or "[VALID_WARNING" in line:
                self.complaints.append(line)
        raise AssertionError(f"the headset loop ended with {self._process.wait(10)}")


def city_folder(folder: Path) -> Path:
    """Put a built city into a data folder of its own."""
    (folder / "city").symlink_to(small_city())
    return folder


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server in a corner of the city."""
    folder = city_folder(tmp_path_factory.mktemp("headset"))
    with serving(folder, folder / "server.log", port=PORT) as server:
        yield server


@pytest.fixture(scope="session")
def shared_monado() -> Iterator[Monado]:
    with running_monado() as monado:
        yield monado


@pytest.fixture
def monado(shared_monado: Monado) -> Monado:
    """A Monado whose headset lies where it lay at first."""
    remote = shared_monado.remote
    remote.move_head((0.0, 1.6, 0.0))
    sides: tuple[tuple[Side, float], ...] = (("left", -0.2), ("right", 0.2))
    for side, x in sides:
        remote.move_hand(side, (x, 1.3, -0.5))
        remote.tilt_stick(side, 0.0, 0.0)
        remote.pull_trigger(side, 0.0)
    return shared_monado


@pytest.fixture
def watcher(monado: Monado) -> Iterator[Watcher]:
    watcher = Watcher(monado)
    yield watcher
    watcher.close()
