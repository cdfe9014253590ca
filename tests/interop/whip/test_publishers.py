"""Publishers that are no browser: FFmpeg's WHIP muxer (through PyAV), and `meta-gwangju publish`."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from streaming.audio.mixer import Heads
from streaming.ears import Ears
from tests.interop.whip.booths import OTHER_TOKEN, TOKEN, VISITOR, BoothCity
from tests.interop.whip.watcher import Watcher
from tests.support.deadline import eventually
from tests.support.loop import LoopThread
from tests.support.namespaces import Machine

PROJECT = Path(__file__).resolve().parents[3]
MOVING = Path(__file__).with_name("moving.py")
#: The screens of this city stand to the east of the middle; this listener looks north.
LISTENER = 7


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("film") / "moving.mp4"
    subprocess.run([sys.executable, MOVING, file], check=True, capture_output=True)
    return file


@pytest.fixture
def loop(away: Machine) -> Iterator[LoopThread]:
    with LoopThread(away) as loop:
        yield loop


@contextmanager
def _running(away: Machine, *words: str | Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        away.command(sys.executable, *words),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=15)


@contextmanager
def _watching(loop: LoopThread, city: BoothCity) -> Iterator[Watcher]:
    async def begin() -> Watcher:
        watcher = Watcher()
        await watcher.open(city.url("a1", "whep"), VISITOR)
        return watcher

    watcher = loop.run(begin())
    try:
        yield watcher
    finally:
        loop.run(watcher.close())


def _moves(watcher: Watcher) -> bool:
    pictures = list(watcher.pictures)
    if len(pictures) < 10:
        return False
    change = np.abs(pictures[-1].astype(np.int16) - pictures[-10].astype(np.int16)).max(axis=(0, 2))
    # The bar left some columns and came to others; the ground changes by less.
    return bool((change > 100).any())


def test_ffmpegs_muxer_is_seen_and_heard_from_the_screens_side(
    city: BoothCity, away: Machine, loop: LoopThread
) -> None:
    ears = Ears()
    city.stage.enter(LISTENER)
    city.stage.look(
        Heads(np.array([LISTENER]), np.array([[0.0, 1.6, 0.0]]), np.array([[0.0, 0.0, 0.0, 1.0]]))
    )
    mixing = threading.Thread(target=city.stage.loop, name="mix")
    mixing.start()
    try:
        with _running(away, MOVING, city.url("a1", "whip"), TOKEN, "60"):
            eventually(lambda: city.live.lit() == {"a1"}, 20)
            with _watching(loop, city) as watcher:
                eventually(lambda: _moves(watcher), 15, lambda: watcher.count)
            city.packets.clear()

            def louder_on_the_right() -> bool:
                for number, packet in enumerate(city.packets[-20:]):
                    ears.take(number, packet.payload)
                left, right = ears.levels()
                return left is not None and right is not None and right > -30.0 and right - left > 6.0

            eventually(lambda: len(city.packets) > 30 and louder_on_the_right(), 10, ears.levels)
        eventually(lambda: city.live.lit() == set(), 20)
    finally:
        city.stage.stop()
        mixing.join(5)


def test_our_own_command_publishes_a_file_and_ends_with_it(
    city: BoothCity, away: Machine, loop: LoopThread, film: Path
) -> None:
    words = (
        "-m",
        "meta_gwangju",
        "publish",
        film,
        "--server",
        city.origin,
        "--booth",
        "a1",
        "--token",
        TOKEN,
    )
    with _running(away, *words) as process:
        eventually(lambda: city.live.lit() == {"a1"}, 20)
        with _watching(loop, city) as watcher:
            eventually(lambda: _moves(watcher), 15, lambda: watcher.count)
        assert process.wait(timeout=20) == 0
    eventually(lambda: city.live.lit() == set(), 5)


def test_a_camera_that_goes_away_ends_the_command_with_its_name(
    city: BoothCity, away: Machine, film: Path
) -> None:
    """OpenCV takes a film by address for a camera that gives frames as fast as they are read, then none."""
    city.changes.clear()
    words = ("-m", "meta_gwangju", "publish", f"file:{film}", "--server", city.origin, "--booth", "a1")
    asked = away.command(sys.executable, *words, "--token", TOKEN)
    ended = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "응답하지 않습니다" in ended.stderr
    assert "does not answer" in ended.stderr
    eventually(lambda: city.changes == [("a1", True), ("a1", False)], 10, lambda: city.changes)


def test_our_own_command_says_in_two_languages_why_it_is_refused(
    city: BoothCity, away: Machine, film: Path
) -> None:
    words = ("-m", "meta_gwangju", "publish", film, "--server", city.origin, "--booth", "a1")
    asked = away.command(sys.executable, *words, "--token", OTHER_TOKEN)
    refused = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1
    assert "열쇠" in refused.stderr
    assert "This token does not open" in refused.stderr
    assert city.live.lit() == set()
