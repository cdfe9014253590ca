"""Browsers, as far as the API sees one: cookies, a CSRF token, and a passkey in software."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from tests.support.passkey import Authenticator
from tests.unit.meta_gwangju.serving import opened


class Browser:
    """One browser with the city's page open.

    Attributes:
        origin: Of the page.
        device: What holds its passkey.
    """

    def __init__(self, client: httpx.AsyncClient, origin: str) -> None:
        self.origin = origin
        self.device = Authenticator(origin)
        self.client = client
        self.csrf = ""

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request as the page does."""
        headers = {"origin": self.origin, "sec-fetch-site": "same-origin"}
        if self.csrf:
            headers["x-csrf-token"] = self.csrf
        headers |= more.pop("headers", {})
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    async def join(self, name: str) -> dict[str, Any]:
        """Become a citizen; returns the answer."""
        begun = (await self.ask("POST", "/passkeys/options", json={"name": name})).json()
        body = {
            "ceremony": begun["ceremony"],
            "credential": self.device.create(begun["options"]),
            "name": name,
        }
        answer = await self.ask("POST", "/passkeys", json=body)
        assert answer.status_code == 201, answer.text
        self.csrf = answer.json()["me"]["csrf"]
        return dict(answer.json())

    async def sign_in(self) -> httpx.Response:
        """Come in with the passkey."""
        begun = (await self.ask("POST", "/session/passkey/options")).json()
        credential = self.device.get(begun["options"])
        answer = await self.ask(
            "POST", "/session/passkey", json={"ceremony": begun["ceremony"], "credential": credential}
        )
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf"]
        return answer

    async def me(self) -> dict[str, Any]:
        """Return who the city takes me for."""
        return dict((await self.ask("GET", "/session")).json())


#: Opens another browser.
Open = Callable[[], Awaitable[Browser]]


@asynccontextmanager
async def browsers(node: CityNode, settings: Settings) -> AsyncIterator[Open]:
    """Serve the city, and let browsers be opened."""
    clients: list[httpx.AsyncClient] = []
    async with opened(node, settings) as address:

        async def another() -> Browser:
            client = httpx.AsyncClient(base_url=f"http://{address}", timeout=20.0)
            clients.append(client)
            return Browser(client, f"http://{address}")

        try:
            yield another
        finally:
            for client in clients:
                await client.aclose()
