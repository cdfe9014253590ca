"""Who wears the headset: frames go to the city as poses, and the city's word moves the rig."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from streaming.client import Citizen, Moved, Notice
from xr_runtime import HeadsetLoop, LoopState, Rig, Wish, XrFrame

#: Seconds between looks at the headset's frames: the pose that goes out is never much older than this.
PACE = 1.0 / 72.0
#: Seconds without an answer after which a runtime counts as frozen; a busy machine may take one.
FROZEN = 2.0
#: Somebody who came back stays where they went meanwhile, unless the city holds them further off, metres.
ASTRAY = 0.5
#: Over so many frames their rate is told: about a second of the usual headset.
RATE_FRAMES = 73

#: Tells the person at the terminal something, in Korean and in English.
Teller = Callable[[str, str], None]


class Wearer:
    """Carries frames to the city, and the city's word back to the rig.

    Args:
        citizen: In the city.
        loop: Running.
        first: The headset's first frame, if it gave one.
        tell: Told of what goes wrong and right again, each once.
        live: Whether the microphone begins live.
    """

    def __init__(
        self, citizen: Citizen, loop: HeadsetLoop, first: XrFrame | None, tell: Teller, *, live: bool
    ) -> None:
        self._citizen = citizen
        self._loop = loop
        self._tell = tell
        self._live = live
        self._rig = Rig(*citizen.place)
        self._person = citizen.person
        self._reconnects = citizen.reconnects
        self._jumping = False
        self._trouble: tuple[bool, bool, bool] = (False, False, False)
        self._times: deque[float] = deque(maxlen=RATE_FRAMES)
        citizen.microphone(live=live)
        if first is not None:
            self._take([first])

    async def follow_frames(self) -> None:
        """Read every frame and send the newest pose, until the person leaves from inside the headset."""
        while self._loop.state is not LoopState.ENDED:
            self._come_back()
            self._take(self._loop.drain())
            self._notice_trouble()
            await asyncio.sleep(PACE)

    async def follow_events(self) -> None:
        """Go where the city puts the person, until the city is left."""
        async for event in self._citizen.events():
            if isinstance(event, Moved):
                self._go(event)
            elif isinstance(event, Notice):
                self._jumping = False
                self._tell(event.ko, event.en)

    def inspect(self) -> dict[str, Any]:
        """Return everything that can be seen from outside (docs: inspect, version 1)."""
        return {
            **self._citizen.inspect(),
            "frames_per_second": self._rate(),
            "vr": {"supported": True, "presenting": self._loop.state is LoopState.RUNNING},
        }

    def _take(self, frames: list[XrFrame]) -> None:
        """Let every frame move the rig, and stand as the newest says."""
        for frame in frames:
            self._times.append(frame.time)
            for wish in self._rig.step(frame):
                self._grant(wish)
        if frames:
            (_, height, _), _ = self._citizen.place
            self._rig.ground(height)
            self._citizen.send_pose(self._rig.body(frames[-1]))

    def _grant(self, wish: Wish) -> None:
        if wish is Wish.WAVE:
            self._citizen.wave()
        elif wish is Wish.TELEPORT:
            self._jumping = self._citizen.teleport(position=self._rig.ahead(), yaw=self._rig.yaw)
        elif self._citizen.inspect()["self"]["microphone"] != "none":
            self._live = not self._live
            self._citizen.microphone(live=self._live)
            if self._live:
                self._tell("마이크를 켰습니다.", "microphone live.")
            else:
                self._tell("마이크를 껐습니다.", "microphone muted.")

    def _go(self, moved: Moved) -> None:
        """Stand where the city says; the hands feel it.

        Only a teleport that somebody else chose turns the person: after their own, and after a step that was
        refused, they look where they look.
        """
        turns = moved.reason == "teleport" and not self._jumping
        if moved.reason == "teleport":
            self._jumping = False
        self._rig.relocate(moved.position, moved.yaw if turns else None)
        self._loop.pulse("left")
        self._loop.pulse("right")

    def _come_back(self) -> None:
        """After a reconnection, stand where the city holds us: as somebody new, or as before."""
        if self._citizen.reconnects == self._reconnects:
            return
        self._reconnects = self._citizen.reconnects
        position, yaw = self._citizen.place
        if self._citizen.person != self._person:
            self._person = self._citizen.person
            self._rig.relocate(position, yaw)
        elif np.linalg.norm((self._rig.position - position)[[0, 2]]) > ASTRAY:
            self._rig.relocate(position, None)

    def _notice_trouble(self) -> None:
        """Tell what went wrong or right since the last look."""
        lost = self._loop.state is LoopState.LOST
        frozen = self._loop.silent_for() > FROZEN and not lost
        away = self._citizen.state == "reconnecting"
        was_lost, was_frozen, was_away = self._trouble
        self._trouble = (lost, frozen, away)
        if lost and not was_lost and (trouble := self._loop.trouble):
            self._tell(trouble.ko, trouble.en)
        if frozen and not was_frozen:
            self._tell(
                "OpenXR 런타임이 응답하지 않습니다. 계속되면 런타임을 다시 시작하세요.",
                "the OpenXR runtime does not answer; restart it if this lasts.",
            )
        if (was_lost or was_frozen) and not (lost or frozen):
            self._tell("헤드셋이 돌아왔습니다.", "the headset is back.")
        if away and not was_away:
            self._tell(
                "도시와 연결이 끊겨 다시 연결하는 중입니다. 계속되면 서버를 확인하세요.",
                "the connection to the city was lost; trying again. If this lasts, look at the server.",
            )
        if was_away and not away:
            self._tell("도시에 다시 연결되었습니다.", "back in the city.")

    def _rate(self) -> float | None:
        """Return frames per second; None while there are too few, or none."""
        if len(self._times) < 2 or self._loop.state is not LoopState.RUNNING:
            return None
        return (len(self._times) - 1) / (self._times[-1] - self._times[0])
