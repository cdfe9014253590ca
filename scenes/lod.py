"""Levels of detail: what a tile shows, by its size, and how wrong it may be.

| size | land every | buildings | more |
| --- | --- | --- | --- |
| 500 m | 25 m (the ground grid) | full models | everything |
| 1 km | 50 m | boxes with facade | streets, water, low trees |
| 2 km | 100 m | rows of houses, tall ones singly | water, boulevards |
| 4 km | 100 m | rows of houses, tall ones singly | water |
| 8 km | 200 m | blocks of houses, tall ones singly | water |
| 16 km and up | 1/40 of the size | none: the land is coloured where it is built up | |
"""

from dataclasses import dataclass

import numpy as np
from shapely.geometry import box

from scenes import palette
from scenes.drape import drape
from scenes.hall import hall_of
from scenes.hall_shape import hall_layers
from scenes.inlay import brass_in, green_in, rings_in, square_paving, streets_in, water_in
from scenes.landmarks import landmark_mesh, station_mesh
from scenes.mesh import Layer, Mesh, join
from scenes.model import CityModel, in_bounds, in_square
from scenes.paving import LIFT_PAD
from scenes.surface import heights, land
from scenes.synthetic import models
from scenes.synthetic.planting import far_tree_mesh, globe_mesh, pole_mesh, tree_mesh
from spatial.quaternion import FloatArray

LEAF = 500.0
#: Geometric error of a tile that is refined further, metres: a leaf comes into view within about half a
#: kilometre at 16 pixels of error on a desktop screen.
ERROR = {1000: 8.0, 2000: 18.0, 4000: 42.0, 8000: 100.0, 16000: 240.0, 32000: 520.0, 64000: 1100.0}
_STEP = {
    500: 25.0,
    1000: 50.0,
    2000: 100.0,
    4000: 100.0,
    8000: 200.0,
    16000: 400.0,
    32000: 800.0,
    64000: 1600.0,
}
#: Trees this near the square get a third lobe.
_RICH_TREES = 1300.0
_BRASS = {500: 0.26, 1000: 0.7, 2000: 1.4, 4000: 3.0, 8000: 7.0}


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of the quadtree: north-west corner in world x, z and side, metres."""

    x: float
    z: float
    size: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x0, z0, x1, z1)."""
        return self.x, self.z, self.x + self.size, self.z + self.size

    def quarters(self) -> tuple["Square", ...]:
        """Return the four children, north-west, north-east, south-west, south-east."""
        half = self.size / 2.0
        return tuple(Square(self.x + i * half, self.z + j * half, half) for j in (0, 1) for i in (0, 1))


def layers_of(model: CityModel, square: Square) -> list[Layer]:
    """Return what a tile shows, primitives without triangles left out."""
    size = int(square.size)
    skirt = max(6.0, ERROR.get(size, 4.0) * 0.9)
    ground = land(model.layout, model.built, square.bounds, _STEP[size], skirt)
    layers = [Layer("ground", synthetic=False, mesh=ground, extras={"source": "SRTM"})]
    layers += _buildings(model, square)
    layers += _inlays(model, square)
    if size <= 1000:
        layers += _plants(model, square)
    if size <= 4000:
        layers += _places(model, square)
    if size <= 2000:
        layers += _hall(model, square)
    return [layer for layer in layers if layer.mesh.triangles]


def _buildings(model: CityModel, square: Square) -> list[Layer]:
    size = int(square.size)
    if size > 8000:
        return []
    buildings = model.fabric.buildings
    here = buildings[in_bounds(buildings["x"], buildings["z"], square.bounds)]
    if not len(here):
        return []
    if size == 500:
        walls, rest = models.full(here)
    elif size == 1000:
        walls, rest = models.simple(here, 2.0)
    else:
        walls, rest = models.masses(here, by_row=size <= 4000, sink=4.0 if size <= 4000 else 10.0)
    invented = bool(np.all(here["synthetic"]))
    return [
        Layer("paper", invented, walls, {"buildings": len(here)}, faced=True),
        Layer("paper", invented, rest, part="roofs"),
    ]


def _inlays(model: CityModel, square: Square) -> list[Layer]:
    size, paving = int(square.size), model.paving
    area = box(*square.bounds)
    ground = model.layout.ground.coarser(_STEP[size])
    layers = []
    if size <= 8000:
        layers.append(Layer("water", synthetic=True, mesh=water_in(paving, area, ground)))
        brass = [brass_in(paving, area, ground, _BRASS[size])]
        if size <= 1000:
            brass.append(rings_in(paving, area, ground, _BRASS[size]))
        layers.append(Layer("brass", synthetic=False, mesh=join(brass)))
    if size <= 2000:
        roads = [streets_in(paving, area, ground, lines=size == 500)]
        if size == 500:
            roads.append(_pads(model, square))
        if in_square(paving.square[None], square.bounds)[0]:
            roads.append(square_paving(paving, ground))
        layers.append(Layer("road", synthetic=True, mesh=join(roads)))
        layers.append(Layer("green", synthetic=True, mesh=green_in(paving, area, ground)))
    return layers


def _pads(model: CityModel, square: Square) -> Mesh:
    here = in_square(model.centroids, square.bounds)
    colours = np.where(model.fabric.estate[here][:, None], palette.ESTATE, palette.BLOCK)
    return drape(model.fabric.shapes[here], colours, model.layout.ground.height, LIFT_PAD)


def _plants(model: CityModel, square: Square) -> list[Layer]:
    planting = model.planting
    here = in_square(planting.trees, square.bounds)
    trees, seeds = planting.trees[here], planting.seeds[here]
    ground = _ground(model, trees)
    if square.size > LEAF:
        return [Layer("tree", synthetic=True, mesh=far_tree_mesh(trees, seeds, ground))]
    lamps = planting.lamps[in_square(planting.lamps, square.bounds)]
    below = _ground(model, lamps)
    rich = np.hypot(*(trees - model.paving.square).T) < _RICH_TREES
    crowns = [tree_mesh(trees[m], seeds[m], ground[m], 3 if m is rich else 2) for m in (rich, ~rich)]
    plants = join([*crowns, pole_mesh(lamps, below)])
    return [
        Layer("tree", synthetic=True, mesh=plants),
        Layer("lamp", synthetic=True, mesh=globe_mesh(lamps, below)),
    ]


def _ground(model: CityModel, xz: FloatArray) -> FloatArray:
    return heights(model.layout, xz[:, 0], xz[:, 1])


def _hall(model: CityModel, square: Square) -> list[Layer]:
    """The expo hall stands whole in the tile that holds its middle."""
    hall = hall_of(model.layout)
    if not in_square(hall.floor.mean(axis=0)[None], square.bounds)[0]:
        return []
    return hall_layers(hall, inlays=square.size <= LEAF)


def _places(model: CityModel, square: Square) -> list[Layer]:
    """Landmarks and stations stand in the tile that holds their point, at every level up to 4 km."""
    shapes: dict[str, list[Mesh]] = {"landmark": [], "station": []}
    names: dict[str, list[str]] = {"landmark": [], "station": []}
    for site in model.layout.sites:
        if in_square(site.centre[None], square.bounds)[0]:
            build = landmark_mesh if site.kind == "landmark" else station_mesh
            shapes[site.kind].append(build(model.layout, site))
            names[site.kind].append(site.id)
    return [
        Layer(
            kind,
            synthetic=False,
            mesh=join(shapes[kind]),
            extras={"places": names[kind], "form": "stand-in"},
            faced=kind == "landmark",
        )
        for kind in ("landmark", "station")
    ]
