"""Runs monado-service in a network namespace of its own and hands out sockets from inside it.

Monado's remote driver listens on every address without asking who is there, so it gets a namespace in which
there is nobody but itself. Started by :mod:`tests.support.monado` as ``unshare --net python
monado_namespace.py FD …``; file descriptor FD is one end of a Unix socket pair. A byte on it asks for a TCP
connection to the driver: a socket belongs to the namespace it was made in, wherever it is used, so the
connected descriptor is simply sent back. End of file on it ends the service: nothing outlives the process
that asked for it.
"""

import errno
import fcntl
import signal
import socket
import struct
import subprocess
import sys

SIOCSIFFLAGS = 0x8914  # linux/sockios.h
IFF_UP = 0x1  # linux/if.h


def raise_loopback() -> None:
    """Bring `lo` up: a new namespace has it down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def connect(port: int) -> socket.socket | None:
    """Connect to the driver; None while it does not listen yet."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    result = sock.connect_ex(("127.0.0.1", port))
    if result == 0:
        return sock
    sock.close()
    if result == errno.ECONNREFUSED:
        return None
    raise OSError(result, errno.errorcode.get(result, "unknown"))


def main(arguments: list[str]) -> int:
    """Serve requests until the asker is gone; arguments: FD, port, then the command of the service."""
    descriptor, port, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    raise_loopback()
    # Ctrl-C in the terminal goes to the whole group; the asker decides when the service ends.
    service = subprocess.Popen(command, start_new_session=True)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as asker:
        asker.sendall(struct.pack("<i", service.pid))
        while asker.recv(1):
            connection = connect(port)
            if connection is None:
                asker.sendall(b"-")
                continue
            socket.send_fds(asker, [b"+"], [connection.fileno()])
            connection.close()
    service.terminate()
    try:
        return service.wait(5)
    except subprocess.TimeoutExpired:
        service.kill()
        return service.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
