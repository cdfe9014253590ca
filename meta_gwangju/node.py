"""One city node: the world, its tick, the bridge to everyone in it, and what must be kept of them."""

import asyncio
import logging
import time
from collections.abc import Collection

from meta_gwangju.booth_screens import BoothScreens
from meta_gwangju.config import Settings
from meta_gwangju.door import CityDoor
from meta_gwangju.errors import MediaPathError
from meta_gwangju.expo_rounds import make_expo_rounds
from meta_gwangju.hands import CityHands
from meta_gwangju.offices import Offices
from meta_gwangju.pace import Pace
from meta_gwangju.places import Places
from meta_gwangju.refusals import RefusalLog
from meta_gwangju.upkeep import follow_sessions, keep_house
from municipality.visitors import Place, Visitors
from streaming.bridge import Bridge, BridgeSettings
from streaming.errors import PumpUnavailableError
from streaming.kernels import compile_all
from streaming.media import MediaPath
from streaming.messages import Changed
from streaming.mux import Mux
from streaming.paths import choose_path
from streaming.video.live import LiveScreens
from world.entity import PersonId
from world.limits import TICK_HZ
from world.movement import Ground
from world.state import World
from world.step import step
from world.zones import Rules, Zones

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0 / TICK_HZ
#: Without a step for this long the city counts as stalled.
_STALLED_SECONDS = 2.0
#: Seconds between two rounds of forgetting visitors who can no longer come back.
_FORGET_SECONDS = 30.0
#: Seconds between two log lines about late ticks.
_LATE_LINE_SECONDS = 10.0
#: People who left the city stay a moment as silent avatars: the world has this much room beyond its capacity.
_SPARE_ROWS = 64


class CityNode:
    """Owns the city's state and its clock.

    Attributes:
        world: Who is where.
        mux: The UDP port of everybody and every screen; a free one unless one was bound.
        media: Moves what they send and hear.
        bridge: Serves the clients.
        offices: What is kept of everybody.
        screens: The booths' live screens.
        hands: What it does about people who are sanctioned.
        refusals: Log of the clients that were turned away.
        late_ticks: Ticks left out because the machine was too busy.
    """

    def __init__(
        self,
        settings: Settings,
        offices: Offices,
        places: Places,
        ground: Ground,
        mux: Mux | None = None,
    ) -> None:
        compile_all()
        self.world = World(settings.capacity + _SPARE_ROWS)
        self.late_ticks = 0
        self._ground = ground
        self._rules = Rules(offices.presence, Zones(offices.halls.staff))
        self.offices = offices
        self._visitors = Visitors(offices.store)
        self._visitors.reopen(time.time())
        self._door = CityDoor(
            self._visitors,
            places,
            settings.capacity,
            offices.presence,
            offices.enforcement,
            reserved=settings.reserved,
        )
        bridging = BridgeSettings(city=places.city, queue=settings.queue, spectators=settings.spectators)
        self.mux = mux or Mux(settings.host)
        self.media = _media_path(settings, self.mux)
        self.bridge = Bridge(self._door, bridging, self.world, self.media)
        self.screens = LiveScreens(
            BoothScreens(offices.expo, self.world, offices.presence),
            self.media.sounds,
            self.mux,
            lambda *_: offices.news.tell("screens"),
        )
        self.hands = CityHands(self.bridge, self.world, self._rules)
        self.refusals = RefusalLog(time.monotonic)
        self._opened = time.monotonic()
        self._stepped = self._opened
        self._late_line = 0.0
        self._failed = 0

    def is_alive(self) -> bool:
        """Tell whether the world stepped within the last two seconds."""
        return time.monotonic() - self._stepped < _STALLED_SECONDS

    async def run(self) -> None:
        """Run the city until cancelled: tick, bridge and forgetting, together or not at all."""
        self.offices.news.attach(asyncio.get_running_loop(), self._tell)
        self.offices.enforcement.attach(asyncio.get_running_loop(), self.hands)
        self.mux.listen()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._tick(), name="tick")
                tasks.create_task(self.bridge.run(), name="bridge")
                tasks.create_task(self._forget(), name="forget")
                tasks.create_task(self.offices.enforcement.run(), name="sanctions")
                tasks.create_task(self.screens.run(), name="screens")
                tasks.create_task(keep_house(self.offices.store), name="upkeep")
                sessions = follow_sessions(self.offices.sessions, self.offices.presence)
                tasks.create_task(sessions, name="sessions")
                tasks.create_task(make_expo_rounds(self.offices, self.world), name="expo")
        finally:
            self.offices.news.detach()
            self.offices.enforcement.detach()
            self.mux.close()

    async def close(self) -> None:
        """Tell everyone that the city closes, and keep where they stand, so that they can come back."""
        count = self.world.count
        rows = zip(
            self.world.person[:count].tolist(),
            self.world.position[:count].tolist(),
            self.world.yaw[:count].tolist(),
            strict=True,
        )
        places = {person: Place((x, y, z), yaw) for person, (x, y, z), yaw in rows}
        await self.bridge.close()
        self._door.close(places, time.time())

    def step(self, now: float) -> None:
        """Take the world one step: what clients asked for goes in, what happened goes out.

        Args:
            now: Seconds on the monotonic clock.
        """
        self._stepped = now
        began = time.perf_counter()
        commands, moves = self.bridge.drain()
        events = step(self.world, commands, moves, now - self._opened, self._ground, self._rules)
        self.bridge.publish(events)
        self.offices.metrics.stepped(time.perf_counter() - began)

    async def _tick(self) -> None:
        pace = Pace(TICK_SECONDS, time.monotonic())
        while True:
            await asyncio.sleep(pace.wait(time.monotonic()))
            now = time.monotonic()
            if missed := pace.take(now):
                self._note_late(missed, now)
            self._step_safely(now)

    def _tell(self, topic: str, citizens: Collection[int] | None) -> None:
        """Tell those in the city whom it concerns that something changed."""
        people = None if citizens is None else map(PersonId, self.offices.presence.persons(citizens))
        self.bridge.tell(Changed(topic=topic), people)

    def _step_safely(self, now: float) -> None:
        """Step; a step that fails costs everybody one tick, a world that fails for a second is given up."""
        try:
            self.step(now)
        except Exception:
            self._failed += 1
            if self._failed == 1:
                logger.exception("a step failed tick=%d people=%d", self.world.tick, self.world.count)
            if self._failed >= TICK_HZ:
                raise
        else:
            self._failed = 0

    def _note_late(self, missed: int, now: float) -> None:
        self.late_ticks += missed
        if now >= self._late_line:
            self._late_line = now + _LATE_LINE_SECONDS
            logger.info("late missed=%d total=%d people=%d", missed, self.late_ticks, self.world.count)

    async def _forget(self) -> None:
        while True:
            await asyncio.sleep(_FORGET_SECONDS)
            self._door.forget_expired(time.time())


def _media_path(settings: Settings, mux: Mux) -> MediaPath:
    try:
        # Whoever left is let go of a moment later.
        return choose_path(
            settings.media,
            mux,
            settings.capacity + _SPARE_ROWS,
            complexity=settings.complexity,
            adapts=settings.adapt_complexity,
        )
    except PumpUnavailableError as error:
        raise MediaPathError(
            f"이 컴퓨터에서는 pump를 쓸 수 없습니다: {error}. --media portable로 여세요.",
            f"The pump does not run on this machine: {error}. Open with --media portable.",
        ) from error
