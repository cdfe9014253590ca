"""A citizen who uses the API from a program: joins with a passkey in software, and changes things."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.support.passkey import Authenticator


class Neighbour:
    """Somebody with a session at `/api/v1`."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def get(self, path: str) -> Any:
        """Return what the server says."""
        answer = self._client.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def change(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Change something, and return the answer; null where there is none."""
        csrf = self.get("session")["csrf"]
        answer = self._client.request(
            method, path, json=body, headers={**headers, **({"X-CSRF-Token": csrf} if csrf else {})}
        )
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def cookies(self, origin: str) -> list[Any]:
        """Return the session as a browser's context takes it: whoever has it is this citizen."""
        return [{"name": key, "value": value, "url": origin} for key, value in self._client.cookies.items()]


@contextmanager
def neighbour(origin: str, name: str | None = None, *, code: str | None = None) -> Iterator[Neighbour]:
    """Join under a name, or come in by a code."""
    with httpx.Client(base_url=f"{origin}/api/v1/", headers={"Origin": origin}) as client:
        one = Neighbour(client)
        if code is not None:
            one.change("POST", "session/code", {"code": code})
        else:
            begun = one.change("POST", "passkeys/options", {"name": name})
            credential = Authenticator(origin).create(begun["options"])
            body = {"ceremony": begun["ceremony"], "credential": credential, "name": name}
            one.change("POST", "passkeys", body)
        yield one
