"""Levelling of the ground grid: flat squares round places, even beds under streets."""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from scenes.terrain.grid import CELL, GroundGrid, rounded
from spatial.quaternion import FloatArray

#: A cell touching a levelled disc is level as a whole when its corners this far outside are.
MARGIN = CELL * np.sqrt(2.0)
#: Slope between a levelled place and the land around it fades over this many metres.
FADE = 70.0


def level_discs(
    grid: GroundGrid, centres: FloatArray, radii: FloatArray, clusters: Sequence[Sequence[int]]
) -> GroundGrid:
    """Return the grid with level discs; discs of one cluster share one level.

    Args:
        grid: The ground before.
        centres: (n, 2) world x, z.
        radii: (n,) metres; every point inside becomes exactly level.
        clusters: Indices of discs that touch each other.
    """
    heights = grid.heights.astype(float)
    x, z = grid.axes()
    for cluster in clusters:
        members = np.asarray(cluster)
        reach = radii[members].max() + MARGIN + FADE
        low, high = centres[members].min(axis=0) - reach, centres[members].max(axis=0) + reach
        columns = slice(int(np.searchsorted(x, low[0])), int(np.searchsorted(x, high[0])))
        rows = slice(int(np.searchsorted(z, low[1])), int(np.searchsorted(z, high[1])))
        if columns.start >= columns.stop or rows.start >= rows.stop:
            continue
        grid_x, grid_z = np.meshgrid(x[columns], z[rows])
        outside = np.min(
            [np.hypot(grid_x - centres[i, 0], grid_z - centres[i, 1]) - radii[i] - MARGIN for i in members],
            axis=0,
        )
        part = heights[rows, columns]
        level = float(part[outside <= 0.0].mean())
        weight = _smooth(1.0 - outside / FADE)
        heights[rows, columns] = part + (level - part) * weight
    return GroundGrid(grid.origin, rounded(heights))


def level_corridor(grid: GroundGrid, points: FloatArray, half_width: float) -> GroundGrid:
    """Return the grid with an even bed along a line: level across, smoothed along.

    Args:
        grid: The ground before.
        points: (n, 2) world x, z along the line, evenly spaced and at most one cell apart.
        half_width: Metres each side that become level across.
    """
    if len(points) < 2:
        return grid
    along = ndimage.gaussian_filter1d(grid.height(points), 8.0, mode="nearest")
    heights = grid.heights.astype(float)
    x, z = grid.axes()
    reach = half_width + MARGIN + FADE
    nearest = np.full(heights.shape, np.inf)
    target = np.zeros(heights.shape)
    for (px, pz), height in zip(points, along, strict=True):
        columns = slice(int(np.searchsorted(x, px - reach)), int(np.searchsorted(x, px + reach)))
        rows = slice(int(np.searchsorted(z, pz - reach)), int(np.searchsorted(z, pz + reach)))
        distance = np.hypot(x[columns][None, :] - px, z[rows][:, None] - pz)
        closer = distance < nearest[rows, columns]
        nearest[rows, columns][closer] = distance[closer]
        target[rows, columns][closer] = height
    weight = _smooth(1.0 - (nearest - half_width - MARGIN) / FADE)
    heights += (target - heights) * weight
    return GroundGrid(grid.origin, rounded(heights))


def _smooth(t: FloatArray) -> FloatArray:
    t = np.clip(t, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
