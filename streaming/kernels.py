"""Having the kernels compiled before they are needed.

The first time on a machine that takes some seconds, afterwards a moment: numba keeps what it compiled beside
the modules. `make run` does it while it sets up: ``python -m streaming.kernels``.
"""

import numpy as np

from streaming.audio import FRAME
from streaming.audio.hrtf import kemar
from streaming.audio.mixer import Mixer
from streaming.audio.scene import heads_of
from streaming.codec import decode_people
from streaming.replication import Replication
from streaming.state.view import View
from world.entity import Appearance, PersonId
from world.rehearsal import rehearse
from world.state import World


def compile_all() -> None:
    """Run each kernel once, in a world of two people who see each other."""
    rehearse()
    world = World(2)
    for person in (PersonId(1), PersonId(2)):
        world.add(person, Appearance("", 0, "simulated"))
    replication = Replication(world)
    viewers = world.slot[:2].copy()
    for slot in viewers.tolist():
        replication.enter(slot)
    view = View()
    for world.tick in (1, 2):
        world.yaw[:2] += 0.1
        decode_people(replication.step(viewers).of(0), view)
        replication.heard(0, view.seen, view.seen_before)
    people, loud = world.person[:2].copy(), np.ones((2, FRAME), np.float32)
    Mixer(kemar()).mix(heads_of(world), people, people, loud)


if __name__ == "__main__":
    compile_all()
