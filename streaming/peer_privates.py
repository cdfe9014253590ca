"""The private parts of aiortc and aioice that are reached into, but for :mod:`streaming.peer_guards`.

aiortc would decode each microphone in a thread behind a fixed buffer, encode each mix again, and offer ICE on
every address but loopback; here both directions carry ready Opus packets, and the operator's choice of
addresses holds. Each function takes public objects and changes these alone, never a class. The versions are
pinned, and ``tests/contract/test_aiortc_privates.py`` fails when an attribute moves.
"""
# ruff: noqa: SLF001 - this module exists to touch private attributes

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import av
import pylibsrtp
from aioice.candidate import candidate_priority
from aiortc import RTCDtlsTransport, RTCIceGatherer, RTCIceTransport, RTCRtpSender
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtcrtpreceiver import StreamStatistics
from aiortc.rtp import RtpPacket

from streaming.audio import RATE
from streaming.peer_guards import bound_addresses, guard_datagrams, ignore_losses

_MOST_DATAGRAM_BYTES = 2048
#: Interarrival jitter has 32 bits in a report (RFC 3550, section 6.4.1); aiortc counts in sixteenths.
_MOST_JITTER = ((1 << 32) - 1) << 4


class _Ready:
    """Stands in for aiortc's encoder: the packets are encoded already."""

    @staticmethod
    def pack(packet: "av.Packet[Any]") -> tuple[list[bytes], int]:
        return [bytes(packet)], packet.pts or 0


def send_packets(sender: RTCRtpSender) -> None:
    """Let a sender pass on what its track gives, instead of encoding it."""
    encoded: Any = sender
    encoded._RTCRtpSender__encoder = _Ready()
    ignore_losses(sender)


def offer_only(gatherer: RTCIceGatherer, allowed: list[str]) -> None:
    """Let ICE gather these addresses only, and guard its sockets."""
    connection: Any = gatherer._connection
    gather: Callable[..., Awaitable[list[Any]]] = connection.get_component_candidates

    async def gather_these(component: int, addresses: list[str]) -> list[Any]:
        del addresses
        found = await gather(component=component, addresses=allowed)
        for protocol in connection._protocols:
            if hasattr(protocol.transport, "max_size"):
                # asyncio allocates as much for every datagram, unless told 256 KiB; uvloop has no such field.
                protocol.transport.max_size = _MOST_DATAGRAM_BYTES
            protocol.datagram_received = guard_datagrams(connection, protocol.datagram_received)
        return found

    connection.get_component_candidates = gather_these
    bound_addresses(connection)


def take_packets(receiver: Any, deliver: Callable[[int, bytes], None]) -> None:
    """Hand Opus packets over as they come, without aiortc's decoder thread and its unbounded queue."""
    kinds: set[int] = set()
    source: list[int] = []
    streams: dict[int, StreamStatistics] = receiver._RTCRtpReceiver__remote_streams

    async def take(packet: RtpPacket, arrival_time_ms: int) -> None:
        del arrival_time_ms
        if packet.payload_type not in kinds or not packet.payload:
            return
        # One microphone: a new source takes the place of the one before.
        if source != [packet.ssrc]:
            source[:] = [packet.ssrc]
            streams.clear()
            streams[packet.ssrc] = StreamStatistics(RATE)
        counted: Any = streams[packet.ssrc]
        counted.add(packet)
        # Timestamps may leap, and so may this machine's clock; a report that cannot be packed ends its task.
        counted._jitter_q4 = min(counted._jitter_q4, _MOST_JITTER)
        deliver(packet.sequence_number, packet.payload)

    async def receive(parameters: RTCRtpReceiveParameters) -> None:
        if receiver._RTCRtpReceiver__started:
            return
        kinds.update(codec.payloadType for codec in parameters.codecs if codec.payloadType is not None)
        receiver.transport._register_rtp_receiver(receiver, parameters)
        task = asyncio.ensure_future(receiver._run_rtcp())
        receiver._RTCRtpReceiver__rtcp_task = task
        receiver._RTCRtpReceiver__started = True

    receiver._handle_rtp_packet = take
    receiver.receive = receive


def take_media(gatherer: RTCIceGatherer, deliver: Callable[[bytes], None]) -> None:
    """Hand SRTP and SRTCP over as they come, past aiortc's queue and its parsers; call once gathered."""
    connection: Any = gatherer._connection

    def divert(receive: Callable[[bytes, Any], None]) -> Callable[[bytes, Any], None]:
        def received(data: bytes, address: Any) -> None:
            # RFC 7983, section 7. Whose it is shows by the key that opens it, not by the address.
            if data and 127 < data[0] < 192:
                deliver(data)
            else:
                receive(data, address)

        return received

    for protocol in connection._protocols:
        protocol.datagram_received = divert(protocol.datagram_received)


def forgive_checks(gatherer: RTCIceGatherer) -> None:
    """Take connectivity checks without a PRIORITY, as ffmpeg's WHIP muxer sends them."""
    connection: Any = gatherer._connection
    check: Callable[[Any, Any, Any], None] = connection.check_incoming

    def forgiving(message: Any, address: Any, protocol: Any) -> None:
        message.attributes.setdefault("PRIORITY", candidate_priority(1, "prflx"))
        check(message, address, protocol)

    connection.check_incoming = forgiving


def be_server(dtls: RTCDtlsTransport, *, server: bool) -> None:
    """Choose the part in the DTLS handshake: what the descriptions say, not what ICE says."""
    hidden: Any = dtls
    hidden._set_role("server" if server else "client")


def srtp_sessions(dtls: RTCDtlsTransport) -> tuple[pylibsrtp.Session, pylibsrtp.Session]:
    """Return the sessions that open and seal packets, of a transport that is connected."""
    hidden: Any = dtls
    return hidden._rx_srtp, hidden._tx_srtp


def selected_path(ice: RTCIceTransport) -> tuple[int, tuple[str, int]] | None:
    """Return the socket and the remote address that ICE chose; None while there are none."""
    connection: Any = ice._connection
    pair = connection._nominated.get(1)
    if pair is None or pair.protocol.transport.is_closing():
        return None
    return pair.protocol.transport.get_extra_info("socket").fileno(), pair.remote_addr
