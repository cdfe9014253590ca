"""What every backend promises the loop: the same script against the simulated one and against Monado."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

import pytest

from spatial.pose import Pose
from tests.interop.openxr.conftest import Watcher
from tests.interop.openxr.watcher import frame_json
from tests.support.deadline import eventually
from tests.support.monado import running_monado
from tests.support.monado_remote import Side
from xr_runtime import Actions, HeadsetLoop, LoopState
from xr_runtime.simulated_backend import SimulatedBackend


class Script(ABC):
    """Plays a headset, and reads what a loop makes of it. Poses are (x, y, z, qx, qy, qz, qw)."""

    @abstractmethod
    def move_head(self, pose: list[float]) -> None: ...

    @abstractmethod
    def move_hand(self, side: Side, pose: list[float] | None) -> None: ...

    @abstractmethod
    def walk_with_menu(self, x: float, y: float) -> None: ...

    @abstractmethod
    def kill(self) -> None: ...

    @abstractmethod
    def revive(self) -> None: ...

    @abstractmethod
    def state(self) -> str: ...

    @abstractmethod
    def frame(self) -> dict[str, object] | None: ...


class SimulatedScript(Script):
    def __init__(self) -> None:
        self._backend = SimulatedBackend()
        self.loop = HeadsetLoop(self._backend)
        self.loop.start()

    def move_head(self, pose: list[float]) -> None:
        self._backend.move_head(Pose.of(pose[:3], pose[3:]))

    def move_hand(self, side: Side, pose: list[float] | None) -> None:
        self._backend.move_hand(side, Pose.of(pose[:3], pose[3:]) if pose else None)

    def walk_with_menu(self, x: float, y: float) -> None:
        self._backend.act(Actions(move=(x, y), menu=True))

    def kill(self) -> None:
        self._backend.kill()

    def revive(self) -> None:
        self._backend.revive()

    def state(self) -> str:
        return self.loop.state.value

    def frame(self) -> dict[str, object] | None:
        frames = self.loop.drain()
        return frame_json(frames[-1]) if frames else None


class MonadoScript(Script):
    def __init__(self) -> None:
        self._running = running_monado()
        self._monado = self._running.__enter__()
        self._watcher = Watcher(self._monado)

    def move_head(self, pose: list[float]) -> None:
        self._monado.remote.move_head(pose[:3], pose[3:])

    def move_hand(self, side: Side, pose: list[float] | None) -> None:
        if pose:
            self._monado.remote.move_hand(side, pose[:3], pose[3:])
        else:
            self._monado.remote.lose_hand(side)

    def walk_with_menu(self, x: float, y: float) -> None:
        self._monado.remote.tilt_stick("left", x, y)
        self._monado.remote.press("left", "b_click")

    def kill(self) -> None:
        self._monado.kill()

    def revive(self) -> None:
        self._monado.start()

    def state(self) -> str:
        return str(self._watcher.ask("frame")["state"])

    def frame(self) -> dict[str, object] | None:
        frame: dict[str, object] | None = self._watcher.ask("frame")["frame"]
        return frame

    def close(self) -> None:
        assert self._watcher.close() == 0
        self._running.__exit__(None, None, None)


@pytest.fixture(params=["simulated", "monado"])
def script(request: pytest.FixtureRequest) -> Iterator[Script]:
    if request.param == "simulated":
        simulated = SimulatedScript()
        yield simulated
        simulated.loop.stop()
    else:
        monado = MonadoScript()
        yield monado
        monado.close()


def test_a_session_from_the_first_frame_to_the_return_of_a_dead_runtime(script: Script) -> None:
    head, hand = [0.5, 1.75, -0.25, 0.0, 0.0, 0.0, 1.0], [-0.25, 1.25, -0.5, 0.0, 1.0, 0.0, 0.0]
    seen: dict[str, object] = {}

    def look() -> dict[str, object]:
        seen.update(script.frame() or {})
        return seen

    script.move_head(head)
    script.move_hand("left", hand)
    script.move_hand("right", None)
    eventually(lambda: look().get("focused") and look()["head"] == head, within=10, saying=look)
    wanted = {"left": {"grip": hand, "aim": hand, "select": False}}
    wanted["right"] = {"grip": None, "aim": None, "select": False}
    eventually(lambda: {side: look()[side] for side in wanted} == wanted, within=10, saying=look)
    script.walk_with_menu(0.5, 1.0)
    eventually(lambda: look()["menu"] and look()["move"] in ([0.5, 1.0], (0.5, 1.0)), within=10, saying=look)
    last = seen["number"]
    script.kill()
    eventually(lambda: script.state() == LoopState.LOST.value, within=10)
    script.revive()
    script.move_head(head)
    eventually(lambda: script.state() == LoopState.RUNNING.value, within=10)
    eventually(lambda: look()["head"] == head and look()["number"] > last, within=10, saying=look)  # type: ignore[operator]
