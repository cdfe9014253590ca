"""The binaural mix: every voice at every listener's ears, from where it stands.

Fast convolution by overlap-save. A voice is transformed once a frame and shared by all listeners; each
pair of listener and voice has a filter for the frame before and one for now, and the two results are
crossfaded, so that neither turning heads nor people who come into earshot click. Somebody who goes out of
earshot fades to a filter of zero.

:mod:`streaming.audio.pairs` finds who hears whom, :mod:`streaming.audio.convolution` filters and sums.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from spatial.quaternion import FloatArray
from streaming.audio import FRAME
from streaming.audio.convolution import PARTS, accumulate, crossfade
from streaming.audio.hrtf import BINS, HEARD, PAST, SIZE, Hrtf, in_blocks
from streaming.audio.limiter import limit
from streaming.audio.pairs import MOST_VOICES, PAIR, TAP, pair_up

Samples = NDArray[np.floating[Any]]
Ids = NDArray[np.integer[Any]]
Rows = NDArray[np.int64]

#: −140 dBFS: a frame that is nowhere louder is made exact silence; denormal numbers would slow the mix.
_QUIET = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """Where everybody's head is, and what else sounds.

    Attributes:
        ids: (n,) person ids, and those of sounds that are no person's.
        positions: (n, 3) metres, world frame.
        orientations: (n, 4) world_from_head.
        reaches: (n,) metres within which each is as loud as it came; None for one metre each.
    """

    ids: Ids
    positions: FloatArray
    orientations: FloatArray
    reaches: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """What is remembered of a frame for the next one.

    Attributes:
        sounds: (m,) ids of what sounded, and (m, PAST) `past` the end of it.
        listeners: (l,) ids.
        gains: (l,) float32, how far each one's mix is turned down.
        counts: (l,) how many pairs each has.
        pairs: (l, MOST_VOICES) PAIR.
    """

    sounds: Ids
    past: Samples
    listeners: Ids
    gains: Samples
    counts: Rows
    pairs: NDArray[np.void]


def _nothing() -> _Heard:
    nobody = np.zeros(0, np.int64)
    past, gains = np.zeros((0, PAST), np.float32), np.zeros(0, np.float32)
    return _Heard(nobody, past, nobody, gains, nobody, np.zeros((0, MOST_VOICES), PAIR))


class Mixer:
    """Mixes frame after frame; it remembers what it needs of the frame before.

    Args:
        hrtf: The filters.
    """

    def __init__(self, hrtf: Hrtf) -> None:
        self._hrtf = hrtf
        self._before = _nothing()

    def mix(self, heads: Heads, listeners: Ids, voices: Ids, samples: Samples) -> tuple[Ids, Samples]:
        """Mix one frame.

        Args:
            heads: Everybody; voices of people who are not among them are not heard.
            listeners: (l,) ids of who is to be given a mix, each once.
            voices: (m,) ids of those who sound now, each once.
            samples: (m, FRAME) float32, what they say.

        Returns:
            (k,) ids of the listeners to whom anything sounds, and (k, 2, FRAME) float32 for them; exact
            silence is left out.
        """
        # Copies: whoever calls may fill the same arrays again, and kernels are compiled for these types.
        listeners, voices = listeners.astype(np.int64), voices.astype(np.int64)
        sounds, block = self._with_past(voices, samples)
        ears = rows_of(heads.ids, listeners)
        listeners, ears = listeners[ears >= 0], ears[ears >= 0]
        rows = rows_of(self._before.listeners, listeners)
        gains = np.where(rows >= 0, np.append(self._before.gains, np.float32(1.0))[rows], np.float32(1.0))
        counts, pairs, begins, taps = self._pair_up(heads, ears, sounds, rows)
        heard = np.flatnonzero(np.diff(begins))
        mixed = self._convolve(block, np.append(begins[heard], begins[-1]), taps)
        gains[heard] = limit(mixed, gains[heard])
        past = block[np.searchsorted(sounds, voices), -PAST:]
        self._before = _Heard(voices, past, listeners, gains, counts, pairs)
        return listeners[heard], mixed

    def _with_past(self, voices: Ids, samples: Samples) -> tuple[Ids, Samples]:
        """Return (s,) ids, ascending, of what sounds or still rings, and (s, SIZE) samples to transform."""
        before = self._before
        sounds = np.union1d(voices, before.sounds)
        block = np.zeros((len(sounds), SIZE), np.float32)
        block[np.searchsorted(sounds, before.sounds), :PAST] = before.past
        rows = np.searchsorted(sounds, voices)
        block[rows, PAST:] = samples
        peaks = np.maximum(samples.max(axis=1), -samples.min(axis=1))
        block[rows[~((peaks >= _QUIET) & np.isfinite(peaks))], PAST:] = 0.0
        return sounds, block

    def _pair_up(
        self, heads: Heads, ears: Rows, sounds: Ids, rows: Rows
    ) -> tuple[Rows, NDArray[np.void], Rows, NDArray[np.void]]:
        """Return how many pairs each listener has, the pairs, where each one's taps begin, and the taps."""
        counts, pairs = np.zeros(len(ears), np.int64), np.empty((len(ears), MOST_VOICES), PAIR)
        begins, taps = np.zeros(len(ears) + 1, np.int64), np.empty(2 * MOST_VOICES * len(ears), TAP)
        reaches = np.ones(len(heads.ids)) if heads.reaches is None else heads.reaches
        pair_up(
            np.ascontiguousarray(heads.positions, np.float64),
            np.ascontiguousarray(heads.orientations, np.float64),
            np.ascontiguousarray(reaches, np.float64),
            ears,
            rows_of(heads.ids, sounds),
            sounds,
            rows,
            self._before.counts,
            self._before.pairs,
            self._hrtf.around,
            counts,
            pairs,
            begins,
            taps,
        )
        return counts, pairs, begins, taps

    def _convolve(self, block: Samples, begins: Rows, taps: NDArray[np.void]) -> Samples:
        """Return (l, 2, FRAME) float32, what each listener's taps sum up to."""
        count = len(begins) - 1
        if not count:
            return np.zeros((0, 2, FRAME), np.float32)
        hrtf, sounds = self._hrtf, in_blocks(fft.rfft(block, axis=-1)[:, None])
        sums, spectra = (
            np.empty((count, PARTS, HEARD), np.float32),
            np.zeros((count, 2, 2 * BINS), np.float32),
        )
        directions, steps = len(hrtf.directions), hrtf.steps
        accumulate(hrtf.aligned, directions, hrtf.turns, steps, sounds, len(block), begins, taps, sums)
        crossfade(sums, spectra)
        return np.ascontiguousarray(fft.irfft(spectra.view(np.complex64), SIZE, axis=-1)[..., PAST:])


def rows_of(ids: Ids, wanted: Ids) -> Rows:
    """Return (w,) where each wanted id stands among the ids, −1 where it does not."""
    if not len(ids):
        return np.full(len(wanted), -1)
    order = np.argsort(ids)
    rows = order[np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)]
    return np.where(ids[rows] == wanted, rows, -1)
