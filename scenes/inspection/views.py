"""Numbers in the binary chunk: each accessor is held against the bytes that are there before one is read."""

import numpy as np
from numpy.typing import NDArray

from scenes.inspection.document import Accessor, Document
from scenes.inspection.report import Findings

_COMPONENTS: dict[int, np.dtype[np.generic]] = {
    5120: np.dtype("<i1"),
    5121: np.dtype("<u1"),
    5122: np.dtype("<i2"),
    5123: np.dtype("<u2"),
    5125: np.dtype("<u4"),
    5126: np.dtype("<f4"),
}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}


def component(accessor: Accessor) -> np.dtype[np.generic]:
    """Return the type of its numbers."""
    return _COMPONENTS[accessor.component_type]


def check_views(document: Document, size: int, findings: Findings) -> None:
    """Find buffers, views and accessors that claim more than the ``size`` bytes of the binary chunk."""
    _check_buffers(document, size, findings)
    for index, view in enumerate(document.buffer_views):
        if view.buffer != 0 or view.byte_offset + view.byte_length > size:
            findings.refuse(
                "view_out_of_bounds",
                f"$.bufferViews[{index}]",
                "파일에 없는 데이터를 가리켜요. 압축 없이 다시 내보내 주세요.",
                "It points at data that the file does not hold. Export again without compression.",
            )
    findings.stop_if_refused()
    for index, accessor in enumerate(document.accessors):
        _check_accessor(document, index, accessor, findings)
    findings.stop_if_refused()


def _check_buffers(document: Document, size: int, findings: Findings) -> None:
    for index, buffer in enumerate(document.buffers):
        where = f"$.buffers[{index}]"
        if buffer.uri is not None:
            external(where, findings)
        elif index > 0 or buffer.byte_length > size:
            findings.refuse(
                "buffer_out_of_bounds",
                where,
                "버퍼가 파일의 데이터와 맞지 않아요. 압축 없이 glb로 다시 내보내 주세요.",
                "The buffer does not agree with the file's data. Export again as glb, without compression.",
            )


def external(where: str, findings: Findings) -> None:
    """Refuse what lies outside of the file, `data:` addresses included."""
    findings.refuse(
        "external_uri",
        where,
        "파일 밖의 주소(uri)를 가리켜요. 그림과 데이터를 모두 glb 안에 넣어 내보내 주세요.",
        "It points at an address (uri) outside of the file. Pack pictures and data into the glb.",
    )


def _check_accessor(document: Document, index: int, accessor: Accessor, findings: Findings) -> None:
    where = f"$.accessors[{index}]"
    if accessor.sparse is not None:
        findings.refuse(
            "sparse",
            where,
            "희소(sparse) 접근자는 받지 않아요. 이 옵션을 끄고 다시 내보내 주세요.",
            "Sparse accessors are not taken. Export without them.",
        )
        return
    if accessor.buffer_view is None or accessor.buffer_view >= len(document.buffer_views):
        findings.refuse(
            "accessor_without_data",
            where,
            f"숫자 {accessor.count:,}개를 말하지만 데이터가 없어요. 다시 내보내 주세요.",
            f"It claims {accessor.count:,} elements, but has no data. Export again.",
        )
        return
    view = document.buffer_views[accessor.buffer_view]
    each = component(accessor).itemsize
    row = each * WIDTHS[accessor.type]
    stride = view.byte_stride or row
    end = accessor.byte_offset + stride * (accessor.count - 1) + row
    if end > view.byte_length or stride < row:
        findings.refuse(
            "accessor_out_of_bounds",
            where,
            f"숫자 {accessor.count:,}개를 말하지만 데이터가 그만큼 없어요. 다시 내보내 주세요.",
            f"It claims {accessor.count:,} elements, but its data are shorter. Export again.",
        )
    elif (view.byte_offset + accessor.byte_offset) % each or stride % each:
        findings.refuse(
            "misaligned",
            where,
            "데이터의 위치가 규격에 맞지 않아요(glTF 2.0, 3.6.2.4). 다른 도구로 다시 내보내 주세요.",
            "Its data are not aligned (glTF 2.0, section 3.6.2.4). Export with another tool.",
        )


def numbers(document: Document, index: int, binary: memoryview) -> NDArray[np.generic]:
    """Return an accessor's numbers, (count,) or (count, width), without a copy; it has been checked."""
    accessor = document.accessors[index]
    view = document.buffer_views[accessor.buffer_view or 0]  # check_views refused those without
    kind, width = component(accessor), WIDTHS[accessor.type]
    stride = view.byte_stride or kind.itemsize * width
    array: NDArray[np.generic] = np.ndarray(
        (accessor.count, width),
        kind,
        binary,
        view.byte_offset + accessor.byte_offset,
        (stride, kind.itemsize),
    )
    return array[:, 0] if accessor.type == "SCALAR" else array
