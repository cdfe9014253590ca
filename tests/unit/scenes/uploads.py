"""Models as people upload them, and as somebody hostile would."""

import io
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import trimesh
from PIL import Image
from trimesh.visual import TextureVisuals

Change = Callable[[dict[str, Any]], object]


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 4)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 90, 40)).save(stream, kind)
    return stream.getvalue()


def box(side: float = 1.0) -> bytes:
    """A plain box, written by trimesh."""
    return bytes(trimesh.Scene([trimesh.creation.box((side, side, side))]).export(file_type="glb"))


def poster() -> bytes:
    """A textured quad and a ball, in two nodes."""
    quad = trimesh.Trimesh([[0, 0, 0], [2, 0, 0], [2, 1, 0], [0, 1, 0]], [[0, 1, 2], [0, 2, 3]])
    quad.visual = TextureVisuals(
        uv=np.array([[0, 0], [1, 0], [1, 1], [0, 1]]), image=Image.open(io.BytesIO(picture()))
    )
    ball = trimesh.creation.icosphere(subdivisions=2, radius=0.4)
    ball.apply_translation([1.0, 1.5, 0.0])
    return bytes(trimesh.Scene([quad, ball]).export(file_type="glb"))


def pack(document: dict[str, Any], binary: bytes) -> bytes:
    return pack_text(json.dumps(document).encode(), binary)


def pack_text(text: bytes, binary: bytes) -> bytes:
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942)
    return struct.pack("<III", 0x46546C67, 2, 12 + len(body) + len(binary)) + body + binary


def triangle(
    points: list[list[float]] | None = None, *, image: bytes | None = None, change: Change = bool
) -> bytes:
    """One triangle, made by hand, with a picture where asked."""
    corners = np.array(points or [[0, 0, 0], [1, 0, 0], [0, 1, 0]], "<f4")
    binary = corners.tobytes() + struct.pack("<3H", 0, 1, 2) + b"\0\0"
    views = [
        {"buffer": 0, "byteOffset": 0, "byteLength": 36},
        {"buffer": 0, "byteOffset": 36, "byteLength": 6},
    ]
    document: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": views,
    }
    if image is not None:
        views.append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(image)})
        binary += image
        document |= {
            "images": [{"bufferView": 2, "mimeType": "image/png"}],
            "textures": [{"source": 0}],
            "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        }
        document["meshes"][0]["primitives"][0]["material"] = 0
    document["buffers"] = [{"byteLength": len(binary)}]
    change(document)
    return pack(document, binary)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that its data would never fill: a texture bomb."""
    plain = picture()
    return plain[:16] + struct.pack(">II", width, height) + plain[24:]
