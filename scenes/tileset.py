"""The 3D Tiles 1.1 tileset: an explicit quadtree of squares, one glb each, with metadata.

Tiles are z-up (x east, y north, z up) and their glb y-up, as the standard has it (OGC 22-025r4); the root's
transform is the one rigid matrix from the tangent frame to ECEF.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from scenes.glb import glb_of, rounding
from scenes.lod import ERROR, LEAF, Square, layers_of
from scenes.mesh import Layer
from scenes.model import CityModel
from scenes.terrain.relief import REACH_X, REACH_Z
from spatial.frames import WorldFrame

ROOT = Square(-32_000.0, -32_000.0, 64_000.0)
#: Land beyond the city stays at this size.
HORIZON = 4000.0
GZIP_LEVEL = 5


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A node of the tree."""

    square: Square
    children: tuple["Tile", ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What was written for a tile.

    Attributes:
        uri: Relative to tileset.json.
        low, high: World bounds of the vertices.
        size, packed: Bytes of the glb and of its gzip sibling.
        triangles: In all primitives.
        synthetic_buildings, real_places: What the metadata counts.
    """

    uri: str
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    size: int
    packed: int
    triangles: int
    synthetic_buildings: int
    real_places: int


def tree_of(area: BaseGeometry, *, far: bool) -> Tile:
    """Return the quadtree: the area to 500 m, and with ``far`` all land to 4 km, else as it comes."""
    reach = box(-REACH_X, -REACH_Z, REACH_X, REACH_Z)

    def grow(square: Square) -> Tile:
        shape = box(*square.bounds)
        split = (far and square.size > HORIZON) or (square.size > LEAF and area.intersects(shape))
        quarters = square.quarters() if split else ()
        kept = [q for q in quarters if reach.intersection(box(*q.bounds)).area > 1.0]
        return Tile(square, tuple(grow(q) for q in kept))

    return grow(ROOT)


def flatten(tile: Tile) -> list[Square]:
    """Return all squares of a tree, parents before children."""
    squares = [tile.square]
    for child in tile.children:
        squares += flatten(child)
    return squares


def uri_of(square: Square) -> str:
    """Return where a square's glb lies."""
    size = int(square.size)
    column, row = int((square.x - ROOT.x) / size), int((square.z - ROOT.z) / size)
    return f"tiles/{size}/{column}_{row}.glb"


def write_content(model: CityModel, square: Square, folder: Path) -> Content:
    """Write one tile's glb and its gzip sibling."""
    layers = layers_of(model, square)
    centre = centre_of(square)
    low = np.min([layer.mesh.vertices.min(axis=0) for layer in layers], axis=0)
    high = np.max([layer.mesh.vertices.max(axis=0) for layer in layers], axis=0)
    # Stored positions are rounded: bounds must hold what is stored.
    margin = rounding(float((high - low).max()))
    low, high = low - margin, high + margin
    data = glb_of(layers, centre)
    uri = uri_of(square)
    path = folder / uri
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    packed = gzip.compress(data, GZIP_LEVEL, mtime=0)
    path.with_suffix(".glb.gz").write_bytes(packed)
    return Content(
        uri,
        (float(low[0]), float(low[1]), float(low[2])),
        (float(high[0]), float(high[1]), float(high[2])),
        len(data),
        len(packed),
        sum(layer.mesh.triangles for layer in layers),
        _count(layers, "buildings"),
        sum(len(places) for layer in layers if isinstance(places := layer.extras.get("places"), list)),
    )


def _count(layers: Sequence[Layer], key: str) -> int:
    values = (layer.extras.get(key) for layer in layers if layer.synthetic)
    return sum(value for value in values if isinstance(value, int))


def centre_of(square: Square) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the tile's origin in the world frame: the middle of its square, at height zero."""
    half = square.size / 2.0
    return np.array([square.x + half, 0.0, square.z + half])


def tileset_of(frame: WorldFrame, tree: Tile, contents: dict[str, Content]) -> dict[str, Any]:
    """Return the document of tileset.json."""
    root, _, _ = _node(tree, np.zeros(3), contents)
    root["transform"] = frame.ecef_from_enu().T.ravel().tolist()
    return {
        "asset": {"version": "1.1", "tilesetVersion": "1"},
        "schema": _SCHEMA,
        "metadata": {
            "class": "city",
            "properties": {
                "name": "메타 광주 / Meta Gwangju",
                "synthetic": "건물, 나무, 길의 선형, 강의 폭은 합성입니다. / Buildings, trees, street courses and river widths are synthetic.",  # noqa: E501 - one sentence
            },
        },
        "geometricError": ERROR[int(ROOT.size)] * 2.0,
        "root": root,
    }


def _node(
    tile: Tile, parent: np.ndarray[Any, Any], contents: dict[str, Content]
) -> tuple[dict[str, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return a tile's document and the world bounds of it and everything below it."""
    centre = centre_of(tile.square)
    content = contents[uri_of(tile.square)]
    low, high = np.array(content.low), np.array(content.high)
    children = []
    for child in tile.children:
        node, child_low, child_high = _node(child, centre, contents)
        children.append(node)
        low, high = np.minimum(low, child_low), np.maximum(high, child_high)
    error = ERROR[int(tile.square.size)] if children else 0.0
    node = {
        "boundingVolume": {"box": _box(low - centre, high - centre)},
        "geometricError": error,
        "refine": "REPLACE",
        "metadata": {
            "class": "tile",
            "properties": {"size": int(tile.square.size), "fullDetail": tile.square.size <= LEAF},
        },
        "content": {
            "uri": content.uri,
            "metadata": {
                "class": "content",
                "properties": {
                    "syntheticBuildings": content.synthetic_buildings,
                    "realPlaces": content.real_places,
                    "triangles": content.triangles,
                },
            },
        },
    }
    offset = centre - parent
    if np.any(offset):
        node["transform"] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, offset[0], -offset[2], offset[1], 1]
    if children:
        node["children"] = children
    return node, low, high


def _box(low: np.ndarray[Any, Any], high: np.ndarray[Any, Any]) -> list[float]:
    """Return a z-up box (centre and three half axes) of y-up bounds, widened by a millimetre."""
    middle, half = (low + high) / 2.0, (high - low) / 2.0 + 1e-3
    centre = [round(float(v), 4) for v in (middle[0], -middle[2], middle[1])]
    axes = [round(float(v) + 1e-4, 4) for v in (half[0], half[2], half[1])]
    return [*centre, axes[0], 0, 0, 0, axes[1], 0, 0, 0, axes[2]]


_SCHEMA: dict[str, Any] = {
    "id": "meta_gwangju_city",
    "version": "1",
    "classes": {
        "city": {
            "properties": {
                "name": {"type": "STRING", "semantic": "NAME"},
                "synthetic": {"type": "STRING", "description": "What is invented, in Korean and English."},
            }
        },
        "tile": {
            "properties": {
                "size": {"type": "SCALAR", "componentType": "UINT32", "description": "Side, metres."},
                "fullDetail": {"type": "BOOLEAN"},
            }
        },
        "content": {
            "properties": {
                "syntheticBuildings": {
                    "type": "SCALAR",
                    "componentType": "UINT32",
                    "description": "Buildings shown here, singly or merged, all of them synthetic.",
                },
                "realPlaces": {
                    "type": "SCALAR",
                    "componentType": "UINT32",
                    "description": "Landmarks and stations whose stand-ins are shown here.",
                },
                "triangles": {"type": "SCALAR", "componentType": "UINT32"},
            }
        },
    },
}
