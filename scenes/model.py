"""The whole city in memory: the real plan and the synthetic fabric, ready to be cut into tiles."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from scenes.layout import Layout, layout_of
from scenes.paving import Paving, paving_of
from scenes.sources import Sources
from scenes.surface import BuiltUp
from scenes.synthetic import Fabric, merge, quotas_of, weave
from scenes.synthetic.building import floor_area
from scenes.synthetic.fabric import foot_of
from scenes.synthetic.frontage import frontage_of
from scenes.synthetic.planting import Planting, planting_of
from spatial.frames import WorldFrame
from spatial.quaternion import FloatArray


@dataclass(frozen=True, slots=True)
class Limit:
    """Build only what lies within ``radius`` metres of world x, z."""

    x: float
    z: float
    radius: float

    @property
    def area(self) -> BaseGeometry:
        """The disc in world x, z."""
        return Point(self.x, self.z).buffer(self.radius)


@dataclass(frozen=True, slots=True, eq=False)
class CityModel:
    """Everything a tile is cut from.

    Attributes:
        layout: Real places, streets, water, ground.
        fabric: Blocks and buildings, boulevards' frontage included.
        centroids: (b, 2) of the blocks.
        planting: Trees and lamps.
        built: What is street and yard.
        paving: What is laid on the ground.
        area: Where tiles are refined to full detail.
    """

    layout: Layout
    fabric: Fabric
    centroids: FloatArray
    planting: Planting
    built: BuiltUp
    paving: Paving
    area: BaseGeometry


def model_of(frame: WorldFrame, sources: Sources, seed: int, limit: Limit | None) -> CityModel:
    """Build the model. A limited model holds the same things as the whole one, where it holds any."""
    layout = layout_of(frame, sources)
    front = frontage_of(layout, seed)
    front["foot"] = foot_of(layout, front)
    quotas = quotas_of(layout, sources.statistics, len(front), float(floor_area(front).sum()))
    area = layout.city if limit is None else shapely.intersection(layout.city, limit.area)
    codes = [code for code, shape in layout.dong.items() if shapely.intersects(shape, area)]
    woven = [weave(layout, code, quotas[code], seed) for code in codes]
    woven.append(Fabric(np.zeros(0, object), np.zeros(0, bool), front))
    fabric = merge(woven)
    if limit is not None:
        fabric = _within(fabric, limit)
    centroids = shapely.get_coordinates(shapely.centroid(fabric.shapes)).reshape(-1, 2)
    planting = planting_of(layout, fabric, seed)
    built = BuiltUp.of(layout, fabric)
    return CityModel(layout, fabric, centroids, planting, built, paving_of(layout), area)


def _within(fabric: Fabric, limit: Limit) -> Fabric:
    b = fabric.buildings
    keep = np.hypot(b["x"] - limit.x, b["z"] - limit.z) < limit.radius
    return Fabric(fabric.shapes, fabric.estate, b[keep])


def in_square(xz: FloatArray, bounds: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    """Return which points (n, 2) lie in the half-open square: each point belongs to one tile of a level."""
    return in_bounds(xz[:, 0], xz[:, 1], bounds)


def in_bounds(x: FloatArray, z: FloatArray, bounds: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    """As :func:`in_square`, by coordinate."""
    return np.asarray((x >= bounds[0]) & (x < bounds[2]) & (z >= bounds[1]) & (z < bounds[3]))
