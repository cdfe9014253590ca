"""RTP headers and sealing, against pylibsrtp and aiortc as the other side."""

import os

import numpy as np
import pytest
from aiortc.rtp import RtpPacket
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Error, Policy, Session

from streaming.pump.functions import addresses
from streaming.pump.rtp import HEADER, is_rtcp, payload_of, put_header
from streaming.pump.srtp import KEYS, MOST_SOURCES, Sessions, open_packet, seal_packet
from streaming.video.rtp import read

PROFILES = {
    Policy.SRTP_PROFILE_AEAD_AES_256_GCM: 44,
    Policy.SRTP_PROFILE_AEAD_AES_128_GCM: 28,
    Policy.SRTP_PROFILE_AES128_CM_SHA1_80: 30,
}


def _array(data: bytes, room: int = 2048) -> np.ndarray:
    array = np.zeros(room, np.uint8)
    array[: len(data)] = np.frombuffer(data, np.uint8)
    return array


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 255), st.integers(0, 255), st.binary(max_size=80), st.integers(0, 20)
)  # fmt: skip
def test_any_bytes_are_read_as_the_reference_reads_them(
    first: int, second: int, rest: bytes, pad: int
) -> None:
    data = bytes([first, second]) + rest + bytes([pad])
    expected = read(data)
    begin, end = payload_of(_array(data, len(data)), len(data))
    if expected is None:
        assert (begin, end) == (-1, -1)
    else:
        assert data[begin:end] == expected.payload


def test_a_size_beyond_the_array_is_refused() -> None:
    assert payload_of(_array(b"\x80" * 20, 20), 21) == (-1, -1)


def test_aiortc_reads_the_header() -> None:
    packet = _array(b"")
    put_header(packet, 96, 1, 0x1FFFE, 0x1_2345_6789, 0xCAFEF00D)
    parsed = RtpPacket.parse(packet[: HEADER + 1].tobytes())
    assert (parsed.payload_type, parsed.marker, parsed.sequence_number) == (96, 1, 0xFFFE)
    assert (parsed.timestamp, parsed.ssrc, parsed.payload) == (0x23456789, 0xCAFEF00D, b"\0")
    assert not is_rtcp(packet, HEADER)
    assert is_rtcp(_array(bytes([0x80, 200])), 12)


def _keys(profile: int) -> tuple[np.ndarray, Sessions, Session, Session]:
    """Return a record, the sessions that hold it up, and the other side's sealing and opening sessions."""
    mine, theirs = os.urandom(PROFILES[profile]), os.urandom(PROFILES[profile])
    sessions = Sessions.of(profile, mine, theirs)
    keys = np.zeros(1, KEYS)
    keys["seal"], keys["open"] = sessions.handles()
    sealing = Session(Policy(theirs, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile))
    opening = Session(Policy(mine, Policy.SSRC_ANY_INBOUND, srtp_profile=profile))
    return keys, sessions, sealing, opening


@pytest.mark.parametrize("profile", PROFILES)
def test_packets_go_both_ways_in_every_profile(profile: int) -> None:
    keys, _held, sealing, opening = _keys(profile)
    length = np.zeros(1, np.int32)
    for sequence in (65534, 65535, 0, 1):
        packet = _array(b"")
        put_header(packet, 96, 0, sequence, sequence * 960, 7)
        packet[HEADER : HEADER + 3] = (1, 2, 3)
        plain = packet[: HEADER + 3].tobytes()
        size = seal_packet(addresses(), keys[0], packet, len(plain), length)
        assert size > len(plain)
        assert opening.unprotect(packet[:size].tobytes()) == plain
        sealed = sealing.protect(plain)
        packet = _array(sealed)
        assert open_packet(addresses(), keys[0], packet, len(sealed), length) == len(plain)
        assert packet[: len(plain)].tobytes() == plain


def test_what_is_forged_or_replayed_is_refused_and_leaves_no_trace() -> None:
    keys, _held, sealing, _ = _keys(Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
    length = np.zeros(1, np.int32)
    header = _array(b"")
    put_header(header, 96, 0, 5, 0, 9)
    sealed = sealing.protect(header[:20].tobytes())
    forged = _array(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert open_packet(addresses(), keys[0], forged, len(sealed), length) == -1
    assert keys["known"][0] == 0
    assert open_packet(addresses(), keys[0], _array(sealed), len(sealed), length) == 20
    assert open_packet(addresses(), keys[0], _array(sealed), len(sealed), length) == -1
    assert keys["known"][0] == 1


def test_a_connection_has_few_sources() -> None:
    keys, _held, sealing, _ = _keys(Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
    length = np.zeros(1, np.int32)
    for source in range(MOST_SOURCES + 1):
        header = _array(b"")
        put_header(header, 96, 0, 1, 0, source)
        sealed = sealing.protect(header[:20].tobytes())
        size = open_packet(addresses(), keys[0], _array(sealed), len(sealed), length)
        assert (size == 20) == (source < MOST_SOURCES)


def test_nothing_is_sealed_without_keys_or_room() -> None:
    keys, _held, _, _ = _keys(Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
    length = np.zeros(1, np.int32)
    assert seal_packet(addresses(), np.zeros(1, KEYS)[0], _array(b""), 20, length) == -1
    assert seal_packet(addresses(), keys[0], _array(b"", 100), 20, length) == -1
    assert open_packet(addresses(), np.zeros(1, KEYS)[0], _array(b""), 40, length) == -1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(-5, 400))
def test_no_bytes_open_without_the_key(data: bytes, size: int) -> None:
    keys, _held, sealing, _ = _keys(Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
    array = _array(data, max(len(data), 1))
    assert open_packet(addresses(), keys[0], array, size, np.zeros(1, np.int32)) == -1
    with pytest.raises(Error):
        sealing.unprotect(bytes(40))
