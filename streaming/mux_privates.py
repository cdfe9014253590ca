"""The private parts of aioice that let a connection use :class:`streaming.mux.Mux` instead of own sockets.

Each function takes public objects and changes these alone, never a class. The versions are pinned, and
``tests/contract/test_aiortc_privates.py`` fails when an attribute moves.
"""
# ruff: noqa: SLF001 - this module exists to touch private attributes

from collections.abc import Sequence
from typing import Any

from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aioice.ice import StunProtocol
from aiortc import RTCIceGatherer, RTCIceTransport

from streaming.mux import Address, Mux, Port, PortTransport
from streaming.peer_guards import bound_addresses, guard_datagrams
from streaming.peer_privates import offer_only

#: Where ICE finds its way: on sockets of its own at these addresses, or on the city's one port.
Sockets = Sequence[str] | Mux


def gather_on(gatherer: RTCIceGatherer, sockets: Sockets) -> None:
    """Let ICE gather there and nowhere else, and guard what comes."""
    if isinstance(sockets, Mux):
        _share(gatherer, sockets)
    else:
        offer_only(gatherer, list(sockets))


def selected_port(ice: RTCIceTransport) -> tuple[Port, Address] | None:
    """Return by which port ICE reaches a peer, and where; None while it does not."""
    connection: Any = ice._connection
    pair = connection._nominated.get(1)
    if pair is None or pair.protocol.transport.is_closing():
        return None
    host, number = pair.remote_addr[:2]
    return pair.protocol.transport.port, (host, number)


def _share(gatherer: RTCIceGatherer, mux: Mux) -> None:
    connection: Any = gatherer._connection

    async def gather(component: int, addresses: list[str], timeout: int = 5) -> list[Candidate]:  # noqa: ASYNC109 - aioice's signature
        del addresses, timeout
        share = mux.share(connection.local_password, lambda: connection.remote_password)
        # Four letters of aioice's own are too few to tell a crowd apart.
        connection._local_username = share.fragment
        return [_join(connection, component, transport) for transport in share.transports]

    connection.get_component_candidates = gather
    bound_addresses(connection)


def _join(connection: Any, component: int, transport: PortTransport) -> Candidate:
    """Let a connection use one port, and return the candidate that says so."""
    protocol = StunProtocol(connection)
    host, number = transport.get_extra_info("sockname")
    protocol.local_candidate = Candidate(
        foundation=candidate_foundation("host", "udp", host),
        component=component,
        transport="udp",
        priority=candidate_priority(component, "host"),
        host=host,
        port=number,
        type="host",
    )
    guarded: Any = protocol
    guarded.datagram_received = guard_datagrams(connection, protocol.datagram_received)
    transport.protocol = protocol
    protocol.connection_made(transport)
    connection._protocols.append(protocol)
    return protocol.local_candidate
