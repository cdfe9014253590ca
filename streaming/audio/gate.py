"""Voice activity: who speaks, and exact silence for who does not.

The gate goes by level alone, with hysteresis and a hangover, so that a steady tone counts as speech as much
as a voice does: nothing is learned as background. Near-silent input would cost the mix fifty times as much
(denormal numbers), so a closed gate gives exact zero.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streaming.audio import FRAME

#: RMS at which the gate opens and, after the hangover, closes; full scale is 1.
OPEN = 10.0 ** (-50.0 / 20.0)
CLOSE = 10.0 ** (-56.0 / 20.0)
#: Frames the gate stays open after the last loud one: 300 ms.
HANGOVER = 15

Samples = NDArray[np.floating[Any]]
_RISE = np.linspace(0.0, 1.0, FRAME, endpoint=False, dtype=np.float32)


class Gate:
    """One microphone's gate.

    Attributes:
        speaking: Whether the last frame passed.
    """

    def __init__(self) -> None:
        self.speaking = False
        self._left = 0

    def pass_through(self, frame: Samples | None) -> Samples | None:
        """Return the frame while the gate is open, faded where it opens or closes, else None.

        Args:
            frame: (FRAME,) in −1…1; None when nothing came.
        """
        level = 0.0 if frame is None else float(np.sqrt(np.mean(np.square(frame, dtype=np.float64))))
        if level >= (CLOSE if self._left else OPEN):
            self._left = HANGOVER
        elif self._left:
            self._left -= 1
        before, self.speaking = self.speaking, self._left > 0
        if frame is None or not (before or self.speaking):
            return None
        if before and self.speaking:
            return frame
        return frame * (_RISE if self.speaking else 1.0 - _RISE)
