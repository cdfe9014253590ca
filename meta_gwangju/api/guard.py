"""What every request passes before anything is done: is it from our own page, and not too often?"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from meta_gwangju.api.cookies import COOKIE, csrf_fits, token_of
from meta_gwangju.api.origin import is_foreign, network_of
from meta_gwangju.plain.door import turned_away
from meta_gwangju.problems import problem
from meta_gwangju.refusals import RefusalLog
from municipality.tokens import hash_of
from streaming.budget import Budget

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Changes a session may make: so many a second, and so many at once.
_CHANGES = (1.0, 40.0)
#: Requests an address may make, of IPv6 a /64; this machine itself is not counted.
_REQUESTS = (50.0, 400.0)
#: Attempts to come in, an address; codes have 50 bits and more.
_SIGN_INS = (0.2, 20.0)
_SIGN_IN_PATHS = ("/api/v1/session/passkey", "/api/v1/session/code", "/api/v1/passkeys", "/plain/sign-in")
#: Whose pages send their token in the form: the plain door checks it where it reads the form.
_FORMS = "/plain/"
#: Where a page of another site may publish or watch, too: a token says who may, and no cookie counts.
_SCREENS = re.compile(r"/api/v1/booths/[a-z0-9_-]{1,64}/(whip|whep)(/[A-Za-z0-9_-]{1,64})?")
#: Sessions and addresses remembered; the longest unseen is forgotten, which fills its bucket.
_REMEMBERED = 20_000


class Buckets:
    """A token bucket for each of many, bounded."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[object, Budget] = OrderedDict()

    def take(self, who: object, now: float) -> bool:
        """Take a token of somebody's; False when they have none left."""
        budget = self._buckets.get(who)
        if budget is None:
            budget = self._buckets[who] = Budget(self._rate, self._burst)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(who)
        return budget.take(now)


class Guard:
    """ASGI middleware in front of the API and the plain door."""

    def __init__(self, app: ASGIApp, log: RefusalLog, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._log = log
        self._clock = clock
        self._changes = Buckets(*_CHANGES)
        self._requests = Buckets(*_REQUESTS)
        self._sign_ins = Buckets(*_SIGN_INS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        refusal = self._refusal(request)
        if refusal is None:
            await self.app(scope, receive, send)
            return
        status, code = refusal
        self._log.note(status, code)
        headers = {"retry-after": "5"} if status == 429 else None
        if request.url.path.startswith(_FORMS):
            answer: Response = turned_away(request, status, headers)
        else:
            answer = problem(status, request.url.path, headers, code=code)
        await answer(scope, receive, send)

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        """Return status and code of why a request goes no further."""
        if self._is_too_often(request):
            return 429, "too_often"
        if request.method in _SAFE:
            return None
        if is_foreign(request) and not _SCREENS.fullmatch(request.url.path):
            return 403, "foreign_page"
        if COOKIE not in request.cookies or request.url.path.startswith(_FORMS):
            return None
        fits = csrf_fits(request.cookies[COOKIE], request.headers.get("x-csrf-token", ""))
        return None if fits else (403, "csrf")

    def _is_too_often(self, request: Request) -> bool:
        now, address, token = self._clock(), network_of(request), token_of(request)
        if address and not self._requests.take(address, now):
            return True
        if request.method in _SAFE:
            return False
        signs_in = address and request.url.path.startswith(_SIGN_IN_PATHS)
        if signs_in and not self._sign_ins.take(address, now):
            return True
        return token is not None and not self._changes.take(hash_of(token), now)
