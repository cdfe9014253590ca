"""A peer: Colyseus at 20 Hz, the same number of clients and things in sight, seven float32 values a thing.

`bench/colyseus/` holds its server and its clients, each a process of its own on this machine's loopback. The
clients are Colyseus' own and decode all that they get. The server says how much processor time it spent: it
moves everything, encodes, and writes to its sockets; nobody sends it anything.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "colyseus"
#: What figures say about it.
NAME = "Colyseus 0.18 (schema 5), 20 Hz, 7 float32 values"
CLIENTS, SEEN = 200, 40
_HZ = 20
#: Seconds that its just-in-time compiler is given.
_WARM_UP = 4.0
#: Seconds that an answer may take: only joining takes long.
_PATIENCE = 60.0
_OLDEST_NODE = 20
_LOCK = FOLDER / "package-lock.json"
#: `make` writes this file when the packages are there.
_INSTALLED = FOLDER / "node_modules" / ".installed"


class PeerMissingError(RuntimeError):
    """The peer cannot be run here; says what to do."""


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """What one run of the peer came to.

    Attributes:
        cpu_us_per_update: Microseconds of the server's processor time, for each new state of a thing that
            reached a client.
        bytes_per_update: Of patches, without what WebSocket and TCP add.
        patches_per_second: That each client got; 20 unless the machine has too much other work.
    """

    cpu_us_per_update: float
    bytes_per_update: float
    patches_per_second: float


def require() -> None:
    """Check that the peer's packages are there, as the lock file says.

    Raises:
        PeerMissingError: They are not, or there is no Node.js, or it is too old.
    """
    node, version = shutil.which("node"), ""
    if node is not None:
        asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        version = asked.stdout.strip().removeprefix("v")
    major = version.partition(".")[0]
    if not major.isdecimal() or int(major) < _OLDEST_NODE:
        raise PeerMissingError(
            f"Colyseus needs Node.js {_OLDEST_NODE} or newer (found: {version or 'none'}): install it and "
            "start again"
        )
    if not _INSTALLED.exists() or _INSTALLED.stat().st_mtime < _LOCK.stat().st_mtime:
        raise PeerMissingError(
            f"Colyseus is not installed as bench/{FOLDER.name}/{_LOCK.name} says: run `make bench "
            "BENCH=replication`, which installs it"
        )


def measure_peer(clients: int = CLIENTS, seen: int | None = SEEN, seconds: float = 5.0) -> PeerFigures:
    """Run server and clients for a while.

    Args:
        clients: How many people; each has a thing that moves.
        seen: Things that each client is sent, by a view of its own, at most as many as there are clients;
            None sends all of them to everybody.
        seconds: That are measured, after joining and warming up.

    Raises:
        PeerMissingError: It is not installed here.
        RuntimeError: It ended, answered too late, or did not send what it should.
        ValueError: So many cannot be seen.
    """
    visible = clients if seen is None else seen
    if not 1 <= visible <= clients:
        raise ValueError(f"of {clients} things nobody can see {visible}")
    require()
    with _running("server.mjs", clients, 0 if seen is None else seen) as server:
        port = int(server.answer()["port"])
        with _running("load.mjs", port, clients, visible) as load:
            load.answer()
            time.sleep(_WARM_UP)
            arrived, spent, begun = load.ask(), server.ask(), time.monotonic()
            time.sleep(seconds)
            now, passed = load.ask(), time.monotonic() - begun
            microseconds = server.ask()["microseconds"] - spent["microseconds"]
    return figures_of(
        {name: now[name] - arrived[name] for name in now}, microseconds, clients, visible, passed
    )


def figures_of(
    arrived: Mapping[str, float], microseconds: float, clients: int, visible: int, seconds: float
) -> PeerFigures:
    """Return the figures of what arrived in a time.

    Args:
        arrived: `patches` and `bytes` at all clients; of some clients `looked`, the things in sight at
            patches, and `changed`, how many of these were new in all values.
        microseconds: Of the server's processor time.
        clients: How many there are.
        visible: Things that each of them sees.
        seconds: Wall time.

    Raises:
        RuntimeError: Nothing arrived, or a patch did not hold everything in sight anew.
    """
    patches = arrived["patches"]
    if not patches or not arrived["looked"]:
        raise RuntimeError("no patch of Colyseus arrived: the machine has too much other work for this bench")
    if arrived["changed"] < 0.99 * arrived["looked"]:
        raise RuntimeError(
            f"of {arrived['looked']:.0f} things that clients of Colyseus looked at, only "
            f"{arrived['changed']:.0f} had moved: its patches are no updates of everything in sight"
        )
    updates = patches * visible
    return PeerFigures(microseconds / updates, arrived["bytes"] / updates, patches / clients / seconds)


class _Script:
    """A running script of the peer: it answers each line that it is sent with a line of JSON."""

    def __init__(self, name: str, line: socket.socket) -> None:
        self._name = name
        self._line = line
        self._lines = line.makefile("rb")

    def ask(self) -> dict[str, float]:
        """Return what it has counted so far."""
        with suppress(BrokenPipeError):
            self._line.sendall(b"\n")
        return self.answer()

    def answer(self) -> dict[str, float]:
        """Wait for a line.

        Raises:
            RuntimeError: It ended, or says nothing for too long.
        """
        try:
            line = self._lines.readline()
        except TimeoutError:
            raise RuntimeError(f"colyseus/{self._name} has said nothing for {_PATIENCE:.0f} s") from None
        if not line:
            raise RuntimeError(f"colyseus/{self._name} ended; why stands above")
        return {str(name): float(value) for name, value in json.loads(line).items()}


@contextmanager
def _running(name: str, *arguments: int) -> Iterator[_Script]:
    """Run a script of the peer, and end it."""
    ours, theirs = socket.socketpair()
    ours.settimeout(_PATIENCE)
    with ours:
        with theirs:
            command = ["node", name, *map(str, arguments)]
            environment = {**os.environ, "NODE_ENV": "production"}
            process = subprocess.Popen(
                command, cwd=FOLDER, stdin=theirs.fileno(), stdout=theirs.fileno(), env=environment
            )
        try:
            yield _Script(name, ours)
        finally:
            process.kill()
            process.wait()
