"""Runs the city: checks what is needed, opens the doors, and closes them in order."""

import asyncio
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
import uvloop

from meta_gwangju.app import create_app
from meta_gwangju.certificates import Certificate
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from meta_gwangju.offices import open_offices
from meta_gwangju.sockets import BoundedWebSocket, ImpatientHttp
from streaming.messages import MAX_SIGNAL_BYTES

#: Seconds that open requests have to end when the server stops.
_GRACE = 3
#: File descriptors are enough from here on.
_FILES = 65_536
_STOPPING = (signal.SIGTERM, signal.SIGINT)


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals to us and says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: :func:`run_city` stops the bridge before the sockets."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._ready()


def run_city(
    node: CityNode,
    settings: Settings,
    listener: socket.socket,
    certificate: Certificate | None,
    ready: Callable[[], None],
) -> None:
    """Serve on uvloop until SIGTERM or SIGINT. See :func:`serve_city`."""
    allow_many_files()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve_city(node, settings, listener, certificate, ready))


def allow_many_files() -> None:
    """Take as many file descriptors as this process may: each connection holds two or three."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def serve_city(
    node: CityNode,
    settings: Settings,
    listener: socket.socket,
    certificate: Certificate | None,
    ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT, then tell everyone and stop; asked twice, stop at once.

    Args:
        node: The city, not running yet.
        settings: Of this server.
        listener: Listening on the address.
        certificate: For https; None serves http.
        ready: Called once when clients may come.
    """
    server = _Server(_configuration(node, settings, certificate), ready)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOPPING:
        loop.add_signal_handler(number, _ask_to_stop, stop, server)
    try:
        async with open_offices(node.offices), asyncio.TaskGroup() as tasks:
            city = tasks.create_task(node.run(), name="city")
            web = tasks.create_task(server.serve([listener]), name="web")
            await stop.wait()
            await node.close()
            server.should_exit = True
            await web
            city.cancel()
    finally:
        for number in _STOPPING:
            loop.remove_signal_handler(number)


def _configuration(node: CityNode, settings: Settings, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(node, settings),
        http=ImpatientHttp,
        ws=BoundedWebSocket,
        # Somewhat too large reaches the bridge, which says so; much too large never gets into memory.
        ws_max_size=2 * MAX_SIGNAL_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        ssl_certfile=certificate.certificate if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )


def _ask_to_stop(stop: asyncio.Event, server: _Server) -> None:
    """Stop in order; when asked a second time, at once."""
    server.force_exit = stop.is_set()
    stop.set()
