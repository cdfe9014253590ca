"""The private parts of aiortc that the pump reads when it takes a peer over, and gives back.

Each function takes public objects, in the event loop's thread, and changes these alone, never a class. The
versions are pinned, and ``tests/contract/test_pump_privates.py`` fails when an attribute moves.
"""
# ruff: noqa: SLF001 - this module exists to touch private attributes

import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiortc.rtcsctptransport import CHUNK_TYPES

from streaming.errors import NotEstablishedError, PumpUnavailableError
from streaming.pump.established import Established
from streaming.pump.functions import openssl_handle
from streaming.pump.reassembly import Piece
from streaming.pump.srtp import Sessions

_LABEL = b"EXTRACTOR-dtls_srtp"
_ALL = 1 << 32
#: What aiortc's parsers and state machines raise on nonsense.
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, struct.error)
#: DTLS and SRTP by their first byte (RFC 7983, section 7); RTCP by its second (RFC 5761, section 4).
_DTLS, _MEDIA, _RTCP = range(20, 64), range(128, 192), range(192, 224)


def is_established(sctp: Any) -> bool:
    """Tell whether an association stands, so that it may be taken over."""
    return sctp._association_state == sctp.State.ESTABLISHED and sctp._last_received_tsn is not None


def take_association(sctp: Any) -> Established:
    """Take data transfer out of aiortc's hands: from now on it sends and takes no user data.

    Must not be interrupted by the loop until packets go to whoever called this.
    """
    chunks = [*sctp._sent_queue, *sctp._outbound_queue]
    found = Established(
        ports=(sctp._local_port, sctp._remote_port),
        tags=(sctp._local_verification_tag, sctp._remote_verification_tag),
        cumulative=sctp._last_received_tsn,
        tsn=sctp._local_tsn,
        acked=sctp._last_sacked_tsn,
        remote_window=sctp._ssthresh,
        outstanding=[(chunk.tsn, bytes(chunk)[: 16 + len(chunk.user_data)]) for chunk in chunks],
        sequences=dict(sctp._outbound_stream_seq),
        expected={number: one.sequence_number for number, one in sctp._inbound_streams.items()},
        beyond=sorted(sctp._sack_misordered, key=lambda tsn: (tsn - sctp._last_received_tsn) % _ALL),
        pieces=[
            Piece(one.tsn, one.flags, one.stream_id, one.stream_seq, one.protocol, one.user_data)
            for stream in sctp._inbound_streams.values()
            for one in stream.reassembly
        ],
    )
    sctp._t3_cancel()
    sctp._sent_queue.clear()
    sctp._outbound_queue.clear()
    sctp._flight_size = 0
    return found


def follow(sctp: Any, cumulative: int, tsn: int) -> None:
    """Tell aiortc's association how far the pump has come, before it is handed a chunk."""
    sctp._last_received_tsn, sctp._local_tsn = cumulative, tsn


async def take_control(sctp: Any, chunk: bytes) -> bool:
    """Have aiortc act on a chunk that is no user data; False when it cannot be read.

    aiortc resets streams, and says again what it said when the association was set up.
    """
    try:
        await sctp._receive_chunk(CHUNK_TYPES[chunk[0]](flags=chunk[1], body=chunk[4:]))
    except _FAULTS:
        return False
    return True


def divert_data(dtls: Any, send: Callable[[bytes], None]) -> None:
    """Have SCTP packets that aiortc makes handed over, instead of encrypted in its thread."""

    async def divert(data: bytes) -> None:
        send(data)

    dtls._send_data = divert


def divert_messages(sctp: Any, send: Callable[[int, int, bytes], None]) -> None:
    """Have messages that aiortc wants to send handed over: stream, payload protocol identifier, data."""

    async def divert(stream: int, kind: int, data: bytes, **_: object) -> None:
        send(stream, kind, data)

    sctp._send = divert


def srtp_sessions(dtls: Any) -> Sessions:
    """Make SRTP sessions of our own from the keys of a handshake that is done (RFC 5764, section 4.2).

    Raises:
        PumpUnavailableError: No profile that we know was agreed on.
    """
    agreed = dtls._ssl.get_selected_srtp_profile()
    for profile in dtls._srtp_profiles:
        if profile.openssl_profile == agreed:
            break
    else:
        raise PumpUnavailableError(f"SRTP: the profile {agreed!r} is not known")
    material = dtls._ssl.export_keying_material(_LABEL, 2 * (profile.key_length + profile.salt_length))
    mine, theirs = (1, 0) if dtls._role == "server" else (0, 1)
    return Sessions.of(
        profile.libsrtp_profile,
        profile.get_key_and_salt(material, mine),
        profile.get_key_and_salt(material, theirs),
    )


def connection_handles(connection: Any) -> tuple[int, int, int]:
    """Return the addresses of a pyOpenSSL connection and of the buffers into and out of it.

    They are valid for as long as the connection is; see :func:`connection_of`.
    """
    parts = (connection._ssl, connection._into_ssl, connection._from_ssl)
    return openssl_handle(parts[0]), openssl_handle(parts[1]), openssl_handle(parts[2])


def connection_of(dtls: Any) -> Any:
    """Return the pyOpenSSL connection of a transport, which must be held while its addresses are used."""
    return dtls._ssl


def divert_datagrams(ice: Any, take: Callable[[bytes], None]) -> None:
    """Have what came for this peer handed over, but for reports; what waits goes first."""
    connection = ice._connection
    receive: Callable[[bytes, int], None] = connection.data_received

    def divert(data: bytes, component: int) -> None:
        is_report = len(data) > 1 and data[0] in _MEDIA and data[1] in _RTCP
        if data and not is_report and (data[0] in _DTLS or data[0] in _MEDIA):
            take(data)
        else:
            receive(data, component)

    waiting = []
    while not connection._queue.empty():
        waiting.append(connection._queue.get_nowait())
    connection.data_received = divert
    for data, component in waiting:
        if data is not None:
            divert(data, component)


def give_back(sctp: Any) -> None:
    """Let aiortc encrypt and read again; nobody else may touch the connection from now on."""
    dtls = sctp.transport
    dtls.__dict__.pop("_send_data", None)
    dtls.transport._connection.__dict__.pop("data_received", None)
    sctp.__dict__.pop("_send", None)


def remote_address(ice: Any) -> tuple[str, int]:
    """Return where the peer of a connected transport is.

    Raises:
        NotEstablishedError: ICE chose no way to it.
    """
    pair = ice._connection._nominated.get(1)
    if pair is None:
        raise NotEstablishedError("ICE has chosen no way to this peer.")
    address: tuple[str, int] = pair.remote_addr
    return address


def sent_as(transceiver: Any) -> tuple[int, int]:
    """Return SSRC and payload type of what a transceiver sends."""
    return transceiver.sender._ssrc, transceiver._codecs[0].payloadType


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sender's report tells (RFC 3550, section 6.4.1)."""

    timestamp: int
    packets: int
    octets: int


def report_sent(sender: Any, sent: Callable[[], Sent]) -> None:
    """Have the sender's reports tell of the packets that the pump sent."""
    send: Callable[[Any], Awaitable[None]] = sender._send_rtcp
    prefix = "_RTCRtpSender__"

    async def reporting(packets: list[Any]) -> None:
        now, told = time.time(), sent()
        ntp = int((now + 2_208_988_800) * 2**32) & 0xFFFFFFFFFFFFFFFF
        for packet in packets:
            if hasattr(packet, "sender_info"):
                packet.sender_info.ntp_timestamp = ntp
                packet.sender_info.rtp_timestamp = told.timestamp & 0xFFFFFFFF
                packet.sender_info.packet_count = told.packets & 0xFFFFFFFF
                packet.sender_info.octet_count = told.octets & 0xFFFFFFFF
                setattr(sender, prefix + "lsr", ntp >> 16 & 0xFFFFFFFF)
                setattr(sender, prefix + "lsr_time", now)
        await send(packets)

    sender._send_rtcp = reporting


def report_received(receiver: Any, statistics: Any) -> None:
    """Have the receiver's reports tell of the packets that the pump took; see `rtcp.Statistics`."""
    receiver._RTCRtpReceiver__remote_streams = statistics
