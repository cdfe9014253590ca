"""Measured head-related transfer functions, laid out for the kernels that mix with them.

The table holds responses that are aligned in time, and the onset delay of each ear beside them, so that both
may be blended between the three measured directions around the one that is asked for (Hartung, Braasch and
Sterbing, "Comparison of different methods for the interpolation of head-related transfer functions", 1999).

Head frame: x right, y up, −z ahead.
"""

from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from streaming.audio import FRAME, RATE
from streaming.errors import AudioDataError

#: Length of every transform: one frame and what the filters need of the frame before.
SIZE = 1344
#: Samples of the past that a frame's transform holds.
PAST = SIZE - FRAME
BINS = SIZE // 2 + 1
#: Bins below 20 kHz: Opus carries nothing above, neither up nor down (RFC 6716, section 2).
HEARD = 20_000 * SIZE // RATE
#: Bins that a kernel works on at a time: a table of so many stays in the cache of a core.
BLOCK = 80
#: Numbers in a line of cache.
_LINE = 16
#: Steps of delay in one sample: 1.3 µs.
FINE = 16

Floats = NDArray[np.float32]
Spectra = NDArray[np.complexfloating[Any, Any]]


class Around(NamedTuple):
    """How directions are found in the table.

    Attributes:
        cells: (181, 360) int64, which triangle of directions is around each degree of elevation and azimuth.
        triangles: (t, 3) int64, three measured directions each.
        inverses: (t, 3, 3) float64; a direction times its triangle's gives the weights of the three.
        delays: (d, 2) float64, onset delays of the measured directions in samples, left and right ear.
    """

    cells: NDArray[np.int64]
    triangles: NDArray[np.int64]
    inverses: NDArray[np.floating[Any]]
    delays: NDArray[np.float64]


class Hrtf:
    """The measured table, ready to be mixed with.

    Attributes:
        directions: (d, 3) unit vectors of the measured directions, head frame.
        around: How a direction is found.
        aligned: Their responses' spectra below 20 kHz as :func:`in_blocks` lays them out.
        turns: Of each delay in steps of 1/:data:`FINE` sample its transfer function, laid out likewise.
        steps: How many those are.
        credit: Whose measurements these are.
    """

    def __init__(self, table: dict[str, NDArray[Any]]) -> None:
        try:
            self.directions = table["directions"].astype(np.float64)
            spectra = np.fft.rfft(table["responses"].astype(np.float32), SIZE, axis=-1)
            triangles = table["triangles"].astype(np.int64)
            cells, delays = table["triangle_at"].astype(np.int64), table["delays"].astype(np.float64)
            self.credit = str(table["credit"])
        except (KeyError, ValueError) as error:
            raise AudioDataError(f"The HRTF table is incomplete: {error}") from error
        # direction = weights @ corners, so the inverse of a triangle's corners gives the weights.
        self.around = Around(cells, triangles, np.linalg.inv(self.directions[triangles]), delays)
        self.aligned = in_blocks(spectra)
        self.steps = int(np.ceil(delays.max())) * FINE + 1
        turn = (-2.0 * np.pi / SIZE / FINE) * np.outer(np.arange(self.steps), np.arange(BINS))
        self.turns = in_blocks(np.exp(1j * turn).astype(np.complex64)[:, None])


def in_blocks(spectra: Spectra) -> Floats:
    """Lay spectra out so that what is worked on together stands together, and without a stride.

    Args:
        spectra: (n, c, BINS) complex64.

    Returns:
        float32, flat, of (HEARD / BLOCK, n, c, 2, BLOCK): block by block, real parts before imaginary ones.
    """
    count, channels, _ = spectra.shape
    parts = np.ascontiguousarray(spectra[..., :HEARD]).view(np.float32)
    blocks = parts.reshape(count, channels, HEARD // BLOCK, BLOCK, 2).transpose(2, 0, 1, 4, 3)
    room = np.empty(blocks.size + _LINE, np.float32)
    begin = -(room.ctypes.data // room.itemsize) % _LINE
    room[begin : begin + blocks.size].reshape(blocks.shape)[:] = blocks
    return room[begin : begin + blocks.size]


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
