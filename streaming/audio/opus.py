"""Opus, through PyAV's libopus: one coder per direction and person."""

from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from streaming.audio import FRAME, RATE

Samples = NDArray[np.floating[Any]]

STEREO_BITS = 64_000
VOICE_BITS = 32_000
#: libopus complexity: 5 costs 64 to 85 µs a stereo frame, 10 three times that and no one hears it.
COMPLEXITY = 5
#: An Opus packet holds at most 120 ms (RFC 6716, section 3.1).
MOST_SAMPLES = 5760
_LAYOUT = {1: "mono", 2: "stereo"}


class Encoder:
    """Codes frames of 20 ms with the low-delay profile.

    Args:
        channels: 1 or 2.
        bits: Bits a second.
    """

    def __init__(self, channels: int, bits: int) -> None:
        coder = av.CodecContext.create("libopus", "w")
        coder.sample_rate = RATE
        coder.layout = _LAYOUT[channels]
        coder.format = "flt"
        coder.bit_rate = bits
        coder.options = {
            "application": "lowdelay",
            "compression_level": str(COMPLEXITY),
            "frame_duration": "20",
        }
        self._coder = coder
        self._channels = channels

    def encode(self, samples: Samples) -> bytes:
        """Code one frame, (channels, FRAME) in −1…1; returns one packet."""
        frame = av.AudioFrame(format="flt", layout=_LAYOUT[self._channels], samples=FRAME)
        frame.sample_rate = RATE
        frame.planes[0].update(np.ascontiguousarray(samples.T, np.float32).tobytes())
        return b"".join(bytes(packet) for packet in self._coder.encode(frame))


class Decoder:
    """Decodes packets into planes.

    Args:
        channels: 1 or 2, whatever the packets hold.
    """

    def __init__(self, channels: int) -> None:
        coder = av.CodecContext.create("libopus", "r")
        coder.sample_rate = RATE
        coder.layout = _LAYOUT[channels]
        self._coder = coder
        self._channels = channels

    def decode(self, payload: bytes) -> Samples | None:
        """Decode one packet; returns (channels, n) float32 in −1…1, or None when it is no Opus."""
        if not payload:
            return None
        try:
            frames = self._coder.decode(av.Packet(payload))
        except av.FFmpegError:
            return None
        if not frames:
            return None
        parts = [frame.to_ndarray().reshape(-1, self._channels).T for frame in frames]
        samples = np.concatenate(parts, axis=1)[:, :MOST_SAMPLES]
        return samples.astype(np.float32) / np.float32(32768.0)
