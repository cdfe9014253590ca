"""Reading a tileset back: walk its tiles, load their glb through trimesh, place them in the world."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from scenes.errors import TilesetError
from spatial.frames import WorldFrame
from spatial.quaternion import FloatArray

#: glTF is y-up, 3D Tiles z-up: a client turns content about x before the tile's transform (OGC 22-025r4).
ENU_FROM_GLTF = np.array([[1.0, 0, 0, 0], [0, 0, -1.0, 0], [0, 1.0, 0, 0], [0, 0, 0, 1.0]])
WORLD_FROM_ENU = ENU_FROM_GLTF.T
_DEEPEST = 32


@dataclass(frozen=True, slots=True, eq=False)
class TileNode:
    """One tile as it stands in tileset.json.

    Attributes:
        path: Its glb; None without content.
        depth: 0 for the root.
        parent: Index of its parent in walking order, -1 for the root.
        geometric_error: Metres.
        ecef_from_tile: (4, 4) composed transforms, z-up.
        box: (4, 3) centre and three half axes, in the tile's frame, z-up.
        metadata: Properties of the tile and of its content, merged.
    """

    path: Path | None
    depth: int
    parent: int
    geometric_error: float
    ecef_from_tile: FloatArray
    box: FloatArray
    metadata: dict[str, Any]

    def world_from_content(self, frame: WorldFrame) -> FloatArray:
        """Return the (4, 4) transform of the glb's coordinates into the world frame."""
        world_from_ecef = np.linalg.inv(frame.ecef_from_world())
        return np.asarray(world_from_ecef @ self.ecef_from_tile @ ENU_FROM_GLTF)


def walk(tileset: Path) -> Iterator[TileNode]:
    """Yield the tiles of a tileset on disk, parents before children.

    Raises:
        TilesetError: Not a tileset, or damaged.
    """
    try:
        document = json.loads(tileset.read_text(encoding="utf-8"))
        root = document["root"]
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise TilesetError(tileset, "타일셋이 아닙니다.", f"This is no tileset: {error}.") from error
    pending: list[tuple[dict[str, Any], FloatArray, int, int]] = [(root, np.eye(4), -1, 0)]
    index = 0
    while pending:
        raw, above, parent, depth = pending.pop()
        try:
            node = _node(tileset.parent, raw, above, parent, depth)
            children = raw.get("children", [])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TilesetError(
                tileset, f"{index}번째 타일이 손상되었습니다.", f"Tile {index} is damaged: {error}."
            ) from error
        if depth > _DEEPEST:
            raise TilesetError(tileset, "타일이 너무 깊습니다.", "The tiles nest too deeply.")
        yield node
        pending += [(child, node.ecef_from_tile, index, depth + 1) for child in reversed(children)]
        index += 1


def _node(folder: Path, raw: dict[str, Any], above: FloatArray, parent: int, depth: int) -> TileNode:
    local = np.asarray(raw.get("transform", np.eye(4).ravel()), dtype=float).reshape(4, 4).T
    content = raw.get("content") or {}
    properties = {
        **raw.get("metadata", {}).get("properties", {}),
        **content.get("metadata", {}).get("properties", {}),
    }
    return TileNode(
        folder / content["uri"] if "uri" in content else None,
        depth,
        parent,
        float(raw["geometricError"]),
        above @ local,
        np.asarray(raw["boundingVolume"]["box"], dtype=float).reshape(4, 3),
        properties,
    )


def load(node: TileNode) -> trimesh.Scene:
    """Load a tile's glb.

    Raises:
        TilesetError: It has no content, or the content cannot be read.
    """
    if node.path is None:
        raise TilesetError(Path("tileset.json"), "내용이 없는 타일입니다.", "This tile has no content.")
    try:
        scene = trimesh.load(io.BytesIO(node.path.read_bytes()), file_type="glb", force="scene")
    except (OSError, ValueError, KeyError) as error:
        raise TilesetError(node.path, "타일을 읽을 수 없습니다.", f"Unreadable content: {error}.") from error
    if not isinstance(scene, trimesh.Scene):
        raise TilesetError(node.path, "장면이 아닌 타일입니다.", "The content is no scene.")
    return scene


def world_vertices(scene: trimesh.Scene, name: str, world_from_content: FloatArray) -> FloatArray:
    """Return the vertices (n, 3) of one of a scene's nodes in the world frame."""
    content_from_node, geometry = scene.graph[name]
    vertices = np.asarray(scene.geometry[geometry].vertices, dtype=float)
    matrix = world_from_content @ np.asarray(content_from_node)
    return np.asarray(vertices @ matrix[:3, :3].T + matrix[:3, 3])
