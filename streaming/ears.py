"""What a client without a screen hears: decodes the mix and measures it."""

import math
import time
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streaming.audio import FRAME, FRAME_SECONDS
from streaming.audio.opus import Decoder

Samples = NDArray[np.floating[Any]]

#: Levels are taken over this long, seconds.
WINDOW_SECONDS = 0.4


class Ears:
    """Decodes stereo Opus packets as they come."""

    def __init__(self) -> None:
        self._decoder = Decoder(2)
        # (when, mean square left, mean square right), one per 20 ms or longer; bounded by the window.
        self._heard: deque[tuple[float, float, float]] = deque(maxlen=int(2 * WINDOW_SECONDS / FRAME_SECONDS))
        self._newest: int | None = None

    def take(self, sequence: int, payload: bytes) -> Samples | None:
        """Decode one packet; returns (2, n) float32, or None when it is late or no Opus."""
        if self._newest is not None and (sequence - self._newest) % 0x10000 >= 0x8000:
            return None
        self._newest = sequence
        samples = self._decoder.decode(payload)
        if samples is not None:
            left, right = np.mean(np.square(samples, dtype=np.float64), axis=1).tolist()
            self._heard.append((time.monotonic(), left, right))
        return samples

    def levels(self) -> tuple[float | None, float | None]:
        """Return RMS in dBFS at the left and right ear over the last 0.4 s; None for silence."""
        since = time.monotonic() - WINDOW_SECONDS
        recent = [squares for when, *squares in self._heard if when >= since]
        if not recent:
            return None, None
        left, right = np.mean(recent, axis=0).tolist()
        return _decibels(left), _decibels(right)


def _decibels(square: float) -> float | None:
    return 10.0 * math.log10(square) if square > 1e-12 else None


def silence() -> Samples:
    """Return one silent stereo frame."""
    return np.zeros((2, FRAME), np.float32)
