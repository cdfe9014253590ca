"""Whole numbers in network order, in arrays of bytes. Kernels, bounds checked."""

import numpy as np

from spatial.kernel import compiled


@compiled
def get16(octets, at):
    """Return 16 bits."""
    return np.int64(octets[at]) << 8 | np.int64(octets[at + 1])


@compiled
def get32(octets, at):
    """Return 32 bits."""
    return get16(octets, at) << 16 | get16(octets, at + 2)


@compiled
def put16(octets, at, value):
    """Write the low 16 bits of a number."""
    octets[at] = (value >> 8) & 255
    octets[at + 1] = value & 255


@compiled
def put32(octets, at, value):
    """Write the low 32 bits of a number."""
    put16(octets, at, value >> 16)
    put16(octets, at + 2, value)


@compiled
def copy(source, begin, target, at, size):
    """Copy so many bytes."""
    for index in range(size):
        target[at + index] = source[begin + index]


@compiled
def ahead16(later, earlier):
    """Return how far one 16-bit number is ahead of another, within half a turn to each side."""
    return ((later - earlier + 0x8000) & 0xFFFF) - 0x8000


@compiled
def ahead32(later, earlier):
    """Return how far one 32-bit number is ahead of another, within half a turn to each side (RFC 1982)."""
    return ((later - earlier + 0x80000000) & 0xFFFFFFFF) - 0x80000000
