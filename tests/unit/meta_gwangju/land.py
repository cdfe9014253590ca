"""A land without a city on it."""

from dataclasses import dataclass

import numpy as np

from world.movement import BoolArray


@dataclass(frozen=True, slots=True)
class Flat:
    """Level ground at 30 m, 200 m to each side."""

    def height(self, xz: np.ndarray) -> np.ndarray:
        return np.full(len(xz), 30.0)

    def inside(self, xz: np.ndarray) -> BoolArray:
        return np.asarray(np.abs(xz).max(axis=-1) <= 200.0)
