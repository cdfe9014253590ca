"""Citizens behind a page: each with a device of its own that keeps passkeys."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support import passkey
from tests.support.authenticator import Authenticator
from tests.support.chromium import ChromiumPage
from tests.support.server import Server
from tests.support.visitor import Visitor

#: Nothing slides: what is looked at has arrived.
CALM = {"reduced_motion": "reduce"}


class Citizen:
    """A page with a device of its own that keeps passkeys. It saves power: others need the processor, too."""

    def __init__(self, browser: Browser, server: Server, **look: Any) -> None:
        self.tab = ChromiumPage(browser, **{"width": 760, "height": 640, **CALM, **look})
        self.page: Page = self.tab.page
        # Several cities are drawn in software at once.
        self.page.set_default_timeout(60_000)
        self.visitor = Visitor(self.tab, server.origin)
        self.device = Authenticator(self.page)
        self._origin = server.origin

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")

    def land(self, query: str = "") -> None:
        language = "" if "lang=" in query else "&lang=ko"
        self.tab.open(f"{self._origin}/?quality=low&save=1{language}{query}")

    def knock(self, query: str = "") -> None:
        """Open the landing card, and the citizen's sheet on it."""
        self.land(query)
        self.page.locator(".as-citizen").click()

    def press(self, name: str, *, exact: bool = True) -> None:
        self.sheet.get_by_role("button", name=name, exact=exact).click()

    def join(self, name: str) -> list[str]:
        """Become a citizen on the landing card; returns the recovery codes."""
        self.knock()
        self.press("시민 되기")
        self.sheet.get_by_role("textbox", name="이름").fill(name)
        self.press("패스키 만들기")
        expect(self.sheet.get_by_role("heading", name="복구 코드")).to_be_visible()
        codes = self.sheet.get_by_role("list").get_by_role("listitem").all_inner_texts()
        self.sheet.get_by_role("checkbox", name="보관했어요").check()
        self.press("다음")
        expect(self.card).to_contain_text(name)
        return codes

    @property
    def card(self) -> Locator:
        return self.sheet.locator(".id-card")

    def is_citizen(self) -> bool:
        """Ask the city whether whoever holds this page is a citizen."""
        return bool(self.tab.evaluate("fetch('/api/v1/session').then((a) => a.json())")["citizen"])

    def enter(self, name: str) -> None:
        """Walk in as somebody who has become a citizen elsewhere, and is signed in here."""
        device = passkey.Authenticator(self._origin)
        with httpx.Client(base_url=f"{self._origin}/api/v1") as client:
            begun = client.post("/passkeys/options", json={"name": name}).json()
            credential = device.create(begun["options"])
            body = {"ceremony": begun["ceremony"], "credential": credential, "name": name}
            assert client.post("/passkeys", json=body).status_code == httpx.codes.CREATED
            ((key, value),) = client.cookies.items()
        self.page.context.add_cookies([{"name": key, "value": value, "url": self._origin}])
        self.visitor.enter(name, save=1)

    def balance(self) -> str:
        """Open the wallet and read it."""
        if self.sheet.count() == 0:
            self.page.keyboard.press("o")
        expect(self.sheet.locator(".balance")).to_contain_text("빛")
        return self.sheet.locator(".balance").inner_text()


@contextmanager
def refusals(one: Citizen, *expected: str) -> Iterator[None]:
    """The browser notes refused requests in its console: those that a test asks for are no problem."""
    before = len(one.tab.problems)
    yield
    new = one.tab.problems[before:]
    assert all(any(re.search(pattern, line) for pattern in expected) for line in new), new
    del one.tab.problems[before:]
