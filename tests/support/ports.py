"""A port that nobody listens on."""

import socket


def free_port() -> int:
    """Return a free TCP port of the loopback."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
