"""The sound of the city: fifty times a second, in a thread of its own."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spatial import quaternion as q
from streaming.audio import FRAME, FRAME_SECONDS
from streaming.audio.hrtf import Hrtf
from streaming.audio.mixer import Heads, Mixer
from streaming.audio.opus import STEREO_BITS, Encoder
from streaming.audio.voice import Voice
from world.state import HEAD, World

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


def heads_of(world: World) -> Heads:
    """Copy everybody's head out of the world, in the world frame."""
    count = world.count
    turned = q.from_yaw(world.yaw[:count])
    return Heads(
        ids=world.person[:count].copy(),
        positions=world.position[:count] + q.rotate(turned, world.parts[:count, HEAD]),
        orientations=q.multiply(turned, world.orientations[:count, HEAD]),
    )


class Stage:
    """Voices in, packets out.

    Everything but :meth:`loop` and :meth:`step` is for the event loop's thread.

    Args:
        hrtf: The filters.
        deliver: Called in the mixing thread with each frame's packets; it must only hand them over.
    """

    def __init__(self, hrtf: Hrtf, deliver: Callable[[list[Packet]], None]) -> None:
        self._mixer = Mixer(hrtf)
        self._deliver = deliver
        self._lock = threading.Lock()
        self._voices: dict[int, Voice] = {}
        self._encoders: dict[int, Encoder] = {}
        self._heads = Heads(np.zeros(0, np.int64), np.zeros((0, 3)), np.zeros((0, 4)))
        # What sounds without being a person: position and reach by id, from -1 downwards.
        self._places: dict[int, tuple[tuple[float, float, float], float]] = {}
        self._last_place = 0
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

    def place(self, position: tuple[float, float, float], reach: float) -> tuple[int, Voice]:
        """Put a sound that is no person's somewhere; returns its id, below zero, and its voice.

        Args:
            position: Metres, world frame.
            reach: Within this many metres it is as loud as it came.
        """
        voice = Voice()
        with self._lock:
            self._last_place -= 1
            self._places[self._last_place] = (position, reach)
            self._voices[self._last_place] = voice
            return self._last_place, voice

    def remove(self, source: int) -> None:
        """Take away what :meth:`place` put somewhere."""
        with self._lock:
            self._places.pop(source, None)
            self._voices.pop(source, None)

    def look(self, heads: Heads) -> None:
        """Tell where everybody's head is now."""
        self._heads = heads

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
            voices, encoders, places = dict(self._voices), dict(self._encoders), dict(self._places)
        frames = {person: frame for person, voice in voices.items() if (frame := voice.frame()) is not None}
        self.speaking = frozenset(person for person, voice in voices.items() if voice.speaking)
        mixes = self._mixer.mix(_with_places(self._heads, places), set(encoders), frames)
        timestamp = self._frame * FRAME
        self._frame += 1
        if mixes:
            self._deliver(
                [Packet(person, encoders[person].encode(mix), timestamp) for person, mix in mixes.items()]
            )


def _with_places(heads: Heads, places: dict[int, tuple[tuple[float, float, float], float]]) -> Heads:
    """Return the heads with what sounds elsewhere after them."""
    if not places:
        return heads
    positions = np.array([position for position, _ in places.values()], np.float64)
    reaches = np.array([reach for _, reach in places.values()], np.float64)
    facing = np.tile([0.0, 0.0, 0.0, 1.0], (len(places), 1))
    return Heads(
        ids=np.concatenate([heads.ids, np.array(list(places), np.int64)]),
        positions=np.concatenate([heads.positions, positions]),
        orientations=np.concatenate([heads.orientations, facing]),
        reaches=np.concatenate([np.ones(len(heads.ids)), reaches]),
    )
