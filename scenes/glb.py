"""One tile's layers as a binary glTF, written by trimesh and then packed.

trimesh writes 32-bit indices; they shrink to 16 bits where a primitive has fewer than 65,536 vertices, which
saves a quarter of a tile of buildings.
"""

import io
import json
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import trimesh
from trimesh.visual.material import PBRMaterial

from scenes.mesh import FACADES, Layer
from spatial.quaternion import FloatArray

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT, _UINT, _USHORT = 5126, 5125, 5123
_LARGEST_USHORT_MESH = 65_535


def glb_of(layers: Sequence[Layer], centre: FloatArray) -> bytes:
    """Write layers as glb, vertices relative to ``centre`` (3,), axes as in the world: x east, y up, z south."""
    scene = trimesh.Scene()
    for layer in layers:
        mesh = layer.mesh
        attributes = {"_FAC": mesh.facade} if layer.material in FACADES else {}
        body = trimesh.Trimesh(
            vertices=mesh.vertices - centre,
            faces=mesh.faces,
            process=False,
            validate=False,
            vertex_attributes=attributes,
            metadata={"synthetic": layer.synthetic, **layer.extras},
        )
        material = PBRMaterial(
            name=layer.material, metallicFactor=0.0, roughnessFactor=1.0, baseColorFactor=[255] * 4
        )
        body.visual = trimesh.visual.TextureVisuals(material=material)
        body.visual.vertex_attributes["color"] = mesh.colours
        scene.add_geometry(body, node_name=layer.material, geom_name=layer.material)
    return _packed(scene.export(file_type="glb", include_normals=False))


def parse(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Split a glb into its JSON document and its binary chunk (glTF 2.0, section 4.4).

    Raises:
        ValueError: Not a glb of two chunks.
    """
    stream = io.BytesIO(data)
    magic, version, length = struct.unpack("<III", stream.read(12))
    if magic != _MAGIC or version != 2 or length != len(data):
        raise ValueError("not a glTF 2.0 binary")
    size, kind = struct.unpack("<II", stream.read(8))
    if kind != _JSON:
        raise ValueError("the first chunk is not JSON")
    document = json.loads(stream.read(size))
    size, kind = struct.unpack("<II", stream.read(8))
    if kind != _BIN:
        raise ValueError("the second chunk is not binary")
    return document, stream.read(size)


def _packed(data: bytes) -> bytes:
    """Rewrite a glb with 16-bit indices where they suffice, and a buffer view target on every view."""
    document, binary = parse(data)
    accessors, views = document["accessors"], document["bufferViews"]
    primitives = [p for mesh in document["meshes"] for p in mesh["primitives"]]
    index_views = {accessors[p["indices"]]["bufferView"] for p in primitives}
    for primitive in primitives:
        accessor = accessors[primitive["indices"]]
        vertices = accessors[primitive["attributes"]["POSITION"]]["count"]
        if accessor["componentType"] == _UINT and vertices <= _LARGEST_USHORT_MESH:
            accessor["componentType"] = _USHORT
            views[accessor["bufferView"]]["shrink"] = True
    chunks: list[bytes] = []
    offset = 0
    for index, view in enumerate(views):
        start = view.get("byteOffset", 0)
        part = binary[start : start + view["byteLength"]]
        if view.pop("shrink", False):
            part = np.frombuffer(part, "<u4").astype("<u2").tobytes()
        view["byteOffset"], view["byteLength"] = offset, len(part)
        # 34963 ELEMENT_ARRAY_BUFFER, 34962 ARRAY_BUFFER (glTF 2.0, section 5.11.5).
        view["target"] = 34963 if index in index_views else 34962
        part += b"\0" * (-len(part) % 4)
        chunks.append(part)
        offset += len(part)
    document["buffers"] = [{"byteLength": offset}]
    document["asset"] = {"version": "2.0", "generator": "meta-gwangju"}
    return _assemble(document, b"".join(chunks))


def _assemble(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join(
        [
            struct.pack("<III", _MAGIC, 2, total),
            struct.pack("<II", len(text), _JSON),
            text,
            struct.pack("<II", len(binary), _BIN),
            binary,
        ]
    )
