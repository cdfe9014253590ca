from pathlib import Path

import cv2
import numpy as np
import pytest

from devices import now
from devices.camera import Camera, CameraInfo, Image, list_cameras
from devices.device import Sample
from devices.errors import CameraMissingError
from tests.support.deadline import eventually

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]


@pytest.fixture
def film(tmp_path: Path) -> str:
    path = str(tmp_path / "film.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (64, 48))
    for colour in COLOURS:
        writer.write(np.full((48, 64, 3), colour, np.uint8))
    writer.release()
    return path


def test_a_stream_gives_frames_stamped_in_the_one_clock(film: str) -> None:
    before = now()
    camera = Camera(film)
    camera.open()
    taken: list[Sample[Image]] = []
    try:

        def take() -> bool:
            frame = camera.read()
            if frame is not None:
                taken.append(frame)
            return bool(taken)

        eventually(take, within=5.0)
    finally:
        camera.close()
    (frame,) = taken
    assert frame.value.shape == (48, 64, 3)
    assert before <= frame.time <= now()
    assert min(np.abs(frame.value.mean((0, 1)) - colour).max() for colour in COLOURS) < 6


def test_the_end_of_a_stream_is_an_error_and_not_silence(film: str) -> None:
    camera = Camera(film)
    camera.open()

    def ended() -> bool:
        try:
            camera.read()
        except CameraMissingError:
            return True
        return False

    try:
        eventually(ended, within=5.0)
    finally:
        camera.close()


@pytest.mark.parametrize("source", ["no-such-film.avi", 97])
def test_a_missing_camera_says_what_to_do(source: int | str) -> None:
    with pytest.raises(CameraMissingError) as caught:
        Camera(source).open()
    assert str(source) in caught.value.en
    assert "Check" in caught.value.en
    assert "확인" in caught.value.ko


def test_cameras_are_listed_by_the_names_linux_gives(tmp_path: Path) -> None:
    for number, name in ((10, "Document camera"), (2, "Webcam")):
        (tmp_path / f"video{number}").mkdir()
        (tmp_path / f"video{number}" / "name").write_text(f"{name}\n", encoding="utf-8")
    assert list_cameras(tmp_path) == (CameraInfo(2, "Webcam"), CameraInfo(10, "Document camera"))


def test_a_machine_without_cameras_has_an_empty_list(tmp_path: Path) -> None:
    assert list_cameras(tmp_path / "absent") == ()
