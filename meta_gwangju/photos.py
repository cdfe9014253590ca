"""Photos that people send: never kept as they came, always drawn anew, under the name of what they show."""

import hashlib
import subprocess
import sys
import threading
from pathlib import Path

from meta_gwangju import photo_worker
from meta_gwangju.durable import put_file
from municipality.errors import PhotoRefusedError, PhotosBusyError

MEDIA_TYPE = "image/webp"
#: Bytes of an upload.
LONGEST = 10_000_000
#: Bytes of what is kept, by far.
_MOST_KEPT = 8_000_000
#: Photos drawn at a time; so many others wait, each so many seconds at most. Whoever waits holds one of the
#: threads that the city answers everybody with.
_AT_A_TIME, _MOST_WAITING, _PATIENCE = 2, 4, 10.0
#: Seconds that drawing one may take in all.
_TIME = 20.0
#: How a file begins (ITU-T T.81 SOI; PNG 5.2; RIFF): what begins otherwise is not even looked at.
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
_REFUSALS = {
    photo_worker.ENDS["no photo"]: (
        "JPEG, PNG, WebP 사진만 올릴 수 있어요. 다른 사진을 골라 주세요.",
        "Only JPEG, PNG and WebP photos can be uploaded. Please choose another one.",
    ),
    photo_worker.ENDS["too many pixels"]: (
        "사진의 화소가 너무 많아요(5천만 화소까지). 줄여서 다시 올려 주세요.",
        "The photo has too many pixels; 50 megapixels are the most. Please scale it down.",
    ),
    photo_worker.ENDS["damaged"]: (
        "사진 파일이 손상되어 열 수 없어요. 다시 찍거나 다른 사진을 골라 주세요.",
        "The photo is damaged and cannot be opened. Please choose another one.",
    ),
}


class Photos:
    """A folder of pictures by the SHA-256 of their content."""

    def __init__(self, folder: Path) -> None:
        """Keep pictures below ``folder``, which is made when the first one comes."""
        self._folder = folder
        self._drawing = threading.BoundedSemaphore(_AT_A_TIME)
        self._room = threading.BoundedSemaphore(_AT_A_TIME + _MOST_WAITING)

    def keep(self, photo: bytes) -> str:
        """Draw a photo anew and keep it; both pictures are on disk when this returns.

        Returns:
            The picture's name: 64 hexadecimal digits. The same photo gives the same name.

        Raises:
            PhotoRefusedError: It is too large, damaged or no photo.
            PhotosBusyError: Too many are being drawn.
        """
        if len(photo) > LONGEST:
            raise PhotoRefusedError(
                f"사진이 너무 커요. {LONGEST // 1_000_000} MB까지 올릴 수 있어요.",
                f"The photo is too large. It may have {LONGEST // 1_000_000} MB.",
            )
        if not photo.startswith(_BEGINNINGS):
            raise PhotoRefusedError(*_REFUSALS[photo_worker.ENDS["no photo"]])
        if not self._room.acquire(blocking=False):
            raise _busy()
        try:
            picture, thumbnail = self._in_turn(photo)
        finally:
            self._room.release()
        name = hashlib.sha256(picture).hexdigest()
        put_file(self._file(name, ".thumbnail"), thumbnail)
        put_file(self._file(name), picture)
        return name

    def find(self, name: str, *, thumbnail: bool = False) -> Path | None:
        """Return the file of a picture; None when it is not kept."""
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            return None
        file = self._file(name, ".thumbnail" if thumbnail else "")
        return file if file.is_file() else None

    def forget(self, name: str) -> None:
        """Delete a picture."""
        for kind in ("", ".thumbnail"):
            self._file(name, kind).unlink(missing_ok=True)

    def _in_turn(self, photo: bytes) -> tuple[bytes, bytes]:
        if not self._drawing.acquire(timeout=_PATIENCE):
            raise _busy()
        try:
            return _drawn(photo)
        finally:
            self._drawing.release()

    def _file(self, name: str, kind: str = "") -> Path:
        return self._folder / name[:2] / f"{name}{kind}.webp"


def _drawn(photo: bytes) -> tuple[bytes, bytes]:
    """Return picture and thumbnail, made by a process of their own with little memory and time."""
    # By its file and isolated, so that neither the folder it starts in nor the environment lend it code.
    command = (sys.executable, "-I", photo_worker.__file__)
    try:
        done = subprocess.run(  # noqa: S603 -- our own program
            command, input=photo, capture_output=True, timeout=_TIME, check=False, env={"LC_ALL": "C.UTF-8"}
        )
    except subprocess.TimeoutExpired as error:
        raise PhotoRefusedError(*_REFUSALS[photo_worker.ENDS["damaged"]]) from error
    except OSError as error:
        raise _busy() from error
    if done.returncode != photo_worker.ENDS["done"] or not 4 < len(done.stdout) <= _MOST_KEPT:
        raise PhotoRefusedError(*_REFUSALS.get(done.returncode, _REFUSALS[photo_worker.ENDS["damaged"]]))
    length = int.from_bytes(done.stdout[:4], "big")
    return done.stdout[4 : 4 + length], done.stdout[4 + length :]


def _busy() -> PhotosBusyError:
    return PhotosBusyError(
        "지금 사진이 너무 많이 올라오고 있어요. 잠시 뒤 다시 올려 주세요.",
        "Too many photos come in at the moment. Please try again in a while.",
    )
