"""A jitter buffer as rows of arrays: orders packets, waits as long as the line needs, follows the clock.

The buffer aims at as many packets as the latest arrivals of the last seconds call for. It is steered gently:
a frame is made of up to five samples more or fewer than it has (half a percent, which nobody hears), so
clocks that drift apart and a target that changed are both followed without a gap. Only far beyond the
target are packets left out. Kernels, bounds checked.
"""

import numpy as np

from spatial.kernel import compiled
from streaming.audio import FRAME
from streaming.audio.opus import MOST_SAMPLES
from streaming.pump.octets import ahead16, ahead32, copy
from streaming.pump.opus import MOST_BYTES

#: Packets that a row holds.
SLOTS = 32
#: Packets that wait before play begins: at least, at most.
LEAST_TARGET, MOST_TARGET = 2, 10
#: A jump in sequence numbers beyond this is a new stream.
JUMP = 200
#: So many packets beyond the target are left out at once.
_EXCESS = 8
#: Frames that are made up in a row before silence: 100 ms.
MOST_CONCEALED = 5
#: Samples by which a frame may be longer or shorter than it sounds.
_STRETCH = 5
#: Peak lateness sinks to a third in ten seconds of packets; the fastest packet is forgotten by 500 ppm.
_SINK, _CREEP = 0.998, 0.5
#: Lateness beyond this is a leap of the sender's clock, not of the line: 2 s.
_LEAP = 96_000
#: The level is averaged over about so many frames.
_SMOOTH = 32.0
READY = MOST_SAMPLES + 2 * FRAME

#: One stream. `next` and `newest` count sequence numbers without wrapping; `source` is an SSRC, -1: none.
STREAM = np.dtype(
    [
        ("source", np.int64),
        ("playing", np.int64),
        ("next", np.int64),
        ("newest", np.int64),
        ("held", np.int64),
        ("waited", np.int64),
        ("dry", np.int64),
        ("concealed", np.int64),
        ("target", np.int64),
        ("duration", np.int64),
        ("ready", np.int64),
        ("timestamp", np.int64),
        ("clock", np.int64),
        ("fastest", np.float64),
        ("lateness", np.float64),
        ("level", np.float64),
        ("late", np.int64),
        ("lost", np.int64),
        ("repaired", np.int64),
    ]
)
LOST, IDLE = -1, -2


class Buffers:
    """Rows of streams.

    Attributes:
        streams: (count,) of `STREAM`.
        numbers: (count, SLOTS) int64, which packet a slot holds; -1: none.
        sizes: (count, SLOTS) int64, bytes.
        packets: (count, SLOTS, MOST_BYTES) uint8.
        ready: (count, READY) float32, decoded and not yet played.
    """

    def __init__(self, count: int) -> None:
        self.streams = np.zeros(count, STREAM)
        self.numbers = np.full((count, SLOTS), -1, np.int64)
        self.sizes = np.zeros((count, SLOTS), np.int64)
        self.packets = np.zeros((count, SLOTS, MOST_BYTES), np.uint8)
        self.ready = np.zeros((count, READY), np.float32)
        for row in range(count):
            self.clear(row)

    def clear(self, row: int) -> None:
        """Forget a stream."""
        forget(self.streams[row : row + 1], self.numbers[row])


@compiled
def forget(streams, numbers):
    """Make one stream, an array of it alone, a new one."""
    begin(streams[0], numbers, -1)


@compiled
def begin(stream, numbers, source):
    """Begin a new stream; what is decoded already is still played."""
    stream.source = source
    stream.playing = stream.held = stream.waited = stream.dry = stream.concealed = 0
    stream.next = stream.newest = 0
    stream.target = LEAST_TARGET
    stream.duration = FRAME
    stream.timestamp = stream.clock = -1
    stream.fastest = stream.lateness = 0.0
    stream.level = stream.target * FRAME
    if source < 0:
        stream.ready = stream.late = stream.lost = stream.repaired = 0
    numbers[:] = -1


@compiled
def _measure(stream, timestamp, arrival):
    """Take how late a packet came against the fastest of late, and set the target by it.

    Args:
        stream: A `STREAM` record, changed.
        timestamp: 32 bits, 48 kHz.
        arrival: On this machine's clock, samples of 48 kHz.
    """
    if stream.timestamp < 0:
        stream.clock = 0
    else:
        stream.clock += ahead32(timestamp, stream.timestamp)
    fresh = stream.timestamp < 0
    stream.timestamp = timestamp
    transit = float(arrival - stream.clock)
    if fresh or abs(transit - stream.fastest) > _LEAP:
        stream.fastest, stream.lateness = transit, 0.0
        return
    stream.fastest = min(transit, stream.fastest + _CREEP)
    stream.lateness = max(transit - stream.fastest, stream.lateness * _SINK)
    wanted = np.int64(np.ceil(stream.lateness / FRAME)) + 1
    stream.target = min(max(wanted, LEAST_TARGET), MOST_TARGET)


@compiled
def _drop_before(stream, numbers, position):
    """Leave out what comes before a position."""
    for slot in range(SLOTS):
        if 0 <= numbers[slot] < position:
            numbers[slot] = -1
            stream.held -= 1
    stream.next = max(stream.next, position)


@compiled
def push(stream, numbers, sizes, packets, source, sequence, timestamp, arrival, packet, first, size):
    """Take a packet as it arrives; return whether it may be played.

    Args:
        stream: A `STREAM` record, changed.
        numbers: (SLOTS,) int64, changed.
        sizes: (SLOTS,) int64, changed.
        packets: (SLOTS, MOST_BYTES) uint8, changed.
        source: SSRC; one stream has one microphone, so a new source takes the place of the one before.
        sequence: 16 bits.
        timestamp: 32 bits, 48 kHz.
        arrival: On this machine's clock, samples of 48 kHz.
        packet: uint8; the payload stands from `first` on.
        first: Where the payload begins.
        size: Bytes of the payload.
    """
    if size <= 0 or size > MOST_BYTES:
        return False
    step = ahead16(sequence, stream.newest & 0xFFFF)
    if stream.source != source or abs(step) > JUMP:
        begin(stream, numbers, source)
        # Far from zero, so that nothing that comes out of order counts below it.
        stream.newest, step = sequence + 0x10000, 0
    position = stream.newest + step
    _measure(stream, timestamp, arrival)
    if position < stream.next:
        stream.late += 1
        return False
    slot = position % SLOTS
    if numbers[slot] == position or position <= stream.newest - SLOTS:
        return False
    if position >= stream.newest:
        if position - stream.newest >= SLOTS:
            _drop_before(stream, numbers, position)
        elif stream.held:
            _drop_before(stream, numbers, position - SLOTS + 1)
        stream.newest = position
    if numbers[slot] < 0:
        stream.held += 1
    numbers[slot], sizes[slot] = position, size
    copy(packet, first, packets[slot], 0, size)
    return True


@compiled
def pop(stream, numbers):
    """Return the slot of the packet to be played now, LOST or IDLE. The slot is free from then on."""
    if not stream.playing:
        if stream.held == 0:
            stream.waited = 0
            return IDLE
        stream.waited += 1
        if stream.held < stream.target and stream.waited < stream.target:
            return IDLE
        stream.next = stream.newest
        for slot in range(SLOTS):
            if 0 <= numbers[slot] < stream.next:
                stream.next = numbers[slot]
        stream.playing, stream.waited, stream.dry, stream.concealed = 1, 0, 0, 0
        stream.level = stream.held * FRAME
    if stream.held == 0:
        # Late or lost, nobody knows yet: what is made up now is left out later if it was lost.
        stream.dry += 1
        return _conceal(stream)
    if (stream.newest - stream.next + 1) * stream.duration > (stream.target + _EXCESS) * FRAME:
        _drop_before(stream, numbers, stream.newest - stream.target + 1)
    while stream.dry > 0 and numbers[stream.next % SLOTS] != stream.next:
        stream.dry -= 1
        stream.next += 1
    stream.dry = 0
    slot = stream.next % SLOTS
    found = numbers[slot] == stream.next
    stream.next += 1
    if not found:
        return _conceal(stream)
    numbers[slot] = -1
    stream.held -= 1
    stream.concealed = 0
    return slot


@compiled
def _conceal(stream):
    stream.concealed += 1
    if stream.concealed > MOST_CONCEALED:
        # The sender pauses: play begins again when enough waits.
        stream.playing = 0
        return IDLE
    stream.lost += 1
    return LOST


@compiled
def frame_length(stream):
    """Return how many samples the next frame is made of: more when too much waits, fewer when too little."""
    waiting = (stream.newest - stream.next + 1) * stream.duration + stream.ready
    stream.level += (waiting - stream.level) / _SMOOTH
    if stream.level > (stream.target + 1) * FRAME:
        return FRAME + _STRETCH
    if stream.level < (stream.target - 1) * FRAME:
        return FRAME - _STRETCH
    return FRAME


@compiled
def take_ready(stream, ready, length, frame):
    """Play `length` of the decoded samples, one more of which must be there, as one frame.

    Args:
        stream: A `STREAM` record, changed.
        ready: (READY,) float32, changed.
        length: Samples, see :func:`frame_length`.
        frame: (FRAME,) float32, written.
    """
    for index in range(FRAME):
        if length == FRAME:
            frame[index] = ready[index]
        else:
            place = index * length / FRAME
            whole = np.int64(place)
            share = np.float32(place - whole)
            frame[index] = ready[whole] + (ready[whole + 1] - ready[whole]) * share
    stream.ready -= length
    for index in range(stream.ready):
        ready[index] = ready[index + length]
