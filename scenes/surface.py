"""The land of one tile: terrain triangles with colour and skirts, at any step."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy import ndimage

from scenes import palette
from scenes.georeference import sea_height
from scenes.layout import Layout
from scenes.mesh import IntArray, Mesh
from scenes.palette import Bytes
from scenes.synthetic.fabric import Fabric
from scenes.terrain import CELL
from scenes.terrain.relief import REACH_X, REACH_Z
from spatial.quaternion import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class BuiltUp:
    """How much of the land is street and yard, 0 to 1, at the corners of the ground grid.

    Attributes:
        origin: (x0, z0).
        levels: For each power of two cells, the share averaged over and kept at that span.
    """

    origin: tuple[float, float]
    levels: tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], ...]

    @classmethod
    def of(cls, layout: Layout, fabric: Fabric) -> "BuiltUp":
        """Mark where blocks, buildings and boulevards lie."""
        ground = layout.ground
        mark = np.zeros(ground.heights.shape, np.float32)
        points = [
            shapely.get_coordinates(fabric.shapes),
            np.stack([fabric.buildings["x"], fabric.buildings["z"]], axis=1),
            *[street.spaced(12.0) for street in layout.streets],
        ]
        index = np.round((np.concatenate(points) - ground.origin) / CELL).astype(int)
        rows, columns = ground.heights.shape
        inside = (index >= 0).all(axis=1) & (index[:, 0] < columns) & (index[:, 1] < rows)
        mark[index[inside, 1], index[inside, 0]] = 1.0
        mark = ndimage.binary_closing(mark > 0, np.ones((3, 3)), iterations=2, border_value=0)
        base = ndimage.gaussian_filter(ndimage.binary_dilation(mark).astype(np.float32), 0.5)
        levels = [np.clip(base, 0.0, 1.0)]
        levels += [ndimage.gaussian_filter(base, 2.0**k / 2.0)[:: 2**k, :: 2**k].copy() for k in range(1, 7)]
        return cls(ground.origin, tuple(levels))

    def sample(self, x: FloatArray, z: FloatArray, step: float) -> FloatArray:
        """Return the share at points, averaged over about ``step`` metres; nothing is built off the grid."""
        level = int(np.clip(np.round(np.log2(step / CELL)), 0, len(self.levels) - 1))
        span = CELL * 2.0**level
        place = [(z - self.origin[1]) / span, (x - self.origin[0]) / span]
        return np.asarray(
            ndimage.map_coordinates(self.levels[level], place, order=1, mode="constant", cval=0.0)
        )


def land(
    layout: Layout, built: BuiltUp, bounds: tuple[float, float, float, float], step: float, skirt: float
) -> Mesh:
    """Return the land within bounds (x0, z0, x1, z1).

    At a step of 25 m these are the triangles of the ground grid itself.

    Args:
        layout: The plan.
        built: What is street and yard.
        bounds: World metres; clipped to where the relief is known.
        step: Metres between vertices.
        skirt: Depth of the curtain round the edge, metres: it hides cracks between levels of detail.
    """
    x = _stations(max(bounds[0], -REACH_X), min(bounds[2], REACH_X), step)
    z = _stations(max(bounds[1], -REACH_Z), min(bounds[3], REACH_Z), step)
    if len(x) < 2 or len(z) < 2:
        return Mesh.empty()
    grid_x, grid_z = np.meshgrid(x, z)
    y = heights(layout, grid_x, grid_z)
    vertices = np.stack([grid_x, y, grid_z], axis=-1).reshape(-1, 3)
    colours = _colours(layout, built, (grid_x, grid_z, y), step)
    faces = _faces(len(z), len(x))
    return _with_skirt(vertices, faces, colours, (len(z), len(x)), skirt)


def heights(layout: Layout, x: FloatArray, z: FloatArray) -> FloatArray:
    """Return world y: the levelled ground inside its grid, the natural relief beyond."""
    x0, z0, x1, z1 = layout.ground.bounds
    inside = (x >= x0) & (x <= x1) & (z >= z0) & (z <= z1)
    result = np.empty(x.shape)
    result[inside] = layout.ground.height(np.stack([x[inside], z[inside]], axis=-1))
    result[~inside] = layout.relief.sample(x[~inside], z[~inside])
    return result


def _stations(low: float, high: float, step: float) -> FloatArray:
    if high <= low:
        return np.zeros(0)
    inner = np.arange(low, high, step)
    return np.append(inner, high)


def _faces(rows: int, columns: int) -> IntArray:
    """Two triangles a cell, split from its north-west to its south-east corner, facing up."""
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij")
    a = (row * columns + column).ravel()
    b, c = a + 1, a + columns
    d = c + 1
    return np.concatenate([np.stack([a, d, b], axis=1), np.stack([a, c, d], axis=1)])


def _with_skirt(
    vertices: FloatArray, faces: IntArray, colours: Bytes, shape: tuple[int, int], depth: float
) -> Mesh:
    rows, columns = shape
    index = np.arange(rows * columns).reshape(rows, columns)
    # Counter-clockwise seen from above, so that the curtain's faces look outward.
    edge = np.concatenate([index[:-1, 0], index[-1, :-1], index[:0:-1, -1], index[0, :0:-1]])
    after = np.roll(edge, -1)
    low = len(vertices) + np.arange(len(edge))
    low_after = np.roll(low, -1)
    curtain = np.concatenate(
        [np.stack([edge, low, low_after], axis=1), np.stack([edge, low_after, after], axis=1)]
    )
    dropped = vertices[edge] - [0.0, depth, 0.0]
    return Mesh.plain(
        np.concatenate([vertices, dropped]),
        np.concatenate([faces, curtain]),
        np.concatenate([colours, colours[edge]]),
    )


def _colours(
    layout: Layout, built: BuiltUp, grid: tuple[FloatArray, FloatArray, FloatArray], step: float
) -> Bytes:
    """Hills from low to peak, steep land greener, and streets and yards the colour of paper."""
    x, z, y = grid
    sea = sea_height(x, z, y)
    flat = np.stack([x, z], axis=-1).reshape(-1, 2)
    steep = layout.ground.slope(flat, 120.0).reshape(x.shape)
    low, hill, peak = (np.asarray(c[:3], float) for c in (palette.LOW, palette.HILL, palette.PEAK))
    field = np.asarray(palette.FIELD[:3], float)
    up = np.clip((sea - 70.0) / 110.0, 0.0, 1.0)
    wooded = np.clip(np.maximum(up, (steep - 0.06) / 0.14), 0.0, 1.0)[..., None]
    plain = low + (field - low) * 0.75
    colour = plain + (hill - plain) * wooded
    colour += (peak - colour) * np.clip((sea - 240.0) / 420.0, 0.0, 1.0)[..., None]
    street = np.asarray(palette.STREET[:3], float)
    share = built.sample(x, z, step)[..., None]
    colour += (street - colour) * share
    rgba = np.concatenate([colour, np.full((*x.shape, 1), 255.0)], axis=-1)
    return np.asarray(np.round(rgba), np.uint8).reshape(-1, 4)
