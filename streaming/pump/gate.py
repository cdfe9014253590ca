"""Voice activity as rows of arrays; what it does and why is said in :mod:`streaming.audio.gate`."""

import numpy as np

from spatial.kernel import compiled
from streaming.audio import FRAME
from streaming.audio.gate import CLOSE, HANGOVER, OPEN

#: One gate: whether the last frame passed, and for how many frames it stays open.
GATE = np.dtype([("speaking", np.int64), ("left", np.int64)])
_RISE = np.linspace(0.0, 1.0, FRAME, endpoint=False, dtype=np.float32)
_FALL = np.float32(1.0) - _RISE


@compiled
def pass_through(gate, frame, there):
    """Return whether a frame sounds, faded where the gate opens or closes.

    Args:
        gate: A `GATE` record, changed.
        frame: (FRAME,) float32, changed.
        there: Whether there is a frame at all.
    """
    square = 0.0
    if there:
        for index in range(FRAME):
            square += np.float64(frame[index]) * np.float64(frame[index])
    level = np.sqrt(square / FRAME)
    if level >= (CLOSE if gate.left else OPEN):
        gate.left = HANGOVER
    elif gate.left:
        gate.left -= 1
    before = gate.speaking
    gate.speaking = 1 if gate.left else 0
    if not there or not (before or gate.speaking):
        return False
    if before and gate.speaking:
        return True
    for index in range(FRAME):
        frame[index] *= _RISE[index] if gate.speaking else _FALL[index]
    return True
