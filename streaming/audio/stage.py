"""The sound of the city: fifty times a second, in a thread of its own."""

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streaming.audio import FRAME, FRAME_SECONDS
from streaming.audio.hrtf import Hrtf
from streaming.audio.mixer import Heads
from streaming.audio.opus import STEREO_BITS, Encoder
from streaming.audio.scene import Scene
from streaming.audio.sources import Sources
from streaming.audio.voice import Voice

#: Frames the thread may lag before it gives the lost time up.
MOST_LATE = 5
#: Batches that may wait for the event loop before new ones are thrown away.
MOST_WAITING = 10


@dataclass(frozen=True, slots=True)
class Packet:
    """One Opus packet for one listener; `timestamp` counts samples of 48 kHz."""

    person: int
    payload: bytes
    timestamp: int


class Stage:
    """Voices in, packets out.

    Everything but :meth:`loop` and :meth:`step` is for the event loop's thread.

    Args:
        hrtf: The filters.
        deliver: Called in the mixing thread with each frame's packets; it must only hand them over.

    Attributes:
        sources: Sounds that are no person's.
    """

    def __init__(self, hrtf: Hrtf, deliver: Callable[[list[Packet]], None]) -> None:
        self._scene = Scene(hrtf)
        self.sources = Sources(self._scene)
        self._deliver = deliver
        self._lock = threading.Lock()
        self._voices: dict[int, Voice] = {}
        self._encoders: dict[int, Encoder] = {}
        self._stop = threading.Event()
        self._frame = 0
        self.speaking: frozenset[int] = frozenset()
        """Who speaks, as of the last frame."""
        self.lost_frames = 0
        """Frames given up because the thread lagged."""

    def enter(self, person: int) -> Voice:
        """Give somebody a voice and ears; returns the voice for their packets. Replaces an earlier one."""
        voice, encoder = Voice(), Encoder(2, STEREO_BITS)
        with self._lock:
            self._voices[person], self._encoders[person] = voice, encoder
        return voice

    def leave(self, person: int) -> None:
        """Take voice and ears away."""
        with self._lock:
            self._voices.pop(person, None)
            self._encoders.pop(person, None)

    def look(self, heads: Heads) -> None:
        """Tell where everybody's head is now."""
        self._scene.look(heads)

    def stop(self) -> None:
        """Let :meth:`loop` return after its frame."""
        self._stop.set()

    def loop(self) -> None:
        """Mix until :meth:`stop`; blocks, in a thread of its own."""
        due = time.monotonic()
        while not self._stop.is_set():
            self.step()
            due += FRAME_SECONDS
            late = time.monotonic() - due
            if late > MOST_LATE * FRAME_SECONDS:
                lost = int(late / FRAME_SECONDS)
                self._frame += lost
                self.lost_frames += lost
                due += lost * FRAME_SECONDS
            elif late < 0.0:
                self._stop.wait(-late)

    def step(self) -> None:
        """Mix and encode one frame."""
        with self._lock:
            voices, encoders = dict(self._voices), dict(self._encoders)
        frames = {person: frame for person, voice in voices.items() if (frame := voice.frame()) is not None}
        self.speaking = frozenset(person for person, voice in voices.items() if voice.speaking)
        frames |= self.sources.frames()
        samples = np.array(list(frames.values()), np.float32).reshape(-1, FRAME)
        heard, mixes = self._scene.mix(_ids(encoders), _ids(frames), samples)
        timestamp = self._frame * FRAME
        self._frame += 1
        if len(heard):
            packets = zip(heard.tolist(), mixes, strict=True)
            self._deliver([Packet(one, encoders[one].encode(mix), timestamp) for one, mix in packets])


def _ids(people: Collection[int]) -> NDArray[np.int64]:
    return np.fromiter(people, np.int64, len(people))
