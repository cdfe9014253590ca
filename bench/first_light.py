"""First light: from `make run` to the city on the screen, and how late people see and hear each other.

* *To the first frame*: the set-up is done and the city is built; the clock runs from the start of `make run`
  until a browser that was open already has drawn the first complete view of the city.
* *Motion to remote display*: from a citizen handing a new pose to their client until the start of the frame,
  in another's browser, that shows them more than half way there.
* *Mouth to ear*: from the first sample of a tone (a frame of 20 ms before it is handed to the client, as a
  microphone would) until it comes out of the browser's jitter buffer. Sound cards are not part of it.

Server, browser and citizen run on this machine and draw in software; `machine` names it.
"""

import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
from playwright.sync_api import Browser, sync_playwright

from bench.figure import Figure, Question, percentile
from bench.machine import machine
from bench.page import moved_at, onset_after, onset_script, onsets_so_far, watch_head
from streaming.audio import FRAME, FRAME_SECONDS
from streaming.client import Citizen, Identity, Samples, Sound, standing
from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.loop import LoopThread
from tests.support.server import PROJECT
from tests.support.visitor import Visitor

PORT = 8279
ORIGIN = f"http://127.0.0.1:{PORT}"
SPOT = "may18_square"
HIGH, LOW = 1.6, 1.2
COMPLETE = "window.metaGwangju?.inspect().city.complete ?? false"
NO_PEER = "none: no other city of this kind can be installed here to be measured beside it."

TO_FRAME = Question("`make run` to the first frame with the city", "s", "<= 30", "<= 10", NO_PEER)
#: Two ticks of 50 ms and the 100 ms that the display lags on purpose, and then frames in software.
MOTION = Question("motion to remote display, median", "ms", "<= 350", "<= 250", NO_PEER)
MOTION_95 = Question("motion to remote display, p95", "ms", "<= 500", "<= 300", NO_PEER)
#: ITU-T G.114 (05/2003): up to 150 ms one way nobody notices; beyond 400 ms planning is unacceptable.
EAR = Question("mouth to ear, median", "ms", "<= 400", "<= 150", NO_PEER)
EAR_95 = Question("mouth to ear, p95", "ms", "<= 400", "<= 200", NO_PEER)


class Voice:
    """A microphone that is silent but for a tone of 0.2 s whenever it is asked."""

    _FRAMES = 10

    def __init__(self) -> None:
        time_in_frame = np.arange(FRAME * self._FRAMES) / (FRAME / FRAME_SECONDS)
        tone = 0.3 * np.sin(2.0 * np.pi * 700.0 * time_in_frame)
        self._tone = tone.astype(np.float32).reshape(self._FRAMES, FRAME)
        self._silence = np.zeros(FRAME, np.float32)
        self._left = 0
        self.began = 0.0

    def speak(self) -> None:
        """Begin with the next frame."""
        self._left = self._FRAMES

    def frame(self) -> Samples:
        """Return the next frame; the first of a tone was begun to be recorded one frame ago."""
        if self._left == 0:
            return self._silence
        if self._left == self._FRAMES:
            self.began = time.time() - FRAME_SECONDS
        self._left -= 1
        frame: Samples = self._tone[self._FRAMES - 1 - self._left]
        return frame


@contextmanager
def make_run(log: Path) -> Iterator[None]:
    """Start `make run`, wait until it answers, and stop it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "run", f"PORT={PORT}", "HOST=127.0.0.1"],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        eventually(lambda: _answers() or _ended(process, log), 900, lambda: _end_of(log), every=0.02)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _ended(process: subprocess.Popen[bytes], log: Path) -> bool:
    """Return False while `make run` runs.

    Raises:
        RuntimeError: It has ended, and there is nothing to wait for.
    """
    if process.poll() is not None:
        raise RuntimeError(f"make run ended with {process.returncode}: {_end_of(log)}")
    return False


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8")[-2000:]


def _answers() -> bool:
    try:
        return httpx.get(f"{ORIGIN}/healthz", timeout=2.0).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def to_first_frame(browser: Browser, log: Path) -> float:
    """Measure the seconds from `make run` to the city on the screen."""
    tab = ChromiumPage(browser, width=1280, height=720)
    try:
        start = time.monotonic()
        with make_run(log):
            tab.open(f"{ORIGIN}/?lang=ko")
            eventually(lambda: tab.evaluate(COMPLETE), 180, lambda: tab.problems, every=0.02)
            return time.monotonic() - start
    finally:
        tab.close()


class Pair:
    """A citizen and a browser in one square."""

    def __init__(
        self, tab: ChromiumPage, loop: LoopThread, citizen: Citizen, voice: Voice, person: int
    ) -> None:
        self._person = person
        self._page = tab.page
        self._loop = loop
        self._citizen = citizen
        self._voice = voice
        self._random = random.Random(1)

    def _call(self, work: object) -> None:
        async def body() -> None:
            if callable(work):
                work()

        self._loop.run(body())

    def _wait(self, seconds: float) -> None:
        """Let a time pass whose phase to the server's ticks is drawn by the seed."""
        self._page.wait_for_timeout((seconds + self._random.uniform(0.0, 0.1)) * 1000.0)

    def motions(self, count: int) -> list[float]:
        """Crouch and rise; returns the milliseconds until each was shown."""
        position, yaw = self._citizen.place
        times: list[float] = []
        for number in range(count):
            before, after = (HIGH, LOW) if number % 2 == 0 else (LOW, HIGH)
            self._call(lambda height=before: self._citizen.send_pose(standing(position, yaw, height)))
            self._wait(0.7)
            watch_head(self._page, self._person, before, HIGH - LOW)
            start = time.time()
            self._call(lambda height=after: self._citizen.send_pose(standing(position, yaw, height)))
            times.append((moved_at(self._page) - start) * 1000.0)
        return times

    def words(self, count: int) -> list[float]:
        """Speak and be silent; returns the milliseconds until each was heard. A lost one is not counted."""
        times: list[float] = []
        for _ in range(count):
            self._wait(0.9)
            number = onsets_so_far(self._page)
            self._call(self._voice.speak)
            heard = onset_after(self._page, number, 3.0)
            if heard is not None:
                times.append((heard - self._voice.began) * 1000.0)
        if len(times) < count * 0.8:
            raise RuntimeError(f"only {len(times)} of {count} tones were heard")
        return times


def met(visitor: Visitor, citizen: Citizen) -> int:
    """Wait until the browser shows the citizen; returns their id."""
    person = citizen.person
    if person is None:
        raise RuntimeError("the citizen was not let in")
    eventually(lambda: visitor.sees(person), 20)
    return person


@contextmanager
def meeting(browser: Browser) -> Iterator[Pair]:
    """Bring a browser and a citizen into the square of the running server."""
    tab = ChromiumPage(browser, width=320, height=240, scripts=[onset_script()], bypass_csp=True)
    visitor = Visitor(tab, ORIGIN)
    visitor.enter("나은", spot=SPOT)
    voice = Voice()
    with LoopThread() as loop:

        async def enter() -> Citizen:
            identity = Identity("Minh", kind="simulated", spot=SPOT)
            citizen = await Citizen(ORIGIN, identity, sound=Sound(source=voice.frame)).__aenter__()
            citizen.send_pose(standing(*citizen.place))
            citizen.microphone(live=True)
            return citizen

        citizen = loop.run(enter())
        try:
            yield Pair(tab, loop, citizen, voice, met(visitor, citizen))
        finally:
            loop.run(citizen.leave(for_good=True))
            tab.close()


def _both(
    questions: tuple[Question, Question], runs: Sequence[Sequence[float]], where: str
) -> Iterator[Figure]:
    for question, share in zip(questions, (0.5, 0.95), strict=True):
        yield question.answered([percentile(run, share) for run in runs], where)


def measure(*, quick: bool) -> list[Figure]:
    """Measure all figures of first light."""
    starts, runs, motions, words = (1, 1, 8, 8) if quick else (3, 3, 40, 30)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        with chromium(playwright, folder, ORIGIN) as browser:
            where = f"{machine()}, Chromium {browser.version}"
            with make_run(folder / "log"):
                pass  # sets up and builds what is missing: the runs below are of a warm clone
            frames = [to_first_frame(browser, folder / "log") for _ in range(starts)]
            with make_run(folder / "log"), meeting(browser) as pair:
                seen = [pair.motions(motions) for _ in range(runs)]
                heard = [pair.words(words) for _ in range(runs)]
    return [
        TO_FRAME.answered(frames, where),
        *_both((MOTION, MOTION_95), seen, where),
        *_both((EAR, EAR_95), heard, where),
    ]
