"""The binary container (glTF 2.0, section 4.4): a header, a chunk of JSON, and one of binary data."""

import struct
from typing import NoReturn

from scenes.inspection.limits import FILE_BYTES, JSON_BYTES
from scenes.inspection.report import Findings, RefusedError

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_HEADER, _CHUNK = struct.Struct("<III"), struct.Struct("<II")


def open_container(data: bytes, findings: Findings) -> tuple[bytes, memoryview]:
    """Return the JSON and the binary chunk (empty where there is none).

    Raises:
        RefusedError: This is no glb, or too large.
    """
    if len(data) > FILE_BYTES:
        _stop(
            findings,
            "file_too_large",
            f"파일이 너무 커요({len(data):,}바이트). {FILE_BYTES:,}바이트까지 올릴 수 있어요.",
            f"The file is too large ({len(data):,} bytes). It may have {FILE_BYTES:,} bytes.",
        )
    magic, version, length = _HEADER.unpack_from(data) if len(data) >= _HEADER.size else (0, 0, 0)
    if magic != _MAGIC:
        _no_glb(findings)
    if version != 2:
        _stop(
            findings,
            "version",
            f"glTF {version} 파일이에요. glTF 2.0으로 내보내 주세요.",
            f"This is glTF {version}. Export it as glTF 2.0.",
        )
    if length != len(data):
        _truncated(findings)
    text, at = _chunk(data, _HEADER.size, _JSON, findings)
    if len(text) > JSON_BYTES:
        _stop(
            findings,
            "json_too_large",
            f"glTF의 JSON이 {len(text):,}바이트예요. 물체를 합쳐서 {JSON_BYTES:,}바이트까지 줄여 주세요.",
            f"The JSON has {len(text):,} bytes. Join objects until it has at most {JSON_BYTES:,}.",
        )
    if at == len(data):
        return bytes(text), memoryview(b"")
    binary, _ = _chunk(data, at, _BIN, findings)
    # Chunks of unknown kind may follow (section 4.4.3); nobody needs them, so they are left out.
    return bytes(text), binary


def _chunk(data: bytes, at: int, wanted: int, findings: Findings) -> tuple[memoryview, int]:
    if at + _CHUNK.size > len(data):
        _truncated(findings)
    size, kind = _CHUNK.unpack_from(data, at)
    begin = at + _CHUNK.size
    if kind != wanted:
        _no_glb(findings)
    if begin + size > len(data):
        _truncated(findings)
    return memoryview(data)[begin : begin + size], begin + size


def _no_glb(findings: Findings) -> NoReturn:
    _stop(
        findings,
        "not_glb",
        "glb 파일이 아니에요. 모델을 바이너리 glTF 2.0(.glb)으로 내보내 주세요.",
        "This is no glb file. Export the model as binary glTF 2.0 (.glb).",
    )


def _truncated(findings: Findings) -> NoReturn:
    _stop(
        findings,
        "truncated",
        "파일이 중간에 끊겼거나 길이가 맞지 않아요. 다시 내보내서 올려 주세요.",
        "The file is cut off, or its lengths do not agree. Export and upload it again.",
    )


def _stop(findings: Findings, code: str, ko: str, en: str) -> NoReturn:
    findings.refuse(code, "", ko, en)
    raise RefusedError


def assemble(text: bytes, binary: bytes | memoryview) -> bytes:
    """Return a glb of two chunks."""
    text += b" " * (-len(text) % 4)
    padded = bytes(binary) + b"\0" * (-len(binary) % 4)
    total = _HEADER.size + 2 * _CHUNK.size + len(text) + len(padded)
    head = _HEADER.pack(_MAGIC, 2, total) + _CHUNK.pack(len(text), _JSON)
    return b"".join([head, text, _CHUNK.pack(len(padded), _BIN), padded])
