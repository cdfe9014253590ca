"""Where people can stand: the ground of a built city, with the very triangles that are drawn."""

import json
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from scenes.boundary import Boundary
from scenes.errors import GroundError
from scenes.terrain.chunks import read_chunks
from scenes.terrain.grid import GroundGrid
from spatial.quaternion import FloatArray


class Ground:
    """Ground heights and the city's boundary."""

    def __init__(self, grid: GroundGrid, boundary: BaseGeometry) -> None:
        self._grid = grid
        self._boundary = Boundary(boundary)

    @classmethod
    def load(cls, folder: Path) -> "Ground":
        """Read the ground of the city built into ``folder``.

        Raises:
            GroundError: The city is not built, or its files are damaged.
        """
        return cls(read_chunks(folder), _boundary(folder / "districts.json"))

    def height(self, xz: FloatArray) -> FloatArray:
        """Return world y (n,) of the ground under points (n, 2) of world x and z."""
        return self._grid.height(xz)

    def inside(self, xz: FloatArray) -> NDArray[np.bool_]:
        """Return whether points (n, 2) lie within the city's boundary (its edge included)."""
        points = np.asarray(xz, dtype=float)
        return self._boundary.covers(points.reshape(-1, 2)).reshape(points.shape[:-1])


def _boundary(path: Path) -> BaseGeometry:
    try:
        districts = json.loads(path.read_text(encoding="utf-8"))["gu"]
        shapes = [Polygon(ring) for district in districts for ring in district["rings"]]
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise GroundError(
            path, "경계 파일이 손상되었습니다.", f"The boundaries are damaged: {error}."
        ) from error
    if not shapes:
        raise GroundError(path, "경계가 없습니다.", "There is no boundary.")
    # A hand's breadth closes the slits that rounding to centimetres leaves between districts.
    return shapely.make_valid(shapely.union_all(shapely.buffer(shapes, 0.1)))
