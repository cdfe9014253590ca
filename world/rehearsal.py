"""A few steps with somebody invented, so that the kernels are compiled before somebody real comes."""

import numpy as np

from spatial.quaternion import IDENTITY, FloatArray
from world.commands import BodyPose, Enter, Leave, Moves
from world.entity import Appearance, PersonId
from world.movement import BoolArray
from world.state import World
from world.step import step

_SOMEBODY = PersonId(1)


class _Plane:
    """Level ground without an end."""

    def height(self, xz: FloatArray) -> FloatArray:
        return np.zeros(len(xz))

    def inside(self, xz: FloatArray) -> BoolArray:
        return np.ones(len(xz), bool)


def rehearse() -> World:
    """Let somebody enter, move and leave a world of their own; on a new machine this takes some seconds.

    Returns:
        That world, empty again.
    """
    world, ground = World(capacity=1), _Plane()
    enter = Enter(_SOMEBODY, Appearance("", 0, "simulated"), (0.0, 0.0, 0.0), 0.0)
    pose = BodyPose(np.zeros(3), 0.0, np.zeros((3, 3)), np.tile(IDENTITY, (3, 1)), True, True)  # noqa: FBT003
    step(world, [enter], Moves.of([_SOMEBODY], [0], [pose]), 0.0, ground)
    step(world, [Leave(_SOMEBODY)], Moves.none(), 0.0, ground)
    return world
