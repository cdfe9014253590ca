"""Key pictures are found in what real encoders and packetisers give."""

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
import pytest
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import Vp8Encoder
from hypothesis import given
from hypothesis import strategies as st

from streaming.video.codecs import Codec, begins_key

ENCODERS = {Codec.VP8: Vp8Encoder, Codec.H264: H264Encoder}


def _pictures(codec: Codec) -> Iterator[tuple[bool, list[bytes]]]:
    """Return (asked for a key picture, payloads) of twelve pictures with enough noise for several packets."""
    encoder = ENCODERS[codec]()
    chance = np.random.default_rng(1)
    for number in range(12):
        image = chance.integers(0, 255, (240, 320, 3), np.uint8)
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, 30)
        payloads, _ = encoder.encode(frame, force_keyframe=number % 4 == 0)
        yield number % 4 == 0, payloads


@pytest.mark.parametrize("codec", list(Codec))
def test_a_key_picture_is_found_where_the_encoder_made_one_and_nowhere_else(codec: Codec) -> None:
    for key, payloads in _pictures(codec):
        assert any(begins_key(codec, payload) for payload in payloads) is key
        if key:
            assert len(payloads) > 1
            assert begins_key(codec, payloads[0])
            assert not begins_key(codec, payloads[-1])


@pytest.mark.parametrize("codec", list(Codec))
@given(payload=st.binary(max_size=64))
def test_any_bytes_begin_a_key_picture_or_not(codec: Codec, payload: bytes) -> None:
    assert begins_key(codec, payload) in {True, False}


def test_a_long_picture_id_of_vp8_is_stepped_over() -> None:
    # X, then I with a 15 bit id, L and T/K; the payload header's P bit is 0: a key picture.
    assert begins_key(Codec.VP8, bytes([0x90, 0xF0, 0x81, 0x23, 0x05, 0x20, 0x10]))
    assert not begins_key(Codec.VP8, bytes([0x90, 0xF0, 0x81, 0x23, 0x05, 0x20, 0x11]))
    assert begins_key(Codec.VP8, bytes([0x90, 0x80, 0x23, 0x10]))


def test_a_later_partition_of_vp8_begins_nothing() -> None:
    assert not begins_key(Codec.VP8, bytes([0x11, 0x10]))
    assert not begins_key(Codec.VP8, bytes([0x00, 0x10]))


def test_parameter_sets_of_h264_begin_a_key_picture_alone_and_in_an_aggregate() -> None:
    assert begins_key(Codec.H264, bytes([0x67, 1, 2]))
    assert begins_key(Codec.H264, bytes([0x78, 0, 2, 0x09, 0x10, 0, 3, 0x67, 1, 2]))
    assert not begins_key(Codec.H264, bytes([0x78, 0, 2, 0x09, 0x10, 0, 3, 0x41, 1, 2]))
    assert begins_key(Codec.H264, bytes([0x7C, 0x85, 0x88]))
    assert not begins_key(Codec.H264, bytes([0x7C, 0x05, 0x88]))


def test_a_later_slice_of_the_same_key_picture_begins_nothing() -> None:
    assert begins_key(Codec.H264, bytes([0x65, 0x88]))
    assert not begins_key(Codec.H264, bytes([0x65, 0x01]))
    assert not begins_key(Codec.H264, bytes([0x7C, 0x85, 0x01]))
