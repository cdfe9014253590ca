"""Somebody at the page with a device of their own that keeps passkeys: coming in, sheets, refusals."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.authenticator import Authenticator
from tests.support.chromium import ChromiumPage
from tests.support.deadline import eventually
from tests.support.ports import free_port
from tests.support.server import Server, serving
from tests.support.visitor import Visitor

#: Nothing slides: what is looked at has arrived.
CALM = {"reduced_motion": "reduce"}
#: Somebody answers, ms: two pages are drawn in software here, beside the server.
PATIENCE = 40_000


@contextmanager
def at_home(city: Path, folder: Path) -> Iterator[Server]:
    """Serve a city at localhost: passkeys belong to names, not to numbers."""
    data = folder / "data"
    data.mkdir()
    (data / "city").symlink_to(city)
    with serving(data, folder / "server.log", port=free_port()) as server:
        server.origin = server.origin.replace("127.0.0.1", "localhost")
        yield server


class Resident:
    """A page of its own, which saves power: what is drawn seldom leaves the processor to others.

    Attributes:
        tab: The page, with everything that it complained about.
        visitor: Who walks behind it.
    """

    def __init__(self, browser: Browser, server: Server, **look: Any) -> None:
        self.tab = ChromiumPage(browser, **{"width": 720, "height": 540, **CALM, **look})
        self.page: Page = self.tab.page
        self.page.set_default_timeout(PATIENCE)
        self.visitor = Visitor(self.tab, server.origin)
        self.device = Authenticator(self.page)
        self._origin = server.origin

    @property
    def sheet(self) -> Locator:
        """Whatever panel or dialog is open; of several the last is on top."""
        return self.page.get_by_role("dialog").last

    def open(self, query: str = "") -> None:
        """Open the page; the landing card unless the query says otherwise."""
        self.tab.open(f"{self._origin}/?lang=ko&quality=low&save=1&time=2026-05-18T12:00:00%2B09:00{query}")

    def press(self, name: str, *, exact: bool = True) -> None:
        """Press a button of the panel."""
        self.sheet.get_by_role("button", name=name, exact=exact).first.click()

    def write(self, label: str, words: str) -> None:
        """Write into a field of the panel."""
        self.sheet.get_by_role("textbox", name=re.compile(f"^{re.escape(label)}")).first.fill(words)

    def says(self, words: str) -> None:
        """Wait until the panel says something."""
        expect(self.sheet).to_contain_text(words)

    def join(self, name: str) -> None:
        """Become a citizen on the landing card."""
        self.open()
        self.page.locator(".as-citizen").click()
        self.press("시민 되기")
        self.write("이름", name)
        self.press("패스키 만들기")
        self.sheet.get_by_role("checkbox", name="보관했어요").check()
        self.press("다음")
        expect(self.sheet.locator(".id-card")).to_contain_text(name)

    def come_in_by(self, code: str) -> None:
        """Come in as a citizen, by a code."""
        self.open()
        self.page.locator(".as-citizen").click()
        self.press("코드로 들어오기")
        self.write("코드", code)
        self.press("들어오기")
        expect(self.sheet.locator(".id-card")).to_be_visible()

    def enter(self, query: str = "&mic=0") -> None:
        """Walk in, at the convention centre."""
        self.open(f"&enter=1&spot=kdj_center{query}")
        eventually(self.visitor.connected, 120, lambda: self.tab.problems)

    def rest(self) -> None:
        """Draw no city for a while: others need the machine."""
        self.tab.open("about:blank")

    @contextmanager
    def refused(self, *expected: str) -> Iterator[None]:
        """The browser notes refused requests in its console: those that a test asks for are no problem."""
        before = len(self.tab.problems)
        yield
        new = self.tab.problems[before:]
        assert all(any(re.search(pattern, line) for pattern in expected) for line in new), new
        del self.tab.problems[before:]

    def close(self, *expected: str) -> None:
        """Close the page; it must have had nothing to complain about but what the test expects."""
        self.tab.close()
        found = [one for one in self.tab.problems if not any(re.search(words, one) for words in expected)]
        assert not found, found
