"""A small hilly land, 400 m square, in place of the city's."""

from dataclasses import dataclass

import numpy as np
import pytest

from world.movement import BoolArray, Ground
from world.state import World


@dataclass(frozen=True, slots=True)
class Hills:
    """Ground that rises and falls, with an edge 200 m from the middle on each side."""

    half: float = 200.0

    def height(self, xz: np.ndarray) -> np.ndarray:
        return np.asarray(20.0 + 5.0 * np.sin(xz[:, 0] / 30.0) + 3.0 * np.cos(xz[:, 1] / 20.0))

    def inside(self, xz: np.ndarray) -> BoolArray:
        return np.asarray(np.abs(xz).max(axis=-1) <= self.half)


@pytest.fixture(scope="session")
def ground() -> Ground:
    return Hills()


@pytest.fixture
def world() -> World:
    return World(capacity=8)
