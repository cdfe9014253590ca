"""The real `meta-gwangju headset --inspect` under Monado, its head and hands moved by the test."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.deadline import eventually
from tests.support.inspect import Inspect, read_line
from tests.support.monado import Monado
from tests.support.monado_remote import RemoteHeadset
from tests.support.namespaces import Machine
from tests.support.server import PROJECT

#: Unpacked runtime, OpenXR session, WebRTC: all of it on two busy cores, seconds.
ENTERING = 45.0


class Headset:
    """A person in a headset.

    Attributes:
        remote: Moves head and hands.
        process: The program.
    """

    def __init__(self, remote: RemoteHeadset, process: subprocess.Popen[str], log: Path) -> None:
        self.remote = remote
        self.process = process
        self._log = log
        self._newest = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._newest = line

    def look(self) -> Inspect:
        """Return what the newest line says."""
        assert self._newest, f"no line yet: {self.log()}"
        return read_line(self._newest)

    def connected(self) -> bool:
        """Tell whether it is in the city, with a pose of its own."""
        return (
            bool(self._newest)
            and self.look().connection.state == "connected"
            and self.look().myself.pose is not None
        )

    def sees(self, person: int) -> bool:
        """Tell whether that person is among those it sees."""
        return any(someone.id == person for someone in self.look().people)

    @property
    def id(self) -> int:
        """Its id in the city."""
        number = self.look().myself.id
        assert number is not None
        return number

    def log(self) -> str:
        """Return what it said besides the lines."""
        return self._log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def wearing(
    monado: Monado, folder: Path, origin: str, name: str, machine: Machine | None = None, *options: str
) -> Iterator[Headset]:
    """Put the headset on: start the program, wait until it is in the city, and take it off again."""
    log = folder / "headset.log"
    arguments = ["headset", "--server", origin, "--name", name, "--inspect", "--inspect-interval", "0.1"]
    command = [*monado.python, "-m", "meta_gwangju", *arguments, *options]
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command if machine is None else machine.command(*command),
            cwd=PROJECT,
            env=monado.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    headset = Headset(monado.remote, process, log)
    try:
        eventually(lambda: process.poll() is not None or headset.connected(), ENTERING, headset.log)
        assert process.poll() is None, f"the headset program ended: {headset.log()}"
        yield headset
    finally:
        process.terminate()
        process.wait(timeout=15)
        assert process.stdout is not None
        process.stdout.close()
