"""Cameras and video streams through OpenCV, the only module that imports it.

A thread of its own reads the camera, since cameras make their reader wait; the newest frame wins.
"""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices.device import Sample, now
from devices.errors import CameraLibraryMissingError, CameraMissingError

Image = NDArray[np.uint8]

#: How long a network stream may take to open or to give a frame, milliseconds.
TIMEOUT_MS = 5000


def _opencv() -> Any:
    """Load OpenCV.

    Raises:
        CameraLibraryMissingError: It, or a library it needs, is missing.
    """
    try:
        import cv2  # noqa: PLC0415 - 90 MB that only somebody with a camera needs
    except ImportError as error:
        raise CameraLibraryMissingError(
            f"OpenCV를 불러올 수 없습니다: {error}. 'make setup'으로 다시 설치하세요.",
            f"OpenCV cannot be loaded: {error}. Install it again with 'make setup'.",
        ) from error
    return cv2


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera that the system names.

    Attributes:
        index: What `Camera` opens.
        name: What the system calls it.
    """

    index: int
    name: str


def list_cameras(root: Path = Path("/sys/class/video4linux")) -> tuple[CameraInfo, ...]:
    """Return the cameras that Linux knows (Video4Linux), lowest index first; opens none of them."""
    found = []
    for entry in root.glob("video*"):
        number = entry.name.removeprefix("video")
        if number.isdecimal():
            found.append(CameraInfo(int(number), (entry / "name").read_text(encoding="utf-8").strip()))
    return tuple(sorted(found, key=lambda camera: camera.index))


class Camera:
    """A camera by index, or a stream or file by address. Frames are (height, width, 3) uint8, BGR.

    `read` gives each frame at most once and never waits; a frame that nobody took is replaced by the next.
    """

    def __init__(self, source: int | str) -> None:
        self.name = str(source)
        self._source = source
        self._capture: Any = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._newest: Sample[Image] | None = None
        self._gone = False

    def open(self) -> None:
        """Open the camera and begin to read it.

        Raises:
            CameraLibraryMissingError: OpenCV cannot be loaded.
            CameraMissingError: Nothing answers there.
        """
        cv2 = _opencv()
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, TIMEOUT_MS]
        if isinstance(self._source, int):
            self._capture = cv2.VideoCapture(self._source)
        else:
            self._capture = cv2.VideoCapture(self._source, cv2.CAP_FFMPEG, limits)
        if not self._capture.isOpened():
            raise self._missing()
        self._stop.clear()
        self._gone = False
        self._thread = threading.Thread(target=self._watch, name=f"camera {self.name}", daemon=True)
        self._thread.start()

    def read(self) -> Sample[Image] | None:
        """Take the newest frame that nobody took yet.

        Raises:
            CameraMissingError: The camera went away, or the stream ended.
        """
        frame, self._newest = self._newest, None
        if frame is None and self._gone:
            raise self._missing()
        return frame

    def close(self) -> None:
        """Let the camera go."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _watch(self) -> None:
        while not self._stop.is_set():
            got, image = self._capture.read()
            if not got:
                self._gone = True
                return
            self._newest = Sample(now(), image)

    def _missing(self) -> CameraMissingError:
        return CameraMissingError(
            f"카메라 '{self.name}'가 응답하지 않습니다. 연결과 주소를 확인하고, "
            "다른 프로그램이 쓰고 있으면 닫으세요.",
            f"The camera '{self.name}' does not answer. Check its cable or address, and close other programs "
            "that use it.",
        )
