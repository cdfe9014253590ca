"""A private Monado for tests: its own network namespace, its own directories, gone when the test is.

``running_monado()`` unpacks the runtime when it is missing (``tools/install_monado.sh``), starts
``monado-service`` with the remote driver and connects the scripted headset. A process that shall see this
headset is started as ``[*monado.python, …]`` with ``monado.environment``; it may live in any network
namespace, since runtime and application speak through a Unix socket.
"""

import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.support.monado_remote import RemoteHeadset

PROJECT = Path(__file__).resolve().parents[2]
PREFIX = PROJECT / ".cache" / "monado"
REMOTE_PORT = 4242
START_SECONDS = 20.0


def install() -> None:
    """Unpack Monado where it is missing; returns at once where it is not.

    Raises:
        RuntimeError: It could not be had; the message holds the installer's words.
    """
    done = subprocess.run(
        [PROJECT / "tools" / "install_monado.sh", PREFIX], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"tools/install_monado.sh failed:\n{done.stdout}{done.stderr}")


class Monado:
    """One monado-service and the scripted headset on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runtime = folder / "run"
        self._config = folder / "config"
        self._runtime.mkdir(mode=0o700)
        (self._config / "monado").mkdir(parents=True)
        (self._config / "monado" / "config_v0.json").write_text(
            json.dumps({"active": "remote", "remote": {"version": 0, "port": REMOTE_PORT}}), encoding="utf-8"
        )
        self._keeper: subprocess.Popen[bytes] | None = None
        self._asker: socket.socket | None = None
        self._pid = 0
        self._remote: RemoteHeadset | None = None

    @property
    def python(self) -> list[str]:
        """Command prefix that runs the project's Python where it can load this runtime."""
        return [str(PREFIX / "xrun"), sys.executable]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that shall find this runtime."""
        environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(self._runtime),
            "XDG_CONFIG_HOME": str(self._config),
        }
        environment.pop("XR_RUNTIME_JSON", None)  # xrun names the unpacked one
        return environment

    @property
    def remote(self) -> RemoteHeadset:
        """The scripted headset."""
        if self._remote is None:
            raise RuntimeError("monado-service is not running")
        return self._remote

    def start(self) -> Self:
        """Start the service and connect the scripted headset (again, after `kill`)."""
        socket_path = self._runtime / "monado_comp_ipc"
        socket_path.unlink(missing_ok=True)  # a killed service leaves it, and its presence means ready
        mine, theirs = socket.socketpair()
        mine.settimeout(START_SECONDS)
        unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
        service = [str(PREFIX / "xrun"), str(PREFIX / "usr" / "bin" / "monado-service")]
        keeper = [sys.executable, "-I", str(Path(__file__).with_name("monado_namespace.py"))]
        with (self._folder / "service.log").open("ab") as log, theirs:
            self._keeper = subprocess.Popen(
                [*unshare, *keeper, str(theirs.fileno()), str(REMOTE_PORT), *service],
                env={
                    **self.environment,
                    "P_OVERRIDE_ACTIVE_CONFIG": "remote",
                    "XRT_NO_STDIN": "1",
                    "XRT_COMPOSITOR_NULL": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[theirs.fileno()],
            )
        self._asker = mine
        (self._pid,) = struct.unpack("<i", self._receive(4))
        deadline = time.monotonic() + START_SECONDS
        while not socket_path.exists():
            self._pause(deadline)
        connection = self._connect()
        while connection is None:
            self._pause(deadline)
            connection = self._connect()
        self._remote = RemoteHeadset(connection)
        return self

    def kill(self) -> None:
        """Kill the service without warning, as a crash would."""
        os.kill(self._pid, signal.SIGKILL)
        self.stop()

    def freeze(self) -> None:
        """Stop the service from answering."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it answer again."""
        os.kill(self._pid, signal.SIGCONT)

    def stop(self) -> None:
        """End the service and wait until it is gone."""
        if self._remote is not None:
            self._remote.close()
            self._remote = None
        if self._asker is not None:
            self._asker.close()
            self._asker = None
        if self._keeper is not None:
            self._keeper.wait(15)
            self._keeper = None

    def log(self) -> str:
        """What the service said."""
        return (self._folder / "service.log").read_text(encoding="utf-8", errors="replace")

    def _receive(self, size: int) -> bytes:
        assert self._asker is not None
        data = self._asker.recv(size)
        if len(data) != size:
            raise RuntimeError(f"monado-service did not start:\n{self.log()}")
        return data

    def _connect(self) -> socket.socket | None:
        assert self._asker is not None
        self._asker.sendall(b"?")
        answer, descriptors, _, _ = socket.recv_fds(self._asker, 1, 1)
        if answer == b"-":
            return None
        if not descriptors:
            raise RuntimeError(f"monado-service went away:\n{self.log()}")
        return socket.socket(fileno=descriptors[0])

    def _pause(self, deadline: float) -> None:
        """Wait a moment for the service, and find out early when it ended."""
        assert self._asker is not None
        select.select([self._asker], [], [], 0.05)
        if time.monotonic() > deadline or not Path(f"/proc/{self._pid}").exists():
            raise RuntimeError(f"monado-service did not come up:\n{self.log()}")


@contextmanager
def running_monado() -> Iterator[Monado]:
    """Give a started Monado, and take it down afterwards whatever happens."""
    install()
    folder = Path(tempfile.mkdtemp(prefix="monado-"))
    monado = Monado(folder)
    try:
        yield monado.start()
    finally:
        monado.stop()
        shutil.rmtree(folder)
