"""One row of the pump's arrays for incoming sound, driven as a test says."""

import numpy as np

from streaming.audio import FRAME
from streaming.audio.opus import MOST_SAMPLES
from streaming.pump.functions import addresses
from streaming.pump.jitter import Buffers, push
from streaming.pump.opus import decoders, make_decoder
from streaming.pump.voice import next_frame


class Microphone:
    """Jitter buffer and decoder of one stream.

    Attributes:
        stream: Its record.
    """

    def __init__(self) -> None:
        self._buffers = Buffers(2)
        self._decoders = decoders(2)
        make_decoder(self._decoders[1])
        self._samples = np.zeros(MOST_SAMPLES, np.int16)
        self._frame = np.zeros(FRAME, np.float32)
        self.stream = self._buffers.streams[1]

    def push(
        self, sequence: int, payload: bytes, arrival: float, *, source: int = 1, timestamp: int | None = None
    ) -> bool:
        """Take a packet that arrives at a time in frames; timestamps count 20 ms a packet unless told."""
        data = np.frombuffer(payload, np.uint8)
        buffers = self._buffers
        when = sequence * FRAME if timestamp is None else timestamp
        taken: bool = push(
            self.stream, buffers.numbers[1], buffers.sizes[1], buffers.packets[1], source, sequence & 0xFFFF,
            when & 0xFFFFFFFF, int(arrival * FRAME), data, 0, len(payload),
        )  # fmt: skip
        return taken

    def frame(self) -> np.ndarray | None:
        """Return the next 20 ms; None while it is silent."""
        buffers = self._buffers
        sounds = next_frame(
            addresses(), self._decoders[1], self.stream, buffers.numbers[1], buffers.sizes[1],
            buffers.packets[1], buffers.ready[1], self._samples, self._frame,
        )  # fmt: skip
        return self._frame.copy() if sounds else None
