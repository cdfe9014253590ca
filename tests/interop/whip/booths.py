"""A city that has nothing but booth screens: the real routes on a real uvicorn, beside a loop of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from meta_gwangju.api.screens import screens_router
from meta_gwangju.problems import install_problems
from streaming.audio.hrtf import kemar
from streaming.audio.stage import Packet, Stage
from streaming.mux import Mux
from streaming.video.live import LiveScreens
from streaming.video.screens import BoothId
from tests.support.deadline import eventually
from tests.support.loop import LoopThread
from tests.support.namespaces import Machine

TOKENS = {"sun-token-0123456789": BoothId("a1"), "moon-token-0123456789": BoothId("a2")}
TOKEN, OTHER_TOKEN = TOKENS
VISITOR = "visitor-0123456789"
POSITION = (5.0, 1.5, 0.0)


@dataclass
class Booths:
    """Implements :class:`streaming.video.screens.Screens`: two booths, and visitors who are near or not."""

    near: set[str] = field(default_factory=lambda: {VISITOR})
    tokens: dict[str, BoothId] = field(default_factory=lambda: dict(TOKENS))

    def publisher(self, token: str) -> BoothId | None:
        return self.tokens.get(token)

    def position(self, booth: BoothId) -> tuple[float, float, float] | None:
        return POSITION if booth in TOKENS.values() else None

    def may_watch(self, credential: str, booth: BoothId) -> bool:
        return credential in self.near and self.position(booth) is not None


def _page() -> HTMLResponse:
    return HTMLResponse("<!doctype html><title>booths</title><link rel=icon href=data:,>")


class BoothCity:
    """The running server.

    Attributes:
        origin: Such as `http://10.87.0.1:9100`.
        booths: Who may do what.
        live: The screens.
        stage: Their sound.
        packets: Everything that the stage gave out.
        loop: Where the server runs.
    """

    def __init__(self, loop: LoopThread, address: str, port: int, viewer: str) -> None:
        self.loop = loop
        self._viewer = viewer
        self.origin = f"http://{address}:{port}"
        self.booths = Booths()
        self.packets: list[Packet] = []
        self.changes: list[tuple[str, bool]] = []
        self.stage = Stage(kemar(), self.packets.extend)
        self._address, self._port = address, port
        self._mux = Mux(address)
        self._server: uvicorn.Server | None = None
        self.live: LiveScreens = loop.run(self._make())

    async def _make(self) -> LiveScreens:
        self._mux.listen()
        return LiveScreens(
            self.booths, self.stage.sources, self._mux, lambda booth, lit: self.changes.append((booth, lit))
        )

    def url(self, booth: str, way: str) -> str:
        """Return the address of a booth's door."""
        return f"{self.origin}/api/v1/booths/{booth}/{way}"

    async def serve(self) -> None:
        """Serve until :meth:`stop`."""
        app = FastAPI()
        install_problems(app)
        app.include_router(screens_router(self.live))
        app.add_api_route("/", _page, methods=["GET"])
        app.add_api_route("/viewer.js", lambda: Response(self._viewer, media_type="text/javascript"))
        config = uvicorn.Config(
            app, host=self._address, port=self._port, log_config=None, lifespan="off", access_log=False
        )
        self._server = uvicorn.Server(config)
        running = asyncio.create_task(self.live.run())
        try:
            await self._server.serve()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            self._mux.close()

    @property
    def started(self) -> bool:
        """Whether it answers."""
        return self._server is not None and self._server.started

    def stop(self) -> None:
        """Let :meth:`serve` return."""
        assert self._server is not None
        self._server.should_exit = True

    def screen(self, booth: str) -> Any:
        """Return a screen's inner state, for questions that no answer of the server tells."""
        return self.live._screens.get(BoothId(booth))


@contextmanager
def booth_city(port: int, machine: Machine | None = None, viewer: str = "") -> Iterator[BoothCity]:
    """Run a city of booths.

    Args:
        port: TCP port.
        machine: Where; on loopback when None.
        viewer: The page's viewer as a script, served at `/viewer.js`.
    """
    address = "127.0.0.1" if machine is None else machine.address
    with LoopThread(machine) as loop:
        city = BoothCity(loop, address, port, viewer)
        serving = threading.Thread(target=lambda: loop.run(city.serve(), within=600), name="booths")
        serving.start()
        try:
            eventually(lambda: city.started, 10)
            yield city
        finally:
            city.stop()
            serving.join(15)
