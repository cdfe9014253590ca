"""The natural relief in the world frame, for the horizon and as the start of the ground grid."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from scenes.georeference import height_at
from scenes.sources.dem import Dem
from spatial.frames import WorldFrame
from spatial.quaternion import FloatArray

STEP = 100.0
#: The relief is known for |x| and |z| up to here (metres); the raster of the data reaches a little further.
REACH_X, REACH_Z = 24_000.0, 20_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """World heights every 100 m.

    Attributes:
        coefficients: (rows, columns) float64, cubic B-spline coefficients of world y; rows over z.
    """

    coefficients: FloatArray

    @classmethod
    def of(cls, frame: WorldFrame, dem: Dem) -> "Relief":
        """Sample the raster into the world frame."""
        x = np.arange(-REACH_X, REACH_X + 1.0, STEP)
        z = np.arange(-REACH_Z, REACH_Z + 1.0, STEP)
        grid_x, grid_z = np.meshgrid(x, z)
        return cls(ndimage.spline_filter(height_at(frame, dem, grid_x, grid_z), mode="nearest"))

    def sample(self, x: FloatArray, z: FloatArray) -> FloatArray:
        """Return world y by cubic interpolation; beyond the reach the edge holds."""
        if not np.size(x):
            return np.zeros(np.shape(x))
        column = (np.asarray(x) + REACH_X) / STEP
        row = (np.asarray(z) + REACH_Z) / STEP
        return np.asarray(
            ndimage.map_coordinates(
                self.coefficients, [row, column], order=3, mode="nearest", prefilter=False
            ),
            dtype=float,
        )
