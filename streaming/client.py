"""A citizen without a screen: come into the city, walk, see, hear and talk from Python.

>>> async with Citizen("http://127.0.0.1:8000", Identity(name="나은")) as citizen:   # doctest: +SKIP
...     citizen.say("안녕하세요")
...     async for event in citizen.events():
...         print(event)

The connection is kept: when it drops, the citizen comes back by themselves as the same person. What
`__all__` names is public: ``docs/client.md`` tells what it does, with an example that a test runs.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np

from streaming.audio import FRAME, FRAME_SECONDS
from streaming.audio.opus import VOICE_BITS, Encoder
from streaming.codec import People, encode_pose_sample
from streaming.ears import Ears
from streaming.errors import ConnectionLostError, RefusedError
from streaming.identity import Identity, Samples, Sink, Sound, Source, standing
from streaming.messages import (
    PROTOCOL_VERSION,
    TICK_HZ,
    Census,
    Changed,
    ClientEvent,
    Entered,
    Hello,
    Left,
    Microphone,
    MicrophoneChanged,
    Moved,
    Notice,
    Said,
    Say,
    ServerEvent,
    Teleport,
    Waiting,
    Wave,
    Waved,
)
from streaming.sight import Person, Sight, describe
from streaming.state.crowd_view import NOBODY, Rough
from streaming.visit import LinkKind, Visit, VisitEvents, signal_url
from world.commands import BodyPose

__all__ = [
    "Census",
    "Changed",
    "Citizen",
    "ConnectionLostError",
    "Entered",
    "Identity",
    "Left",
    "LinkKind",
    "MicrophoneChanged",
    "Moved",
    "Notice",
    "Person",
    "RefusedError",
    "Rough",
    "Said",
    "Samples",
    "ServerEvent",
    "Sink",
    "Sound",
    "Source",
    "State",
    "Waved",
    "standing",
]

#: Where the connection stands. `refused` and `closed` are the end; from everything else it goes on by itself.
State = Literal["landing", "connecting", "waiting", "connected", "reconnecting", "refused", "closed"]

#: Seconds between attempts to come back.
_PAUSES = (0.1, 0.25, 0.5, 1.0, 2.0)
#: Events that may wait to be read; the oldest are thrown away.
_MOST_EVENTS = 256


class Citizen:
    """Somebody in the city, as an async context manager.

    Args:
        url: ``http(s)://host:port`` of a city, or ``ws(s)://…/signal``.
        identity: Who comes in.
        sound: Microphone and loudspeaker, if any.
        verify_tls: Whether the server's certificate must be trusted; False for a self-made one.
        link: `peer`, a WebRTC connection, which needs UDP; or `socket`, which carries no sound.

    Attributes:
        state: Where the connection stands.
        session: Token to come back with, None before the first welcome.
        person: Own id, None before the first welcome.
        reconnects: How often the connection came back.
        ahead: How many wait before this one, while the state is `waiting`.
    """

    def __init__(
        self,
        url: str,
        identity: Identity,
        *,
        sound: Sound | None = None,
        verify_tls: bool = True,
        link: LinkKind = "peer",
    ) -> None:
        self.state: State = "landing"
        self.session = identity.session
        self.person: int | None = None
        self.reconnects = 0
        self.ahead = 0
        self._url = signal_url(url)
        self._identity = identity
        self._sound = sound or Sound()
        self._verify = verify_tls
        self._link: LinkKind = link
        self._detail = ""
        self._resumed = False
        self._live = False
        self._sequence = 0
        self._pose: BodyPose | None = None
        self._place: tuple[tuple[float, float, float], float] | None = None
        self._sight = Sight()
        self._ears = Ears()
        self._events: asyncio.Queue[ServerEvent | None] = asyncio.Queue(_MOST_EVENTS)
        self._visit: Visit | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Come in; while the city is full that lasts until there is a place.

        Raises:
            RefusedError: The server refused; its text says why.
            ConnectionLostError: There was no connection.
        """
        self.state = "connecting"
        visit = await self._open()
        self._task = asyncio.create_task(self._stay(visit), name=f"citizen {self._identity.name}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave for good."""
        await self.leave(for_good=True)

    async def leave(self, *, for_good: bool) -> None:
        """Go; unless `for_good`, the session brings the same person back for two minutes."""
        visit = self._visit
        if visit is not None and for_good:
            await visit.say_bye()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._finish("closed" if self.state != "refused" else "refused", self._detail)

    # --- doing ------------------------------------------------------------------------------------------

    def send_pose(self, pose: BodyPose) -> None:
        """Stand so from now on; the newest pose is sent with every tick (20 Hz).

        The city decides how far one may step at once: a `Moved` event says where it put one instead.
        """
        self._pose = pose

    def say(self, text: str) -> bool:
        """Say a text of 1 to 300 characters to the people near; tells whether it could be sent."""
        return self._send(Say(text=text))

    def wave(self) -> bool:
        """Wave; tells whether it could be sent."""
        return self._send(Wave())

    def teleport(
        self,
        spot: str | None = None,
        position: tuple[float, float, float] | None = None,
        yaw: float | None = None,
    ) -> bool:
        """Ask to be taken to a landmark or to a point within reach; a `Moved` event says where one stands.

        Args:
            spot: Id of a landmark.
            position: Metres, world frame. Exactly one of the two is given.
            yaw: Heading there, radians; None keeps the landmark's, or one's own.

        Returns:
            Whether it could be sent. A place that one may not go to is answered with a `Notice`.
        """
        return self._send(Teleport(spot=spot, position=position, yaw=yaw))

    def microphone(self, *, live: bool) -> bool:
        """Switch the microphone; the server passes nothing on while it is muted.

        It stays as it is through reconnections. Over `socket` there is none, and a `Notice` says so.
        """
        self._live = live
        return self._send(Microphone(live=live))

    # --- seeing and hearing -----------------------------------------------------------------------------

    @property
    def people(self) -> list[Person]:
        """The people near, as of the newest packet."""
        return self._sight.people

    @property
    def crowd(self) -> Rough:
        """Everybody in sight, roughly, as told within the last rounds of a second: those near and I, too."""
        return NOBODY if self._visit is None else self._visit.view.crowd.people

    @property
    def place(self) -> tuple[tuple[float, float, float], float]:
        """Where the server holds me: ground point in metres, world frame, and yaw in radians.

        Raises:
            ConnectionLostError: There was no welcome yet.
        """
        if self._place is None:
            raise ConnectionLostError("Not in the city yet.")
        return self._place

    def ears(self) -> tuple[float | None, float | None]:
        """Return the level at the left and right ear in dBFS over the last 0.4 s; None for silence."""
        return self._ears.levels()

    async def events(self) -> AsyncIterator[ServerEvent]:
        """Yield what happens, until the citizen has left. At most 256 wait; the oldest are thrown away."""
        while (event := await self._events.get()) is not None:
            yield event
        self._put(None)

    def inspect(self) -> dict[str, Any]:
        """Return everything that can be seen from outside, JSON-serialisable (docs: inspect, version 1)."""
        left, right = self.ears()
        pose = self._pose
        microphone = "none" if self._sound.source is None else "live" if self._live else "muted"
        return {
            "version": 1,
            "connection": {
                "state": self.state,
                "detail": self._detail,
                "resumed": self._resumed,
                "session": (self.session or "")[:8],
                "reconnects": self.reconnects,
                "link": self._link,
            },
            "self": {
                "id": self.person,
                "name": self._identity.name,
                "pose": None if pose is None or self._place is None else describe(self._grounded(pose)),
                "microphone": microphone,
            },
            **self._sight.inspect(None if self._place is None else self._place[0]),
            "ears": {"left_db": left, "right_db": right},
            "frames_per_second": None,
            "city": None,
            "vr": {"supported": False, "presenting": False},
            "language": self._identity.language,
        }

    # --- keeping the connection -------------------------------------------------------------------------

    async def _open(self) -> Visit:
        """Connect once and take up the welcome."""
        who = self._identity
        hello = Hello(
            protocol=PROTOCOL_VERSION,
            name=who.name,
            colour=who.colour,
            language=who.language,
            kind=who.kind,
            session=self.session,
            spot=who.spot,
        )
        told = VisitEvents(self._see, self._take_event, self._hear, self._wait)
        visit = Visit(self._url, hello, told, verify=self._verify, link=self._link)
        self._sight = Sight()
        try:
            await visit.__aenter__()
        except RefusedError as refused:
            self._finish("refused", str(refused))
            raise
        welcome = visit.welcome
        if welcome is None:
            raise ConnectionLostError("The city did not answer.")
        self._identity = replace(who, name=welcome.name)
        self.session, self.person, self._resumed = welcome.session, welcome.person, welcome.resumed
        self._stand(welcome.position, welcome.yaw)
        self._visit, self.state, self._detail = visit, "connected", ""
        if self._live and self._link == "peer":
            self._send(Microphone(live=True))
        return visit

    async def _stay(self, visit: Visit) -> None:
        """Live in the city; come back when the connection is lost."""
        try:
            while True:
                try:
                    await self._live_in(visit)
                finally:
                    self._visit = None
                    await visit.__aexit__(None, None, None)
                self.state = "reconnecting"
                visit = await self._come_back()
        except RefusedError as refused:
            self._finish("refused", str(refused))

    async def _live_in(self, visit: Visit) -> None:
        walking = asyncio.create_task(self._walk(visit))
        talking = asyncio.create_task(self._talk(visit))
        try:
            await visit.stay()
        finally:
            walking.cancel()
            talking.cancel()
            await asyncio.gather(walking, talking, return_exceptions=True)

    async def _come_back(self) -> Visit:
        attempt = 0
        while True:
            await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
            attempt += 1
            try:
                visit = await self._open()
            except ConnectionLostError as lost:
                self._detail = str(lost)
                continue
            self.reconnects += 1
            return visit

    async def _walk(self, visit: Visit) -> None:
        """Send the newest pose with every tick."""
        due = time.monotonic()
        while True:
            if self._pose is not None:
                view = visit.view
                sample = encode_pose_sample(self._sequence, self._pose, view.seen, view.seen_before)
                if visit.send_state(sample):
                    self._sequence = (self._sequence + 1) & 0xFFFF
            due = max(due + 1.0 / TICK_HZ, time.monotonic() - 0.5)
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _talk(self, visit: Visit) -> None:
        """Send the microphone, frame by frame; nothing while it is silent or muted."""
        source = self._sound.source
        if source is None:
            return
        encoder = Encoder(1, VOICE_BITS)
        due, frame_number = time.monotonic(), 0
        while True:
            frame = source()
            if frame is not None and self._live:
                visit.send_audio(encoder.encode(np.reshape(frame, (1, FRAME))), frame_number * FRAME)
            frame_number += 1
            due = max(due + FRAME_SECONDS, time.monotonic() - 0.2)
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    # --- what arrives -----------------------------------------------------------------------------------

    def _wait(self, waiting: Waiting) -> None:
        self.state, self.ahead, self.session = "waiting", waiting.ahead, waiting.session

    def _see(self, people: People) -> None:
        x, y, z = people.listener.position.tolist()
        self._place = (x, y, z), people.listener.yaw
        self._sight.see(people)

    def _take_event(self, event: ServerEvent) -> None:
        self._sight.note(event)
        if isinstance(event, Moved):
            self._stand(event.position, event.yaw)
        self._put(event)

    def _hear(self, sequence: int, payload: bytes) -> None:
        samples = self._ears.take(sequence, payload)
        if samples is not None and self._sound.sink is not None:
            self._sound.sink(samples)

    def _stand(self, position: tuple[float, float, float], yaw: float) -> None:
        """Take up a place that the server gave, with the body as it is."""
        self._place = position, yaw
        pose = self._pose or standing(position, yaw)
        self._pose = replace(pose, position=np.asarray(position, float), yaw=yaw)

    def _grounded(self, pose: BodyPose) -> BodyPose:
        """Return an own pose on the ground that the server found below it."""
        (_, height, _), _ = self.place
        x, _, z = pose.position.tolist()
        return replace(pose, position=np.array([x, height, z]))

    def _send(self, event: ClientEvent) -> bool:
        return self._visit is not None and self._visit.send_event(event)

    def _put(self, event: ServerEvent | None) -> None:
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(event)

    def _finish(self, state: State, detail: str) -> None:
        self.state, self._detail, self._visit = state, detail, None
        self._put(None)
