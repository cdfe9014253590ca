"""What keeps a mix from clipping: turned down at once, and slowly up again."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatial.kernel import fused

Samples = NDArray[np.floating[Any]]

#: The mix never exceeds this.
CEILING = 0.97
#: A mix that was turned down comes up again by this factor a frame.
_RECOVERY = 1.05
#: A peak that is taken for silence.
_SILENT = 1e-9


@fused
def _ramp(samples, before, after):
    """Turn (2, n) float32 samples from one gain to another, and cut what still exceeds the ceiling."""
    ceiling, begin = np.float32(CEILING), np.float32(before)
    step = np.float32((after - before) / (samples.shape[1] - 1))
    for ear in range(2):
        channel = samples[ear]
        for n in range(channel.size):
            turned = channel[n] * (begin + step * np.float32(n))
            channel[n] = min(max(turned, -ceiling), ceiling)


@fused
def _ramps(mixed, before, after):
    """Do so for each of (k, 2, n) that needs it."""
    for row in range(len(mixed)):
        if before[row] < 1.0 or after[row] < 1.0:
            _ramp(mixed[row], before[row], after[row])


def limit(mixed: Samples, before: Samples) -> Samples:
    """Turn mixes down that would clip.

    Args:
        mixed: (k, 2, n) float32, changed in place.
        before: (k,) float32, the gains that the frame before left.

    Returns:
        (k,) float32, the gains now.
    """
    if not len(mixed):
        return before
    peaks = np.maximum(mixed.max(axis=(1, 2)), -mixed.min(axis=(1, 2)))
    recovered = np.minimum(np.float32(1.0), before * np.float32(_RECOVERY))
    after = np.minimum(recovered, np.float32(CEILING) / np.maximum(peaks, np.float32(_SILENT)))
    _ramps(mixed, before, after)
    return np.asarray(after)
