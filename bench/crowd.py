"""The crowd that every crowd figure is taken with: synthetic people who walk, look about and gesture.

A seed places them in a plaza of 40 m radius; they walk at 1.4 m/s, or stand for some seconds; heads and hands
follow damped springs pushed by noise, and a third of the time somebody gestures. All of it is invented: no
recording of real people is used.
"""

from dataclasses import dataclass

import numpy as np

from spatial import quaternion as q
from spatial.quaternion import FloatArray

PLAZA = 40.0
WALK = 1.4
#: Spring frequencies (rad/s) and the pushes that keep them swinging: head angles, hand angles, hand places.
_SPRINGS = np.array([2.5] * 3 + [3.5] * 12)
_PUSHES = np.array([0.5] * 3 + [0.8] * 6 + [0.18] * 6)
_DAMPING = 1.4
_REST = 0.2
_HAND_REST = np.array([[-0.22, 1.05, -0.25], [0.22, 1.05, -0.25]])


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """Everybody's pose at one moment.

    Attributes:
        position: (n, 3) metres, ground points.
        yaw: (n,) radians.
        parts: (n, 3, 3) metres, body frame: head, left hand, right hand.
        orientations: (n, 3, 4) unit quaternions, body frame.
    """

    position: FloatArray
    yaw: FloatArray
    parts: FloatArray
    orientations: FloatArray


class Crowd:
    """Synthetic people in a plaza.

    Args:
        count: How many.
        seed: The same seed gives the same crowd.
        radius: Of the plaza, metres; with None it grows so that each has as much room as 500 in 40 m.
    """

    def __init__(self, count: int, seed: int, radius: float | None = PLAZA) -> None:
        self._random = np.random.default_rng(seed)
        self.radius = PLAZA * max(1.0, (count / 500) ** 0.5) if radius is None else radius
        draw = self._random
        far = self.radius * np.sqrt(draw.uniform(0.0, 1.0, count))
        around = draw.uniform(-np.pi, np.pi, count)
        self._place = np.stack([far * np.cos(around), far * np.sin(around)], axis=1)
        self._heading = draw.uniform(-np.pi, np.pi, count)
        self._walking = draw.random(count) < 0.5
        self._gesturing = draw.random(count) < 1 / 3
        self._eyes = 1.6 + 0.08 * draw.standard_normal(count)
        self._swing = np.zeros((count, 15))
        self._speed = np.zeros((count, 15))
        for _ in range(40):
            self.step(0.05)

    def step(self, seconds: float) -> None:
        """Go on by so many seconds, a tick's worth at most."""
        draw, count = self._random, len(self._heading)
        walks = self._walking
        self._heading += np.where(walks, 0.35 * np.sqrt(seconds) * draw.standard_normal(count), 0.0)
        ahead = np.stack([-np.sin(self._heading), -np.cos(self._heading)], axis=1)
        self._place += np.where(walks[:, None], WALK * seconds * ahead, 0.0)
        outside = np.hypot(*self._place.T) > self.radius
        # Whoever reaches the edge turns to the middle.
        self._heading[outside] = np.arctan2(self._place[outside, 0], self._place[outside, 1])
        self._walking ^= draw.random(count) < seconds / 8
        self._gesturing ^= draw.random(count) < np.where(self._gesturing, seconds / 3, seconds / 6)
        pushes = _PUSHES * np.where(self._gesturing, 1.0, _REST)[:, None]
        noise = draw.standard_normal(self._swing.shape) * (1.2 * _SPRINGS**1.5 / np.sqrt(seconds))
        pull = -(_SPRINGS**2) * self._swing - _DAMPING * _SPRINGS * self._speed
        self._speed += (pull + pushes * noise) * seconds
        self._swing += self._speed * seconds

    def bodies(self) -> Bodies:
        """Return everybody's pose. The body turns with the head, as it does in a headset."""
        count = len(self._heading)
        yaw = self._heading + self._swing[:, 0]
        # Hands stay where the walking body holds them, while the head (and with it the body frame) looks
        # about.
        body_from_walk = q.from_yaw(-self._swing[:, 0])
        parts = np.zeros((count, 3, 3))
        parts[:, 0, 1] = self._eyes
        turns = np.empty((count, 3, 4))
        turns[:, 0] = _turned(np.zeros(count), self._swing[:, 1], self._swing[:, 2])
        for hand in range(2):
            held = _HAND_REST[hand] + self._swing[:, 9 + 3 * hand : 12 + 3 * hand]
            parts[:, 1 + hand] = q.rotate(body_from_walk, held)
            angles = self._swing[:, 3 + 3 * hand : 6 + 3 * hand]
            turns[:, 1 + hand] = q.multiply(body_from_walk, _turned(*angles.T))
        position = np.stack([self._place[:, 0], np.zeros(count), self._place[:, 1]], axis=1)
        return Bodies(position, yaw, parts, turns)


def _turned(yaw: FloatArray, pitch: FloatArray, roll: FloatArray) -> FloatArray:
    """Return (n, 4) quaternions that turn about y, then x, then z, by (n,) radians each."""
    zero = np.zeros_like(yaw)
    about_y = np.stack([zero, np.sin(yaw / 2), zero, np.cos(yaw / 2)], axis=1)
    about_x = np.stack([np.sin(pitch / 2), zero, zero, np.cos(pitch / 2)], axis=1)
    about_z = np.stack([zero, zero, np.sin(roll / 2), np.cos(roll / 2)], axis=1)
    return q.multiply(about_y, q.multiply(about_x, about_z))
