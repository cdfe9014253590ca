import struct

from aiortc.rtp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from streaming.video.rtp import MOST_BYTES, header, read


@given(st.binary(max_size=MOST_BYTES + 50))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    found = read(data)
    if found is not None:
        assert 0 <= found.payload_type < 128
        assert len(found.payload) <= len(data) - 12


@given(
    st.integers(0, 127),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.booleans(),
    st.binary(max_size=1200),
)
def test_what_is_written_is_what_is_read(
    payload_type: int,
    sequence: int,
    timestamp: int,
    ssrc: int,
    marker: bool,  # noqa: FBT001 - hypothesis gives them by position
    payload: bytes,
) -> None:
    found = read(header(payload_type, sequence, timestamp, ssrc, marker=marker) + payload)
    assert found is not None
    assert (found.payload_type, found.sequence, found.timestamp) == (payload_type, sequence, timestamp)
    assert (found.ssrc, found.marker, found.payload) == (ssrc, marker, payload)


def test_numbers_without_wrapping_are_cut_to_sixteen_bits() -> None:
    found = read(header(96, 0x54321, 1, 2, marker=False))
    assert found is not None
    assert found.sequence == 0x4321


def test_sources_extensions_and_padding_of_the_sender_are_left_out() -> None:
    packet = RtpPacket(payload_type=96, sequence_number=7, timestamp=9, ssrc=5, payload=b"picture")
    packet.csrc = [1, 2, 3]
    packet.padding_size = 4
    plain = packet.serialize()
    extended = (
        bytes([plain[0] | 0x10]) + plain[1:24] + struct.pack("!HH4s", 0xBEDE, 1, b"\x10\xff\0\0") + plain[24:]
    )
    for data in (plain, extended):
        found = read(data)
        assert found is not None
        assert found.payload == b"picture"


def test_a_header_that_promises_more_than_there_is_is_refused() -> None:
    good = header(96, 1, 2, 3, marker=False) + b"payload"
    assert read(bytes([good[0] | 0x0F]) + good[1:]) is None
    assert read(bytes([good[0] | 0x10]) + good[1:12] + b"\xbe\xde\xff\xff") is None
    assert read(bytes([good[0] | 0x20]) + good[1:] + b"\xff") is None
    assert read(bytes([good[0] | 0x20]) + good[1:] + b"\x00") is None
    assert read(bytes([0x40]) + good[1:]) is None
    assert read(good[:11]) is None
    assert read(good + bytes(MOST_BYTES)) is None


def test_a_packet_of_nothing_but_padding_keeps_its_number() -> None:
    good = header(96, 77, 2, 3, marker=False)
    found = read(bytes([good[0] | 0x20]) + good[1:] + bytes(3) + b"\x04")
    assert found is not None
    assert (found.sequence, found.payload) == (77, b"")
