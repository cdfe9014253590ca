"""The triangles: every primitive's attributes and indices, with positions really read."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.inspection.document import Document, Primitive
from scenes.inspection.limits import ELEMENTS
from scenes.inspection.report import Findings, plain
from scenes.inspection.views import component, numbers
from spatial.quaternion import FloatArray

_FLOAT = 5126
_TRIANGLES, _STRIP = 4, 5
#: Which types an attribute may have: accessor type, component types (KHR_mesh_quantization included).
_ATTRIBUTES: Mapping[str, tuple[frozenset[str], frozenset[int]]] = {
    "POSITION": (frozenset({"VEC3"}), frozenset({_FLOAT, 5120, 5121, 5122, 5123})),
    "NORMAL": (frozenset({"VEC3"}), frozenset({_FLOAT, 5120, 5122})),
    "TANGENT": (frozenset({"VEC4"}), frozenset({_FLOAT, 5120, 5122})),
    "TEXCOORD_0": (frozenset({"VEC2"}), frozenset({_FLOAT, 5120, 5121, 5122, 5123})),
    "TEXCOORD_1": (frozenset({"VEC2"}), frozenset({_FLOAT, 5120, 5121, 5122, 5123})),
    "COLOR_0": (frozenset({"VEC3", "VEC4"}), frozenset({_FLOAT, 5121, 5123})),
}
#: Attributes that are left out, of which this many are named.
_NAMED = 8
_INDICES = frozenset({5121, 5123, 5125})


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one primitive draws.

    Attributes:
        points: (n, 3) float64, in the mesh's frame.
        triangles: Drawn by one instance.
    """

    points: FloatArray
    triangles: int


def check_meshes(document: Document, binary: memoryview, findings: Findings) -> list[list[Part]]:
    """Return the parts of each mesh.

    Raises:
        RefusedError: One of them cannot be drawn.
    """
    _check_amount(document, findings)
    _keep_known(document, findings)
    for m, mesh in enumerate(document.meshes):
        for p, primitive in enumerate(mesh.primitives):
            where = f"$.meshes[{m}].primitives[{p}]"
            _check_shape(document, primitive, where, findings)
    findings.stop_if_refused()
    points = _positions(document, binary, findings)
    reach = {
        index: int(numbers(document, index, binary).max())
        for index in {p.indices for mesh in document.meshes for p in mesh.primitives}
        if index is not None
    }
    parts = []
    for m, mesh in enumerate(document.meshes):
        rows = []
        for p, primitive in enumerate(mesh.primitives):
            here = points[primitive.attributes["POSITION"]]
            if primitive.indices is not None and reach[primitive.indices] >= len(here):
                findings.refuse(
                    "index_out_of_bounds",
                    f"$.meshes[{m}].primitives[{p}].indices",
                    "삼각형이 없는 꼭짓점을 가리켜요. 모델을 고쳐서 다시 내보내 주세요.",
                    "Triangles point at vertices that are not there. Repair the model and export it again.",
                )
            rows.append(Part(here, _triangles(document, primitive)))
        parts.append(rows)
    findings.stop_if_refused()
    return parts


def _check_amount(document: Document, findings: Findings) -> None:
    """Bound what is read at all, before anything is."""
    primitives = [primitive for mesh in document.meshes for primitive in mesh.primitives]
    used = {p.indices for p in primitives} | {p.attributes.get("POSITION") for p in primitives}
    total = sum(
        document.accessors[index].count
        for index in used
        if index is not None and index < len(document.accessors)
    )
    if total > ELEMENTS or len(primitives) > ELEMENTS // 1000:
        findings.refuse(
            "too_many_elements",
            "$.meshes",
            f"꼭짓점과 삼각형이 너무 많아요({total:,}). 모델을 단순하게 줄여 주세요.",
            f"There are too many vertices and triangles ({total:,}). Simplify the model.",
        )
        findings.stop_if_refused()


def _keep_known(document: Document, findings: Findings) -> None:
    """Forget attributes that the page does not draw, so that they are not kept."""
    unknown = set()
    for primitive in (one for mesh in document.meshes for one in mesh.primitives):
        unknown |= primitive.attributes.keys() - _ATTRIBUTES.keys()
        primitive.attributes = {name: i for name, i in primitive.attributes.items() if name in _ATTRIBUTES}
    if unknown:
        names = ", ".join(sorted(map(plain, unknown))[:_NAMED])
        findings.drop(
            "attributes",
            "$.meshes",
            f"꼭짓점 속성 {len(unknown)}가지는 빼고 세워요({names}).",
            f"{len(unknown)} kinds of vertex attributes are left out ({names}).",
        )


def _check_shape(document: Document, primitive: Primitive, where: str, findings: Findings) -> None:
    if primitive.mode < _TRIANGLES:
        findings.refuse(
            "no_triangles",
            where,
            "점이나 선은 보여줄 수 없어요. 면(삼각형)으로 바꿔서 내보내 주세요.",
            "Points and lines are not shown. Turn them into faces (triangles).",
        )
    if primitive.targets is not None:
        findings.refuse(
            "morph_targets",
            where,
            "모프 타깃(셰이프 키)은 쓸 수 없어요. 모양을 적용한 뒤 다시 내보내 주세요.",
            "Morph targets (shape keys) are not taken. Apply them, then export again.",
        )
    counts = set()
    for name, index in primitive.attributes.items():
        if not _fits(document, index, *_ATTRIBUTES[name]):
            _wrong(f"{where}.attributes.{name}", findings)
            return
        counts.add(document.accessors[index].count)
    if "POSITION" not in primitive.attributes or len(counts) > 1:
        _wrong(f"{where}.attributes", findings)
    if primitive.indices is not None and not _fits(
        document, primitive.indices, frozenset({"SCALAR"}), _INDICES
    ):
        _wrong(f"{where}.indices", findings)
    if primitive.material is not None and primitive.material >= len(document.materials):
        _wrong(f"{where}.material", findings)


def _fits(document: Document, index: int, types: frozenset[str], components: frozenset[int]) -> bool:
    if index >= len(document.accessors):
        return False
    accessor = document.accessors[index]
    return accessor.type in types and accessor.component_type in components


def _wrong(where: str, findings: Findings) -> None:
    findings.refuse(
        "primitive",
        where,
        "도형의 속성이 빠졌거나 규격(glTF 2.0, 3.7.2)에 맞지 않아요. 다른 도구로 다시 내보내 주세요.",
        "An attribute is missing or not as glTF 2.0, section 3.7.2, has it. Export with another tool.",
    )


def _positions(document: Document, binary: memoryview, findings: Findings) -> dict[int, FloatArray]:
    """Read every position once, and write the true bounds into its accessor."""
    for accessor in document.accessors:
        accessor.min = accessor.max = None
    found: dict[int, FloatArray] = {}
    for index in sorted({p.attributes["POSITION"] for mesh in document.meshes for p in mesh.primitives}):
        accessor = document.accessors[index]
        stored = numbers(document, index, binary)
        points = _decoded(stored, normalised=accessor.normalized)
        if not np.isfinite(points).all():
            findings.refuse(
                "not_finite",
                f"$.accessors[{index}]",
                "꼭짓점에 숫자가 아닌 값(NaN, 무한대)이 있어요. 모델을 고쳐서 다시 내보내 주세요.",
                "Some vertices are no finite numbers (NaN, infinity). Repair the model and export it again.",
            )
            continue
        accessor.min, accessor.max = stored.min(axis=0).tolist(), stored.max(axis=0).tolist()
        found[index] = points
    findings.stop_if_refused()
    return found


def _decoded(stored: NDArray[np.generic], *, normalised: bool) -> FloatArray:
    """Return stored numbers as glTF reads them (section 3.11)."""
    with np.errstate(invalid="ignore"):  # a signalling NaN (IEEE 754, 6.2.1) becomes one that is found
        values = np.asarray(stored, np.float64)
    if normalised and np.issubdtype(stored.dtype, np.integer):
        values = np.maximum(values / np.iinfo(stored.dtype).max, -1.0)  # type: ignore[type-var]
    return values


def _triangles(document: Document, primitive: Primitive) -> int:
    index = primitive.attributes["POSITION"] if primitive.indices is None else primitive.indices
    count = document.accessors[index].count
    return count // 3 if primitive.mode == _TRIANGLES else max(count - 2, 0)


def is_quantised(document: Document) -> bool:
    """Tell whether some attribute needs KHR_mesh_quantization."""
    whole = {("TEXCOORD_0", True), ("TEXCOORD_1", True), ("COLOR_0", True)}
    for mesh in document.meshes:
        for primitive in mesh.primitives:
            for name, index in primitive.attributes.items():
                accessor = document.accessors[index]
                plain = accessor.component_type == _FLOAT or (
                    (name, accessor.normalized) in whole and component(accessor).kind == "u"
                )
                if not plain:
                    return True
    return False


__all__ = ["Part", "check_meshes", "is_quantised"]
