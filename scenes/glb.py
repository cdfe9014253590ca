"""One tile's layers as a binary glTF, written by trimesh and then packed.

trimesh writes 32-bit indices and float positions. Here indices shrink to 16 bits where a primitive has fewer
than 65,536 vertices, and positions to 16 bits with KHR_mesh_quantization (below 8 mm in a leaf), which takes
a third off a tile of buildings. The ground keeps its floats: people stand on those very numbers.
"""

import io
import json
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import trimesh
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from scenes.mesh import Layer
from spatial.quaternion import FloatArray

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT, _UINT, _USHORT = 5126, 5125, 5123
_LARGEST_USHORT_MESH = 65_535
#: The material whose positions stay exact.
EXACT = "ground"
#: No quantisation finer than this, metres.
FINEST = 1.0 / 256.0


def glb_of(layers: Sequence[Layer], centre: FloatArray) -> bytes:
    """Write layers as glb: vertices relative to ``centre`` (3,), axes as in the world."""
    scene = trimesh.Scene()
    for layer in layers:
        mesh = layer.mesh
        attributes: dict[str, Any] = {"_FAC": mesh.facade} if layer.faced else {}
        name = f"{layer.material}_{layer.part}" if layer.part else layer.material
        body = trimesh.Trimesh(
            vertices=mesh.vertices - centre,
            faces=mesh.faces,
            process=False,
            validate=False,
            vertex_attributes=attributes,
            metadata={"synthetic": layer.synthetic, **layer.extras},
        )
        material = PBRMaterial(  # type: ignore[no-untyped-call]
            name=layer.material, metallicFactor=0.0, roughnessFactor=1.0, baseColorFactor=[255] * 4
        )
        body.visual = TextureVisuals(material=material)  # type: ignore[no-untyped-call]
        body.visual.vertex_attributes["color"] = mesh.colours
        scene.add_geometry(body, node_name=name, geom_name=name)
    return _packed(scene.export(file_type="glb", include_normals=False))  # type: ignore[no-untyped-call]


def rounding(extent: float) -> float:
    """Return how far a stored position may lie from the given one, for a primitive of that extent, metres."""
    return max((extent + 1.0) / 65_535.0, FINEST)


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
    """Rewrite a glb with small indices and positions, and a target on every buffer view."""
    document, binary = parse(data)
    views = document["bufferViews"]
    chunks = [binary[v.get("byteOffset", 0) : v.get("byteOffset", 0) + v["byteLength"]] for v in views]
    indices = set()
    for node in document["nodes"]:
        primitive = document["meshes"][node["mesh"]]["primitives"][0]
        indices.add(document["accessors"][primitive["indices"]]["bufferView"])
        _shrink_indices(document, chunks, primitive)
        if document["materials"][primitive["material"]]["name"] != EXACT:
            _quantise(document, chunks, node, primitive)
    offset = 0
    for index, view in enumerate(views):
        view["byteOffset"], view["byteLength"] = offset, len(chunks[index])
        # 34963 ELEMENT_ARRAY_BUFFER, 34962 ARRAY_BUFFER (glTF 2.0, section 5.11.5).
        view["target"] = 34963 if index in indices else 34962
        chunks[index] += b"\0" * (-len(chunks[index]) % 4)
        offset += len(chunks[index])
    document["buffers"] = [{"byteLength": offset}]
    document["asset"] = {"version": "2.0", "generator": "meta-gwangju"}
    return _assemble(document, b"".join(chunks))


def _shrink_indices(document: dict[str, Any], chunks: list[bytes], primitive: dict[str, Any]) -> None:
    accessor = document["accessors"][primitive["indices"]]
    vertices = document["accessors"][primitive["attributes"]["POSITION"]]["count"]
    if accessor["componentType"] == _UINT and vertices <= _LARGEST_USHORT_MESH:
        view = accessor["bufferView"]
        accessor["componentType"] = _USHORT
        chunks[view] = np.frombuffer(chunks[view], "<u4").astype("<u2").tobytes()


def _quantise(
    document: dict[str, Any], chunks: list[bytes], node: dict[str, Any], primitive: dict[str, Any]
) -> None:
    """Store positions as unsigned shorts, scaled back by the node (KHR_mesh_quantization)."""
    accessor = document["accessors"][primitive["attributes"]["POSITION"]]
    if accessor["componentType"] != _FLOAT:
        return
    view = accessor["bufferView"]
    points = np.frombuffer(chunks[view], "<f4").reshape(-1, 3).astype(float)
    low = np.floor(points.min(axis=0) * 64.0) / 64.0
    step = max(float((points - low).max()) / 65_535.0, FINEST)
    grid = np.round((points - low) / step).astype("<u2")
    # Rows of vertex data start at multiples of four bytes (glTF 2.0, section 3.6.2.4).
    chunks[view] = np.pad(grid, ((0, 0), (0, 1))).tobytes()
    document["bufferViews"][view]["byteStride"] = 8
    accessor.update(
        componentType=_USHORT, min=grid.min(axis=0).tolist(), max=grid.max(axis=0).tolist(), byteOffset=0
    )
    node["translation"], node["scale"] = low.tolist(), [step] * 3
    document["extensionsUsed"] = document["extensionsRequired"] = ["KHR_mesh_quantization"]


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
