"""One UDP port that aiortc's peers share, as far as tests of the pump need it."""

import socket
from typing import Any

import aiortc.rtcicetransport
import pytest
from aioice import ice, stun
from aioice.candidate import Candidate, candidate_foundation, candidate_priority


class OnePort:
    """A socket, and the peers behind it by user name fragment and by address."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.host, self.number = self.socket.getsockname()
        self.fragments: dict[str, Any] = {}
        self.addresses: dict[Any, Any] = {}
        self.checks: dict[bytes, Any] = {}
        #: First bytes of what was left to the event loop.
        self.fed: list[int] = []

    def fileno(self) -> int:
        return self.socket.fileno()

    def feed(self, data: bytes, address: Any) -> None:
        """Take a datagram that is not the pump's."""
        self.fed.append(data[0])
        if data[0] >= 4:
            owner = self.addresses.get(address)
        else:
            message = stun.parse_message(data)
            if message.message_class == stun.Class.REQUEST:
                owner = self.fragments.get(message.attributes["USERNAME"].partition(":")[0])
                self.addresses[address] = owner
            else:
                owner = self.checks.pop(message.transaction_id, None)
        if owner is not None:
            owner.datagram_received(data, address)

    def share(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have connections that are made from now on share this port."""
        port = self

        class Connection(ice.Connection):
            async def get_component_candidates(
                self,
                component: int,
                addresses: list[str],
                timeout: int = 5,  # noqa: ASYNC109 - as aioice calls it
            ) -> list[Candidate]:
                del addresses, timeout
                protocol = ice.StunProtocol(self)
                protocol.connection_made(_Transport(port, protocol))
                protocol.local_candidate = Candidate(
                    foundation=candidate_foundation("host", "udp", port.host), component=component,
                    transport="udp", priority=candidate_priority(component, "host"), host=port.host,
                    port=port.number, type="host",
                )  # fmt: skip
                self._protocols.append(protocol)
                port.fragments[self.local_username] = protocol
                return [protocol.local_candidate]

        monkeypatch.setattr(aiortc.rtcicetransport, "Connection", Connection)


class _Transport:
    """What one connection takes for its own socket."""

    def __init__(self, port: OnePort, protocol: Any) -> None:
        self._port, self._protocol, self._closed = port, protocol, False

    def sendto(self, data: bytes, address: Any) -> None:
        if data[0] == 0 and data[1] == 1:
            self._port.checks[data[8:20]] = self._protocol
        self._port.socket.sendto(data, address)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        known = {"sockname": (self._port.host, self._port.number), "socket": self._port.socket}
        return known.get(name, default)

    def is_closing(self) -> bool:
        return self._closed

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._protocol.connection_lost(None)

    abort = close
