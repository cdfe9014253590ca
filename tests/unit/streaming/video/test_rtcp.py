"""What is written is read back by aiortc's parser, which knows nothing of ours."""

from typing import Any

from aiortc import rtp
from hypothesis import given
from hypothesis import strategies as st

from streaming.video import rtcp

_SSRC = st.integers(1, 0xFFFFFFFF)
_NUMBERS = st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=40, unique=True)


def _theirs(data: bytes) -> list[Any]:
    return list(rtp.RtcpPacket.parse(data))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_left_out(data: bytes) -> None:
    for message in rtcp.read(data):
        if isinstance(message, rtcp.Losses):
            assert len(message.sequences) <= rtcp.MOST_LOSSES


@given(_SSRC, _SSRC, _NUMBERS)
def test_losses_are_asked_for_as_they_are(sender: int, media: int, numbers: list[int]) -> None:
    data = rtcp.nack(sender, media, numbers)
    (theirs,) = _theirs(data)
    assert (theirs.ssrc, theirs.media_ssrc) == (sender, media)
    assert {number % 0x10000 for number in theirs.lost} == set(numbers)
    (ours,) = rtcp.read(data)
    assert isinstance(ours, rtcp.Losses)
    assert (ours.ssrc, set(ours.sequences)) == (media, set(numbers))


def test_sixteen_losses_in_a_row_across_the_wrap_take_one_entry() -> None:
    numbers = [(0xFFF8 + step) % 0x10000 for step in range(17)]
    data = rtcp.nack(1, 2, numbers)
    assert len(data) == 16
    (theirs,) = _theirs(data)
    # Their parser counts on over the wrap.
    assert [number % 0x10000 for number in theirs.lost] == numbers


def test_a_picture_is_asked_for() -> None:
    (theirs,) = _theirs(rtcp.key_wanted(1, 2))
    assert (theirs.fmt, theirs.ssrc, theirs.media_ssrc) == (rtp.RTCP_PSFB_PLI, 1, 2)
    assert rtcp.read(rtcp.key_wanted(1, 2)) == [rtcp.KeyWanted(2)]


def test_a_picture_asked_for_by_fir_is_understood() -> None:
    fir = bytes([0x84, 206, 0, 4]) + (1).to_bytes(4) + bytes(4) + (2).to_bytes(4) + bytes([9, 0, 0, 0])
    assert rtcp.read(fir) == [rtcp.KeyWanted(2)]


@given(st.integers(1, 40_000_000))
def test_a_bit_rate_is_told_within_its_precision(bits: int) -> None:
    (theirs,) = _theirs(rtcp.most_bits(1, 2, bits))
    told, streams = rtp.unpack_remb_fci(theirs.fci)
    assert streams == [2]
    assert bits * (1 - 2**-16) <= told <= bits


def test_reports_say_what_they_are_given() -> None:
    report = rtcp.Report(ssrc=7, fraction=25, lost=3, highest=0x10005, jitter=90, sender=11, delay=65536)
    (theirs,) = _theirs(rtcp.receiver_report(1, [report]))
    (block,) = theirs.reports
    assert (block.ssrc, block.fraction_lost, block.packets_lost) == (7, 25, 3)
    assert (block.highest_sequence, block.jitter, block.lsr, block.dlsr) == (0x10005, 90, 11, 65536)


def test_a_sender_report_names_the_moment_and_the_picture_then() -> None:
    data = rtcp.sender_report(7, 1_700_000_000.5, 90_000, 12, 3456) + rtcp.description(7, "screen")
    said, named = _theirs(data)
    assert said.sender_info.ntp_timestamp == (1_700_000_000 + 2_208_988_800 << 32) + 2**31
    assert (said.sender_info.rtp_timestamp, said.sender_info.packet_count) == (90_000, 12)
    assert said.sender_info.octet_count == 3456
    assert named.chunks[0].items == [(1, b"screen")]
    assert rtcp.read(data) == [rtcp.SenderSays(7, said.sender_info.ntp_timestamp >> 16 & 0xFFFFFFFF)]


def test_sources_that_end_are_named() -> None:
    assert rtcp.read(bytes([0x82, 203, 0, 2]) + (5).to_bytes(4) + (6).to_bytes(4)) == [rtcp.Goodbye((5, 6))]


def test_a_compound_is_read_up_to_where_it_does_not_add_up() -> None:
    good = rtcp.key_wanted(1, 2)
    assert rtcp.read(good + b"\x80\xce\xff\xff" + good) == [rtcp.KeyWanted(2)]


def test_one_report_names_only_so_many_losses() -> None:
    data = rtcp.nack(1, 2, range(0, 40_000, 20))
    (message,) = rtcp.read(data)
    assert isinstance(message, rtcp.Losses)
    assert len(message.sequences) == rtcp.MOST_LOSSES
