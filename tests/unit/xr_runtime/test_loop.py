from collections.abc import Iterator
from itertools import pairwise

import pytest

from spatial.pose import Pose
from tests.support.deadline import eventually
from xr_runtime.backend import ControllerChanged, StateChanged
from xr_runtime.errors import RuntimeMissingError
from xr_runtime.frame import XrFrame
from xr_runtime.loop import RING_FRAMES, HeadsetLoop, LoopState
from xr_runtime.session import SessionState
from xr_runtime.simulated_backend import SimulatedBackend


@pytest.fixture
def headset() -> SimulatedBackend:
    return SimulatedBackend()


@pytest.fixture
def loop(headset: SimulatedBackend) -> Iterator[HeadsetLoop]:
    loop = HeadsetLoop(headset, rate=500.0)
    loop.start()
    yield loop
    loop.stop()


def frames(loop: HeadsetLoop, count: int) -> list[XrFrame]:
    taken: list[XrFrame] = []

    def enough() -> bool:
        taken.extend(loop.drain())
        return len(taken) >= count

    eventually(enough, within=5.0, every=0.002)
    return taken


def test_frames_come_in_order_each_once(loop: HeadsetLoop) -> None:
    taken = frames(loop, 50)
    assert [frame.number for frame in taken] == list(range(1, len(taken) + 1))
    assert all(before.time < after.time for before, after in pairwise(taken))


def test_a_reader_that_falls_behind_loses_the_oldest(headset: SimulatedBackend) -> None:
    loop = HeadsetLoop(headset, rate=5000.0)
    loop.start()
    eventually(lambda: loop._number > 2 * RING_FRAMES, within=10.0)
    loop.stop()
    numbers = [frame.number for frame in loop.drain()]
    assert len(numbers) == RING_FRAMES
    assert numbers[-1] == loop._number
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_the_newest_pose_arrives(headset: SimulatedBackend, loop: HeadsetLoop) -> None:
    headset.move_head(Pose.of((0.25, 1.7, -0.5)))

    def arrived() -> bool:
        taken = loop.drain()
        newest = taken[-1].head if taken else None
        return newest is not None and newest.position.tolist() == [0.25, 1.7, -0.5]

    eventually(arrived, within=5.0)


def test_a_dead_runtime_is_opened_again_when_it_is_back(headset: SimulatedBackend, loop: HeadsetLoop) -> None:
    last = frames(loop, 3)[-1].number
    headset.kill()
    eventually(lambda: loop.state is LoopState.LOST, within=5.0)
    headset.revive()
    eventually(lambda: loop.state is LoopState.RUNNING, within=5.0)
    assert loop.rebuilds == 1
    assert frames(loop, 3)[-1].number > last


@pytest.mark.parametrize("state", [SessionState.EXITING, SessionState.LOSS_PENDING])
def test_leaving_ends_the_loop_and_loss_rebuilds_it(
    headset: SimulatedBackend, loop: HeadsetLoop, state: SessionState
) -> None:
    frames(loop, 1)
    headset.announce(StateChanged(state))
    if state is SessionState.EXITING:
        eventually(lambda: loop.state is LoopState.ENDED, within=5.0)
        assert loop.rebuilds == 0
    else:
        eventually(lambda: loop.rebuilds == 1 and loop.state is LoopState.RUNNING, within=5.0)


def test_a_stopped_session_gives_no_frames_until_it_is_ready_again(
    headset: SimulatedBackend, loop: HeadsetLoop
) -> None:
    frames(loop, 1)
    headset.announce(StateChanged(SessionState.STOPPING))
    eventually(lambda: loop.state is LoopState.OPENING, within=5.0)
    loop.drain()
    headset.announce(StateChanged(SessionState.READY))
    assert frames(loop, 3)


def test_pulses_and_controllers_pass_through(headset: SimulatedBackend, loop: HeadsetLoop) -> None:
    loop.pulse("right", 0.1, 0.4)
    headset.announce(ControllerChanged("left", "/interaction_profiles/khr/simple_controller"))
    eventually(lambda: headset.pulses == [("right", 0.1, 0.4)], within=5.0)
    eventually(
        lambda: loop.controllers == {"left": "/interaction_profiles/khr/simple_controller"}, within=5.0
    )


def test_a_missing_runtime_is_told_at_the_start(headset: SimulatedBackend) -> None:
    headset.kill()
    with pytest.raises(RuntimeMissingError):
        HeadsetLoop(headset).start()


def test_a_loop_can_be_stopped_while_the_runtime_is_lost(
    headset: SimulatedBackend, loop: HeadsetLoop
) -> None:
    frames(loop, 1)
    headset.kill()
    eventually(lambda: loop.state is LoopState.LOST, within=5.0)
    loop.stop()
    assert loop.state is LoopState.ENDED
