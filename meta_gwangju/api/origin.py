"""Where a request comes from: which page, which network."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from municipality.citizens import RelyingParty


def is_foreign(connection: HTTPConnection) -> bool:
    """Tell whether a page of another site asks, in the browser of somebody near this server.

    Programs send no Origin. A proxy that changes the Host tells the old one, which no page can.
    """
    if connection.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return True
    origin = connection.headers.get("origin")
    if origin is None:
        return False
    try:
        site = urlsplit(origin).netloc.lower()
    except ValueError:
        return True
    hosts = (connection.headers.get("host", ""), connection.headers.get("x-forwarded-host", ""))
    return not site or site not in {host.lower() for host in hosts}


def network_of(connection: HTTPConnection) -> str:
    """Return whom a request counts for: an address, of IPv6 the /64; empty for this machine itself."""
    try:
        address = ipaddress.ip_address(connection.client.host if connection.client else "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return "" if address.is_loopback else str(ipaddress.ip_network((int(address), 64), strict=False))
        address = address.ipv4_mapped
    return "" if address.is_loopback else str(address)


def party_of(connection: HTTPConnection) -> RelyingParty:
    """Return this city as the browser that asks sees it.

    The host is what the browser calls us, and a passkey works for that name alone: somebody who serves this
    city under a name of their own gets nothing that opens it under ours.
    """
    host = connection.headers.get("x-forwarded-host") or connection.headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return RelyingParty(name.strip("[]").lower(), f"{connection.url.scheme}://{host.lower()}")
