"""The private parts of aiortc and aioice that are reached into, all of them.

aiortc would decode each microphone in a thread behind a fixed buffer, encode each mix again, and offer ICE on
every address but loopback; here both directions carry ready Opus packets, and the operator's choice of
addresses holds. Each function takes public objects and changes these alone, never a class. The versions are
pinned, and ``tests/contract/test_aiortc_privates.py`` fails when an attribute moves.
"""
# ruff: noqa: SLF001 - this module exists to touch private attributes

import asyncio
import logging
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import av
from aiortc import RTCIceGatherer, RTCRtpSender
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtcrtpreceiver import StreamStatistics
from aiortc.rtp import RtpPacket

from streaming.audio import RATE

logger = logging.getLogger(__name__)

#: Bytes and fragments of unfinished incoming messages.
_MOST_UNFINISHED = 128 * 1024
_MOST_FRAGMENTS = 256
#: Datagrams that may wait before the transport reads them.
_MOST_DATAGRAMS = 512
_MOST_DATAGRAM_BYTES = 2048


class _Ready:
    """Stands in for aiortc's encoder: the packets are encoded already."""

    @staticmethod
    def pack(packet: "av.Packet[Any]") -> tuple[list[bytes], int]:
        return [bytes(packet)], packet.pts or 0


def send_packets(sender: RTCRtpSender) -> None:
    """Let a sender pass on what its track gives, instead of encoding it."""
    encoded: Any = sender
    encoded._RTCRtpSender__encoder = _Ready()


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
            protocol.datagram_received = _guarded(connection, protocol.datagram_received)
        return found

    connection.get_component_candidates = gather_these


def _guarded(connection: Any, receive: Callable[[bytes, Any], None]) -> Callable[[bytes, Any], None]:
    """Drop what aioice's STUN parser chokes on, and what comes faster than it is read."""

    def guarded(data: bytes, address: Any) -> None:
        if connection._queue.qsize() >= _MOST_DATAGRAMS:
            return
        try:
            receive(data, address)
        except (struct.error, LookupError, AssertionError, ValueError) as error:
            logger.debug("malformed STUN dropped: %s", type(error).__name__)

    return guarded


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
        streams[packet.ssrc].add(packet)
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


def bound_messages(sctp: Any, refuse: Callable[[], None]) -> None:
    """Bound what unfinished messages may hold: aiortc announces a window and does not enforce it."""
    accept = sctp._receive_data_chunk
    sctp._advertised_rwnd = _MOST_UNFINISHED

    async def bounded(chunk: Any) -> None:
        stream = sctp._inbound_streams.get(chunk.stream_id)
        crowded = stream is not None and len(stream.reassembly) >= _MOST_FRAGMENTS
        if crowded or sctp._advertised_rwnd < len(chunk.user_data):
            refuse()
            return
        await accept(chunk)

    sctp._receive_data_chunk = bounded
