"""Every HTTP request gets an id, is timed and counted; those that may change something leave a line.

The line tells what was asked by the route's template, never by its path, and nothing of who asked: neither
address nor token nor name.
"""

import logging
import secrets
import time
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meta_gwangju.api.cookies import COOKIE
from meta_gwangju.log import request_id
from meta_gwangju.metrics import Metrics

logger = logging.getLogger(__name__)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = _SAFE | {"POST", "PUT", "PATCH", "DELETE"}
_ID_BYTES = 8


class AccessLog:
    """ASGI middleware around everything else."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.app = app
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = self._clock(), 500
        # Not reset afterwards: a request has a task, and so a context, of its own, and the server logs in it.
        request_id.set(identity := secrets.token_hex(_ID_BYTES))

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableHeaders(scope=message)["x-request-id"] = identity
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            self._note(scope, status, self._clock() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = template_of(scope)
        self._metrics.answered(route, method, status, seconds)
        if method not in _SAFE:
            logger.info(
                "answered method=%s route=%s status=%d ms=%.1f door=%s",
                method,
                route,
                status,
                1000.0 * seconds,
                _door(scope),
            )


def template_of(scope: Scope) -> str:
    """Return the route that a request took, as it was declared: there are only so many of them.

    Files, and what no route takes, go by where they are mounted.
    """
    route, root = scope.get("route"), scope.get("root_path", "").removeprefix(scope.get("app_root_path", ""))
    return f"{root}/*" if route is None or isinstance(route, Mount) else f"{root}{route.path}"


def _door(scope: Scope) -> str:
    """Return the door as :func:`meta_gwangju.api.caller.actor_of` and the plain door name it."""
    request = Request(scope)
    if request.url.path.startswith("/plain"):
        return "plain"
    return "page" if COOKIE in request.cookies else "api"
