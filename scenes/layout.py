"""The plan of the city before anything is built: real shapes in world metres, streets, water, ground."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from scenes.georeference import plan_shape
from scenes.massing import corners
from scenes.places import Site, clusters_of, sites_of
from scenes.sources import Sources
from scenes.streets import Street, streets_of
from scenes.terrain import GroundGrid, Relief, level_corridor, level_discs
from scenes.terrain.levelling import FADE, MARGIN
from scenes.water import rivers_of
from spatial.frames import WorldFrame
from spatial.quaternion import FloatArray

#: Paved radius of May 18 Square, and the size of the lawn round the Asia Culture Center (both stand-ins).
SQUARE_RADIUS = 60.0
LAWN_WIDTH, LAWN_DEPTH = 230.0, 190.0
#: A border this near a landmark is no river, metres beyond the landmark's ground.
_DRY = 250.0


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What is real, or inferred from what is real, and what the synthetic city must respect.

    Attributes:
        city: The city's area in world x, z.
        gu, dong: Shapes by code, world x, z.
        sites: The forty places.
        streets: Boulevards and avenues.
        rivers: Surface polygons.
        lawn: The park of the Asia Culture Center.
        relief: Natural relief, also beyond the city.
        ground: Levelled ground.
        reserved: Where no block may lie: places, boulevards with their frontage, water.
    """

    city: BaseGeometry
    gu: dict[str, BaseGeometry]
    dong: dict[str, BaseGeometry]
    sites: tuple[Site, ...]
    streets: tuple[Street, ...]
    rivers: tuple[BaseGeometry, ...]
    lawn: BaseGeometry
    relief: Relief
    ground: GroundGrid
    reserved: BaseGeometry

    def site(self, identity: str) -> Site:
        """Return the site with this id (KeyError when there is none)."""
        for site in self.sites:
            if site.id == identity:
                return site
        raise KeyError(identity)


#: Half the strip along a boulevard that its frontage takes, metres from the centre line.
FRONTAGE_REACH = 40.0


def layout_of(frame: WorldFrame, sources: Sources) -> Layout:
    """Lay the city out: project, place, level."""
    gu = {district.id: plan_shape(frame, sources.dem, district.shape) for district in sources.gu}
    dong = {hood.id: plan_shape(frame, sources.dem, hood.shape) for hood in sources.dong}
    city = shapely.make_valid(shapely.union_all(shapely.buffer(list(gu.values()), 0.1)))
    relief = Relief.of(frame, sources.dem)
    sites = sites_of(frame, sources)
    streets = streets_of(sites)
    natural = GroundGrid.of(relief, tuple(city.bounds))
    dry = shapely.union_all(
        [Point(site.centre).buffer(site.radius + _DRY) for site in sites if site.kind == "landmark"]
    )
    rivers = rivers_of(gu, natural, dry)
    lawn = _lawn(sites)
    ground = natural
    for surface, bed in rivers:
        ground = level_corridor(ground, bed, min(40.0, float(surface.area / max(1.0, len(bed) * 25.0)) / 2.0))
    for street in streets:
        ground = level_corridor(ground, street.spaced(20.0), street.width / 2.0)
    ground = level_discs(
        ground,
        np.array([site.centre for site in sites]),
        np.array([site.level for site in sites]),
        clusters_of(sites, 2.0 * (FADE / 2.0 + MARGIN)),
    )
    water = tuple(surface for surface, _ in rivers)
    return Layout(
        city, gu, dong, sites, streets, water, lawn, relief, ground, _reserved(sites, streets, water, lawn)
    )


def _lawn(sites: tuple[Site, ...]) -> Polygon:
    square = next(site for site in sites if site.id == "may18_square")
    culture = next(site for site in sites if site.id == "acc")
    angle = float(np.arctan2(-square.front[1], square.front[0]))
    centre = culture.centre + np.array([18.0, 30.0])
    plan: FloatArray = corners(np.array([[*centre, angle]]), LAWN_WIDTH, LAWN_DEPTH)[0]
    return Polygon(plan)


def _reserved(
    sites: tuple[Site, ...],
    streets: tuple[Street, ...],
    water: tuple[BaseGeometry, ...],
    lawn: BaseGeometry,
) -> BaseGeometry:
    keep = [Point(site.centre).buffer(site.radius) for site in sites]
    keep += [
        street.line.buffer(FRONTAGE_REACH if street.name != "avenue" else street.width / 2.0)
        for street in streets
    ]
    keep += [surface.buffer(9.0) for surface in water]
    keep.append(lawn.buffer(4.0))
    return shapely.union_all(keep)


def square_box(x: float, z: float, size: float) -> BaseGeometry:
    """Return the square with its north-west corner at x, z."""
    return box(x, z, x + size, z + size)
