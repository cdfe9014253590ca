"""Citizens with a browser or a program, calling the real application."""

import asyncio
import time
from typing import Any

import httpx
from fastapi import FastAPI

from meta_gwangju.api.cookies import COOKIE, csrf_of
from meta_gwangju.offices import Offices
from municipality.access import CITY, Actor, Grant, Role

ORIGIN = "http://city:8000"


class Caller:
    """Somebody who calls: a visitor, or a citizen in a session of their own.

    Attributes:
        number: Of the citizen; None for a visitor.
        headers: Sent with every request.
    """

    def __init__(self, app: FastAPI, number: int | None = None, token: str | None = None) -> None:
        self.number = number
        self.headers = {"origin": ORIGIN}
        if token is not None:
            self.headers |= {"cookie": f"{COOKIE}={token}", "x-csrf-token": csrf_of(token)}
        self._app = app

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Return the answer to one request; redirects are not followed."""
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=self.headers) as client:
            return await client.request(method, path, **more)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request in an event loop of its own."""
        return asyncio.run(self.send(method, path, **more))


def citizen(app: FastAPI, offices: Offices, name: str, *roles: Role, place: str = CITY) -> Caller:
    """Return a new citizen who holds more roles at a place, signed in."""
    now = time.time()
    with offices.store.write() as connection:
        number = offices.citizens.join(connection, name, now=now)
        for role in roles:
            offices.grants.hand_out(connection, Actor(door="program"), number, Grant(role, place), now)
    _, token = offices.sessions.open(number, "test", now)
    return Caller(app, number, token)
