"""Who and what stands where, and what each listener hears of it, whichever path moves the packets."""

from threading import Lock

import numpy as np

from spatial import quaternion as q
from streaming.audio.hrtf import Hrtf
from streaming.audio.mixer import Heads, Ids, Mixer, Samples
from world.state import HEAD, World

Place = tuple[tuple[float, float, float], float]


def heads_of(world: World) -> Heads:
    """Copy everybody's head out of the world, in the world frame."""
    count = world.count
    turned = q.from_yaw(world.yaw[:count])
    return Heads(
        ids=world.person[:count].copy(),
        positions=world.position[:count] + q.rotate(turned, world.parts[:count, HEAD]),
        orientations=q.multiply(turned, world.orientations[:count, HEAD]),
    )


class Scene:
    """Everything that hears or sounds. :meth:`mix` is for the mixing thread, the rest for any.

    Args:
        hrtf: The filters.
    """

    def __init__(self, hrtf: Hrtf) -> None:
        self._mixer = Mixer(hrtf)
        self._lock = Lock()
        self._heads = Heads(np.zeros(0, np.int64), np.zeros((0, 3)), np.zeros((0, 4)))
        # What sounds without being a person: position and reach by id, from -1 downwards.
        self._places: dict[int, Place] = {}
        self._last_place = 0

    def look(self, heads: Heads) -> None:
        """Tell where everybody's head is now."""
        self._heads = heads

    def place(self, position: tuple[float, float, float], reach: float) -> int:
        """Put a sound that is no person's somewhere; returns its id, below zero.

        Args:
            position: Metres, world frame.
            reach: Within this many metres it is as loud as it came.
        """
        with self._lock:
            self._last_place -= 1
            self._places[self._last_place] = (position, reach)
            return self._last_place

    def remove(self, source: int) -> None:
        """Take away what :meth:`place` put somewhere."""
        with self._lock:
            self._places.pop(source, None)

    def mix(self, listeners: Ids, voices: Ids, samples: Samples) -> tuple[Ids, Samples]:
        """Mix the next 20 ms.

        Args:
            listeners: (l,) ids of people who are to hear.
            voices: (m,) ids of people and places that sound.
            samples: (m, FRAME) float32, what they sound.

        Returns:
            (k,) ids of those to whom anything sounds, and (k, 2, FRAME) float32 for each of them.
        """
        with self._lock:
            places = dict(self._places)
        return self._mixer.mix(_with_places(self._heads, places), listeners, voices, samples)


def _with_places(heads: Heads, places: dict[int, Place]) -> Heads:
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
