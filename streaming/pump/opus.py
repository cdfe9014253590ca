"""Opus coders that live in arrays: a row is a coder, and nothing is ever freed under a kernel."""

import ctypes

import numpy as np
from numpy.typing import NDArray

from spatial.kernel import compiled
from streaming.audio import FRAME, RATE
from streaming.audio.opus import COMPLEXITY, MOST_SAMPLES, STEREO_BITS
from streaming.errors import PumpUnavailableError
from streaming.pump.calls import address_of, call5, call6
from streaming.pump.functions import OPUS_DECODE, OPUS_ENCODE_FLOAT, opus

#: No packet of one frame is longer (RFC 6716, section 3.4, R2), and no sender makes longer ones of more.
MOST_BYTES = 1275
_LOW_DELAY = 2051  # OPUS_APPLICATION_RESTRICTED_LOWDELAY
_SET_BITRATE, _SET_COMPLEXITY, _SET_VBR_CONSTRAINT = 4002, 4010, 4020
_ALIGNED = 64

Rows = NDArray[np.uint8]


def decoders(count: int) -> Rows:
    """Return room for so many decoders of one channel, one a row; each must be made before it is used."""
    return _rows(count, int(opus().opus_decoder_get_size(1)))


def encoders(count: int) -> Rows:
    """Return room for so many encoders of two channels, one a row; each must be made before it is used."""
    return _rows(count, int(opus().opus_encoder_get_size(2)))


def _rows(count: int, size: int) -> Rows:
    if size <= 0:
        raise PumpUnavailableError("libopus: it does not say how large a coder is")
    stride = -(-size // _ALIGNED) * _ALIGNED
    room = np.zeros((count + 1) * stride, np.uint8)
    offset = -room.ctypes.data % _ALIGNED
    return room[offset : offset + count * stride].reshape(count, stride)


def make_decoder(row: Rows) -> None:
    """Make a row a new decoder of one channel."""
    _done(opus().opus_decoder_init(ctypes.c_void_p(row.ctypes.data), RATE, 1))


def make_encoder(row: Rows, complexity: int = COMPLEXITY) -> None:
    """Make a row a new encoder of two channels, tuned as :class:`streaming.audio.opus.Encoder` is."""
    library, state = opus(), ctypes.c_void_p(row.ctypes.data)
    _done(library.opus_encoder_init(state, RATE, 2, _LOW_DELAY))
    settings = ((_SET_BITRATE, STEREO_BITS), (_SET_COMPLEXITY, complexity), (_SET_VBR_CONSTRAINT, 0))
    for request, value in settings:
        _done(library.opus_encoder_ctl(state, ctypes.c_int(request), ctypes.c_int(value)))


def set_complexity(row: Rows, complexity: int) -> None:
    """Have an encoder that was made try so hard from its next frame on, 0 to 10."""
    state = ctypes.c_void_p(row.ctypes.data)
    _done(opus().opus_encoder_ctl(state, ctypes.c_int(_SET_COMPLEXITY), ctypes.c_int(complexity)))


def _done(result: int) -> None:
    if result != 0:
        raise PumpUnavailableError(f"libopus: a coder cannot be made (error {result})")


@compiled
def decode(functions, decoder, packet, size, samples, frame, repair):
    """Decode a packet, or what is known of one that is missing.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        decoder: A row of :func:`decoders`.
        packet: (≥ size,) uint8; with `repair` the packet after the missing one.
        size: Bytes of the packet; 0 conceals a loss (RFC 6716, section 4.4).
        samples: (MOST_SAMPLES,) int16, written.
        frame: How many samples are missing, when some are; a multiple of 120.
        repair: Whether the packet's redundancy is wanted (RFC 6716, section 2.1.7).

    Returns:
        How many samples; negative when it is no Opus.
    """
    if size < 0 or size > packet.size or frame > samples.size:
        return -1
    whole = size > 0 and not repair
    room = np.int32(MOST_SAMPLES if whole else frame)
    if room > samples.size:
        return -1
    return np.int64(
        call6(
            functions[OPUS_DECODE],
            address_of(decoder),
            address_of(packet) if size > 0 else np.int64(0),
            np.int32(size),
            address_of(samples),
            room,
            np.int32(1 if repair and size > 0 else 0),
        )
    )


@compiled
def encode(functions, encoder, samples, packet, at):
    """Code one frame of two channels; return how many bytes were written at `at`, or -1.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        encoder: A row of :func:`encoders`.
        samples: (2·FRAME,) float32, left and right in turn.
        packet: uint8, written.
        at: Where the first byte goes.
    """
    if samples.size < 2 * FRAME or at + MOST_BYTES > packet.size:
        return -1
    size = call5(
        functions[OPUS_ENCODE_FLOAT],
        address_of(encoder),
        address_of(samples),
        np.int32(FRAME),
        address_of(packet) + np.int64(at),
        np.int32(MOST_BYTES),
    )
    return np.int64(size) if size > 0 else -1
