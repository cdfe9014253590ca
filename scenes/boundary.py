"""Where the city ends: whether points lie in it, most of them without a look at its outline."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from spatial.quaternion import FloatArray

#: Width of a cell, metres: few lie across the outline, and a city of 40 km has less than a million.
CELL = 50.0
#: Cells are looked at with this much around them, metres, far more than rounding can shift a point.
_MARGIN = 0.001
_UNKNOWN, _INSIDE, _OUTSIDE, _ACROSS = range(4)


class Boundary:
    """The outline of a city, and a grid of cells that remembers which lie wholly within or without it.

    A cell is looked at when somebody first asks for a point in it; two threads that do so find the same.

    Args:
        shape: The city in world x and z, metres.
    """

    def __init__(self, shape: BaseGeometry) -> None:
        self._shape = shape
        shapely.prepare(shape)
        low, high = np.reshape(shape.bounds, (2, 2))
        # A ring of cells around the city takes in all that lies further out.
        self._origin = low - 1.5 * CELL
        self._size = np.ceil((high - low) / CELL).astype(np.int64) + 3
        self._kinds = np.full(int(self._size.prod()), _UNKNOWN, np.uint8)

    def covers(self, xz: FloatArray) -> NDArray[np.bool_]:
        """Return whether points (n, 2) of world x and z lie in the city, its edge included; NaN does not."""
        places = np.fmin(np.fmax((xz - self._origin) / CELL, 0.0), self._size - 1)
        cells = places.astype(np.int64) @ (1, self._size[0])
        kinds = self._kinds[cells]
        unknown = kinds == _UNKNOWN
        if unknown.any():
            self._look_at(np.unique(cells[unknown]))
            kinds = self._kinds[cells]
        covered: NDArray[np.bool_] = kinds == _INSIDE
        across = np.flatnonzero(kinds == _ACROSS)
        if across.size:
            covered[across] = shapely.intersects_xy(self._shape, xz[across, 0], xz[across, 1])
        return covered

    def _look_at(self, cells: NDArray[np.int64]) -> None:
        place = np.column_stack([cells % self._size[0], cells // self._size[0]])
        low = self._origin + place * CELL - _MARGIN
        high = low + CELL + 2 * _MARGIN
        boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        within = shapely.contains_properly(self._shape, boxes)
        touched = shapely.intersects(self._shape, boxes)
        self._kinds[cells] = np.where(within, _INSIDE, np.where(touched, _ACROSS, _OUTSIDE))
