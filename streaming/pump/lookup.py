"""Whose address a datagram came from: a hash table of socket addresses. Kernels."""

import socket
import struct

import numpy as np

from spatial.kernel import compiled
from streaming.pump.datagrams import ADDRESS

_INET, _INET6 = int(socket.AF_INET), int(socket.AF_INET6)
#: Odd numbers without a pattern, after Knuth, The Art of Computer Programming, volume 3, section 6.4.
_FIRST, _SECOND, _THIRD = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0xD6E8FEB86659FD93),
)
_DOWN = np.uint64(32)


def socket_address(address: tuple[str, int] | tuple[str, int, int, int]) -> np.ndarray:
    """Return (ADDRESS,) uint8 of an address as asyncio names it.

    Raises:
        OSError: It is no numeric address.
    """
    host, port = address[0].partition("%")[0], address[1]
    if ":" in host:
        flow, scope = (*address[2:], 0, 0)[:2]
        data = struct.pack("=HH", _INET6, socket.htons(port)) + struct.pack("!I", flow)
        data += socket.inet_pton(socket.AF_INET6, host) + struct.pack("=I", scope)
    else:
        data = struct.pack("=HH", _INET, socket.htons(port)) + socket.inet_pton(socket.AF_INET, host)
    result = np.zeros(ADDRESS, np.uint8)
    result[: len(data)] = np.frombuffer(data, np.uint8)
    return result


def address_tuple(data: bytes) -> tuple[str, int] | tuple[str, int, int, int]:
    """Return the address that :func:`socket_address` would write so."""
    port = socket.ntohs(struct.unpack_from("=H", data, 2)[0])
    if struct.unpack_from("=H", data)[0] != _INET6:
        return socket.inet_ntop(socket.AF_INET, data[4:8]), port
    (scope,) = struct.unpack_from("=I", data, 24)
    return socket.inet_ntop(socket.AF_INET6, data[8:24]), port, struct.unpack_from("!I", data, 4)[0], scope


@compiled
def _word(address, at):
    value = np.uint64(0)
    for index in range(8):
        value = value << np.uint64(8) | np.uint64(address[at + index])
    return value


@compiled
def key_of(address):
    """Return three numbers that tell a socket address from all others; flow and scope do not count."""
    first = _word(address, 0)
    if np.int64(address[0]) == _INET6:
        return first >> _DOWN, _word(address, 8), _word(address, 16)
    return first, np.uint64(0), np.uint64(0)


@compiled
def _place(first, second, third, size):
    mixed = first * _FIRST ^ second * _SECOND ^ third * _THIRD
    mixed = (mixed ^ mixed >> _DOWN) * _FIRST
    return np.int64(mixed >> np.uint64(33)) % size


@compiled
def rebuild(keys, holders, addresses, sockets, attached):
    """Write the table anew: so nothing that left is in anybody's way.

    Args:
        keys: (size, 4) uint64, written; at least twice as many places as rows.
        holders: (size,) int64, written: which row, -1: none.
        addresses: (count, ADDRESS) uint8, where each row's peer is.
        sockets: (count,) int64, descriptor of the socket that it is reached by.
        attached: (count,) int64, whether the row is anybody's.
    """
    holders[:] = -1
    for row in range(attached.size):
        if not attached[row]:
            continue
        first, second, third = key_of(addresses[row])
        near = np.uint64(sockets[row])
        place = _place(first ^ near, second, third, holders.size)
        while holders[place] >= 0:
            place = (place + 1) % holders.size
        keys[place, 0], keys[place, 1], keys[place, 2], keys[place, 3] = first, second, third, near
        holders[place] = row


@compiled
def find(keys, holders, address, socket_here):
    """Return whose address it is, as seen from one of our sockets; -1: nobody's."""
    first, second, third = key_of(address)
    near = np.uint64(socket_here)
    place = _place(first ^ near, second, third, holders.size)
    for _ in range(holders.size):
        if holders[place] < 0:
            return -1
        same = keys[place, 0] == first and keys[place, 1] == second and keys[place, 2] == third
        if same and keys[place, 3] == near:
            return holders[place]
        place = (place + 1) % holders.size
    return -1
