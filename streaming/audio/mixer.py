"""The binaural mix: every voice at every listener's ears, from where it stands.

Fast convolution by overlap-save. A voice is transformed once a frame and shared by all listeners; each
pair of listener and voice has a filter for the frame before and one for now, and the two results are
crossfaded, so that neither turning heads nor people who come into earshot click. Somebody who goes out of
earshot fades to a filter of zero.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatial import quaternion as q
from spatial.quaternion import FloatArray
from streaming.audio import FRAME
from streaming.audio.hrtf import BINS, PAST, SIZE, Hrtf, Spectra

Samples = NDArray[np.floating[Any]]
Ids = NDArray[np.integer[Any]]
Rows = NDArray[np.int64]

#: Beyond this a voice cannot be heard; it fades from :data:`FADES_FROM` on, metres.
EARSHOT = 30.0
FADES_FROM = 20.0
#: A listener hears at most this many voices, the nearest.
MOST_VOICES = 24
#: A filter is kept while the voice has moved by less than this share of its distance (0.5°, half of what
#: people can tell apart: Mills, "On the minimum audible angle", 1958).
STILL = 0.008
#: The mix never exceeds this.
CEILING = 0.97

_RISE = (0.5 - 0.5 * np.cos(np.pi * (np.arange(FRAME) + 0.5) / FRAME)).astype(np.float32)


def distance_gain(distance: FloatArray, reach: FloatArray | float = 1.0) -> FloatArray:
    """Return the gain at a distance in metres: 1/r beyond the reach, smoothly zero at :data:`EARSHOT`."""
    share = np.clip((EARSHOT - np.asarray(distance)) / (EARSHOT - FADES_FROM), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share) * reach / np.maximum(distance, reach))


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


@dataclass(slots=True, eq=False)
class _Pair:
    """One listener and one voice: where it was and how it was filtered in the last frame."""

    relative: FloatArray
    filters: Spectra


class Mixer:
    """Mixes frame after frame; it remembers what it needs of the frame before.

    Args:
        hrtf: The filters.
    """

    def __init__(self, hrtf: Hrtf) -> None:
        self._hrtf = hrtf
        self._past: dict[int, Samples] = {}
        self._pairs: dict[tuple[int, int], _Pair] = {}
        self._gain: dict[int, float] = {}

    def mix(self, heads: Heads, listeners: set[int], voices: dict[int, Samples]) -> dict[int, Samples]:
        """Mix one frame.

        Args:
            heads: Everybody; voices of people who are not among them are not heard.
            listeners: Who is to be given a mix.
            voices: (FRAME,) samples of those who sound now.

        Returns:
            (2, FRAME) float32 for every listener to whom anything sounds; exact silence is left out.
        """
        spectra = self._transform(voices)
        rows = {int(person): row for row, person in enumerate(heads.ids)}
        hearing = np.array([rows[person] for person in listeners if person in rows], np.int64)
        sounding = np.array([rows[person] for person in spectra if person in rows], np.int64)
        before, self._pairs = self._pairs, self._pairs_now(heads, hearing, sounding)
        mixes = self._convolve(before, spectra, set(heads.ids[hearing].tolist()))
        self._gain = {person: gain for person, gain in self._gain.items() if person in listeners}
        return {person: self._limit(person, mixed) for person, mixed in mixes.items()}

    def _transform(self, voices: dict[int, Samples]) -> dict[int, Spectra]:
        """Transform what sounds now, and what still rings from the frame before."""
        people = list(voices) + [person for person in self._past if person not in voices]
        if not people:
            return {}
        block = np.zeros((len(people), SIZE), np.float32)
        for row, person in enumerate(people):
            past = self._past.get(person)
            if past is not None:
                block[row, :PAST] = past
            if person in voices:
                block[row, PAST:] = voices[person]
        self._past = {person: block[row, -PAST:] for row, person in enumerate(people) if person in voices}
        return dict(zip(people, np.fft.rfft(block, axis=-1), strict=True))

    def _pairs_now(self, heads: Heads, hearing: Rows, sounding: Rows) -> dict[tuple[int, int], _Pair]:
        """Return who hears whom now, with their filters; those that hardly moved keep theirs."""
        if not len(hearing) or not len(sounding):
            return {}
        offsets = heads.positions[sounding][None] - heads.positions[hearing][:, None]
        distances = np.linalg.norm(offsets, axis=-1)
        distances[hearing[:, None] == sounding[None]] = np.inf
        audible = distances < EARSHOT
        reaches = np.ones(len(sounding)) if heads.reaches is None else heads.reaches[sounding]
        if len(sounding) > MOST_VOICES:
            # The nearest, as far as loudness goes: what reaches twice as far counts as half as far away.
            felt = distances / reaches
            audible &= felt <= np.partition(felt, MOST_VOICES - 1, axis=1)[:, MOST_VOICES - 1, None]
        ears, mouths = np.nonzero(audible)
        relative = q.rotate(q.conjugate(heads.orientations[hearing[ears]]), offsets[ears, mouths])
        near = distances[ears, mouths]
        keys = list(zip(heads.ids[hearing[ears]].tolist(), heads.ids[sounding[mouths]].tolist(), strict=True))
        old = [self._pairs.get(key) for key in keys]
        nowhere = np.full(3, np.inf)
        places = np.array([nowhere if pair is None else pair.relative for pair in old]).reshape(-1, 3)
        moved = ~(np.linalg.norm(relative - places, axis=-1) < STILL * near)
        fresh = iter(self._filters(relative[moved], near[moved], reaches[mouths][moved]))
        return {
            # A copy: a view would keep the whole batch for as long as one of its voices stands still.
            key: _Pair(place, next(fresh).copy()) if moves or pair is None else pair
            for key, pair, place, moves in zip(keys, old, relative, moved.tolist(), strict=True)
        }

    def _filters(self, relative: FloatArray, distances: FloatArray, reaches: FloatArray) -> Spectra:
        """Return (n, 2, BINS) filters for voices at (n, 3) in the listeners' head frames."""
        filters = self._hrtf.filters(relative)
        filters *= distance_gain(distances, reaches).astype(np.float32)[:, None, None]
        return filters

    def _convolve(
        self, before: dict[tuple[int, int], _Pair], spectra: dict[int, Spectra], hearing: set[int]
    ) -> dict[int, Samples]:
        """Sum each listener's voices with the old and with the new filters, and crossfade."""
        sums: dict[int, Spectra] = {}
        for key in {**before, **self._pairs}:
            listener, voice = key
            if voice not in spectra or listener not in hearing:
                continue
            if listener not in sums:
                sums[listener] = np.zeros((2, 2, BINS), np.complex64)
            old, new = before.get(key), self._pairs.get(key)
            if old is new and old is not None:
                sums[listener] += old.filters * spectra[voice]
                continue
            if old is not None:
                sums[listener][0] += old.filters * spectra[voice]
            if new is not None:
                sums[listener][1] += new.filters * spectra[voice]
        if not sums:
            return {}
        sounds = np.fft.irfft(np.stack(list(sums.values())), SIZE, axis=-1)[..., PAST:]
        mixed = sounds[:, 0] + (sounds[:, 1] - sounds[:, 0]) * _RISE
        return dict(zip(sums, mixed, strict=True))

    def _limit(self, listener: int, mixed: Samples) -> Samples:
        """Turn a mix down that would clip, at once, and slowly up again."""
        peak = float(np.abs(mixed).max())
        before = self._gain.get(listener, 1.0)
        after = min(1.0, before * 1.05, CEILING / max(peak, 1e-9))
        self._gain[listener] = after
        if before == after == 1.0:
            return mixed
        ramp = np.linspace(before, after, FRAME, dtype=np.float32)
        return np.asarray(np.clip(mixed * ramp, -CEILING, CEILING))
