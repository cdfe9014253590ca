"""Triangles with colour and facade coordinates: what every builder here returns and the tile writer takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scenes.palette import Bytes
from spatial.quaternion import FloatArray

IntArray = NDArray[np.integer]
UShorts = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """A triangle mesh in world metres.

    Attributes:
        vertices: (n, 3) float64.
        faces: (m, 3) int64, counter-clockwise seen from outside.
        colours: (n, 4) uint8, linear RGBA.
        facade: (n, 4) uint16: centimetres along the wall, centimetres above its foot, facade kind, seed.
    """

    vertices: FloatArray
    faces: IntArray
    colours: Bytes
    facade: UShorts

    @classmethod
    def plain(cls, vertices: FloatArray, faces: IntArray, colours: Bytes) -> "Mesh":
        """Build a mesh without facades; ``colours`` may be one colour (4,) for all vertices."""
        flat = np.asarray(vertices, dtype=float).reshape(-1, 3)
        spread = np.broadcast_to(np.asarray(colours, np.uint8).reshape(-1, 4), (len(flat), 4))
        return cls(flat, np.asarray(faces).reshape(-1, 3), spread.copy(), np.zeros((len(flat), 4), np.uint16))

    @classmethod
    def empty(cls) -> "Mesh":
        """Return the mesh of nothing."""
        return cls.plain(np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros((0, 4), np.uint8))

    @property
    def triangles(self) -> int:
        """Number of triangles."""
        return len(self.faces)

    def moved(self, offset: Sequence[float]) -> "Mesh":
        """Return the mesh translated by ``offset`` metres."""
        return Mesh(self.vertices + np.asarray(offset), self.faces, self.colours, self.facade)


def join(meshes: Iterable[Mesh]) -> Mesh:
    """Concatenate meshes."""
    parts = [mesh for mesh in meshes if len(mesh.faces)]
    if not parts:
        return Mesh.empty()
    starts = np.cumsum([0] + [len(mesh.vertices) for mesh in parts[:-1]])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in parts]),
        np.concatenate([mesh.faces + start for mesh, start in zip(parts, starts, strict=True)]),
        np.concatenate([mesh.colours for mesh in parts]),
        np.concatenate([mesh.facade for mesh in parts]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One primitive of a tile.

    Attributes:
        material: paper, ground, road, water, green, brass, landmark, station, tree or lamp.
        synthetic: Whether what it shows is invented.
        mesh: Its triangles.
        extras: More that the glb's mesh says about itself.
        faced: Whether its vertices carry facade coordinates.
        part: Tells apart two primitives of one material.
    """

    material: str
    synthetic: bool
    mesh: Mesh
    extras: dict[str, object] = field(default_factory=dict)
    faced: bool = False
    part: str = ""


def repeat(template: IntArray, count: int, vertices: int) -> IntArray:
    """Repeat faces (k, 3) of one item for ``count`` items of ``vertices`` each: (count * k, 3)."""
    faces = np.asarray(template, dtype=np.int64)
    return (np.arange(count)[:, None, None] * vertices + faces).reshape(-1, 3)
