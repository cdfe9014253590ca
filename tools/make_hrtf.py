"""Turn the MIT KEMAR measurements into ``streaming/audio/data/kemar_48k.npz``.

Run once, by hand, where Debian's ``libmysofa1`` lies and h5py is installed; the result is committed.

Each measured pair of impulse responses is resampled to 48 kHz and split in two: the onset delay of each
ear, found to a fraction of a sample by correlating the response with its own minimum-phase version (Nam,
Abel and Smith, "On the minimum-phase nature of head-related transfer functions", AES 125, 2008), and the
response moved to begin at :data:`ONSET`. Aligned responses may be blended between directions; delays are
blended apart.

Data: Bill Gardner and Keith Martin, "HRTF measurements of a KEMAR dummy-head microphone", MIT Media Lab,
1994.
"""

import argparse
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray
from scipy.signal import minimum_phase, resample_poly
from scipy.spatial import ConvexHull

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("/usr/share/libmysofa/MIT_KEMAR_normal_pinna.sofa")
TARGET = ROOT / "streaming/audio/data/kemar_48k.npz"

RATE = 48_000
TAPS = 320
#: Where the aligned responses begin, samples: room for what precedes the onset.
ONSET = 12
#: Fraction of the tail that is faded out.
FADE = 48
CREDIT = (
    "Bill Gardner and Keith Martin, HRTF measurements of a KEMAR dummy-head microphone, "
    "MIT Media Lab, 1994; resampled to 48 kHz and time-aligned."
)

Array = NDArray[np.floating]


def unit_vectors(azimuth: Array, elevation: Array) -> Array:
    """Turn SOFA degrees (0 ahead, positive azimuth left) into head-frame unit vectors."""
    az, el = np.radians(azimuth), np.radians(elevation)
    return np.stack([-np.sin(az) * np.cos(el), np.sin(el), -np.cos(az) * np.cos(el)], axis=-1)


def onset(response: Array) -> float:
    """Return the onset of one response in samples, to a fraction."""
    length = 4 * len(response)
    # scipy halves the logarithm of what it is given, so the squared response keeps the magnitude.
    squared = np.fft.irfft(np.abs(np.fft.rfft(response, length)) ** 2, length)
    prompt = minimum_phase(np.roll(squared, length // 2)[1:], method="homomorphic", n_fft=8 * length)
    spectrum = np.fft.rfft(response, length) * np.conj(np.fft.rfft(prompt, length))
    fine = 16
    correlation = np.fft.irfft(np.pad(spectrum, (0, (fine - 1) * length // 2)), fine * length)
    peak = int(np.argmax(correlation[: fine * len(response)]))
    before, at, after = correlation[peak - 1], correlation[peak], correlation[peak + 1]
    return float(peak + 0.5 * (before - after) / (before - 2.0 * at + after)) / fine


def aligned(response: Array, delay: float) -> Array:
    """Move a response so that its onset stands at :data:`ONSET`, and cut it to :data:`TAPS` with a fade."""
    length = 2048
    bins = np.arange(length // 2 + 1)
    turn = np.exp(-2j * np.pi * bins * (ONSET - delay) / length)
    moved = np.fft.irfft(np.fft.rfft(response, length) * turn, length)[:TAPS]
    moved[-FADE:] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(FADE) + 0.5) / FADE)
    return moved


def with_nadir(directions: Array, short: Array, delays: Array) -> tuple[Array, Array, Array]:
    """Close the hole below −40°, which was not measured: straight down is the mean of the lowest ring."""
    ring = directions[:, 1] < directions[:, 1].min() + 1e-3
    return (
        np.concatenate([directions, [[0.0, -1.0, 0.0]]]),
        np.concatenate([short, short[ring].mean(axis=0, keepdims=True)]),
        np.concatenate([delays, delays[ring].mean(axis=0, keepdims=True)]),
    )


def triangle_at(directions: Array, triangles: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return which triangle holds each degree of elevation (−90 to 90) and azimuth (0 to 359), (181, 360)."""
    inverse = np.linalg.inv(directions[triangles]).transpose(1, 0, 2).reshape(3, -1)
    rows = []
    for elevation in range(-90, 91):
        asked = unit_vectors(np.arange(360.0), np.full(360, float(elevation)))
        weights = (asked @ inverse).reshape(360, -1, 3)
        # The triangle that holds a direction is the one whose least weight is not negative.
        rows.append(weights.min(axis=-1).argmax(axis=-1))
    return np.array(rows, np.int16)


def main() -> None:
    """Read the measurements, write the table, and say how far the result is from them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=SOURCE)
    source = parser.parse_args().source
    with h5py.File(source) as sofa:
        place = np.asarray(sofa["SourcePosition"])
        measured = np.asarray(sofa["Data.IR"])
        rate = int(np.asarray(sofa["Data.SamplingRate"])[0])
    common = np.gcd(rate, RATE)
    responses = resample_poly(measured, RATE // common, rate // common, axis=-1)
    directions = unit_vectors(place[:, 0], place[:, 1])
    # The same direction may be listed twice (the seam of a ring): one vertex of the hull each.
    _, first = np.unique(np.round(directions, 6), axis=0, return_index=True)
    directions, responses = directions[np.sort(first)], responses[np.sort(first)]
    delays = np.array([[onset(ear) for ear in pair] for pair in responses])
    short = np.array(
        [
            [aligned(ear, late) for ear, late in zip(pair, lates, strict=True)]
            for pair, lates in zip(responses, delays, strict=True)
        ],
    )
    # Ahead, a source at one metre sounds as loud as it is: mean energy gain of both ears 1.
    ahead = int(np.argmin(directions[:, 2]))
    short /= np.sqrt((short[ahead] ** 2).sum(axis=-1).mean())
    delays -= delays.min()
    directions, short, delays = with_nadir(directions, short, delays)
    triangles = ConvexHull(directions).simplices.astype(np.int16)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        TARGET,
        directions=directions.astype(np.float32),
        responses=short.astype(np.float16),
        delays=delays.astype(np.float32),
        triangles=triangles,
        triangle_at=triangle_at(directions, triangles),
        onset=np.array(ONSET),
        credit=np.array(CREDIT),
    )
    kept = (short**2).sum() / ((responses**2).sum() / (responses[ahead] ** 2).sum(axis=-1).mean())
    print(f"{len(directions)} directions, {len(triangles)} triangles, {TARGET.stat().st_size} bytes")
    print(f"energy kept {10 * np.log10(kept):.3f} dB; largest delay {delays.max():.2f} samples")
    sides = delays[:, 0] - delays[:, 1]
    print(f"largest interaural delay {np.abs(sides).max() / RATE * 1e6:.0f} µs")


if __name__ == "__main__":
    main()
