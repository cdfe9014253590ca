"""The headset's microphone and speaker: PortAudio on ALSA devices made of named pipes, paced by the test.

Another citizen stands beside the headset. Each sounds a tone of their own; each must hear the other's.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from spatial.quaternion import FloatArray
from streaming.client import Citizen, Identity, Sound, standing
from tests.support.deadline import eventually
from tests.support.headset import wearing
from tests.support.monado import Monado
from tests.support.server import Server

RATE = 48_000
BLOCK = 960
#: Whole numbers of periods fit a block, so that blocks join without a click.
HEADSET_TONE, CITIZEN_TONE = 500.0, 800.0
ALSA = """
pcm.!default {{ type asym; playback.pcm "speaker"; capture.pcm "microphone" }}
pcm.speaker {{ type file; slave.pcm "null"; file "{out}"; format raw }}
pcm.microphone {{ type file; slave.pcm "null"; file "/dev/null"; infile "{into}"; format raw }}
pcm.null {{ type null }}
ctl.!default {{ type null }}
"""


def tone(hertz: float) -> FloatArray:
    return np.asarray(0.3 * np.sin(2 * np.pi * hertz * np.arange(BLOCK) / RATE), np.float32)


def strength(samples: FloatArray, hertz: float) -> float:
    """Return the amplitude of one frequency in mono samples."""
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(samples)) / RATE)
    return float(2 * abs(np.mean(samples * turns)))


class SoundCard:
    """Feeds a microphone with a tone and keeps what a speaker plays, 50 blocks a second each."""

    def __init__(self, folder: Path) -> None:
        self.configuration = folder / "asound.conf"
        out, into = folder / "speaker", folder / "microphone"
        os.mkfifo(out)
        os.mkfifo(into)
        self.configuration.write_text(ALSA.format(out=out, into=into), encoding="utf-8")
        self._out, self._into = os.open(out, os.O_RDWR), os.open(into, os.O_RDWR | os.O_NONBLOCK)
        self._played: list[FloatArray] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._turn, daemon=True)

    def heard(self) -> FloatArray:
        """Return the newest half second, mono."""
        return np.concatenate([np.zeros(BLOCK), *self._played[-25:]])

    def _turn(self) -> None:
        block = (tone(HEADSET_TONE) * 32767).astype("<i2").tobytes()
        due = time.monotonic()
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            due += BLOCK / RATE
            with suppress(BlockingIOError):  # nobody listens
                os.write(self._into, block)
            played = os.read(self._out, BLOCK * 4)
            self._played.append(np.frombuffer(played, "<i2").reshape(-1, 2).mean(axis=1) / 32768)

    @contextmanager
    def running(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            os.write(self._out, bytes(4))  # a read that waits shall end
            self._thread.join()
            for descriptor in (self._out, self._into):
                os.close(descriptor)


class Neighbour:
    """A citizen at the same place who sounds a tone and keeps what they hear."""

    def __init__(self, origin: str) -> None:
        self.heard: list[FloatArray] = []
        sound = Sound(source=lambda: tone(CITIZEN_TONE), sink=lambda mix: self.heard.append(mix.mean(axis=0)))
        self._citizen = Citizen(origin, Identity("이웃", kind="simulated", spot="may18_square"), sound=sound)

    async def stay_until(self, condition: Callable[[], bool], within: float) -> None:
        """Be in the city until it is so.

        Raises:
            AssertionError: It was not so in time.
        """
        async with self._citizen as citizen:
            citizen.microphone(live=True)
            (x, y, z), yaw = citizen.place
            citizen.send_pose(standing((x + 1.0, y, z), yaw))
            await asyncio.to_thread(eventually, condition, within)

    def newest(self) -> FloatArray:
        """Return about the newest half second, mono."""
        return np.concatenate([np.zeros(BLOCK), *self.heard[-25:]])


@pytest.fixture
def card(tmp_path: Path) -> Iterator[SoundCard]:
    card = SoundCard(tmp_path)
    with card.running():
        yield card


def test_the_headset_is_heard_and_hears(
    monado: Monado, city: Server, card: SoundCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(card.configuration))
    with wearing(monado, tmp_path, city.origin, "소라", None, "--spot", "may18_square") as sora:
        assert sora.look().myself.microphone == "live"
        neighbour = Neighbour(city.origin)

        def both_hear() -> bool:
            return (
                strength(neighbour.newest(), HEADSET_TONE) > 0.01
                and strength(card.heard(), CITIZEN_TONE) > 0.01
            )

        asyncio.run(neighbour.stay_until(both_hear, within=20.0))
        # Nobody hears themselves: what sounds is the other.
        assert strength(card.heard(), HEADSET_TONE) < 0.1 * strength(card.heard(), CITIZEN_TONE)
        assert strength(neighbour.newest(), CITIZEN_TONE) < 0.1 * strength(neighbour.newest(), HEADSET_TONE)
        monado.remote.press("left", "b_click")
        eventually(lambda: sora.look().myself.microphone == "muted", 10)
        monado.remote.release("left", "b_click")
