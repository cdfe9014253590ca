"""Company for demonstrations and load: simulated citizens who walk, and some of whom speak.

Each of them comes in like anybody else, over WebRTC or the WebSocket alone, as a
:class:`streaming.client.Citizen` of kind `simulated`, so that a page can say so.
"""

import asyncio
import contextlib
import math
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import uvloop

from meta_gwangju.errors import StartError
from spatial import quaternion as q
from spatial.quaternion import IDENTITY
from streaming.audio import FRAME
from streaming.audio.speech import Samples, spoken
from streaming.client import Citizen, ConnectionLostError, Identity, LinkKind, Moved, RefusedError, Sound
from streaming.messages import COLOURS, TICK_HZ
from world.commands import BodyPose

#: Metres a second, and how far from the place of arrival people stray.
PACE = 1.4
RANGE = 40.0
#: How many may be coming in at once: setting a connection up is the dearest part of it.
_AT_ONCE = 4
_REPORT_SECONDS = 1.0
#: Different voices that are synthesised; with more talkers, some share one.
_VOICES = 8
_FAMILY = "김이박최정강조윤장임한오서신권황안송전홍"
_GIVEN = (
    "나은", "하늘", "서준", "도윤", "지우", "예린", "민서", "시우", "하린", "유진", "건우", "수아",
    "은서", "현우", "다온", "지안", "태윤", "소율", "준호", "가람", "빛나", "무등", "보라", "이슬",
)  # fmt: skip


class SimulationError(StartError):
    """The simulation could not go on."""


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """What is simulated.

    Attributes:
        server: Address of the city.
        citizens: How many come in.
        talkers: How many of them speak.
        spot: Landmark around which they walk; None for the city's square.
        seconds: How long; None until it is stopped.
        seed: Chooses names, ways and pauses.
        verify_tls: Whether the server's certificate must be trusted.
        link: What carries state and events; over `socket` nobody is heard.
    """

    server: str = "http://127.0.0.1:8000"
    citizens: int = 10
    talkers: int = 2
    spot: str | None = "may18_square"
    seconds: float | None = None
    seed: int = 1
    verify_tls: bool = True
    link: LinkKind = "peer"


@dataclass(frozen=True, slots=True)
class Summary:
    """How the simulation stands.

    Attributes:
        asked: Citizens asked for.
        connected: Citizens in the city now.
        speaking: How many of the simulated are seen to speak, by each other.
        near: Mean number of people each is shown.
        reconnects: How often connections had to be made again, in all.
        hearing: How many hear anything now.
    """

    asked: int
    connected: int
    speaking: int
    near: float
    reconnects: int
    hearing: int

    def line(self) -> str:
        """Return one line, Korean and English."""
        return (
            f"가상 시민 simulated {self.connected}/{self.asked} · 말하는 중 speaking {self.speaking} · "
            f"듣는 중 hearing {self.hearing} · 이웃 near {self.near:.1f} · "
            f"재접속 reconnects {self.reconnects}"
        )


class Walker:
    """A random walk around a home, as a body with swinging hands. Pure: time comes in.

    Args:
        chance: Source of randomness.
        position: Where they stand, metres, world frame; it is home.
        yaw: Where they look.
    """

    def __init__(self, chance: random.Random, position: tuple[float, float, float], yaw: float) -> None:
        self._chance = chance
        self._home = np.array(position)
        self._position = np.array(position)
        self._yaw = yaw
        self._turn = 0.0
        self._stride = chance.uniform(0.0, math.tau)
        self._height = chance.uniform(1.45, 1.78)

    def relocate(self, position: tuple[float, float, float], yaw: float) -> None:
        """Stand where the server says."""
        self._position, self._yaw = np.array(position), yaw

    def step(self, seconds: float) -> BodyPose:
        """Walk on for a while and return the pose then."""
        self._turn = max(-1.0, min(1.0, self._turn + self._chance.gauss(0.0, 1.2) * math.sqrt(seconds)))
        away = self._position - self._home
        if math.hypot(away[0], away[2]) > RANGE * 0.8:
            # Turn towards home, as fast as people turn.
            homeward = math.atan2(away[0], away[2])
            self._turn = math.remainder(homeward - self._yaw, math.tau)
        self._yaw = math.remainder(self._yaw + self._turn * seconds, math.tau)
        ahead = np.array([-math.sin(self._yaw), 0.0, -math.cos(self._yaw)])
        self._position = self._position + PACE * seconds * ahead
        self._stride = (self._stride + math.tau * seconds) % math.tau
        return self._pose()

    def _pose(self) -> BodyPose:
        swing = math.sin(self._stride)
        glance = q.from_yaw(0.25 * math.sin(self._stride / 3.0))
        return BodyPose(
            position=self._position.copy(),
            yaw=self._yaw,
            parts=np.array(
                [
                    [0.0, self._height + 0.02 * abs(swing), 0.0],
                    [-0.25, 0.95 + 0.05 * abs(swing), -0.22 * swing],
                    [0.25, 0.95 + 0.05 * abs(swing), 0.22 * swing],
                ],
            ),
            orientations=np.stack([glance, IDENTITY, IDENTITY]),
            has_left=True,
            has_right=True,
        )


class Speaker:
    """Gives a voice frame by frame, with pauses between its turns.

    Args:
        chance: Source of randomness.
        voice: (n,) samples of one turn.
    """

    def __init__(self, chance: random.Random, voice: Samples) -> None:
        self._chance = chance
        self._voice = voice[: len(voice) // FRAME * FRAME]
        self._at = chance.randrange(0, len(self._voice), FRAME)
        self._pause = 0

    def frame(self) -> Samples | None:
        """Return the next frame, or None in a pause."""
        if self._pause > 0:
            self._pause -= 1
            return None
        frame = self._voice[self._at : self._at + FRAME]
        self._at += FRAME
        if self._at >= len(self._voice):
            self._at, self._pause = 0, self._chance.randrange(50, 250)
        return frame


def name_of(number: int) -> str:
    """Return the Korean name of the simulated citizen of that number; they repeat after 480, numbered."""
    family = _FAMILY[number % len(_FAMILY)]
    given = _GIVEN[(number // len(_FAMILY) + 5 * (number % len(_FAMILY))) % len(_GIVEN)]
    again = number // (len(_FAMILY) * len(_GIVEN))
    return family + given + (str(again + 1) if again else "")


async def simulate(settings: SimulationSettings, report: Callable[[Summary], None]) -> None:
    """Bring the citizens in and let them walk until the time is over or the task is cancelled.

    Args:
        settings: What is simulated.
        report: Called once a second.

    Raises:
        SimulationError: The server cannot be reached, or refuses.
    """
    talkers = settings.talkers if settings.link == "peer" else 0
    voices = await asyncio.gather(
        *(asyncio.to_thread(spoken, number) for number in range(min(talkers, _VOICES)))
    )
    citizens: list[Citizen] = []
    gate = asyncio.Semaphore(_AT_ONCE)
    try:
        async with asyncio.timeout(settings.seconds), asyncio.TaskGroup() as tasks:
            for number in range(settings.citizens):
                voice = voices[number % len(voices)] if number < talkers else None
                tasks.create_task(_live(settings, number, voice, gate, citizens))
            tasks.create_task(_report(settings, citizens, report))
    except TimeoutError:
        # The time that was asked for is over.
        return
    except BaseExceptionGroup as errors:
        unreachable, others = errors.split((ConnectionLostError, RefusedError))
        if unreachable is None or others is not None:
            raise
        raise _explained(settings, unreachable.exceptions[0]) from errors


def run(settings: SimulationSettings) -> None:
    """Simulate until the time is over or Ctrl+C, with a live line on standard output.

    Raises:
        SimulationError: The server cannot be reached, or refuses.
    """
    live = sys.stdout.isatty()

    def show(summary: Summary) -> None:
        sys.stdout.write(("\r\x1b[K" if live else "") + summary.line() + ("" if live else "\n"))
        sys.stdout.flush()

    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(simulate(settings, show))
    if live:
        sys.stdout.write("\n")


async def _live(
    settings: SimulationSettings,
    number: int,
    voice: Samples | None,
    gate: asyncio.Semaphore,
    citizens: list[Citizen],
) -> None:
    """Be one citizen, from coming in until cancelled."""
    chance = random.Random(f"{settings.seed}/{number}")
    identity = Identity(
        name=name_of(number), colour=number % COLOURS, kind="simulated", language="ko", spot=settings.spot
    )
    sound = None if voice is None else Sound(source=Speaker(chance, voice).frame)
    citizen = Citizen(
        settings.server, identity, sound=sound, verify_tls=settings.verify_tls, link=settings.link
    )
    async with gate:
        await citizen.__aenter__()
    citizens.append(citizen)
    try:
        if voice is not None:
            citizen.microphone(live=True)
        position, _ = citizen.place
        walker = Walker(chance, position, chance.uniform(-math.pi, math.pi))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_walk(citizen, walker))
            tasks.create_task(_obey(citizen, walker))
    finally:
        citizens.remove(citizen)
        await citizen.leave(for_good=True)


async def _walk(citizen: Citizen, walker: Walker) -> None:
    before = time.monotonic()
    while citizen.state in {"connected", "reconnecting"}:
        await asyncio.sleep(1.0 / TICK_HZ)
        now = time.monotonic()
        pose = walker.step(min(now - before, 0.2))
        before = now
        if citizen.state == "connected":
            citizen.send_pose(pose)


async def _obey(citizen: Citizen, walker: Walker) -> None:
    """Stand where the server puts this citizen; ends when the citizen is gone for good."""
    async for event in citizen.events():
        if isinstance(event, Moved):
            walker.relocate(event.position, event.yaw)


async def _report(
    settings: SimulationSettings, citizens: list[Citizen], report: Callable[[Summary], None]
) -> None:
    while True:
        await asyncio.sleep(_REPORT_SECONDS)
        inside = [citizen for citizen in citizens if citizen.state == "connected"]
        own = {citizen.person for citizen in inside}
        seen = {person.id for citizen in inside for person in citizen.people if person.speaking}
        near = sum(len(citizen.people) for citizen in inside)
        report(
            Summary(
                asked=settings.citizens,
                connected=len(inside),
                speaking=len(seen & own),
                near=near / max(len(inside), 1),
                reconnects=sum(citizen.reconnects for citizen in citizens),
                hearing=sum(citizen.ears()[0] is not None for citizen in inside),
            ),
        )


def _explained(settings: SimulationSettings, error: BaseException) -> SimulationError:
    if isinstance(error, RefusedError):
        return SimulationError(f"서버가 거절했습니다: {error}", f"The server refused: {error}")
    return SimulationError(
        f"{settings.server}에 연결할 수 없습니다. 도시가 열려 있는지(meta-gwangju serve), "
        "주소가 맞는지 확인해 주세요.",
        f"Cannot reach {settings.server}. Check that the city is open (meta-gwangju serve), and the address. "
        f"({error})",
    )
