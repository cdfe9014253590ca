"""Sets of up to 64 places in a word. Kernels for numba."""

import numpy as np

from spatial.kernel import trusted

ONE, NONE = np.uint64(1), np.uint64(0)
ALL = ~NONE
#: Where the lowest set bit of a word is, by its product with a de Bruijn sequence (Leiserson 1998).
_SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
_LOWEST = np.zeros(64, np.int64)
for _place in range(64):
    _LOWEST[(((1 << _place) * int(_SEQUENCE)) & 0xFFFFFFFFFFFFFFFF) >> 58] = _place


@trusted
def bit(place):
    """Return a mask of one bit."""
    return ONE << np.uint64(place)


@trusted
def lowest(mask):
    """Return the place of the lowest set bit of a mask that is not empty."""
    return _LOWEST[((mask & (~mask + ONE)) * _SEQUENCE) >> np.uint64(58)]
