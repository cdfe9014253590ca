"""Connections that packets are written to; at their other end a process reads: `python -m bench.sink`.

Each packet goes as a binary WebSocket message (RFC 6455, section 5.2) over its receiver's TCP connection on
this machine's loopback, as those of the peer's server do.
"""

import selectors
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HOST = "127.0.0.1"
_FINAL_BINARY = 0x82
#: Longest length that stands in the second byte itself.
_SHORT = 125


def framed(packet: bytes) -> bytes:
    """Return a packet of at most 65,535 bytes as a server's WebSocket message."""
    if len(packet) <= _SHORT:
        return struct.pack("!BB", _FINAL_BINARY, len(packet)) + packet
    return struct.pack("!BBH", _FINAL_BINARY, _SHORT + 1, len(packet)) + packet


@contextmanager
def connections(count: int) -> Iterator[list[socket.socket]]:
    """Open so many connections to a process that reads and forgets."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server((HOST, 0), backlog=count))
        port = listening.getsockname()[1]
        process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port), str(count)])
        stack.callback(process.wait)
        stack.callback(process.kill)
        listening.settimeout(30.0)
        opened = [stack.enter_context(listening.accept()[0]) for _ in range(count)]
        for one in opened:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield opened


def main() -> None:
    """Connect, and read until every connection is closed."""
    port, count = (int(argument) for argument in sys.argv[1:])
    buffer = bytearray(65_536)
    with selectors.DefaultSelector() as selector:
        for _ in range(count):
            selector.register(socket.create_connection((HOST, port)), selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                one = key.fileobj
                if isinstance(one, socket.socket) and not one.recv_into(buffer):
                    selector.unregister(one)
                    one.close()


if __name__ == "__main__":
    main()
