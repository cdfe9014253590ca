"""A PostgreSQL server of the tests' own: a fresh cluster in a temporary folder, behind a socket file."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Postgres:
    """A running server.

    Attributes:
        folder: Of its files and its socket.
        template: Name of a database to copy, once there is one.
    """

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder
        self._durable = durable
        self.template: str | None = None
        self._numbers = count(1)

    def database(self, template: str = "template1") -> str:
        """Make a database, an empty one unless it copies another, and return its URL."""
        name = f"city{next(self._numbers)}"
        self._run(_program("createdb"), "-h", str(self.folder), "-U", "postgres", "-T", template, name)
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses='' -c shared_buffers=64MB"
        if not self._durable:
            options += " -c fsync=off -c full_page_writes=off"
        log = self.folder / "log"
        self._run(_program("pg_ctl"), "-D", str(self._data), "-l", str(log), "-o", options, "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``immediate`` is as a crash."""
        self._run(_program("pg_ctl"), "-D", str(self._data), "-m", mode, "-w", "stop")

    def initialise(self) -> None:
        """Make its files."""
        self._run(_program("initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, *command: str) -> None:
        done = subprocess.run([*_as_nobody_great(), *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def _as_nobody_great() -> Sequence[str]:
    """Return what stands before a command, since PostgreSQL refuses to run as root."""
    return ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()


def _program(name: str) -> str:
    assert _PROGRAMS, "PostgreSQL is missing: apt-get install postgresql (make test does it)"
    return str(_PROGRAMS[-1] / name)


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Run a server; unless ``durable`` it waits for no disk, so that it outlives a crash of its own alone."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path must be short
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
        server = Postgres(folder, durable=durable)
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)
