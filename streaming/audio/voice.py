"""One person's microphone: from the packets that arrive to frames that are ready to be mixed."""

from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streaming.audio import FRAME
from streaming.audio.gate import Gate
from streaming.audio.jitter import Gap, Jitter
from streaming.audio.opus import MOST_SAMPLES, Decoder

Samples = NDArray[np.floating[Any]]
_FALL = np.linspace(1.0, 0.0, FRAME, dtype=np.float32)


class Voice:
    """Jitter buffer, decoder and gate of one microphone.

    :meth:`push` may be called from another thread than :meth:`frame`.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._jitter = Jitter()
        self._decoder = Decoder(1)
        self._gate = Gate()
        # Packets need not be 20 ms long; what is decoded and not yet played waits here, 120 ms at most.
        self._ready = np.zeros(0, np.float32)
        self._last: Samples | None = None

    @property
    def speaking(self) -> bool:
        """Whether the gate is open."""
        return self._gate.speaking

    def push(self, sequence: int, payload: bytes) -> None:
        """Take an Opus packet as it arrives."""
        with self._lock:
            self._jitter.push(sequence, payload)

    def frame(self) -> Samples | None:
        """Return the next (FRAME,) float32 samples, or None while there is silence. Call every 20 ms."""
        return self._gate.pass_through(self._next())

    def _next(self) -> Samples | None:
        while len(self._ready) < FRAME:
            with self._lock:
                packet = self._jitter.pop()
            decoded = None if isinstance(packet, Gap) else self._decoder.decode(packet)
            if decoded is None:
                return self._conceal(packet)
            self._ready = np.concatenate([self._ready, decoded[0]])[-MOST_SAMPLES:]
        self._last, self._ready = self._ready[:FRAME], self._ready[FRAME:]
        return self._last

    def _conceal(self, packet: bytes | Gap) -> Samples | None:
        """Fade the last frame out once; after that, silence."""
        last, self._last = self._last, None
        if last is None or packet is Gap.IDLE:
            return None
        return last * _FALL
