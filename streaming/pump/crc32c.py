"""CRC-32C (RFC 9260, appendix A), eight bytes a step (Kounavis and Berry, "slicing-by-8", 2008). Kernel."""

import numpy as np

from spatial.kernel import compiled

_POLYNOMIAL = 0x82F63B78


def _tables() -> np.ndarray:
    tables = np.zeros((8, 256), np.uint32)
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
        tables[0, byte] = value
    for step in range(1, 8):
        tables[step] = tables[step - 1] >> np.uint32(8) ^ tables[0, tables[step - 1] & np.uint32(255)]
    return tables


_TABLES = _tables()


@compiled
def crc32c(octets, size):
    """Return the checksum of the first `size` bytes."""
    value, at = np.int64(0xFFFFFFFF), 0
    while at + 8 <= size:
        low = value ^ (
            np.int64(octets[at])
            | np.int64(octets[at + 1]) << 8
            | np.int64(octets[at + 2]) << 16
            | np.int64(octets[at + 3]) << 24
        )
        value = np.int64(
            _TABLES[7, low & 255]
            ^ _TABLES[6, (low >> 8) & 255]
            ^ _TABLES[5, (low >> 16) & 255]
            ^ _TABLES[4, low >> 24]
            ^ _TABLES[3, octets[at + 4]]
            ^ _TABLES[2, octets[at + 5]]
            ^ _TABLES[1, octets[at + 6]]
            ^ _TABLES[0, octets[at + 7]]
        )
        at += 8
    while at < size:
        value = np.int64(_TABLES[0, (value ^ np.int64(octets[at])) & 255]) ^ (value >> 8)
        at += 1
    return value ^ 0xFFFFFFFF
