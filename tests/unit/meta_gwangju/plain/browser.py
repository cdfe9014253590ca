"""A browser without JavaScript: opens pages, fills the forms that it finds in them, and follows redirects."""

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx

from tests.unit.meta_gwangju.callers import ORIGIN, Caller

_VOID = {"input", "meta", "link", "br", "img", "hr"}


@dataclass
class HtmlForm:
    """A form, and what its fields hold."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class HtmlPage(HTMLParser):
    """What a page holds.

    Attributes:
        forms: In order.
        tags: Every start tag with its attributes.
        title, text: Without markup.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self.text = ""
        self._open: list[str] = []
        self._select = self._area = ""
        self.feed(html)
        self.close()
        assert self._open == [], "tags are left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        if tag not in _VOID:
            self._open.append(tag)
        name, value = named.get("name") or "", named.get("value") or ""
        if tag == "form":
            self.forms.append(HtmlForm(named.get("action") or "", (named.get("method") or "get").upper()))
        elif tag == "input" and name and (named.get("type") != "checkbox" or "checked" in named):
            self._put(name, value)
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in named or self._select not in self.forms[-1].fields):
            self._put(self._select, value)
        elif tag == "textarea":
            self._area = name
            self._put(name, "")

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if "title" in self._open:
            self.title += data
        self.text += data
        if self._area:
            self.forms[-1].fields[self._area] = [data.removeprefix("\n")]

    def handle_decl(self, decl: str) -> None:
        assert decl == "doctype html"

    def _put(self, name: str, value: str) -> None:
        if not self.forms:
            return
        self.forms[-1].fields[name] = [value]


class Browser:
    """Somebody at the plain door.

    Attributes:
        caller: Who they are.
        token: The header that a script would send.
        answer: To the last request.
        page: That came with it.
    """

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        # What browsers without a script send: cookies and an origin, no header of a script.
        self.token = {"x-csrf-token": caller.headers.pop("x-csrf-token", "")}
        self.answer = httpx.Response(204)
        self.page = HtmlPage("")
        self._at = ""

    def open(self, path: str) -> HtmlPage:
        """Open a page."""
        return asyncio.run(self.go(path))

    def fill(self, action: str, files: Any = None, **values: str | list[str]) -> HtmlPage:
        """Fill the form of the page that goes to an address, send it, and follow."""
        return asyncio.run(self.send(action, files, **values))

    async def go(self, path: str) -> HtmlPage:
        """Open a page, in the event loop that runs."""
        return await self._ask("GET", path)

    async def send(self, action: str, files: Any = None, **values: str | list[str]) -> HtmlPage:
        """Fill and send a form, in the event loop that runs."""
        (form,) = [one for one in self.page.forms if one.action == action]
        data = form.fields | values
        for name, value in values.items():
            assert name in form.fields or isinstance(value, list), f"no field {name}"
        return await self._ask(form.method, action, data=data, files=files)

    async def _ask(self, method: str, path: str, **more: Any) -> HtmlPage:
        self.answer = await self.caller.send(method, path, **more)
        while self.answer.is_redirect:
            path = urljoin(f"{ORIGIN}{path}", self.answer.headers["location"]).removeprefix(ORIGIN)
            self.answer = await self.caller.send("GET", path.partition("#")[0])
        assert self.answer.headers["content-type"].startswith("text/html"), self.answer.text
        self.page = HtmlPage(self.answer.text)
        return self.page
