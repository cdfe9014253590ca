"""The headset room against a real OpenXR runtime: Monado's scripted headset."""

import json
import os
import subprocess
import sys
from math import cos, radians, sin
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.controller import INDEX
from spatial.quaternion import FloatArray, angle_between
from tests.interop.openxr.conftest import WATCHER, Watcher
from tests.support.deadline import eventually
from tests.support.monado import PROJECT, Monado, running_monado
from tests.support.monado_remote import Side
from xr_runtime.probe import probe

MILLIMETRE = 0.001
TENTH_OF_A_DEGREE = radians(0.1)


def turned(axis: tuple[float, float, float], degrees: float) -> tuple[float, ...]:
    half = radians(degrees) / 2
    direction = np.array(axis) / np.linalg.norm(axis)
    return (*(direction * sin(half)).tolist(), cos(half))


def at(pose: list[float] | None, position: tuple[float, ...], orientation: tuple[float, ...]) -> bool:
    if pose is None:
        return False
    found: FloatArray = np.array(pose)
    away = np.linalg.norm(found[:3] - position)
    return bool(away < MILLIMETRE and angle_between(found[3:], np.array(orientation)) < TENTH_OF_A_DEGREE)


@pytest.mark.parametrize(
    ("position", "orientation"),
    [
        ((0.3, 1.7, 0.1), turned((0, 1, 0), 75.0)),
        ((-1.25, 1.05, 2.5), turned((1, 0, 0), -40.0)),
        ((0.0, 1.6, 0.0), turned((1, 2, 3), 170.0)),
    ],
)
def test_the_scripted_head_arrives(
    monado: Monado, watcher: Watcher, position: tuple[float, ...], orientation: tuple[float, ...]
) -> None:
    monado.remote.move_head(position, orientation)
    watcher.until(lambda frame: at(frame["head"], position, orientation))


def test_both_hands_arrive_with_grip_and_aim(monado: Monado, watcher: Watcher) -> None:
    left, right = ((-0.4, 1.1, -0.6), turned((0, 0, 1), 30.0)), ((0.5, 1.4, -0.3), turned((0, 1, 0), -60.0))
    monado.remote.move_hand("left", *left)
    monado.remote.move_hand("right", *right)

    def arrived(frame: dict[str, Any]) -> bool:
        return all(
            at(frame[side][kind], *place)
            for side, place in (("left", left), ("right", right))
            for kind in ("grip", "aim")
        )

    watcher.until(arrived)
    held = {"left": INDEX.path, "right": INDEX.path}
    watcher.until(lambda _: bool(watcher.status["controllers"] == held))


def test_a_lost_hand_is_none_and_the_other_stays(monado: Monado, watcher: Watcher) -> None:
    watcher.until(lambda frame: frame["left"]["grip"] is not None)
    monado.remote.lose_hand("left")
    frame = watcher.until(lambda frame: frame["left"]["grip"] is None)
    assert frame["right"]["grip"] is not None
    assert frame["head"] is not None
    monado.remote.move_hand("left", (-0.2, 1.3, -0.5))
    watcher.until(lambda frame: frame["left"]["grip"] is not None)


@pytest.mark.parametrize(
    ("side", "button", "action"),
    [
        ("right", "a_click", "teleport"),
        ("right", "b_click", "wave"),
        ("left", "b_click", "menu"),
        ("left", "thumbstick_click", "run"),
    ],
)
def test_each_button_is_its_action_and_no_other(
    monado: Monado, watcher: Watcher, side: Side, button: str, action: str
) -> None:
    actions = ("teleport", "wave", "menu", "run")
    watcher.until(lambda frame: frame["focused"] and not any(frame[each] for each in actions))
    monado.remote.press(side, button)
    frame = watcher.until(lambda frame: frame[action])
    assert [each for each in actions if frame[each]] == [action]
    monado.remote.release(side, button)
    watcher.until(lambda frame: not frame[action])


def test_sticks_and_triggers_belong_to_their_hands(monado: Monado, watcher: Watcher) -> None:
    monado.remote.tilt_stick("left", 0.5, -1.0)
    monado.remote.tilt_stick("right", -0.75, 0.25)
    monado.remote.pull_trigger("right", 1.0)
    frame = watcher.until(
        lambda frame: (
            frame["move"] == [0.5, -1.0] and frame["turn"] == [-0.75, 0.25] and frame["right"]["select"]
        )
    )
    assert not frame["left"]["select"]


def test_without_a_display_frames_come_no_faster_than_the_headset_shows_them(watcher: Watcher) -> None:
    """A busy machine makes them slower; without a clock of the loop's own they would come by the thousand."""
    first = watcher.until(lambda frame: frame["focused"])
    last = watcher.until(lambda frame: frame["number"] >= first["number"] + 72)
    rate = (last["number"] - first["number"]) / (last["time"] - first["time"])
    assert rate < 80.0


def test_the_runtime_says_who_it_is(watcher: Watcher) -> None:
    assert watcher.hello["runtime"].startswith("Monado")
    assert watcher.hello["system"]


def test_a_whole_session_makes_no_validation_error(monado: Monado) -> None:
    watcher = Watcher(monado, validate=True)
    try:
        watcher.until(lambda frame: frame["focused"] and frame["left"]["grip"] is not None)
        monado.remote.lose_hand("right")
        watcher.until(lambda frame: frame["right"]["grip"] is None)
        watcher.ask("pulse")
        first = watcher.newest["number"]
        watcher.until(lambda frame: frame["number"] > first + 10)
    finally:
        assert watcher.close() == 0
    assert watcher.complaints == []


def test_the_validation_layer_really_listens(monado: Monado) -> None:
    """The test above would pass with a deaf layer: a wrong call must be heard."""
    program = (
        "import xr\n"
        "from xr_runtime.openxr_backend import OpenXrBackend\n"
        "backend = OpenXrBackend()\n"
        "backend.open()\n"
        "try: xr.locate_space(xr.Space(), xr.Space(), 1)\n"
        "except xr.exception.XrException as error: print('{}')\n"
        "backend.close()\n"
    )
    watcher = Watcher(monado, ("-c", program), validate=True)
    watcher.close()
    assert any("VUID-xrLocateSpace-space-parameter" in complaint for complaint in watcher.complaints)


def test_a_killed_runtime_is_opened_again_in_the_same_process() -> None:
    with running_monado() as monado:
        watcher = Watcher(monado)
        try:
            before = watcher.until(lambda frame: frame["focused"])["number"]
            monado.kill()
            eventually(lambda: watcher.ask("frame")["state"] == "lost", within=10.0)
            monado.start()
            monado.remote.move_head((0.7, 1.5, -0.2))
            frame = watcher.until(
                lambda frame: frame["number"] > before and at(frame["head"], (0.7, 1.5, -0.2), (0, 0, 0, 1))
            )
            assert frame["focused"] or watcher.until(lambda frame: frame["focused"])
            assert watcher.status["rebuilds"] == 1
        finally:
            assert watcher.close() == 0


def test_a_frozen_runtime_is_noticed_from_outside(monado: Monado, watcher: Watcher) -> None:
    watcher.until(lambda frame: frame["focused"])
    monado.freeze()
    try:
        eventually(lambda: watcher.ask("frame")["silent"] > 0.5, within=10.0)
    finally:
        monado.thaw()
    eventually(lambda: watcher.ask("frame")["state"] == "running" and watcher.status, within=20.0)


def test_a_runtime_that_is_installed_but_not_running_says_what_to_do(monado: Monado, tmp_path: Path) -> None:
    environment = {**monado.environment, "XDG_RUNTIME_DIR": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [*monado.python, str(WATCHER)], env=environment, capture_output=True, text=True, check=False
    )
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["error"]) == (1, "RuntimeMissingError")
    assert "monado-service" in answer["en"]
    assert "monado-service" in answer["ko"]


def test_a_machine_without_a_runtime_says_what_to_do(tmp_path: Path) -> None:
    """No Monado at all: the machine's own Python, and no runtime registered anywhere."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("XR_", "XDG_"))},
        "HOME": str(tmp_path),
        "XDG_CONFIG_DIRS": str(tmp_path),
        "PYTHONPATH": str(PROJECT),
    }
    done = subprocess.run(
        [sys.executable, str(WATCHER)], env=environment, capture_output=True, text=True, check=False
    )
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["error"]) == (1, "RuntimeMissingError")
    assert "XR_RUNTIME_JSON" in answer["en"]
    assert done.stderr == ""


def test_the_probe_finds_the_headset_and_its_absence(monado: Monado) -> None:
    program = (
        "import json; from dataclasses import asdict; from xr_runtime.probe import probe\n"
        f"print(json.dumps(asdict(probe({tuple(monado.python)!r}))))"
    )
    environment = {**monado.environment, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["runtime"].startswith("Monado")
    assert found["system"] == "Monado: Remote HMD"
    assert found["en"] == found["ko"] == ""
    without = probe((sys.executable,))
    assert not without.ready
    assert without.runtime == ""
