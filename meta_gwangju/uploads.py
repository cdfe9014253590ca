"""Uploaded models: received within bounds, inspected in a process that may be lost, kept by their content."""

import asyncio
import hashlib
import struct
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from meta_gwangju.durable import put_file
from scenes.inspection.limits import FILE_BYTES

MEDIA_TYPE = "model/gltf-binary"
#: Seconds that an upload may take in all, and between two pieces of it.
WHOLE_SECONDS, PIECE_SECONDS = 120.0, 15.0
#: Seconds that an inspection may take, whatever it waits for; it has ten of a core.
INSPECTION_SECONDS = 30.0
#: Uploads that are received or inspected at a time, of each booth one: nobody keeps the others waiting.
AT_A_TIME = 6
#: Models inspected at a time; the others wait for these. Not in the event loop's own threads, of which there
#: are few, and money and screens wait for them.
_INSPECTED_AT_A_TIME = 2
#: How much of an upload that is too large is read and dropped, so that its sender reads the answer.
_DROPPED_BYTES = 2 * FILE_BYTES
_COMMAND = (sys.executable, "-I", "-m", "scenes.inspection")


class UploadError(Exception):
    """An upload is refused before anybody has looked into it.

    Attributes:
        status, code: Of the problem document.
        ko, en: What is wrong and what to do.
    """

    def __init__(self, status: int, code: str, ko: str, en: str) -> None:
        super().__init__(en)
        self.status = status
        self.code = code
        self.ko = ko
        self.en = en


@dataclass(frozen=True, slots=True)
class Inspected:
    """What an inspection found; its parts are described in :mod:`scenes.inspection.report`.

    Attributes:
        findings: Each with weight, code, where, ko and en.
        figures: None when the model is refused.
        kept: The glb to keep; None when the model is refused.
    """

    findings: list[dict[str, Any]]
    figures: dict[str, Any] | None
    kept: bytes | None


class Models:
    """A folder of models by the SHA-256 of their content, and the gate that uploads pass.

    Attributes:
        changing: Held while a booth gets or loses a model and its file is kept or forgotten.
    """

    def __init__(self, folder: Path) -> None:
        """Keep models below ``folder``, which is made when the first one comes."""
        self._folder = folder
        self._passing: set[str] = set()
        self.changing = threading.Lock()
        self._inspectors = ThreadPoolExecutor(_INSPECTED_AT_A_TIME, thread_name_prefix="inspection")

    @contextmanager
    def passage(self, booth: str) -> Iterator[None]:
        """Let the upload of a booth through; called on the event loop alone.

        Raises:
            UploadError: There are too many at the moment, or one of this booth.
        """
        if booth in self._passing:
            raise UploadError(
                409,
                "uploading",
                "이 부스의 모델이 이미 올라오고 있어요. 끝난 뒤 다시 올려 주세요.",
                "A model of this booth is coming in already. Upload again when it is done.",
            )
        if len(self._passing) >= AT_A_TIME:
            raise UploadError(
                503,
                "busy",
                "지금 모델이 너무 많이 올라오고 있어요. 잠시 뒤 다시 올려 주세요.",
                "Too many models come in at the moment. Please try again in a while.",
            )
        self._passing.add(booth)
        try:
            yield
        finally:
            self._passing.discard(booth)

    async def inspect(self, model: bytes) -> "Inspected":
        """Inspect a model when it is its turn; see :func:`inspected`."""
        return await asyncio.get_running_loop().run_in_executor(self._inspectors, inspected, model)

    def keep(self, model: bytes) -> str:
        """Keep an inspected glb, on disk when this returns; returns its name, 64 hexadecimal digits."""
        name = hashlib.sha256(model).hexdigest()
        file = self._file(name)
        if not file.is_file():
            put_file(file, model)
        return name

    def find(self, name: str) -> Path | None:
        """Return the file of a model; None when it is not kept."""
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            return None
        file = self._file(name)
        return file if file.is_file() else None

    def forget(self, name: str) -> None:
        """Delete a model."""
        self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}.glb"


async def received(pieces: AsyncIterator[bytes], media_type: str, declared: str | None) -> bytes:
    """Return a request's body, and never hold more of it than a model may have.

    Args:
        pieces: As they come in.
        media_type: Content-Type of the request.
        declared: Its Content-Length; a body without one is counted as it comes.

    Raises:
        UploadError: It is of another type, too large, or comes too slowly.
    """
    if media_type.partition(";")[0].strip().lower() not in {MEDIA_TYPE, "application/octet-stream"}:
        raise UploadError(
            415,
            "wrong_type",
            f"glb 파일만 올릴 수 있어요. Content-Type은 {MEDIA_TYPE}이어야 해요.",
            f"Only glb files can be uploaded; the Content-Type must be {MEDIA_TYPE}.",
        )
    over = declared is not None and declared.isdecimal() and int(declared[:20]) > FILE_BYTES
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            return await _collected(pieces, over=over)
    except TimeoutError as error:
        raise UploadError(
            408,
            "too_slow",
            "파일이 너무 느리게 올라와서 멈췄어요. 연결을 확인하고 다시 올려 주세요.",
            "The file came in too slowly. Check your connection and upload it again.",
        ) from error


async def _collected(pieces: AsyncIterator[bytes], *, over: bool) -> bytes:
    """Collect a body; what is too large is dropped to an end, so that its sender is there for the answer."""
    body, dropped = bytearray(), 0
    while True:
        async with asyncio.timeout(PIECE_SECONDS):
            piece = await anext(pieces, None)
        if piece is None and not over:
            return bytes(body)
        if piece is None or dropped > _DROPPED_BYTES:
            raise _too_large()
        if over:
            dropped += len(piece)
            continue
        body += piece
        if len(body) > FILE_BYTES:
            over = True
            body.clear()


def inspected(model: bytes) -> Inspected:
    """Inspect a model in a process of its own: what it does to its reader ends there."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own program
            _COMMAND,
            input=model,
            capture_output=True,
            timeout=INSPECTION_SECONDS,
            check=False,
            env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        return _broken()
    if done.returncode != 0:
        return _broken()
    try:
        (size,) = struct.unpack_from("<I", done.stdout)
        report = msgspec.json.decode(done.stdout[4 : 4 + size], type=dict[str, Any])
    except (struct.error, msgspec.DecodeError):
        return _broken()
    return Inspected(report["findings"], report["figures"], done.stdout[4 + size :] or None)


def _broken() -> Inspected:
    """Return what is said of a model whose inspection took too much time or memory, or broke."""
    finding = {
        "weight": "refused",
        "code": "inspection_failed",
        "where": "",
        "ko": "이 파일은 검사하다가 멈췄어요. 모델을 더 단순하게 만들어 다시 내보내 주세요.",
        "en": "The inspection of this file came to no end. Simplify the model and export it again.",
    }
    return Inspected([finding], None, None)


def _too_large() -> UploadError:
    return UploadError(
        413,
        "too_large",
        f"파일이 너무 커요. {FILE_BYTES // 1_000_000} MB까지 올릴 수 있어요.",
        f"The file is too large. It may have {FILE_BYTES // 1_000_000} MB.",
    )
