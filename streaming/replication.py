"""What each client is told of the world: one PEOPLE packet a tick."""

import numpy as np

from streaming.codec import RECORD, Listener, Records, encode_people, write_bodies
from streaming.interest import Rows, nearest
from streaming.messages import Body
from world.state import World


class Replication:
    """One tick's packets. Bodies are encoded once and shared by everybody who sees them.

    Args:
        world: The state after the tick.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._positions = world.position[: world.count]
        self._near = nearest(self._positions)
        self._records = _records(world)

    def near(self, row: int) -> Rows:
        """Return the rows of the people that the person in `row` is shown."""
        return self._near[row]

    def packet(self, row: int, acknowledged: int) -> bytes:
        """Return the PEOPLE packet of the person in `row`.

        Args:
            row: Their row in the world.
            acknowledged: Sequence of their newest accepted sample, as they count it.
        """
        world, near = self._world, self._near[row]
        listener = Listener(acknowledged, world.tick, world.position[row], float(world.yaw[row]))
        return encode_people(listener, self._records[near], self._positions[near])


def _records(world: World) -> Records:
    """Return the (count,) records of everybody, `offset` left zero."""
    count = world.count
    records = np.zeros(count, RECORD)
    hands = world.hands[:count]
    records["person"] = world.person[:count]
    records["body"] = (
        hands[:, 0] * int(Body.LEFT_HAND)
        + hands[:, 1] * int(Body.RIGHT_HAND)
        + world.speaking[:count] * int(Body.SPEAKING)
        + (world.waving_until[:count] > world.seconds) * int(Body.WAVING)
    )
    write_bodies(records, world.yaw[:count], world.parts[:count], world.orientations[:count])
    return records
