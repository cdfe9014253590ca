"""`meta-gwangju headset` as people start it: a real runtime, a real city, and both going away."""

import math
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.interop.openxr.conftest import PORT, city_folder
from tests.support.deadline import eventually
from tests.support.headset import Headset, wearing
from tests.support.inspect import Pose, distance, turn_between
from tests.support.monado import PROJECT, Monado, running_monado
from tests.support.server import Server, serving

SPOT = "may18_square"
LOOK = ("--spot", SPOT, "--inspect-interval", "0.1")
LEFT_TURN = (0.0, math.sin(math.radians(20)), 0.0, math.cos(math.radians(20)))


def step(before: Pose, after: Pose) -> tuple[float, float]:
    """Return how far somebody went, metres: to their right and ahead, as they faced before."""
    east, south = after.position[0] - before.position[0], after.position[2] - before.position[2]
    sine, cosine = math.sin(before.yaw), math.cos(before.yaw)
    return east * cosine - south * sine, -east * sine - south * cosine


def still(headset: Headset) -> Pose:
    """Wait until the city agrees with the headset and nothing moves any more; returns the pose."""
    last = headset.look().pose

    def settled() -> bool:
        nonlocal last
        before, last = last, headset.look().pose
        return distance(before.position, last.position) < 0.001 and before.yaw == last.yaw

    eventually(settled, 10, every=0.5)
    return last


def moved(headset: Headset, start: Pose, right: float, ahead: float) -> bool:
    to_the_right, forward = step(start, headset.look().pose)
    assert abs(to_the_right - right) < 0.05, f"{to_the_right:.2f} m to the right"
    assert abs(forward - ahead) < 0.05, f"{forward:.2f} m ahead"
    return True


def turned(headset: Headset, start: Pose, degrees: float) -> bool:
    return abs(turn_between(start.yaw, headset.look().pose.yaw) - degrees) < 0.5


def test_room_sticks_and_teleport_carry_a_person_through_the_city(
    monado: Monado, city: Server, tmp_path: Path
) -> None:
    remote = monado.remote
    with wearing(monado, tmp_path, city.origin, "소라", None, *LOOK) as sora:
        start = still(sora)
        remote.move_head((0.3, 1.5, -0.2), LEFT_TURN)
        eventually(partial(moved, sora, start, 0.3, 0.2), 10)
        assert turned(sora, start, 40.0)
        pose = sora.look().pose
        assert pose.head.position[1] - pose.position[1] == pytest.approx(1.5, abs=0.01)

        start = still(sora)
        remote.tilt_stick("right", 1.0, 0.0)
        eventually(lambda: turned(sora, start, 30.0), 10)
        remote.tilt_stick("right", 0.0, 0.0)
        assert distance(start.position, still(sora).position) < 0.02

        start = still(sora)
        remote.press("right", "a_click")
        eventually(partial(moved, sora, start, 0.0, 5.0), 10)
        remote.release("right", "a_click")

        start = still(sora)
        remote.tilt_stick("left", 0.0, 1.0)
        eventually(lambda: step(start, sora.look().pose)[1] > 1.0, 10)
        remote.tilt_stick("left", 0.0, 0.0)
        side, ahead = step(start, still(sora))
        assert abs(side) < 0.05
        assert ahead > 1.0

        remote.lose_hand("left")
        eventually(lambda: sora.look().pose.left_hand is None, 10)
        assert sora.look().pose.right_hand is not None
        sora.process.terminate()
        assert sora.process.wait(15) == 0


def test_a_dead_runtime_comes_back_as_the_same_person(city: Server, tmp_path: Path) -> None:
    with running_monado() as monado, wearing(monado, tmp_path, city.origin, "민", None, *LOOK) as minh:
        before = minh.look()
        monado.kill()
        eventually(lambda: not (vr := minh.look().vr) or not vr.presenting, 10)
        monado.start()
        monado.remote.move_head((0.0, 1.23, 0.0))
        eventually(
            lambda: abs(minh.look().pose.head.position[1] - minh.look().pose.position[1] - 1.23) < 0.01, 15
        )
        after = minh.look()
        assert (after.myself.id, after.connection.session) == (before.myself.id, before.connection.session)
        assert after.connection.reconnects == 0
        assert distance(after.pose.position, before.pose.position) < 0.05
        assert "런타임과 연결이 끊어졌습니다" in minh.log()
        assert "the headset is back" in minh.log()


def test_a_city_that_goes_and_returns_is_entered_again(monado: Monado, tmp_path: Path) -> None:
    data = city_folder(tmp_path)
    with serving(data, data / "first.log", port=PORT + 1) as first:
        visit = wearing(monado, tmp_path, first.origin, "한", None, *LOOK)
        hana = visit.__enter__()
    try:
        eventually(lambda: hana.look().connection.state == "reconnecting", 15, hana.log)
        eventually(lambda: "다시 연결하는 중입니다" in hana.log(), 10)
        with serving(data, data / "second.log", port=PORT + 1):
            eventually(lambda: hana.look().connection.state == "connected", 30, hana.log)
            eventually(lambda: "back in the city" in hana.log(), 10)
            assert hana.look().connection.reconnects == 1
            visit.__exit__(None, None, None)
    finally:
        hana.process.kill()


def run(monado: Monado, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*monado.python, "-m", "meta_gwangju", "headset", "--seconds", "20", *options],
        cwd=PROJECT,
        env=monado.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_city_that_is_not_there_is_told_with_the_address(monado: Monado) -> None:
    done = run(monado, "--server", f"http://127.0.0.1:{PORT + 2}")
    assert done.returncode == 4
    assert f"http://127.0.0.1:{PORT + 2}에 연결할 수 없습니다" in done.stderr
    assert "Check the address" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refusal_is_passed_on_in_the_citys_words(monado: Monado, city: Server) -> None:
    city.expected.append("unknown_spot")
    done = run(monado, "--server", city.origin, "--spot", "nowhere")
    assert done.returncode == 4
    assert "도시가 들여보내지 않았습니다: 그런 장소가 없습니다." in done.stderr
    assert "There is no such place." in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_none_is_told(monado: Monado) -> None:
    done = run(monado, "--server", "gwangju")
    assert done.returncode == 4
    assert "'gwangju' is no address" in done.stderr


def test_without_a_runtime_the_command_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "meta_gwangju", "headset"],
        cwd=PROJECT,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "OpenXR 런타임이 응답하지 않습니다" in done.stderr
    assert "Monado" in done.stderr
    assert done.stdout == ""
