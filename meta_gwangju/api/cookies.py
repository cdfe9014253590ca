"""The session's cookie, and the token that shows that a request comes from our own page."""

import base64
import hmac

from starlette.requests import HTTPConnection
from starlette.responses import Response

from municipality.citizens.sessions import LIFETIME

COOKIE = "meta_gwangju_session"
#: Longer ones are no tokens of ours.
_LONGEST = 64


def token_of(connection: HTTPConnection) -> str | None:
    """Return the session's token: from the cookie, or as a program sends it (`Authorization: Bearer`)."""
    token = connection.cookies.get(COOKIE) or bearer(connection)
    return token if token and len(token) <= _LONGEST else None


def bearer(connection: HTTPConnection) -> str | None:
    """Return a bearer token (RFC 6750, section 2.1)."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def csrf_of(token: str) -> str:
    """Return what our pages send back with a change: no other page can know it (OWASP, HMAC-based token)."""
    digest = hmac.digest(token.encode(), b"csrf", "sha256")
    return base64.urlsafe_b64encode(digest[:24]).decode()


def csrf_fits(token: str, sent: str) -> bool:
    """Tell whether a page sent the right one."""
    return hmac.compare_digest(csrf_of(token).encode(), sent.encode())


def give(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser a session."""
    response.set_cookie(
        COOKIE, token, max_age=int(LIFETIME), path="/", secure=secure, httponly=True, samesite="lax"
    )


def take(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
