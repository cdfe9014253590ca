import asyncio
import logging
import time

import numpy as np
import pytest

from meta_gwangju.node import CityNode
from world.commands import Enter, Moves
from world.entity import Appearance, PersonId
from world.limits import TICK_HZ
from world.step import step


class Cracked:
    """Ground that opens under the city for some looks, and then holds."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def height(self, xz: np.ndarray) -> np.ndarray:
        return np.full(len(xz), 30.0)

    def inside(self, xz: np.ndarray) -> np.ndarray:
        self.looks -= 1
        if self.looks >= 0:
            raise ValueError("the ground opened")
        return np.full(len(xz), fill_value=True)


def someone_tries_to_enter(node: CityNode) -> None:
    node.bridge._commands.append(Enter(PersonId(7), Appearance("p", 0, "browser"), (0.0, 0.0, 0.0), 0.0))


def test_a_step_that_fails_costs_one_tick(node: CityNode, caplog: pytest.LogCaptureFixture) -> None:
    node._ground = Cracked(looks=3)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            someone_tries_to_enter(node)
            node._step_safely(time.monotonic())
        someone_tries_to_enter(node)
        node._step_safely(time.monotonic())
    assert len(caplog.records) == 1
    assert PersonId(7) in node.world
    assert node.is_alive()


def test_a_world_that_fails_for_a_second_is_given_up(node: CityNode) -> None:
    node._ground = Cracked(looks=10 * TICK_HZ)

    async def run() -> None:
        async with asyncio.timeout(20.0), asyncio.TaskGroup() as tasks:
            running = tasks.create_task(node.run())
            while not running.done():
                someone_tries_to_enter(node)
                await asyncio.sleep(1.0 / TICK_HZ)

    with pytest.raises(ExceptionGroup) as gone:
        asyncio.run(run())
    assert gone.value.subgroup(ValueError) is not None


def test_closing_keeps_where_people_stand(node: CityNode) -> None:
    greeting = Enter(PersonId(1), Appearance("p", 0, "browser"), (5.0, 0.0, 6.0), 0.5)
    step(node.world, [greeting], Moves.none(), 0.0, node._ground)
    node._visitors.receive("p", 0, "ko", next(iter(node._door._places.arrivals.values())), time.time())
    asyncio.run(node.close())
    with node._visitors._engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT x, y, z, yaw, left_at FROM visitor_sessions").one()
    assert row[:4] == (5.0, 30.0, 6.0, 0.5)
    assert row.left_at is not None
