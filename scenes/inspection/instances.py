"""The tree of nodes: which meshes are drawn where, and how large the whole is (glTF 2.0, section 3.5)."""

from dataclasses import dataclass

import numpy as np

from scenes.inspection.document import Document, Node
from scenes.inspection.limits import DEPTH, DRAWN_VERTICES, DRAWS, LARGEST, REACH, SMALLEST, TRIANGLES
from scenes.inspection.meshes import Part
from scenes.inspection.report import Findings
from spatial.quaternion import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Everything as it is drawn.

    Attributes:
        triangles, vertices, draws: Instances counted once each.
        low, high: (3,) bounds.
    """

    triangles: int
    vertices: int
    draws: int
    low: FloatArray
    high: FloatArray


def check_instances(document: Document, parts: list[list[Part]], findings: Findings) -> Drawn:
    """Return what the scene draws.

    Raises:
        RefusedError: The tree is none, or it draws nothing, too much, or at an impossible size.
    """
    placed = [
        (matrix, part) for mesh, matrix in _walk(document, findings) for part in _of(parts, mesh, findings)
    ]
    findings.stop_if_refused()
    triangles = sum(part.triangles for _, part in placed)
    vertices = sum(len(part.points) for _, part in placed)
    _check_amount(triangles, vertices, len(placed), findings)
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        for matrix, part in placed:
            points = part.points @ matrix[:3, :3].T + matrix[:3, 3]
            low, high = np.minimum(low, points.min(axis=0)), np.maximum(high, points.max(axis=0))
    _check_size(low, high, findings)
    return Drawn(triangles, vertices, len(placed), low, high)


def _of(parts: list[list[Part]], mesh: int, findings: Findings) -> list[Part]:
    if mesh < len(parts):
        return parts[mesh]
    _broken("$.nodes", findings)
    return []


def _walk(document: Document, findings: Findings) -> list[tuple[int, FloatArray]]:
    """Return mesh and world matrix (4, 4) of every node of the scene that has one."""
    at = document.scene or 0
    if at >= len(document.scenes):
        _broken("$.scene", findings)
        return []
    waiting: list[tuple[int, FloatArray, int]] = [(node, np.eye(4), 1) for node in document.scenes[at].nodes]
    seen: set[int] = set()
    meshes: list[tuple[int, FloatArray]] = []
    while waiting:
        index, parent, depth = waiting.pop()
        where = f"$.nodes[{index}]"
        # A node has one parent at most: otherwise a few lines of JSON would draw a model a million times.
        if index >= len(document.nodes) or index in seen or depth > DEPTH:
            _broken(where, findings)
            return []
        seen.add(index)
        node = document.nodes[index]
        if node.skin is not None:
            findings.refuse(
                "skin",
                where,
                "뼈대(스킨)가 있는 모델은 세울 수 없어요. 자세를 메시에 적용한 뒤 뼈대 없이 내보내 주세요.",
                "Skinned models are not taken. Apply the pose to the mesh and export without the armature.",
            )
        with np.errstate(over="ignore", invalid="ignore"):
            matrix = parent @ _local(node)
        if not np.isfinite(matrix).all() or np.abs(matrix).max() > REACH:
            findings.refuse(
                "transform",
                where,
                "위치나 크기 변환이 터무니없이 커요. 변환을 적용한 뒤 다시 내보내 주세요.",
                "A transform is absurdly large. Apply transforms, then export again.",
            )
            continue
        if node.mesh is not None:
            meshes.append((node.mesh, matrix))
        waiting += [(child, matrix, depth + 1) for child in node.children or ()]
    return meshes


def _local(node: Node) -> FloatArray:
    if node.matrix is not None:
        return np.array(node.matrix, float).reshape(4, 4).T
    x, y, z, w = node.rotation or (0.0, 0.0, 0.0, 1.0)
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.scale or (1.0, 1.0, 1.0))
    matrix[:3, 3] = node.translation or (0.0, 0.0, 0.0)
    return matrix


def _broken(where: str, findings: Findings) -> None:
    findings.refuse(
        "node_tree",
        where,
        f"장면의 나무가 끊겼거나 꼬였거나 {DEPTH}단보다 깊어요. 다시 내보내 주세요.",
        f"The tree of nodes is broken, has loops, or is deeper than {DEPTH}. Export it again.",
    )


def _check_amount(triangles: int, vertices: int, draws: int, findings: Findings) -> None:
    if triangles == 0:
        findings.refuse(
            "empty",
            "$.scenes",
            "보여줄 면이 없어요. 모델을 골라서 내보냈는지 확인해 주세요.",
            "There is nothing to show. Check that the model was selected when it was exported.",
        )
    if triangles > TRIANGLES:
        findings.refuse(
            "too_many_triangles",
            "$.meshes",
            f"삼각형이 {triangles:,}개예요. {TRIANGLES:,}개까지 줄여 주세요(예: Blender의 데시메이트).",
            f"It has {triangles:,} triangles. Reduce them to {TRIANGLES:,} (Blender: Decimate).",
        )
    elif vertices > DRAWN_VERTICES:
        findings.refuse(
            "too_many_vertices",
            "$.meshes",
            f"꼭짓점이 {vertices:,}개예요. {DRAWN_VERTICES:,}개까지 줄여 주세요.",
            f"It has {vertices:,} vertices. Reduce them to {DRAWN_VERTICES:,}.",
        )
    if draws > DRAWS:
        findings.refuse(
            "too_many_draws",
            "$.nodes",
            f"따로 그리는 조각이 {draws:,}개예요. 물체와 재질을 합쳐서 {DRAWS}개까지 줄여 주세요.",
            f"It is drawn in {draws:,} pieces. Join objects and materials until there are {DRAWS}.",
        )
    findings.stop_if_refused()


def _check_size(low: FloatArray, high: FloatArray, findings: Findings) -> None:
    extent = float((high - low).max())
    if not np.isfinite([low, high]).all() or not SMALLEST <= extent <= LARGEST:
        findings.refuse(
            "bounds",
            "$.scenes",
            f"모델의 가장 긴 쪽이 {extent:,.3g} m예요. "
            f"단위를 미터로 맞춰 주세요({SMALLEST}~{LARGEST:,.0f} m).",
            f"The model's longest side is {extent:,.3g} m. Set the unit to metres "
            f"({SMALLEST} to {LARGEST:,.0f} m).",
        )
    findings.stop_if_refused()
