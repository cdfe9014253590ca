"""One UDP port for all peers: a socket for each local address, all on the same number.

:mod:`streaming.routes` decides whose a datagram is; here are the sockets, read in the event loop. A path that
moves media by itself reads them instead: it is the :class:`Reader` of :meth:`Mux.listen`, gives what it does
not know to :meth:`Port.feed`, and sends by the descriptor. One reads at a time.
"""

import asyncio
import errno
import ipaddress
import logging
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

from streaming.addresses import offered
from streaming.routes import Route, Routes

logger = logging.getLogger(__name__)

#: No datagram of a peer is longer: Ethernet's 1,500 bytes.
_MOST_BYTES = 2048
#: Datagrams that are read in one turn of the event loop.
_MOST_AT_ONCE = 64
#: What the kernel may hold for all peers, as far as it lets us.
_BUFFER_BYTES = 4 << 20
#: Numbers that are tried when any will do, and not all addresses have the first one free.
_TRIES = 16
#: Seconds between two looks at the machine's addresses.
_LOOK_SECONDS = 5.0

Address = tuple[str, int]


class Port:
    """One local address's socket.

    Args:
        host: A numeric address of this machine.
        number: Port; 0 takes a free one.
        deliver: Called with this port, a datagram and where it came from.

    Raises:
        OSError: The address cannot be had.
    """

    def __init__(
        self, host: str, number: int, deliver: Callable[["Port", bytes, tuple[Any, ...]], None]
    ) -> None:
        is_v6 = ipaddress.ip_address(host).version == 6
        self.host = host
        self._deliver = deliver
        self.socket = socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.socket.setblocking(False)  # noqa: FBT003 - the socket's own signature
            if is_v6:
                # IPv4 has a socket of its own on the same number.
                self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                self.socket.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)
            self.socket.bind((host, number))
        except OSError:
            self.socket.close()
            raise
        self.number = int(self.socket.getsockname()[1])

    def fileno(self) -> int:
        """Return the descriptor, for who reads instead."""
        return self.socket.fileno()

    def feed(self, data: bytes, address: tuple[Any, ...]) -> None:
        """Take a datagram that somebody read; it goes to whom it belongs, or nowhere."""
        self._deliver(self, data, address)

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram; it is lost when the socket has no room, or there is no way."""
        try:
            self.socket.sendto(data, address)
        except OSError as error:
            logger.debug("not sent from %s: %s", self.host, error)

    def read(self) -> None:
        """Feed what the socket holds, but not so much that everything else would wait."""
        for _ in range(_MOST_AT_ONCE):
            try:
                data, address = self.socket.recvfrom(_MOST_BYTES)
            except OSError:
                return
            self.feed(data, address)

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()


class Reader(Protocol):
    """Reads the ports and gives each what it does not keep, :meth:`Port.feed`."""

    def add(self, port: Port) -> None:
        """Read a port from now on."""

    def remove(self, port: Port, done: Callable[[], None]) -> None:
        """Stop that, and tell once nobody uses the port's descriptor any more."""


class LoopReader:
    """Implements :class:`Reader` in the running event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def add(self, port: Port) -> None:
        """Read a port from now on."""
        self._loop.add_reader(port.fileno(), port.read)

    def remove(self, port: Port, done: Callable[[], None]) -> None:
        """Stop that."""
        self._loop.remove_reader(port.fileno())
        done()


class PortTransport(asyncio.DatagramTransport):
    """What one peer sees of one port: a transport as if it had the socket to itself.

    Attributes:
        protocol: Gets what comes for this peer there; set by who makes it.
    """

    protocol: asyncio.DatagramProtocol

    def __init__(self, share: "Share", port: Port) -> None:
        super().__init__({"socket": port.socket, "sockname": (port.host, port.number)})
        self.port = port
        self._share = share
        self._closed = False

    def sendto(self, data: Any, addr: Any = None) -> None:
        """Send to an address."""
        if not self._closed:
            self._share.send(self.port, data, addr)

    def is_closing(self) -> bool:
        """Tell whether it is closed."""
        return self._closed

    def close(self) -> None:
        """Leave the port; with the last of its transports the peer is forgotten."""
        if not self._closed:
            self._closed = True
            self._share.left(self)
            self.protocol.connection_lost(None)

    def abort(self) -> None:
        """Close."""
        self.close()


class Share:
    """One peer's share of all ports.

    Attributes:
        transports: One a port.
    """

    def __init__(self, mux: "Mux", route: Route, remote_password: Callable[[], str | None]) -> None:
        self._mux = mux
        self._route = route
        self._remote_password = remote_password
        self.transports = [PortTransport(self, port) for port in mux.ports]
        self._at = {transport.port: transport for transport in self.transports}

    @property
    def fragment(self) -> str:
        """The user name fragment under which checks come here."""
        return self._route.fragment

    @property
    def addresses(self) -> list[Address]:
        """Where the peer was authentically heard from, the newest last."""
        return [(host, number) for _, host, number in self._route.addresses]

    def renew(self, password: str) -> None:
        """Take another fragment and password: ICE starts anew (RFC 8445, section 9)."""
        self._mux.routes.renew(self._route, password)

    def receive(self, port: Port, data: bytes, address: Address) -> None:
        """Take a datagram that is this peer's."""
        transport = self._at.get(port)
        if transport is not None:
            transport.protocol.datagram_received(data, address)

    def send(self, port: Port, data: bytes, address: Address) -> None:
        """Send a datagram for this peer."""
        password = (self._remote_password() or "").encode()
        self._mux.routes.sent(self._route, data, (port.host, *address), password)
        port.send(data, address)

    def left(self, transport: PortTransport) -> None:
        """Note that a transport was closed."""
        self._at.pop(transport.port, None)
        if not self._at:
            self._mux.forget(self._route)


class Mux:
    """All ports, and who shares them.

    Args:
        host: The server's bind address; :func:`streaming.addresses.offered` says which addresses that means.
    """

    def __init__(self, host: str) -> None:
        self.routes = Routes()
        self.ports: list[Port] = []
        self._host = host
        self._shares: dict[Route, Share] = {}
        self._reader: Reader | None = None
        self._looked = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def number(self) -> int:
        """The port number; 0 before :meth:`bind`."""
        return self.ports[0].number if self.ports else 0

    def bind(self, number: int = 0) -> None:
        """Open a socket on each address; 0 finds a number that is free on all of them.

        Raises:
            OSError: An address is taken, or none is to be had.
        """
        for left in reversed(range(_TRIES if number == 0 else 1)):
            try:
                self._bind(offered(self._host), number)
            except OSError as error:
                self.close()
                if error.errno != errno.EADDRINUSE or left == 0:
                    raise
            else:
                return

    def listen(self, reader: Reader | None = None) -> None:
        """Have the ports read, on a free number unless one was bound.

        Args:
            reader: By whom, in place of whoever did before; None: by the running event loop.

        Raises:
            OSError: No address is to be had.
        """
        if not self.ports:
            self.bind()
        self.rest()
        self._reader = reader or LoopReader()
        for port in self.ports:
            self._reader.add(port)

    def rest(self) -> None:
        """Stop reading."""
        if self._reader is not None:
            for port in self.ports:
                self._reader.remove(port, lambda: None)
            self._reader = None

    def share(self, password: str, remote_password: Callable[[], str | None]) -> Share:
        """Let a peer in.

        Args:
            password: Signs the checks that come for it.
            remote_password: Returns what signs the answers to its own; None while nothing is known.

        Raises:
            PortFullError: There are too many.
        """
        self._follow_addresses(time.monotonic())
        route = self.routes.open(password)
        self._shares[route] = share = Share(self, route, remote_password)
        if not share.transports:
            self.forget(route)
        return share

    def forget(self, route: Route) -> None:
        """Let a peer go: its entries leave the tables."""
        self.routes.close(route)
        self._shares.pop(route, None)

    def close(self) -> None:
        """Stop reading, and close the sockets."""
        self.rest()
        for port in self.ports:
            port.close()
        self.ports.clear()

    def _bind(self, hosts: list[str], number: int) -> None:
        refused: OSError | None = None
        for host in hosts:
            try:
                port = Port(host, number, self._deliver)
            except OSError as error:
                # An IPv6 address that is not yet known to be the only one cannot be bound; it comes later.
                if error.errno != errno.EADDRNOTAVAIL:
                    raise
                refused = error
                continue
            self.ports.append(port)
            number = port.number
        if refused is not None and not self.ports:
            raise refused

    def _deliver(self, port: Port, data: bytes, address: tuple[Any, ...]) -> None:
        host, number = address[0], address[1]
        route = self.routes.find(data, (port.host, host, number))
        if route is not None and route in self._shares:
            self._shares[route].receive(port, data, (host, number))

    def _follow_addresses(self, now: float) -> None:
        """Open and close sockets as the machine gets and loses addresses."""
        if now - self._looked < _LOOK_SECONDS or not self.ports:
            return
        self._looked = now
        hosts, number = offered(self._host), self.number
        known = {port.host for port in self.ports}
        for host in hosts:
            if host in known:
                continue
            try:
                port = Port(host, number, self._deliver)
            except OSError as error:
                logger.info("not offered host=%s port=%d: %s", host, number, error.strerror)
                continue
            self.ports.append(port)
            if self._reader is not None:
                self._reader.add(port)
        gone = [port for port in self.ports if port.host not in hosts]
        if len(gone) < len(self.ports):
            for port in gone:
                self.ports.remove(port)
                if self._reader is None:
                    port.close()
                else:
                    self._reader.remove(port, port.close)
