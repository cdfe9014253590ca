"""How much louder one ear should be than the other, from the measured head-related transfer functions."""

import numpy as np

from spatial.quaternion import FloatArray, conjugate, rotate
from streaming.audio.hrtf import SIZE
from tests.support.inspect import Ears, Part
from tests.support.reference_mix import filters
from tests.support.tone import RATE


def direction_from_head(head: Part, source: Part) -> FloatArray:
    """Return the unit vector from a head to a source, head frame (x right, y up, −z ahead)."""
    world = np.subtract(source.position, head.position)
    return np.asarray(rotate(conjugate(np.asarray(head.orientation)), world / np.linalg.norm(world)))


def expected_difference(head: Part, source: Part, hertz: float) -> float:
    """Return by how many decibels the left ear is louder than the right for a tone from a source."""
    pair = filters(direction_from_head(head, source)[None])[0]
    tones = np.arange(pair.shape[-1]) * RATE / SIZE
    left, right = (np.interp(hertz, tones, np.abs(ear)) for ear in pair)
    return float(20.0 * np.log10(left / right))


def heard_difference(ears: Ears) -> float | None:
    """Return by how many decibels the left ear is louder than the right; None while an ear is silent."""
    if ears.left_db is None or ears.right_db is None:
        return None
    return ears.left_db - ears.right_db
