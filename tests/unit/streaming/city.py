"""A small real city for tests: uvicorn with WebSockets, the real bridge and world, a trivial door."""

import asyncio
import itertools
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import uvicorn
from numpy.typing import NDArray

from streaming.bridge import Admission, AdmissionRefused, Bridge, BridgeSettings
from streaming.door import Spot
from streaming.messages import Close, Hello
from streaming.mux import Mux
from streaming.paths import choose_path
from streaming.portable import Portable
from streaming.pump.path import PumpPath
from world.entity import Appearance, PersonId
from world.state import World
from world.step import step

TICK = 0.05
#: Names the media path of cities whose test does not.
MEDIA = "TEST_MEDIA"


class FlatGround:
    """Level land, ten kilometres wide."""

    def height(self, xz: NDArray[Any]) -> NDArray[Any]:
        return np.zeros(len(xz))

    def inside(self, xz: NDArray[Any]) -> NDArray[Any]:
        return np.abs(xz).max(axis=-1) < 5000.0


class OpenDoor:
    """Lets everybody in at the origin, and keeps sessions for as long as the test runs."""

    def __init__(self) -> None:
        self.sessions: dict[str, PersonId] = {}
        self._ids = itertools.count(1)
        self.places: dict[PersonId, tuple[tuple[float, float, float], float]] = {}
        self.gone: list[tuple[PersonId, bool]] = []
        self.capacity = 1000
        self.inside: set[PersonId] = set()
        self.spots = {"may18_square": ((0.0, 0.0, 0.0), 0.0), "far": ((100.0, 0.0, 0.0), 1.0)}

    def admit(self, hello: Hello, now: float) -> Admission:
        del now
        if hello.name == "nobody":
            raise AdmissionRefused(Close.BAD_NAME, "bad_name", "안 됩니다.", "No.")
        person = self.sessions.get(hello.session or "")
        resumed = person is not None
        session = hello.session or ""
        if person is None:
            person, session = PersonId(next(self._ids)), secrets.token_hex(16)
            self.sessions[session] = person
        assert len(self.inside | {person}) <= self.capacity
        self.inside.add(person)
        position, yaw = self.places.get(person, self.spots[hello.spot or "may18_square"])
        return Admission(
            person, session, resumed, Appearance(hello.name, hello.colour, hello.kind), position, yaw
        )

    def has_room(self, hello: Hello, ahead: int, now: float) -> bool:
        del now
        return self.sessions.get(hello.session or "") in self.inside or ahead < self.capacity - len(
            self.inside
        )

    def left(
        self,
        person: PersonId,
        position: tuple[float, float, float],
        yaw: float,
        now: float,
        *,
        for_good: bool,
    ) -> None:
        del now
        self.inside.discard(person)
        self.gone.append((person, for_good))
        self.places[person] = (position, yaw)
        if for_good:
            self.sessions = {token: one for token, one in self.sessions.items() if one != person}

    def spot(self, spot_id: str | None) -> Spot | None:
        return self.spots.get(spot_id or "may18_square")


class AsgiSocket:
    """A SignalSocket over bare ASGI."""

    def __init__(self, receive: Any, send: Any, origin: str = "") -> None:
        self._receive, self._send = receive, send
        self.origin = origin
        self._open = True

    async def receive(self) -> str | bytes | None:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._open = False
            return None
        text = message.get("text")
        return text if text is not None else message.get("bytes", b"")

    async def send(self, message: str | bytes) -> None:
        if self._open:
            kind = "text" if isinstance(message, str) else "bytes"
            await self._send({"type": "websocket.send", kind: message})

    def waiting(self) -> int:
        return 0

    async def close(self, code: int, reason: str) -> None:
        if self._open:
            self._open = False
            await self._send({"type": "websocket.close", "code": int(code), "reason": reason})


class City:
    """A running city.

    Attributes:
        url: Where it is.
        bridge, world, door, mux, media: Its parts.
    """

    def __init__(self, host: str, media: str) -> None:
        self.door = OpenDoor()
        self.world = World(64)
        self.mux = Mux(host)
        self.media = choose_path(media, self.mux, 64)
        self.bridge = Bridge(self.door, BridgeSettings(), self.world, self.media)
        self.url = ""
        self._opened = time.monotonic()

    def seats(self) -> int:
        """Return how many people the media path still holds anything of."""
        path = self.media
        if isinstance(path, Portable):
            return len(path._seats) + len(path._stage._voices) + len(path._stage._encoders)
        assert isinstance(path, PumpPath)
        return len(path._seats) + sum(link is not None for link in path.pump._links)

    async def application(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        # Who says so counts for another address.
        origin = dict(scope["headers"]).get(b"x-origin", b"").decode()
        await self.bridge.serve(AsgiSocket(receive, send, origin))

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            commands, moves = self.bridge.drain()
            events = step(self.world, commands, moves, time.monotonic() - self._opened, FlatGround())
            self.bridge.publish(events)


@asynccontextmanager
async def open_city(host: str = "127.0.0.1", media: str | None = None) -> AsyncIterator[City]:
    """Run a city on a free port of an address of this machine.

    Args:
        host: The address.
        media: Its media path; None: the one that the fixture `media` sets, or `auto`.
    """
    city = City(host, media or os.environ.get(MEDIA, "auto"))
    city.mux.listen()
    config = uvicorn.Config(
        lambda scope, receive, send: city.application(scope, receive, send),  # noqa: PLW0108 - may be replaced
        host=host,
        port=0,
        ws="websockets-sansio",
        interface="asgi3",
        lifespan="off",
        log_config=None,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(server.serve())
        running = [tasks.create_task(city.bridge.run()), tasks.create_task(city.tick())]
        await until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        city.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        try:
            yield city
        finally:
            await city.bridge.close()
            for task in running:
                task.cancel()
            server.should_exit = True
            await serving
            city.mux.close()


async def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until a condition holds.

    Raises:
        AssertionError: It did not in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("the condition did not come to hold in time")
        await asyncio.sleep(0.01)
