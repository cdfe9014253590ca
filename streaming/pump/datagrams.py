"""Many datagrams with one call of the system: recvmmsg and sendmmsg over arrays (Linux, 64 bits). Kernels."""

import numpy as np

from spatial.kernel import compiled
from streaming.pump.calls import address_of, call4, call5
from streaming.pump.functions import RECVMMSG, SENDMMSG

#: Bytes of the largest datagram that is taken; larger ones are cut, and dropped for it.
MOST_OCTETS = 2048
#: Bytes of a socket address, IPv6's being the longest (28), in whole words.
ADDRESS = 32
_NAME, _NAME_LENGTH, _VECTOR, _VECTORS, _FLAGS, _LENGTH = 0, 1, 2, 3, 6, 7
_DONT_WAIT, _TRUNCATED = 0x40, 0x20
_INET_LENGTH, _INET6_LENGTH = 16, 28
_INET6 = 10


class Datagrams:
    """Room for datagrams, with the structures that the system wants around them.

    Attributes:
        octets: (count, MOST_OCTETS) uint8.
        addresses: (count, ADDRESS) uint8, socket addresses as the system writes them.
        sizes: (count,) int64, bytes of each datagram; -1: it was cut.
        sockets: (count,) int64, descriptor that each is to leave by.
        headers: (count, 8) int64, `struct mmsghdr`.
        vectors: (count, 2) int64, `struct iovec`.
    """

    def __init__(self, count: int) -> None:
        self.octets = np.zeros((count, MOST_OCTETS), np.uint8)
        self.addresses = np.zeros((count, ADDRESS), np.uint8)
        self.sizes = np.zeros(count, np.int64)
        self.sockets = np.zeros(count, np.int64)
        self.headers = np.zeros((count, 8), np.int64)
        self.vectors = np.zeros((count, 2), np.int64)
        for index in range(count):
            self.vectors[index] = self.octets[index].ctypes.data, MOST_OCTETS
            self.headers[index, _NAME] = self.addresses[index].ctypes.data
            self.headers[index, _VECTOR] = self.vectors[index].ctypes.data
            self.headers[index, _VECTORS] = 1


@compiled
def receive(functions, socket, headers, sizes):
    """Take what has come; return how many datagrams.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        socket: Its descriptor.
        headers: As in :class:`Datagrams`, changed.
        sizes: As in :class:`Datagrams`, written.
    """
    count = sizes.size
    for index in range(count):
        headers[index, _NAME_LENGTH] = ADDRESS
    got = call5(
        functions[RECVMMSG],
        np.int32(socket),
        address_of(headers),
        np.int32(count),
        np.int32(_DONT_WAIT),
        np.int64(0),
    )
    for index in range(got):
        sizes[index] = headers[index, _LENGTH] & 0xFFFFFFFF
        if headers[index, _FLAGS] & _TRUNCATED:
            sizes[index] = -1
    return max(np.int64(got), np.int64(0))


@compiled
def send(functions, sockets, headers, vectors, addresses, sizes, count):
    """Send so many datagrams; return how many the system did not take.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        sockets, headers, vectors, addresses, sizes: As in :class:`Datagrams`.
        count: How many, from the first.
    """
    for index in range(count):
        vectors[index, 1] = sizes[index]
        headers[index, _NAME_LENGTH] = _INET6_LENGTH if addresses[index, 0] == _INET6 else _INET_LENGTH
    done, refused = np.int64(0), 0
    while done < count:
        same = done + 1
        while same < count and sockets[same] == sockets[done]:
            same += 1
        gone = call4(
            functions[SENDMMSG],
            np.int32(sockets[done]),
            address_of(headers[done]),
            np.int32(same - done),
            np.int32(_DONT_WAIT),
        )
        if gone > 0:
            done += np.int64(gone)
        else:
            # The first of the rest cannot go: its address is unreachable, or there is no room.
            done += 1
            refused += 1
    return refused
