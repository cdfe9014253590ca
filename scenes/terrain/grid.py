"""The ground people stand on: heights every 25 m, each cell two triangles split along its diagonal."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.terrain.relief import Relief
from spatial.quaternion import FloatArray

CELL = 25.0
CHUNK = 2000.0
CELLS_PER_CHUNK = int(CHUNK / CELL)


#: Heights are multiples of 1/256 m: exact in float32, and they compress well.
RESOLUTION = 256.0


def rounded(heights: FloatArray) -> NDArray[np.float32]:
    """Return heights at the ground's resolution, float32."""
    return (np.round(heights * RESOLUTION) / RESOLUTION).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class GroundGrid:
    """Heights at the corners of 25 m cells.

    Attributes:
        origin: (x0, z0) world metres of the first corner, multiples of a chunk.
        heights: (rows + 1, columns + 1) float32 world y; rows over z, columns over x. Float32 because that is
            what the chunks and the meshes hold: everyone stands on the same numbers.
        cell: Metres between corners; more than 25 only in a coarser copy for distant tiles.
    """

    origin: tuple[float, float]
    heights: NDArray[np.float32]
    cell: float = CELL

    @classmethod
    def of(cls, relief: Relief, bounds: tuple[float, float, float, float]) -> "GroundGrid":
        """Sample the relief over bounds (x0, z0, x1, z1), widened to whole chunks."""
        x0, z0 = (np.floor(v / CHUNK) * CHUNK for v in bounds[:2])
        x1, z1 = (np.ceil(v / CHUNK) * CHUNK for v in bounds[2:])
        grid_x, grid_z = np.meshgrid(np.arange(x0, x1 + 1.0, CELL), np.arange(z0, z1 + 1.0, CELL))
        return cls((float(x0), float(z0)), rounded(relief.sample(grid_x, grid_z)))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x0, z0, x1, z1) in world metres."""
        rows, columns = self.heights.shape
        x0, z0 = self.origin
        return x0, z0, x0 + (columns - 1) * self.cell, z0 + (rows - 1) * self.cell

    def axes(self) -> tuple[FloatArray, FloatArray]:
        """Return the corners' x (columns,) and z (rows,)."""
        rows, columns = self.heights.shape
        return self.origin[0] + np.arange(columns) * self.cell, self.origin[1] + np.arange(rows) * self.cell

    def height(self, xz: FloatArray) -> FloatArray:
        """Return world y (n,) under points (n, 2); points beyond the grid take its edge."""
        rows, columns = self.heights.shape
        places = (np.asarray(xz, dtype=float) - self.origin) / self.cell
        # Of NaN and a number, fmax takes the number.
        fx = np.fmin(np.fmax(places[..., 0], 0.0), columns - 1)
        fz = np.fmin(np.fmax(places[..., 1], 0.0), rows - 1)
        column = np.minimum(fx.astype(np.int64), columns - 2)
        row = np.minimum(fz.astype(np.int64), rows - 2)
        fx, fz = fx - column, fz - row
        h00 = self.heights[row, column].astype(float)
        h10 = self.heights[row, column + 1].astype(float)
        h01 = self.heights[row + 1, column].astype(float)
        h11 = self.heights[row + 1, column + 1].astype(float)
        upper = h00 + (h10 - h00) * fx + (h11 - h10) * fz
        lower = h00 + (h01 - h00) * fz + (h11 - h01) * fx
        return np.asarray(np.where(fx >= fz, upper, lower))

    def coarser(self, cell: float) -> "GroundGrid":
        """Return every n-th corner: the land that a distant tile shows (``cell`` divides a chunk)."""
        step = round(cell / self.cell)
        return self if step <= 1 else GroundGrid(self.origin, self.heights[::step, ::step], cell)

    def slope(self, xz: FloatArray, span: float = 60.0) -> FloatArray:
        """Return the steepness (rise over run) at points (n, 2), measured across ``span`` metres."""
        xz = np.asarray(xz, dtype=float)
        step_x, step_z = np.array([span / 2, 0.0]), np.array([0.0, span / 2])
        east = self.height(xz + step_x) - self.height(xz - step_x)
        south = self.height(xz + step_z) - self.height(xz - step_z)
        return np.asarray(np.hypot(east, south) / span)
