"""Which of this machine's addresses ICE may offer."""

import ipaddress
import socket

import ifaddr


def offered(host: str) -> list[str]:
    """Return the addresses that a server bound to `host` offers.

    A loopback host offers loopback only, ``0.0.0.0`` every IPv4 address of the machine with loopback last,
    ``::`` the IPv6 ones as well; any other host offers just the address it means.
    """
    if host == "localhost":
        return ["127.0.0.1"]
    try:
        asked = ipaddress.ip_address(host)
    except ValueError:
        return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)})
    if not asked.is_unspecified:
        return [host]
    addresses = _of_this_machine(with_v6=asked.version == 6)
    return [ip for ip in addresses if ip != "127.0.0.1"] + ["127.0.0.1"]


def towards(host: str, port: int) -> list[str]:
    """Return the addresses that a client of `host` offers: loopback for a server there, else all the others.

    Raises:
        OSError: The host has no address, or there is no way to it.
    """
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as probe:
        # Connecting a datagram socket sends nothing; it asks the routing table which address would be used.
        probe.connect(address)
        own = str(probe.getsockname()[0])
    if ipaddress.ip_address(own).is_loopback:
        return [own]
    others = _of_this_machine(with_v6=family == socket.AF_INET6)
    return [own, *(ip for ip in others if ip != own and not ipaddress.ip_address(ip).is_loopback)]


def _of_this_machine(*, with_v6: bool) -> list[str]:
    found: list[str] = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if isinstance(ip.ip, str):
                found.append(ip.ip)
            elif with_v6 and ip.ip[2] == 0 and ip.ip[0] != "::1":
                # A link-local address needs a scope that ICE cannot carry.
                found.append(ip.ip[0])
    return found
