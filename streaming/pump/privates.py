"""The private parts of aiortc that the pump reads when it takes a peer over, and gives back.

Each function takes public objects, in the event loop's thread, and changes these alone, never a class. The
versions are pinned, and ``tests/contract/test_pump_privates.py`` fails when an attribute moves.
"""
# ruff: noqa: SLF001 - this module exists to touch private attributes

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from streaming.errors import PumpUnavailableError
from streaming.pump.functions import openssl_handle
from streaming.pump.reassembly import Piece
from streaming.pump.srtp import Sessions

_LABEL = b"EXTRACTOR-dtls_srtp"
_HALF, _ALL = 1 << 31, 1 << 32
#: DTLS and SRTP by their first byte (RFC 7983, section 7); RTCP by its second (RFC 5761, section 4).
_DTLS, _MEDIA, _RTCP = range(20, 64), range(128, 192), range(192, 224)


@dataclass(frozen=True, slots=True)
class Established:
    """An association that aiortc set up, as the pump goes on with it.

    Attributes:
        ports: Local and remote.
        tags: Verification tags, local and remote.
        cumulative: The last TSN that came in order.
        tsn: The next TSN to be sent.
        acked: The last TSN that the other side acknowledged.
        remote_window: What the other side takes, bytes.
        outstanding: TSN and bytes of chunks that are on their way, in order.
        sequences: For each stream the number of the next ordered message to be sent.
        expected: For each stream the number of the next ordered message to come.
        beyond: TSNs that came beyond the first gap.
        pieces: User data that makes no whole message yet.
    """

    ports: tuple[int, int]
    tags: tuple[int, int]
    cumulative: int
    tsn: int
    acked: int
    remote_window: int
    outstanding: list[tuple[int, bytes]] = field(default_factory=list)
    sequences: dict[int, int] = field(default_factory=dict)
    expected: dict[int, int] = field(default_factory=dict)
    beyond: list[int] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


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


async def take_control(sctp: Any, chunk: bytes) -> None:
    """Have aiortc act on a chunk that is no user data: it resets streams and repeats what it said."""
    from aiortc.rtcsctptransport import CHUNK_TYPES  # noqa: PLC0415 - peer.py and its privates import aiortc

    await sctp._receive_chunk(CHUNK_TYPES[chunk[0]](flags=chunk[1], body=chunk[4:]))


def chunk_of(packet: bytes) -> bytes:
    """Return the chunks of an SCTP packet that aiortc made."""
    return packet[12:]


def divert_data(dtls: Any, send: Callable[[bytes], None]) -> None:
    """Have SCTP packets that aiortc makes handed over, instead of encrypted in its thread."""

    async def divert(data: bytes) -> None:
        send(data)

    dtls._send_data = divert


def give_data_back(dtls: Any) -> None:
    """Let aiortc encrypt again; nobody else may touch the connection from now on."""
    dtls.__dict__.pop("_send_data", None)


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


def waiting_datagrams(ice: Any) -> list[bytes]:
    """Take what came and was not read yet out of aioice's queue, but for reports, which aiortc keeps."""
    queue = ice._connection._queue
    taken: list[bytes] = []
    kept = []
    while not queue.empty():
        data, component = queue.get_nowait()
        is_report = len(data) > 1 and data[0] in _MEDIA and data[1] in _RTCP
        if data and not is_report and (data[0] in _DTLS or data[0] in _MEDIA):
            taken.append(data)
        else:
            kept.append((data, component))
    for one in kept:
        queue.put_nowait(one)
    return taken


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


def report_received(receiver: Any, source: int, statistics: Any) -> None:
    """Have the receiver's reports tell of a source; `statistics` is shaped as aiortc's own."""
    streams = receiver._RTCRtpReceiver__remote_streams
    streams.clear()
    if source >= 0:
        streams[source] = statistics
