"""Measured head-related transfer functions: a direction in, a pair of filters out.

The table holds responses that are aligned in time, and the onset delay of each ear beside them, so that both
may be blended between the three measured directions around the one that is asked for (Hartung, Braasch and
Sterbing, "Comparison of different methods for the interpolation of head-related transfer functions", 1999).

Head frame: x right, y up, −z ahead.
"""

from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from streaming.audio import FRAME
from streaming.errors import AudioDataError

#: Length of every transform: one frame and what the filters need of the frame before.
SIZE = 1536
#: Samples of the past that a frame's transform holds.
PAST = SIZE - FRAME
BINS = SIZE // 2 + 1
#: Steps of delay in one sample: 1.3 µs.
_FINE = 16

Spectra = NDArray[np.complexfloating[Any, Any]]


class Hrtf:
    """The measured table, ready to be asked.

    Attributes:
        directions: (d, 3) unit vectors of the measured directions, head frame.
        delays: (d, 2) onset delays in samples, left and right ear.
        spectra: (d, 2, BINS) complex64 of the aligned responses.
        credit: Whose measurements these are.
    """

    def __init__(self, table: dict[str, NDArray[Any]]) -> None:
        try:
            self.directions = table["directions"].astype(np.float64)
            self.delays = table["delays"].astype(np.float64)
            self.spectra = np.fft.rfft(table["responses"].astype(np.float32), SIZE, axis=-1)
            self._triangles = table["triangles"].astype(np.int64)
            self._triangle_at = table["triangle_at"].astype(np.int64)
            self.credit = str(table["credit"])
        except (KeyError, ValueError) as error:
            raise AudioDataError(f"The HRTF table is incomplete: {error}") from error
        # direction = weights @ corners, so the inverse of a triangle's corners gives the weights.
        self._inverse = np.linalg.inv(self.directions[self._triangles])
        steps = np.arange(int(np.ceil(self.delays.max())) * _FINE + 1)
        turn = (-2.0 * np.pi / SIZE / _FINE) * np.outer(steps, np.arange(BINS))
        self._delayed = np.exp(1j * turn).astype(np.complex64)

    def filters(self, directions: FloatArray) -> Spectra:
        """Return the filter pairs of some directions.

        Args:
            directions: (n, 3), head frame, of any length; a zero vector counts as straight ahead.

        Returns:
            (n, 2, BINS) complex64: the transfer functions of the left and the right ear.
        """
        corners, weights = self.blend(directions)
        aligned = np.einsum("nc,nceb->neb", weights.astype(np.float32), self.spectra[corners])
        delays = np.einsum("nc,nce->ne", weights, self.delays[corners])
        return np.asarray(aligned * self._delayed[np.rint(delays * _FINE).astype(np.int64)])

    def blend(self, directions: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
        """Return the three measured directions around each direction, and their weights.

        Args:
            directions: (n, 3), head frame.

        Returns:
            (n, 3) indices into :attr:`directions`, and (n, 3) weights that add up to one.
        """
        values = np.asarray(directions, float)
        length = np.linalg.norm(values, axis=-1, keepdims=True)
        ahead = np.array([0.0, 0.0, -1.0])
        unit = np.where(length > 1e-9, values / np.maximum(length, 1e-9), ahead)
        azimuth = np.degrees(np.arctan2(-unit[:, 0], -unit[:, 2]))
        elevation = np.degrees(np.arcsin(np.clip(unit[:, 1], -1.0, 1.0)))
        cell = np.rint(elevation).astype(np.int64) + 90, np.rint(azimuth).astype(np.int64) % 360
        triangle = self._triangle_at[cell]
        # Half a degree beside an edge the neighbour may be meant; then the weight is cut at zero.
        weights = np.maximum(np.einsum("ni,nij->nj", unit, self._inverse[triangle]), 0.0)
        return self._triangles[triangle], weights / weights.sum(axis=-1, keepdims=True)


def kemar() -> Hrtf:
    """Load the shipped measurements of a KEMAR dummy head (Gardner and Martin, MIT Media Lab, 1994).

    Raises:
        AudioDataError: The file is missing or damaged.
    """
    try:
        source = resources.files("streaming.audio") / "data" / "kemar_48k.npz"
        with resources.as_file(source) as path, np.load(path) as table:
            return Hrtf(dict(table))
    except (OSError, ValueError) as error:
        raise AudioDataError(f"The shipped HRTF cannot be read: {error}") from error
