"""Headers that every answer carries, so that the page may do what it does and nothing else."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What a Host header may look like before it is repeated in a policy (RFC 3986, section 3.2.2).
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")

_FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": (
        "microphone=(self), xr-spatial-tracking=(self), fullscreen=(self), gyroscope=(self), "
        "accelerometer=(self), camera=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
    ),
    "cross-origin-opener-policy": "same-origin",
}


def content_security_policy(host: str) -> str:
    """Return the policy for a page served from ``host`` (the request's Host header).

    WebAssembly and blob workers decode tiles; `data:` and `blob:` images are textures drawn in the page;
    inline styles are set by the renderer's labels. Firefox and Safari do not count a WebSocket of the same
    host as `'self'` everywhere, so it is named.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob: mediastream:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


#: The plain door runs no script at all; its forms say where they come from.
_PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_PLAIN = {"content-security-policy": _PLAIN_POLICY, "referrer-policy": "same-origin"}


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = content_security_policy(Headers(scope=scope).get("host", ""))
        is_plain = scope["path"] == "/plain" or scope["path"].startswith("/plain/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_FIXED)
                headers["content-security-policy"] = policy
                if is_plain:
                    headers.update(_PLAIN)
            await send(message)

        await self.app(scope, receive, send_with_headers)
