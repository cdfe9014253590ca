"""A small network of real links: one namespace a machine, all plugged into one switch.

WebRTC between namespaces needs no flags (nobody is on loopback), nothing can reach the world outside, and a
link can be cut and mended, and datagrams blocked. Needs root, `iproute2` and `iptables`, as the tests of this
repository run in a container.
"""

import ctypes
import os
import shlex
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

#: `setns(2)`: the descriptor names a network namespace.
CLONE_NEWNET = 0x40000000


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Machine:
    """One namespace with a loopback and one cable to the switch.

    Attributes:
        namespace: Its name, as `ip netns` lists it.
        address: Its IPv4 address on the network.
    """

    def __init__(self, namespace: str, address: str, switch: str, port: str) -> None:
        self.namespace = namespace
        self.address = address
        self._switch = switch
        self._port = port

    def command(self, *words: str | Path) -> list[str]:
        """Return the command line that runs `words` on this machine."""
        return ["ip", "netns", "exec", self.namespace, *(str(word) for word in words)]

    def executable(self, program: Path, folder: Path) -> Path:
        """Write a script that starts `program` on this machine, for launchers that take only a path."""
        script = folder / f"{program.name}-{self.namespace}"
        script.write_text(f'#!/bin/sh\nexec {shlex.join(self.command(program))} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
        return script

    def cut(self) -> None:
        """Pull the cable."""
        _ip("-n", self._switch, "link", "set", self._port, "down")

    def mend(self) -> None:
        """Plug the cable in again."""
        _ip("-n", self._switch, "link", "set", self._port, "up")

    def block_udp(self) -> None:
        """Let no datagram out or in, as many offices and hotels do; mDNS within this machine as well."""
        for chain in ("INPUT", "OUTPUT"):
            self._filter("-A", chain)

    def allow_udp(self) -> None:
        """Undo :meth:`block_udp`."""
        for chain in ("INPUT", "OUTPUT"):
            self._filter("-D", chain)

    def _filter(self, action: str, chain: str) -> None:
        words = self.command("iptables", "-w", action, chain, "-p", "udp", "-j", "DROP")
        subprocess.run(words, check=True, capture_output=True, text=True)

    def join(self) -> None:
        """Move the calling thread to this machine for good: every socket it opens from now on is opened here.

        Raises:
            OSError: The kernel refused.
        """
        libc = ctypes.CDLL(None, use_errno=True)
        descriptor = os.open(f"/run/netns/{self.namespace}", os.O_RDONLY)
        try:
            if libc.setns(descriptor, CLONE_NEWNET) != 0:
                number = ctypes.get_errno()
                raise OSError(number, f"setns to {self.namespace}: {os.strerror(number)}")
        finally:
            os.close(descriptor)

    def call(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread on this machine; returns what it returns, raises what it raises."""
        results: list[T] = []
        failures: list[BaseException] = []

        def body() -> None:
            try:
                self.join()
                results.append(work())
            except BaseException as error:  # noqa: BLE001 - handed over to the caller's thread
                failures.append(error)

        thread = threading.Thread(target=body, name=f"on-{self.namespace}")
        thread.start()
        thread.join()
        if failures:
            raise failures[0]
        return results[0]

    def connect(self, host: str, port: int, patience: float = 5.0) -> socket.socket:
        """Open a TCP connection from this machine; the socket may then be used by any thread."""
        return self.call(lambda: socket.create_connection((host, port), timeout=patience))


class Network:
    """A switch and the machines plugged into it; leaves nothing behind.

    ```python
    with Network() as network:
        server, browser = network.machine("city"), network.machine("minh")
    ```
    """

    _made = 0

    def __init__(self) -> None:
        Network._made += 1
        self._prefix = f"mg{os.getpid()}x{Network._made}"
        self._switch = f"{self._prefix}-switch"
        self._namespaces: list[str] = []

    def __enter__(self) -> Self:
        self._add(self._switch)
        _ip("-n", self._switch, "link", "add", "switch", "type", "bridge")
        _ip("-n", self._switch, "link", "set", "switch", "up")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for namespace in reversed(self._namespaces):
            with suppress(subprocess.CalledProcessError):
                _ip("netns", "delete", namespace)

    def _add(self, namespace: str) -> None:
        _ip("netns", "add", namespace)
        self._namespaces.append(namespace)
        # Only IPv4: link-local candidates would come and go while duplicate addresses are detected.
        quiet = "net.ipv6.conf.all.disable_ipv6=1"
        run: Sequence[str] = ["ip", "netns", "exec", namespace, "sysctl", "-qw", quiet]
        subprocess.run(run, check=True, capture_output=True)

    def machine(self, name: str) -> Machine:
        """Add a machine and plug it in."""
        number = len(self._namespaces)
        namespace = f"{self._prefix}-{name}"
        port = f"port{number}"
        address = f"10.87.0.{number}"
        self._add(namespace)
        _ip(
            "-n",
            self._switch,
            "link",
            "add",
            port,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            namespace,
        )
        _ip("-n", self._switch, "link", "set", port, "master", "switch", "up")
        _ip("-n", namespace, "address", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", namespace, "link", "set", "lo", "up")
        _ip("-n", namespace, "link", "set", "eth0", "up")
        # Names of mDNS (candidates of browsers without a microphone) are asked for by multicast.
        _ip("-n", namespace, "route", "add", "224.0.0.0/4", "dev", "eth0")
        return Machine(namespace, address, self._switch, port)
