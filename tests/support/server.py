"""The real `meta-gwangju serve`, as a process of its own with a data folder of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import httpx

from tests.support.deadline import eventually
from tests.support.namespaces import Machine

PROJECT = Path(__file__).resolve().parents[2]
#: The same program as `meta-gwangju`, wherever the tests' interpreter lives.
PROGRAM = (sys.executable, "-m", "meta_gwangju")
PORT = 8000

_TROUBLE = re.compile(r"\b(WARNING|ERROR|CRITICAL|Traceback)\b")


class Server:
    """A running server.

    Attributes:
        origin: Such as `http://10.87.0.1:8000`.
        process: Its process.
        expected: Patterns of log lines that the test provokes on purpose.
    """

    def __init__(self, origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.origin = origin
        self.process = process
        self.expected: list[str] = []
        self._log = log

    @property
    def signalling(self) -> str:
        """The address of its WebSocket."""
        return self.origin.replace("http", "ws", 1) + "/signal"

    def log(self) -> list[str]:
        """Return the lines it has logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace").splitlines()

    def trouble(self) -> list[str]:
        """Return the warnings and errors among them that no test asked for."""
        lines = [line for line in self.log() if _TROUBLE.search(line)]
        return [line for line in lines if not any(re.search(pattern, line) for pattern in self.expected)]

    def resident_megabytes(self) -> float:
        """Return the memory that the server process holds, MB."""
        status = Path(f"/proc/{self._worker()}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) / 1000.0

    def _worker(self) -> int:
        """`ip netns exec` replaces itself by the program: the child is the server."""
        return self.process.pid


def _answers(origin: str, machine: Machine | None) -> bool:
    def ask() -> bool:
        try:
            return httpx.get(f"{origin}/healthz", timeout=2.0).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    return ask() if machine is None else machine.call(ask)


@contextmanager
def serving(
    data: Path,
    log: Path,
    *,
    machine: Machine | None = None,
    host: str = "127.0.0.1",
    port: int = PORT,
    options: Sequence[str] = (),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """Start the server, wait until it answers, and stop it again; its log must be clean at the end.

    Args:
        data: Its data folder; holds a built city.
        log: File that takes its output.
        machine: Where it runs (its address is then the host); on this very machine when None.
        host: Address to listen on without a machine.
        port: TCP port.
        options: More options of `serve`.
        environment: Variables for it.
    """
    address = host if machine is None else machine.address
    command = [*PROGRAM, "serve", "--host", address, "--port", str(port), "--data", str(data), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command if machine is None else machine.command(*command),
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    server = Server(f"http://{address}:{port}", process, log)
    try:
        eventually(
            lambda: process.poll() is not None or _answers(server.origin, machine),
            60,
            lambda: "\n".join(server.log()),
        )
        assert process.poll() is None, "the server ended:\n" + "\n".join(server.log())
        yield server
        assert process.poll() is None, "the server died:\n" + "\n".join(server.log())
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    assert not server.trouble(), "the server's log is not clean:\n" + "\n".join(server.trouble())
