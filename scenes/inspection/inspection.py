"""One inspection, step by step: each step may rely on what the one before has checked."""

import msgspec
import numpy as np

from scenes.inspection.container import assemble, open_container
from scenes.inspection.document import Asset, Buffer, Document
from scenes.inspection.extensions import check_extensions, declare
from scenes.inspection.instances import Drawn, check_instances
from scenes.inspection.looks import check_looks
from scenes.inspection.meshes import check_meshes
from scenes.inspection.report import Figures, Findings, RefusedError, Report
from scenes.inspection.views import check_views
from spatial.quaternion import FloatArray

#: The box that a model is scaled down to, unless told otherwise: width, height, depth, metres.
STAND = (3.6, 3.0, 3.6)
_LONGEST_REASON = 200


def inspect(data: bytes, stand: tuple[float, float, float] = STAND) -> Report:
    """Inspect an uploaded glb.

    Args:
        data: As it came.
        stand: Width, height and depth of the box that it is shown in, metres.

    Returns:
        What was found. Whatever the bytes are, nothing is raised.
    """
    findings = Findings()
    try:
        return _inspected(data, stand, findings)
    except RefusedError:
        return Report(tuple(findings.found))


def _inspected(data: bytes, stand: tuple[float, float, float], findings: Findings) -> Report:
    text, binary = open_container(data, findings)
    document = _document(text, findings)
    check_extensions(document, findings)
    check_views(document, len(binary), findings)
    pixels = check_looks(document, binary, findings)
    parts = check_meshes(document, binary, findings)
    drawn = check_instances(document, parts, findings)
    scale, offset = _placed(drawn, stand, findings)
    figures = Figures(
        triangles=drawn.triangles,
        vertices=drawn.vertices,
        draws=drawn.draws,
        textures=len(document.images),
        pixels=pixels,
        low=_triple(drawn.low),
        high=_triple(drawn.high),
        scale=scale,
        offset=offset,
    )
    return Report(tuple(findings.found), figures, _kept(document, binary))


def _document(text: bytes, findings: Findings) -> Document:
    try:
        document = msgspec.json.decode(text, type=Document)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        reason = str(error)[:_LONGEST_REASON]
        findings.refuse(
            "document",
            "$",
            f"glTF 문서가 규격에 맞지 않아요({reason}). 다른 도구로 다시 내보내 주세요.",
            f"The glTF document is not as the standard has it ({reason}). Export with another tool.",
        )
        raise RefusedError from error
    if document.asset.version != "2.0":
        findings.refuse(
            "version", "$.asset.version", "glTF 2.0으로 내보내 주세요.", "Export the model as glTF 2.0."
        )
        raise RefusedError
    return document


def _placed(
    drawn: Drawn, stand: tuple[float, float, float], findings: Findings
) -> tuple[float, tuple[float, float, float]]:
    """Return the scale and offset that set the model on the middle of its stand."""
    extent = drawn.high - drawn.low
    scale = min(1.0, *(size / side for size, side in zip(stand, extent.tolist(), strict=True) if side > 0.0))
    if scale < 1.0:
        findings.note(
            "scaled_down",
            "$.scenes",
            f"모델이 자리({stand[0]}×{stand[2]} m, 높이 {stand[1]} m)보다 커서 {scale:.3g}배로 줄여 세워요.",
            f"The model is larger than its stand ({stand[0]}×{stand[2]} m, {stand[1]} m high): "
            f"it is shown at {scale:.3g} of its size.",
        )
    middle = (drawn.low + drawn.high) / 2.0
    return float(scale), _triple(-scale * np.array([middle[0], drawn.low[1], middle[2]]))


def _kept(document: Document, binary: memoryview) -> bytes:
    """Write the document again: only what is declared in :mod:`scenes.inspection.document` comes through."""
    document.asset = Asset(version="2.0", copyright=document.asset.copyright, generator="meta-gwangju")
    document.buffers = [Buffer(byte_length=len(binary))]
    document.animations = document.cameras = None
    document.scenes = [document.scenes[document.scene or 0]]
    document.scene = 0
    for mesh in document.meshes:
        mesh.weights = None
    declare(document)
    return assemble(msgspec.json.encode(document), binary)


def _triple(values: FloatArray) -> tuple[float, float, float]:
    x, y, z = (round(float(value), 6) + 0.0 for value in values)
    return x, y, z
