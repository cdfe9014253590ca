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

#: Beyond this a voice cannot be heard; it fades from :data:`FADES_FROM` on, metres.
EARSHOT = 30.0
FADES_FROM = 20.0
#: A listener hears at most this many voices, the nearest.
MOST_VOICES = 24
#: A filter is kept while the voice moves less than this share of its distance (0.06°).
STILL = 1e-3
#: The mix never exceeds this.
CEILING = 0.97

_RISE = (0.5 - 0.5 * np.cos(np.pi * (np.arange(FRAME) + 0.5) / FRAME)).astype(np.float32)


def distance_gain(distance: FloatArray) -> FloatArray:
    """Return the gain at a distance in metres: 1/r from one metre on, smoothly zero at :data:`EARSHOT`."""
    share = np.clip((EARSHOT - np.asarray(distance)) / (EARSHOT - FADES_FROM), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share) / np.maximum(distance, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """Where everybody's head is.

    Attributes:
        ids: (n,) person ids.
        positions: (n, 3) metres, world frame.
        orientations: (n, 4) world_from_head.
    """

    ids: Ids
    positions: FloatArray
    orientations: FloatArray


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
        self._pairs: dict[int, dict[int, _Pair]] = {}
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
        sounding = [person for person in spectra if person in rows]
        mixes: dict[int, Samples] = {}
        for listener in listeners:
            if listener in rows:
                now = self._pairs_of(listener, heads, rows, sounding)
                mixed = self._convolve(self._pairs.get(listener, {}), now, spectra)
                self._pairs[listener] = now
                if mixed is not None:
                    mixes[listener] = self._limit(listener, mixed)
        self._forget(listeners)
        return mixes

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

    def _pairs_of(
        self, listener: int, heads: Heads, rows: dict[int, int], sounding: list[int]
    ) -> dict[int, _Pair]:
        """Return the voices that this listener hears now, with their filters."""
        others = [person for person in sounding if person != listener]
        if not others:
            return {}
        row = rows[listener]
        offsets = heads.positions[[rows[person] for person in others]] - heads.positions[row]
        distances = np.linalg.norm(offsets, axis=-1)
        near = np.argsort(distances, kind="stable")[:MOST_VOICES]
        near = near[distances[near] < EARSHOT]
        relative = q.rotate(q.conjugate(heads.orientations[row]), offsets[near])
        before = self._pairs.get(listener, {})
        pairs: dict[int, _Pair] = {}
        moved: list[int] = []
        for index, place in zip(near, relative, strict=True):
            old = before.get(others[index])
            if old is not None and np.linalg.norm(place - old.relative) < STILL * distances[index]:
                pairs[others[index]] = old
            else:
                moved.append(len(pairs))
                pairs[others[index]] = _Pair(place, np.zeros((2, BINS), np.complex64))
        if moved:
            filters = self._hrtf.filters(relative[moved])
            filters *= distance_gain(distances[near][moved]).astype(np.float32)[:, None, None]
            people = list(pairs)
            for place_in_order, pair_filters in zip(moved, filters, strict=True):
                pairs[people[place_in_order]].filters = pair_filters
        return pairs

    @staticmethod
    def _convolve(
        before: dict[int, _Pair], now: dict[int, _Pair], spectra: dict[int, Spectra]
    ) -> Samples | None:
        """Sum the voices with the old and with the new filters, and crossfade; None when nothing sounds."""
        people = [person for person in {**before, **now} if person in spectra]
        if not people:
            return None
        sums = np.zeros((2, 2, BINS), np.complex64)
        for person in people:
            spectrum = spectra[person]
            if person in before:
                sums[0] += before[person].filters * spectrum
            if person in now:
                sums[1] += now[person].filters * spectrum
        old, new = np.fft.irfft(sums, SIZE, axis=-1)[..., PAST:]
        return np.asarray(old + (new - old) * _RISE, np.float32)

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

    def _forget(self, listeners: set[int]) -> None:
        """Drop what is kept for people who no longer listen."""
        for store in (self._pairs, self._gain):
            for person in [person for person in store if person not in listeners]:
                del store[person]
