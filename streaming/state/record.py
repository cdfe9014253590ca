"""Records: one entity's state as bits, in full or against a base. Kernels for numba, bounds checked."""

import numpy as np

from spatial.kernel import compiled, trusted
from streaming.state.layout import (
    AGE_BITS,
    AGE_CLASS,
    AGE_CLASSES,
    BITS,
    CLASS,
    CODING,
    FIRST,
    FLAG,
    FLAG_BITS,
    GROUPS,
    NUMBERS,
    NUMBERS_CODED,
)
from streaming.state.table import (
    BEFORE,
    CODE_LENGTHS,
    CODES,
    COUNTS,
    ESCAPE,
    LONGEST,
    SIZES,
    SYMBOLS_IN_ORDER,
)

#: Most records are no longer, bits.
SHORT = 192
#: 64-bit words of a record: seven hold the longest, the last is for whoever keeps it.
WORDS = 8
_TURN, _QUATERNION = 1, 2
_ONE, _LOW = np.uint64(1), np.uint64(0xFFFFFFFF)
_SIZE_OF = np.array([min(value.bit_length(), SIZES) for value in range((1 << (SIZES - 1)) + 1)], np.uint8)
#: For each context and size, sixteen sizes a context: the code, and from bit 16 on its length.
_CODED = CODES.astype(np.uint64) | CODE_LENGTHS.astype(np.uint64) << np.uint64(16)
_ENTRIES = np.pad(_CODED, ((0, 0), (0, 16 - _CODED.shape[1]))).ravel()
_FIRST_DIGIT = np.array([0, *(1 << (size - 1) for size in range(1, SIZES))], np.int64)


@trusted
def wrapped(difference, bits):
    """Return the same turn within half a turn to each side, of an angle of so many bits."""
    half = 1 << (bits - 1)
    return ((difference + half) & ((1 << bits) - 1)) - half


@trusted
def stirred(before, size):
    """Return how much changed, after a difference of a size: it sinks slowly, past what stood still."""
    return min(max(size, before - 1), BEFORE - 1)


@trusted
def push(words, word, gathered, bits, value, length):
    """Add `length` (0 to 32) bits to the fewer than 32 gathered; return the next word, bits, their number.

    Without a branch: which word a piece ends in is no pattern that a processor could foresee.
    """
    gathered |= value << np.uint64(bits)
    bits += length
    words[word] = np.uint32(gathered & _LOW)
    full = bits >> 5
    return word + full, gathered >> np.uint64(full << 5), bits & 31


@trusted
def push_group(words, word, gathered, bits, state, kind, group):
    """Add a group in full."""
    first = FIRST[kind, group]
    if CODING[kind, group] == _QUATERNION:
        word, gathered, bits = push(words, word, gathered, bits, np.uint64(state[first]), 2)
        first += 1
    width = BITS[kind, group]
    mask = (_ONE << np.uint64(width)) - _ONE
    for number in range(first, first + NUMBERS_CODED[kind, group]):
        word, gathered, bits = push(words, word, gathered, bits, np.uint64(state[number]) & mask, width)
    return word, gathered, bits


@trusted
def is_escape(state, base, kind, group):
    """Tell whether a group's difference is too large, or of another kind, so that the group goes in full."""
    first = FIRST[kind, group]
    if CODING[kind, group] == _TURN:
        return False
    if CODING[kind, group] == _QUATERNION:
        if state[first] != base[first]:
            return True
        first += 1
    for number in range(first, first + 3):
        if abs(state[number] - base[number]) >= 1 << (SIZES - 1):
            return True
    return False


@trusted
def has_changed(state, base):
    """Tell whether any number differs."""
    for number in range(NUMBERS):
        if state[number] != base[number]:
            return True
    return False


@trusted
def push_differences(words, word, gathered, bits, state, base, kind, row):
    """Add all groups against a base; `row` is the class of its age."""
    before = 0
    for group in range(GROUPS[kind]):
        if FLAG[kind, group] and not state[0] & FLAG[kind, group]:
            continue
        if is_escape(state, base, kind, group):
            context = (CLASS[kind, group, 0] * AGE_CLASSES + row) * BEFORE + before
            code, length = np.uint64(CODES[context, ESCAPE]), np.int64(CODE_LENGTHS[context, ESCAPE])
            word, gathered, bits = push(words, word, gathered, bits, code, length)
            word, gathered, bits = push_group(words, word, gathered, bits, state, kind, group)
            before = BEFORE - 1
            continue
        start = FIRST[kind, group] + (1 if CODING[kind, group] == _QUATERNION else 0)
        for number in range(NUMBERS_CODED[kind, group]):
            difference = np.int64(state[start + number]) - np.int64(base[start + number])
            if CODING[kind, group] == _TURN:
                difference = wrapped(difference, BITS[kind, group])
            context = (CLASS[kind, group, number] * AGE_CLASSES + row) * BEFORE + before
            size = np.int64(_SIZE_OF[abs(difference)])
            entry = _ENTRIES[context << 4 | size]
            length = np.int64(entry >> np.uint64(16))
            # After its size the sign, then all digits but the first, which is always 1; of nothing, nothing.
            digits = (abs(difference) - _FIRST_DIGIT[size]) << 1 | (1 if difference < 0 else 0)
            value = entry & np.uint64(0xFFFF) | np.uint64(digits << length)
            word, gathered, bits = push(words, word, gathered, bits, value, length + size)
            before = stirred(before, size)
    return word, gathered, bits


@trusted
def encode(kind, state, base, age, words):
    """Write a record and return its length in bits.

    Its age; against a base, whether anything changed and, if so, whether the flags did; the flags unless they
    did not; then the groups.

    Args:
        kind: `Entity`.
        state: (NUMBERS,) int32.
        base: (NUMBERS,) int32, the state that it is coded against; unused when `age` is 0.
        age: Place of the base's age in `AGES`, from 1; 0 for a full record.
        words: (2 · WORDS,) uint32, written; behind the record's end up to a multiple of 64, and at least up
            to :data:`SHORT` bits, they are zero.
    """
    word, gathered, bits = 0, np.uint64(age), AGE_BITS
    moved = age == 0 or has_changed(state, base)
    if age:
        changed = np.uint64((2 if state[0] != base[0] else 0) | 1 if moved else 0)
        word, gathered, bits = push(words, word, gathered, bits, changed, 2 if moved else 1)
    if moved and (age == 0 or state[0] != base[0]):
        word, gathered, bits = push(words, word, gathered, bits, np.uint64(state[0]), FLAG_BITS)
    if age == 0:
        for group in range(GROUPS[kind]):
            if not FLAG[kind, group] or state[0] & FLAG[kind, group]:
                word, gathered, bits = push_group(words, word, gathered, bits, state, kind, group)
    elif moved:
        word, gathered, bits = push_differences(
            words, word, gathered, bits, state, base, kind, AGE_CLASS[age]
        )
    words[word] = np.uint32(gathered)
    for rest in range(word + 1, max(SHORT // 32, (word | 1) + 1)):
        words[rest] = 0
    return word * 32 + bits


@compiled
def take(data, at, bits):
    """Return `bits` (at most 32) bits at bit `at` of uint8 data, as an int64; -1 past the end."""
    if at + bits > data.size * 8:
        return -1
    value, got = 0, 0
    while got < bits:
        byte, shift = (at + got) >> 3, (at + got) & 7
        part = min(8 - shift, bits - got)
        value |= ((np.int64(data[byte]) >> shift) & ((1 << part) - 1)) << got
        got += part
    return value


@compiled
def take_symbol(data, at, context):
    """Return (symbol, where it ends); symbol -1 past the end."""
    code, first, index = 0, 0, 0
    for length in range(1, LONGEST + 1):
        bit = take(data, at, 1)
        if bit < 0:
            return -1, at
        at += 1
        code |= bit
        count = COUNTS[context, length]
        if code - first < count:
            return np.int64(SYMBOLS_IN_ORDER[context, index + code - first]), at
        index += count
        first = (first + count) << 1
        code <<= 1
    return -1, at


@compiled
def signed(value, bits):
    """Return two's complement of so many bits as a number."""
    return value - (1 << bits) if value >> (bits - 1) else value


@compiled
def take_group(data, at, kind, group, state):
    """Read a group in full; return where it ends, or -1 past the end."""
    first, coding, bits = FIRST[kind, group], CODING[kind, group], BITS[kind, group]
    if coding == _QUATERNION:
        largest = take(data, at, 2)
        if largest < 0:
            return -1
        state[first] = largest
        first, at = first + 1, at + 2
    for number in range(first, first + NUMBERS_CODED[kind, group]):
        value = take(data, at, bits)
        if value < 0:
            return -1
        state[number] = value if coding else signed(value, bits)
        at += bits
    return at


@compiled
def take_differences(data, at, kind, group, row, before, base, state):
    """Read a group against a base; return (where it ends or -1, how much changed)."""
    start, coding, bits = FIRST[kind, group], CODING[kind, group], BITS[kind, group]
    if coding == _QUATERNION:
        state[start] = base[start]
        start += 1
    for number in range(NUMBERS_CODED[kind, group]):
        context = (CLASS[kind, group, number] * AGE_CLASSES + row) * BEFORE + before
        size, at = take_symbol(data, at, context)
        if size < 0:
            return -1, before
        if size == ESCAPE:
            if number:
                return -1, before
            return take_group(data, at, kind, group, state), BEFORE - 1
        difference = np.int64(0)
        if size:
            digits = take(data, at, size)
            if digits < 0:
                return -1, before
            difference = (digits >> 1) + (np.int64(1) << (size - 1))
            if digits & 1:
                difference = -difference
            at += size
        value = base[start + number] + difference
        if coding == _TURN:
            value &= (1 << bits) - 1
        state[start + number] = value
        before = stirred(before, size)
    return at, before


@compiled
def decode_body(data, at, kind, age, base, state):
    """Read what follows a record's age and return where it ends, or -1 when it is cut short or impossible.

    Args:
        data: (n,) uint8.
        at: Bit at which it begins.
        kind: `Entity`.
        age: As in :func:`encode`.
        base: (NUMBERS,) int32, unused when `age` is 0.
        state: (NUMBERS,) int32, written.
    """
    state[:] = 0
    changed = 1
    if age:
        moved, changed = take(data, at, 1), take(data, at + 1, 1)
        if moved == 0:
            state[:] = base
            return at + 1
        if changed < 0:
            return -1
        at += 2
    if changed:
        flags = take(data, at, FLAG_BITS)
        if flags < 0:
            return -1
        state[0], at = flags, at + FLAG_BITS
    else:
        state[0] = base[0]
    before = 0
    for group in range(GROUPS[kind]):
        if FLAG[kind, group] and not state[0] & FLAG[kind, group]:
            continue
        if age == 0:
            at = take_group(data, at, kind, group, state)
        else:
            at, before = take_differences(data, at, kind, group, AGE_CLASS[age], before, base, state)
        if at < 0:
            return -1
    return at
