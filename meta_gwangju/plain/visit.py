"""One request at the plain door: who asks, in which language, what they sent; and the page they get."""

import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from meta_gwangju.api import cookies
from meta_gwangju.offices import Offices
from meta_gwangju.plain.form import Form
from meta_gwangju.plain.rendering import render
from meta_gwangju.plain.rooms import ROOMS
from municipality.access import Actor
from municipality.citizens import Session
from municipality.errors import NotFoundError

#: Where the door stands.
DOOR = "/plain"
LANGUAGE_COOKIE = "meta_gwangju_language"
LANGUAGES = ("ko", "en")
_LARGEST_NUMBER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Visit:
    """A request.

    Attributes:
        request: As it came.
        offices: Of the city.
        actor: Who asks; their door is `plain`.
        session: They act in; None for visitors.
        language: `ko` or `en`.
        form: What they sent.
        now: Unix seconds.
    """

    request: Request
    offices: Offices
    actor: Actor
    session: Session | None
    language: str
    form: Form
    now: float

    def say(self, ko: str, en: str) -> str:
        """Return the one of both that they read."""
        return en if self.language == "en" else ko

    def asked(self, name: str, otherwise: str = "") -> str:
        """Return a value of the address's query."""
        return self.request.query_params.get(name, otherwise)

    def number(self, name: str = "number") -> int:
        """Return a number of the path.

        Raises:
            NotFoundError: Nothing has such a number.
        """
        number = int(self.request.path_params[name])
        if not 1 <= number <= _LARGEST_NUMBER:
            raise NotFoundError("그런 번호가 없어요.", "There is no such number.")
        return number

    def key(self) -> str:
        """Return the idempotency key of the form that was sent."""
        key = self.form.get("key")
        return key if 8 <= len(key) <= 64 and key.isascii() and key.isprintable() else new_key()

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Return a page.

        Args:
            template: Its file.
            status: HTTP status.
            **context: What the template needs beyond what every page shows.
        """
        name = None
        if self.actor.citizen is not None:
            name = self.offices.citizens.names([self.actor.citizen]).get(self.actor.citizen)
        token = cookies.token_of(self.request)
        text = render(
            template,
            self.language,
            actor=self.actor,
            citizen_name=name,
            csrf=cookies.csrf_of(token) if token else "",
            new_key=new_key,
            here=self._here(),
            path=self.request.url.path,
            done=self.asked("done"),
            rooms=ROOMS,
            style_version=self.request.app.state.style_version,
            **context,
        )
        response = HTMLResponse(text, status)
        response.headers["content-language"] = self.language
        response.headers["vary"] = "cookie, accept-language"
        response.headers["cache-control"] = "no-store" if token else "private, no-cache"
        return response

    def go(self, path: str, done: str = "", anchor: str = "") -> Response:
        """Send them to another page (Post/Redirect/Get), where a notice says what was done."""
        query = f"?done={done}" if done else ""
        return RedirectResponse(f"{DOOR}{path}{query}{anchor}", 303)

    def _here(self) -> str:
        """Return the address of this page, for the way back after a switch of language."""
        url = self.request.url
        path = url.path if self.request.method in {"GET", "HEAD"} else DOOR + "/"
        return quote(path + (f"?{url.query}" if url.query and path == url.path else ""), safe="/")


def visit_of(request: Request, form: Form) -> Visit:
    """Return the visit that a request makes."""
    offices: Offices = request.app.state.offices
    now = time.time()
    token = cookies.token_of(request)
    session = offices.sessions.find(token, now) if token else None
    language = language_of(request)
    return Visit(
        request, offices, offices.actors.of(session, "plain", now, language), session, language, form, now
    )


def stranger(request: Request) -> Visit:
    """Return the visit of somebody of whom nothing is looked up."""
    language = language_of(request)
    actor = Actor(door="plain", language=language)
    return Visit(request, request.app.state.offices, actor, None, language, Form(), time.time())


def language_of(request: Request) -> str:
    """Return the language that somebody chose, or else that their browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    for wish in request.headers.get("accept-language", "").split(","):
        wanted = wish.strip()[:2].lower()
        if wanted in LANGUAGES:
            return wanted
    return "ko"


def local_address(address: str) -> str:
    """Return an address below the door; the door itself for any other, so that nobody is led elsewhere."""
    is_ours = address == DOOR or address.startswith(DOOR + "/")
    is_plain = address.isascii() and address.isprintable() and "\\" not in address and "//" not in address
    return address if is_ours and is_plain and len(address) <= 500 else DOOR + "/"


def new_key() -> str:
    """Return an idempotency key for one form."""
    return secrets.token_urlsafe(18)
