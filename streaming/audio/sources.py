"""Sounds that are no person's: where they stand, and their packets, decoded in the mixing thread."""

from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streaming.audio.scene import Scene
from streaming.audio.voice import Voice

Samples = NDArray[np.floating[Any]]


class Sources:
    """Implements :class:`streaming.video.screens.Sounds`; :meth:`frames` alone is the mixing thread's.

    Args:
        scene: Where they stand.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._lock = Lock()
        self._voices: dict[int, Voice] = {}

    def place(self, position: tuple[float, float, float], reach: float) -> tuple[int, Voice]:
        """Put a sound somewhere; returns its id, below zero, and its voice.

        Args:
            position: Metres, world frame.
            reach: Within this many metres it is as loud as it came.
        """
        source, voice = self._scene.place(position, reach), Voice()
        with self._lock:
            self._voices[source] = voice
        return source, voice

    def remove(self, source: int) -> None:
        """Take away what :meth:`place` put somewhere."""
        with self._lock:
            self._voices.pop(source, None)
        self._scene.remove(source)

    def frames(self) -> dict[int, Samples]:
        """Return the next 20 ms of those that sound: (FRAME,) samples by id."""
        with self._lock:
            voices = dict(self._voices)
        return {source: frame for source, voice in voices.items() if (frame := voice.frame()) is not None}
