"""What the mix should be, in plain numpy: filters made whole, each pair by itself, the crossfade in time."""

from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from spatial import quaternion as q
from spatial.quaternion import FloatArray
from streaming.audio import FRAME
from streaming.audio.convolution import rise
from streaming.audio.hrtf import BINS, FINE, HEARD, PAST, SIZE
from streaming.audio.limiter import CEILING
from streaming.audio.mixer import Heads
from streaming.audio.pairs import EARSHOT, FADES_FROM, MOST_VOICES, STILL

#: Where a voice was in the head frame, and its filters.
_Pair = tuple[FloatArray, np.ndarray]


@cache
def measured() -> dict[str, Any]:
    """Return the shipped measurements."""
    with (
        resources.as_file(resources.files("streaming.audio") / "data" / "kemar_48k.npz") as path,
        np.load(path) as table,
    ):
        return dict(table)


def blend(directions: FloatArray) -> tuple[np.ndarray, FloatArray]:
    """Return (n, 3) measured directions around each of (n, 3), and (n, 3) weights that add up to one."""
    table = measured()
    length = np.linalg.norm(directions, axis=-1, keepdims=True)
    unit = np.where(length > 1e-9, directions / np.maximum(length, 1e-9), [0.0, 0.0, -1.0])
    azimuth = np.degrees(np.arctan2(-unit[:, 0], -unit[:, 2]))
    elevation = np.degrees(np.arcsin(np.clip(unit[:, 1], -1.0, 1.0)))
    cell = np.rint(elevation).astype(int) + 90, np.rint(azimuth).astype(int) % 360
    corners = table["triangles"][table["triangle_at"][cell]].astype(int)
    of_corners = table["directions"].astype(float)[corners]
    weights = np.maximum(np.linalg.solve(of_corners.transpose(0, 2, 1), unit[..., None])[..., 0], 0.0)
    return corners, weights / weights.sum(axis=-1, keepdims=True)


@cache
def _spectra() -> np.ndarray:
    return np.fft.rfft(measured()["responses"].astype(float), SIZE, axis=-1)


def filters(directions: FloatArray) -> np.ndarray:
    """Return (n, 2, BINS) complex, the transfer functions of (n, 3) directions, left and right ear."""
    corners, weights = blend(np.asarray(directions, float))
    aligned = np.einsum("nc,nceb->neb", weights, _spectra()[corners])
    delays = np.einsum("nc,nce->ne", weights, measured()["delays"].astype(float)[corners])
    delays = np.rint(delays * FINE) / FINE
    return np.asarray(aligned * np.exp(-2j * np.pi / SIZE * delays[..., None] * np.arange(BINS)))


def gain(distance: float, reach: float) -> float:
    """Return how loud something is at a distance."""
    share = np.clip((EARSHOT - distance) / (EARSHOT - FADES_FROM), 0.0, 1.0)
    return float(share * share * (3.0 - 2.0 * share) * reach / max(distance, reach))


class ReferenceMixer:
    """Mixes as :class:`streaming.audio.mixer.Mixer` should, a pair at a time."""

    def __init__(self) -> None:
        self._past: dict[int, np.ndarray] = {}
        self._pairs: dict[tuple[int, int], _Pair] = {}
        self._gains: dict[int, float] = {}

    def mix(self, heads: Heads, listeners: list[int], voices: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
        """Return (2, FRAME) for each listener to whom anything sounds."""
        spectra = self._transform(voices)
        before = self._pairs
        self._pairs = {
            (ear, mouth): pair
            for ear in listeners
            for mouth, pair in self._heard_by(heads, ear, list(spectra)).items()
        }
        mixes = {}
        for ear in listeners:
            pairs = [key for key in {**before, **self._pairs} if key[0] == ear and key[1] in spectra]
            if pairs and ear in heads.ids:
                sums = sum(
                    self._crossfade(before.get(key), self._pairs.get(key), spectra[key[1]]) for key in pairs
                )
                mixes[ear] = self._limit(ear, np.asarray(sums))
        hearing = set(listeners) & set(heads.ids.tolist())
        self._gains = {ear: gain for ear, gain in self._gains.items() if ear in hearing}
        return mixes

    def _transform(self, voices: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
        silence = np.zeros(FRAME)
        blocks = {
            mouth: np.concatenate([self._past.get(mouth, np.zeros(PAST)), voices.get(mouth, silence)])
            for mouth in {**self._past, **voices}
        }
        self._past = {mouth: blocks[mouth][-PAST:] for mouth in voices}
        return {mouth: np.fft.rfft(block) for mouth, block in blocks.items()}

    def _heard_by(
        self, heads: Heads, ear: int, mouths: list[int]
    ) -> dict[int, tuple[FloatArray, np.ndarray]]:
        rows = {int(person): row for row, person in enumerate(heads.ids)}
        reaches = np.ones(len(heads.ids)) if heads.reaches is None else heads.reaches
        if ear not in rows:
            return {}
        offsets = {
            mouth: heads.positions[rows[mouth]] - heads.positions[rows[ear]]
            for mouth in mouths
            if mouth in rows and mouth != ear
        }
        near = [mouth for mouth, offset in offsets.items() if np.linalg.norm(offset) < EARSHOT]
        near.sort(key=lambda mouth: (float(np.linalg.norm(offsets[mouth]) / reaches[rows[mouth]]), mouth))
        heard = {}
        for mouth in near[:MOST_VOICES]:
            distance = float(np.linalg.norm(offsets[mouth]))
            place = q.rotate(q.conjugate(heads.orientations[rows[ear]]), offsets[mouth])
            known = self._pairs.get((ear, mouth))
            if known is not None and np.linalg.norm(place - known[0]) < STILL * distance:
                heard[mouth] = known
            else:
                (made,) = filters(place[None]) * gain(distance, float(reaches[rows[mouth]]))
                made[:, HEARD:] = 0.0
                heard[mouth] = place, made
        return heard

    @staticmethod
    def _crossfade(old: Any, new: Any, spectrum: np.ndarray) -> np.ndarray:
        goes, comes = (
            np.zeros((2, FRAME))
            if pair is None
            else np.fft.irfft(pair[1] * spectrum, SIZE, axis=-1)[:, PAST:]
            for pair in (old, new)
        )
        share = rise()[PAST:]
        return np.asarray(goes * (1.0 - share) + comes * share)

    def _limit(self, ear: int, mixed: np.ndarray) -> np.ndarray:
        before = self._gains.get(ear, 1.0)
        after = min(1.0, before * 1.05, CEILING / max(float(np.abs(mixed).max()), 1e-9))
        self._gains[ear] = after
        return np.clip(mixed * np.linspace(before, after, FRAME), -CEILING, CEILING)
