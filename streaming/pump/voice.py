"""From the packets of a microphone to a frame of sound: jitter buffer, decoder, concealment. Kernels."""

import numpy as np

from spatial.kernel import compiled
from streaming.audio import FRAME
from streaming.audio.opus import MOST_SAMPLES
from streaming.pump.jitter import IDLE, SLOTS, frame_length, pop, take_ready
from streaming.pump.opus import decode

_WHOLE, _REPAIR = 0, 1
_SCALE = np.float32(1.0 / 32768.0)


@compiled
def _decode_next(functions, decoder, stream, numbers, sizes, packets, samples):
    """Decode the packet due, or make up for it; return how many samples, or IDLE."""
    slot = pop(stream, numbers)
    if slot == IDLE:
        return IDLE
    if slot >= 0:
        count = decode(functions, decoder, packets[slot], sizes[slot], samples, MOST_SAMPLES, _WHOLE)
        if 0 < count <= MOST_SAMPLES:
            stream.duration = count
            return count
        # No Opus: as good as lost.
        stream.lost += 1
    after = stream.next % SLOTS
    if stream.held and numbers[after] == stream.next:
        # The packet after the missing one may carry it again, in fewer bits.
        size = sizes[after]
        count = decode(functions, decoder, packets[after], size, samples, stream.duration, _REPAIR)
        if count > 0:
            stream.repaired += 1
            return count
    return decode(functions, decoder, packets[0], 0, samples, stream.duration, _WHOLE)


@compiled
def next_frame(functions, decoder, stream, numbers, sizes, packets, ready, samples, frame):
    """Write the next 20 ms of a microphone; return False while it is silent.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        decoder: A row of :func:`streaming.pump.opus.decoders`.
        stream, numbers, sizes, packets, ready: A row of each array of
            :class:`streaming.pump.jitter.Buffers`.
        samples: (MOST_SAMPLES,) int16, scratch.
        frame: (FRAME,) float32, written.
    """
    length = frame_length(stream) if stream.playing else FRAME
    while stream.ready < length + 1:
        if stream.ready == length == FRAME:
            break
        count = _decode_next(functions, decoder, stream, numbers, sizes, packets, samples)
        if count <= 0 or stream.ready + count > ready.size:
            stream.ready = 0
            return False
        for index in range(count):
            ready[stream.ready + index] = np.float32(samples[index]) * _SCALE
        stream.ready += count
    take_ready(stream, ready, length, frame)
    return True
