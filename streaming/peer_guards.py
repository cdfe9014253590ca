"""What one peer may cost: bounds around aiortc and aioice, which trust whoever can reach a socket.

Both hold what a packet tells them to hold, walk as far as it tells them to walk, and let an exception of a
parser end the task that reads for this peer, with a traceback in the log. Here such packets are dropped, or
told to the owner, before they cost anything. Each function changes one object alone, never a class;
``tests/unit/streaming/test_hostile_peer.py`` sends each such packet and fails when an attribute moves.
"""
# ruff: noqa: SLF001 - this module exists to touch private attributes

import logging
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pylibsrtp
from aiortc.rtp import RtcpRtpfbPacket

from streaming.budget import Budget

logger = logging.getLogger(__name__)

#: Told with the code of a notice (:mod:`streaming.refusals`).
Refuse = Callable[[str], None]

#: Datagrams that may wait before the transport reads them.
_MOST_DATAGRAMS = 512
#: Addresses that a peer may be reached at: those it named, and those its checks came from.
_MOST_ADDRESSES = 64
#: Further ones that it may be found at once those are used up.
_MOVES_A_SECOND = 1.0
#: STUN begins with a byte up to this (RFC 7983, section 7); everything else is the peer's own traffic.
_LAST_STUN = 3
#: Bytes and fragments of unfinished incoming messages.
_MOST_UNFINISHED = 128 * 1024
_MOST_FRAGMENTS = 256
#: Streams of an association; a client has two channels.
_MOST_STREAMS = 64
#: How far beyond the first missing chunk others are taken, in transmission sequence numbers.
_MOST_AHEAD = 1024
_TSN_HALF, _TSN_ALL = 1 << 31, 1 << 32
#: Sources of sound and of reports about it; a client has one of each, and new ones when it changes tracks.
_MOST_SOURCES = 16
#: What a parser, or a state machine that was told nonsense, raises. Lost connections are no faults.
_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NameError, TypeError, ValueError,
    struct.error,
)  # fmt: skip


def guard_datagrams(connection: Any, receive: Callable[[bytes, Any], None]) -> Callable[[bytes, Any], None]:
    """Return what an ICE socket of `connection` is to call for each datagram, in front of `receive`.

    Anybody may send to the socket. What is no connectivity check counts only from where the peer is known to
    be, and what aioice's parser chokes on, or what comes faster than it is read, is dropped.
    """

    def guarded(data: bytes, address: Any) -> None:
        # An empty datagram would end the reading task, which looks at the first byte.
        if not data or connection._queue.qsize() >= _MOST_DATAGRAMS:
            return
        if data[0] > _LAST_STUN and not _is_known(connection, address):
            return
        try:
            receive(data, address)
        except _FAULTS as error:
            logger.debug("malformed STUN dropped: %s", type(error).__name__)

    return guarded


def bound_addresses(connection: Any) -> None:
    """Bound the addresses that checks teach aioice: it remembers each, and sends checks of its own there.

    Who moves between networks goes on being followed: the oldest address that is not in use makes room. But
    no more often than anybody moves, since checks may carry false senders.
    """
    check: Callable[[Any, Any, Any], None] = connection.check_incoming
    moves = Budget(_MOVES_A_SECOND, _MOST_ADDRESSES)

    def bounded(message: Any, address: Any, protocol: Any) -> None:
        if not _is_known(connection, address):
            if not moves.take(time.monotonic()):
                return
            if len(connection._remote_candidates) >= _MOST_ADDRESSES:
                _forget_one(connection)
        check(message, address, protocol)

    connection.check_incoming = bounded


def _forget_one(connection: Any) -> None:
    """Forget the address that was learnt first, of those that nothing is sent to."""
    used = {id(pair.remote_candidate) for pair in connection._nominated.values()}
    idle = next(one for one in connection._remote_candidates if id(one) not in used)
    connection._remote_candidates.remove(idle)
    for pair in [pair for pair in connection._check_list if pair.remote_candidate is idle]:
        connection._check_list.remove(pair)
        if pair.task is not None:
            pair.task.cancel()


def _is_known(connection: Any, address: Any) -> bool:
    host, port = address[0], address[1]
    return any(one.port == port and one._network_host == host for one in connection._remote_candidates)


def ignore_losses(sender: Any) -> None:
    """Send nothing again: sound that comes late is not played, and one report can ask for 6,000 packets."""
    handle: Callable[[Any], Awaitable[None]] = sender._handle_rtcp_packet

    async def without(packet: Any) -> None:
        if not isinstance(packet, RtcpRtpfbPacket):
            await handle(packet)

    sender._handle_rtcp_packet = without


class _FewSources:
    """A pylibsrtp session that opens packets of a few sources: it holds a window for each it ever saw."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._known: set[bytes] = set()

    def unprotect(self, data: bytes) -> bytes:
        return self._opened(self._session.unprotect, data, data[8:12])

    def unprotect_rtcp(self, data: bytes) -> bytes:
        return self._opened(self._session.unprotect_rtcp, data, data[4:8])

    def _opened(self, unprotect: Callable[[bytes], bytes], data: bytes, source: bytes) -> bytes:
        if source not in self._known and len(self._known) >= _MOST_SOURCES:
            raise pylibsrtp.Error("too many sources")
        plain = unprotect(data)
        # Only what carried the right key counts.
        self._known.add(source)
        return plain


def bound_media(dtls: Any, refuse: Refuse) -> None:
    """Bound the sources of a transport, and drop packets that aiortc's parsers choke on."""
    set_up: Callable[[], None] = dtls._setup_srtp

    def bounded() -> None:
        set_up()
        if dtls._rx_srtp is not None:
            dtls._rx_srtp = _FewSources(dtls._rx_srtp)

    dtls._setup_srtp = bounded
    dtls._handle_rtp_data = _without_faults(dtls._handle_rtp_data, refuse)
    dtls._handle_rtcp_data = _without_faults(dtls._handle_rtcp_data, refuse)


def bound_association(sctp: Any, refuse: Refuse) -> None:
    """Bound what an SCTP association holds and how far its acknowledgements reach.

    aiortc announces a window and does not enforce it, sorts everything that came out of order with each
    chunk, and counts every number that a SACK claims to acknowledge, up to 65,535 for each of its ranges.
    """
    take_data, take_sack = sctp._receive_data_chunk, sctp._receive_sack_chunk
    take_skip = sctp._receive_forward_tsn_chunk
    sctp._advertised_rwnd = _MOST_UNFINISHED

    async def data(chunk: Any) -> None:
        ahead = (chunk.tsn - sctp._last_received_tsn) % _TSN_ALL
        if _MOST_AHEAD < ahead < _TSN_HALF:
            # Not acknowledged, so it comes again when its turn is nearer.
            return
        stream = sctp._inbound_streams.get(chunk.stream_id)
        crowded = len(sctp._inbound_streams) >= _MOST_STREAMS if stream is None else _is_full(stream)
        if crowded or sctp._advertised_rwnd < len(chunk.user_data):
            refuse("too_large")
            return
        await take_data(chunk)

    async def sack(chunk: Any) -> None:
        outstanding = (sctp._local_tsn - 1 - chunk.cumulative_tsn) % _TSN_ALL
        within = all(0 < first <= last <= outstanding for first, last in chunk.gaps)
        if outstanding >= _TSN_HALF or not within:
            refuse("bad_data")
            return
        await take_sack(chunk)

    async def skip(chunk: Any) -> None:
        if len({*sctp._inbound_streams, *(stream for stream, _ in chunk.streams)}) > _MOST_STREAMS:
            refuse("too_large")
            return
        await take_skip(chunk)

    sctp._receive_data_chunk = data
    sctp._receive_sack_chunk = sack
    sctp._receive_forward_tsn_chunk = skip
    sctp._handle_data = _without_faults(sctp._handle_data, refuse)


def _is_full(stream: Any) -> bool:
    return len(stream.reassembly) >= _MOST_FRAGMENTS


def _without_faults(handle: Callable[..., Awaitable[None]], refuse: Refuse) -> Callable[..., Awaitable[None]]:
    """Return a handler that refuses what cannot be handled, and reads on."""

    async def guarded(data: bytes, **more: int) -> None:
        try:
            await handle(data, **more)
        except _FAULTS as error:
            logger.debug("malformed packet dropped: %s", error, exc_info=True)
            refuse("bad_data")

    return guarded
