"""The rivers, inferred from the borders they make between districts; their widths are synthetic.

Gwangjucheon runs along the border of Dong-gu and Buk-gu with Nam-gu and Seo-gu; the Yeongsan separates
Gwangsan-gu from the rest. A border is taken for a river only where it follows a valley floor of the relief.
"""

from collections.abc import Mapping

import numpy as np
import shapely
from scipy import ndimage
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from scenes.terrain.grid import GroundGrid
from spatial.quaternion import FloatArray

DONG, SEO, NAM, BUK, GWANGSAN = "24010", "24020", "24030", "24040", "24050"
GWANGJUCHEON_WIDTH, YEONGSAN_WIDTH = 38.0, 110.0
_STEP = 25.0


def rivers_of(
    gu: Mapping[str, BaseGeometry], grid: GroundGrid, dry: BaseGeometry
) -> tuple[tuple[BaseGeometry, FloatArray], ...]:
    """Return for each river its surface polygon and the points (n, 2) of its bed's centre line.

    Args:
        gu: Shapes by code, world x, z.
        grid: Natural ground.
        dry: Where no river may run: real places stand there.
    """
    rivers: list[tuple[BaseGeometry, FloatArray]] = []
    stream = (([DONG, BUK], [NAM, SEO], GWANGJUCHEON_WIDTH), ([GWANGSAN], [BUK, SEO, NAM], YEONGSAN_WIDTH))
    for one, other, width in stream:
        if not all(code in gu for code in (*one, *other)):
            continue
        border = shapely.intersection(
            shapely.union_all([gu[code].boundary for code in one]),
            shapely.union_all([gu[code].boundary for code in other]),
        )
        for line in _lines(shapely.line_merge(_linear(border))):
            rivers.extend(_reaches(line, width, grid, dry))
    return tuple(rivers)


def _linear(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 1])


def _lines(shape: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]


def _reaches(
    line: LineString, width: float, grid: GroundGrid, dry: BaseGeometry
) -> list[tuple[Polygon, FloatArray]]:
    """Cut out the stretches of a border that lie on a valley floor, smoothed, at least 600 m long."""
    count = int(line.length / _STEP) + 1
    if count < 24:
        return []
    points = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.linspace(0.0, line.length, count))
    )
    points = ndimage.gaussian_filter1d(points, 1.6, axis=0, mode="nearest")
    tangent = np.gradient(points, axis=0)
    side = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    side /= np.maximum(np.hypot(*side.T), 1e-9)[:, None]
    here = grid.height(points)
    banks = np.minimum(
        np.maximum(grid.height(points + side * 420.0), grid.height(points + side * 200.0)),
        np.maximum(grid.height(points - side * 420.0), grid.height(points - side * 200.0)),
    )
    valley = ndimage.median_filter((here < banks + 3.0).astype(np.uint8), 25, mode="nearest") > 0
    valley &= grid.slope(points, 300.0) < 0.045
    valley = ndimage.binary_closing(valley, np.ones(15), border_value=0)
    valley &= ~shapely.intersects_xy(dry, points[:, 0], points[:, 1])
    labels, found = ndimage.label(valley)
    reaches = []
    for label in range(1, found + 1):
        part = points[labels == label]
        if len(part) * _STEP < 600.0:
            continue
        surface = LineString(part).simplify(0.8).buffer(width / 2, cap_style="round")
        reaches.append((surface, part))
    return reaches
