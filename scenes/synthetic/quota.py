"""How many buildings and how much apartment floor each dong gets: totals spread over real shapes."""

from dataclasses import dataclass

import numpy as np
import shapely

from scenes.georeference import sea_height
from scenes.layout import Layout
from scenes.sources.gwangju import Statistics
from spatial.quaternion import FloatArray

#: The number of Gwangju's buildings is in no checkable source; this is the design figure.
DESIGN_BUILDINGS = 140_000
#: Land above this height over the sea, or steeper, carries no building.
HIGHEST, STEEPEST = 210.0, 0.13
#: Land one low building takes with its share of lanes; land one pair of apartment slabs takes.
LOT, ESTATE = 388.0, 5000.0
SLAB_FLOOR = 14_300.0
_STEP = 100.0


@dataclass(frozen=True, slots=True)
class Quota:
    """A dong's share.

    Attributes:
        buildings: Buildings of one to five floors, and apartments, without the boulevards' frontage.
        apartment_floor: Square metres of floor in apartment slabs.
        low_floor: Mean square metres of floor in a building that is neither apartment nor frontage.
    """

    buildings: int
    apartment_floor: float
    low_floor: float


def quotas_of(
    layout: Layout, statistics: Statistics, frontage_count: int, frontage_floor: float
) -> dict[str, Quota]:
    """Spread the city's totals over the dong.

    A dong weighs more when real points (landmarks, stations) lie in it; what a small dong cannot hold goes to
    the others, so that small dong come out dense.

    Args:
        layout: The plan.
        statistics: Published totals.
        frontage_count: Buildings already standing along the boulevards.
        frontage_floor: Their floor area, square metres.
    """
    codes = list(layout.dong)
    land = np.array([_buildable(layout, code) for code in codes])
    points = np.array([_points(layout, code) for code in codes])
    weight = np.minimum(land, 2.4e6) ** 0.65 * (1.0 + 0.3 * np.minimum(points, 4)) * _urban(layout, codes)
    slabs = statistics.apartment_floor_area / SLAB_FLOOR
    estate = _fill(weight, land * 0.3 / ESTATE * 2.0, slabs)
    low_total = DESIGN_BUILDINGS - frontage_count - slabs
    low = _fill(weight, (land - estate / 2.0 * ESTATE) / LOT, low_total)
    low_floor = (statistics.floor_area - statistics.apartment_floor_area - frontage_floor) / low_total
    return {
        code: Quota(round(low[i] + estate[i]), float(estate[i] * SLAB_FLOOR), float(low_floor))
        for i, code in enumerate(codes)
    }


def buildable(layout: Layout, xz: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which points (n, 2) lie low and flat enough to carry a building."""
    height = layout.ground.height(xz)
    above_sea = sea_height(xz[:, 0], xz[:, 1], height)
    return np.asarray((layout.ground.slope(xz, 80.0) < STEEPEST) & (above_sea < HIGHEST))


def _fill(weight: FloatArray, capacity: FloatArray, total: float) -> FloatArray:
    """Share ``total`` by weight, no share above its capacity (water filling by bisection)."""
    low, high = 0.0, total / max(weight.min(), 1e-6)
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if np.minimum(weight * middle, capacity).sum() < total else (low, middle)
    return np.asarray(np.minimum(weight * high, capacity))


def _buildable(layout: Layout, code: str) -> float:
    shape = layout.dong[code]
    x0, z0, x1, z1 = shape.bounds
    step = _STEP if shape.area > 2e6 else _STEP / 3.0
    x, z = np.meshgrid(np.arange(x0 + step / 2, x1, step), np.arange(z0 + step / 2, z1, step))
    xz = np.stack([x.ravel(), z.ravel()], axis=1)
    shapely.prepare(shape)
    xz = xz[shapely.contains_xy(shape, xz[:, 0], xz[:, 1])]
    shapely.prepare(layout.reserved)
    free = buildable(layout, xz) & ~shapely.contains_xy(layout.reserved, xz[:, 0], xz[:, 1])
    return float(np.count_nonzero(free)) * step * step


def _urban(layout: Layout, codes: list[str]) -> FloatArray:
    """How near each dong's real points are, 0.1 to 1.1: the countryside keeps villages only."""
    centres = np.array([site.centre for site in layout.sites if site.category != "nature"])
    middle = shapely.get_coordinates([layout.dong[code].representative_point() for code in codes])
    distance = np.sort(np.hypot(*(middle[:, None] - centres[None]).transpose(2, 0, 1)), axis=1)[:, :3]
    return np.asarray(0.1 + np.exp(-((distance.mean(axis=1) / 3200.0) ** 2)))


def _points(layout: Layout, code: str) -> int:
    centres = np.array([site.centre for site in layout.sites])
    shape = layout.dong[code].buffer(250.0)
    return int(np.count_nonzero(shapely.contains_xy(shape, centres[:, 0], centres[:, 1])))
