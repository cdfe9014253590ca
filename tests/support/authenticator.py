"""An authenticator inside Chromium: the virtual one of its DevTools (W3C Web Authentication, section 11)."""

from typing import Any

from playwright.sync_api import Page

#: A device's own authenticator that keeps its keys, verifies its user, and is always agreed to.
_DEVICE = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Authenticator:
    """Keeps the passkeys of one page."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        made = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
        self._id = str(made["authenticatorId"])

    def passkeys(self) -> list[dict[str, Any]]:
        """Return the passkeys that it holds."""
        answer = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        found: list[dict[str, Any]] = answer["credentials"]
        return found

    def agree(self, *, willing: bool) -> None:
        """Have whoever uses it put their finger on it from now on, or nobody."""
        self._session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": willing}
        )
