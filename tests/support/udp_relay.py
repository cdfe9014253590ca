"""A router between one client and the city: it passes datagrams on, and may change its outer address."""

import asyncio
import re
import socket

Address = tuple[str, int]


def _socket(host: str) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)  # noqa: FBT003 - the socket's own signature
    made.bind((host, 0))
    return made


class UdpRelay:
    """Address translation for one client, as a home router or a mobile network does it.

    Attributes:
        cut: Whether everything is swallowed, both ways.
        last: The last datagram that went to the city.
    """

    def __init__(self, city: Address) -> None:
        self.cut = False
        self.last = b""
        self._city = city
        self._client: Address | None = None
        self._inner = _socket(city[0])
        self._outer = _socket(city[0])
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._inner, self._from_client)
        self._loop.add_reader(self._outer, self._from_city)

    @property
    def inner(self) -> int:
        """The port that the client takes for the city's."""
        return int(self._inner.getsockname()[1])

    @property
    def outer(self) -> Address:
        """Where the city sees the client."""
        host, port = self._outer.getsockname()[:2]
        return host, port

    def move(self, host: str) -> None:
        """Be somewhere else from now on: what the city sends to the old address is lost."""
        self._loop.remove_reader(self._outer)
        self._outer.close()
        self._outer = _socket(host)
        self._loop.add_reader(self._outer, self._from_city)

    def close(self) -> None:
        """Let both sockets go."""
        for one in (self._inner, self._outer):
            self._loop.remove_reader(one)
            one.close()

    def lead_here(self, sdp: str) -> str:
        """Return a description of the city's whose candidates are this relay."""
        return re.sub(r"^(a=candidate:(?:\S+ ){5})\d+", rf"\g<1>{self.inner}", sdp, flags=re.MULTILINE)

    def _from_client(self) -> None:
        for data, address in _read(self._inner):
            self._client, self.last = address, data
            if not self.cut:
                self._outer.sendto(data, self._city)

    def _from_city(self) -> None:
        for data, _ in _read(self._outer):
            if self._client is not None and not self.cut:
                self._inner.sendto(data, self._client)


def without_candidates(sdp: str) -> str:
    """Return a description that says nothing of where its side is."""
    return re.sub(r"^a=(candidate|end-of-candidates).*\r\n", "", sdp, flags=re.MULTILINE)


def _read(one: socket.socket) -> list[tuple[bytes, Address]]:
    found: list[tuple[bytes, Address]] = []
    while True:
        try:
            data, address = one.recvfrom(2048)
        except OSError:
            return found
        found.append((data, address[:2]))
