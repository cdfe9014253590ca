"""How often which difference is met, as prefix codes; from :mod:`streaming.state.lengths`.

A difference is coded by its *size*, the number of binary digits of its absolute value, then its sign and its
digits but the first. Which code its size has depends on what kind of number it is, on how old the base is,
and how much of what came before it in the record changed (see `stirred`): who turns quickly also moves
quickly. The codes are canonical (RFC 1951, section 3.2.2) with at most :data:`LONGEST` bits, sent least
significant bit first.
"""

import numpy as np
from numpy.typing import NDArray

from streaming.state.layout import AGE_CLASSES, CLASSES
from streaming.state.lengths import LENGTHS

#: Sizes 0 to 12, then the one that says: the whole group follows in full.
SIZES = 13
ESCAPE = SIZES
SYMBOLS = SIZES + 1
#: So many degrees of how much changed before.
BEFORE = 8
LONGEST = 12
CONTEXTS = CLASSES * AGE_CLASSES * BEFORE


def canonical(lengths: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return (contexts, SYMBOLS) codes of these lengths, their bits in the order in which they are sent."""
    codes = np.zeros(lengths.shape, np.uint16)
    for context, row in enumerate(lengths.tolist()):
        code, before = 0, 0
        for length, symbol in sorted((length, symbol) for symbol, length in enumerate(row)):
            code <<= length - before
            codes[context, symbol] = int(format(code, f"0{length}b")[::-1], 2)
            code, before = code + 1, length
    return codes


#: (CONTEXTS, SYMBOLS) uint8, bits of each code.
CODE_LENGTHS = np.array([[int(digit, 16) for digit in row] for row in LENGTHS.split()], np.uint8).reshape(
    CONTEXTS, SYMBOLS
)
CODES = canonical(CODE_LENGTHS)


def _sorted_symbols() -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    symbols = np.argsort(CODE_LENGTHS, axis=1, kind="stable").astype(np.uint8)
    counts = np.zeros((CONTEXTS, LONGEST + 1), np.int32)
    for length in range(1, LONGEST + 1):
        counts[:, length] = np.count_nonzero(length == CODE_LENGTHS, axis=1)
    return symbols, counts


#: For decoding: symbols in the order of their codes (CONTEXTS, SYMBOLS), and how many codes of each length.
SYMBOLS_IN_ORDER, COUNTS = _sorted_symbols()
