# numba takes numbers and positional arguments only, and a call for each step would cost more than the step.
"""The crowd record: everybody in sight, roughly, by squares of the ground. Kernels for numba.

People of one square stand together in pieces, ascending by id; a piece is encoded once and goes to everybody
who has that square in sight. What a piece looks like stands in docs/protocol.md.
"""

import numpy as np

from spatial.kernel import trusted
from streaming.interest import first_at_least
from streaming.state.places import holds

#: Width of a square, and steps of the places in it, metres.
SQUARE = 32.0
STEP = SQUARE / 256
#: Steps of heights to the metre; those of a piece are counted from the whole metre that it names.
HEIGHT_STEPS = 4
#: Headings to the turn.
TURNS = 64
#: So many squares to each side of a viewer's own are in sight.
REACH = 5
#: People in a piece, at most.
PIECE = 32
#: Bytes of a piece before its people, and of one of them at most.
HEAD = 7
LONGEST = 9
#: Heights of a piece, steps.
_TALLEST = 256
_BELOW = 31
_PART_BITS = 20
_HALF = 1 << 15
_VARINT_BITS = 7
_MORE = 1 << _VARINT_BITS


@trusted
def key_of(column, line):
    """Return the number of a square's first piece: it rises with the column, then with the line."""
    return ((np.int64(column) + _HALF) << 16 | (np.int64(line) + _HALF)) << _PART_BITS


@trusted
def squares_of(positions, count, squares):
    """Write for the first `count` rows the number of the square that each stands in."""
    for row in range(count):
        squares[row] = key_of(np.floor(positions[row, 0] / SQUARE), np.floor(positions[row, 2] / SQUARE))


@trusted
def put_number(out, at, value, size):
    """Write a number in `size` bytes, the lowest first."""
    for index in range(size):
        out[at + index] = value >> (8 * index) & 255
    return at + size


@trusted
def put_piece(out, at, key, base, first, last, ids, places, slots, hidden):
    """Write the people `first` … `last` - 1 of a square but those who are hidden; return where they end."""
    start = at
    at = put_number(out, at, ((key >> (_PART_BITS + 16)) & 0xFFFF) - _HALF, 2)
    at = put_number(out, at, ((key >> _PART_BITS) & 0xFFFF) - _HALF, 2)
    at = put_number(out, at, base, 2) + 1
    before, count = np.int64(0), 0
    for index in range(first, last):
        if holds(hidden, slots[index]):
            continue
        rest = ids[index] - before
        before = ids[index]
        while rest >= _MORE:
            out[at] = rest & (_MORE - 1) | _MORE
            rest >>= _VARINT_BITS
            at += 1
        out[at] = rest
        for number in range(3):
            out[at + 1 + number] = places[index, number]
        out[at + 4] = places[index, 3]
        at += 5
        count += 1
    out[start + HEAD - 1] = count
    return at if count else start


@trusted
def cut(order, squares, positions, turns, person, slot, ids, places, slots, keys, bases, starts):
    """Cut everybody into pieces.

    Args:
        order: (n,) int64, rows of the world by square, then by id.
        squares: (rows,) int64, :func:`key_of` of each row's square.
        positions: (rows, 3) metres, world frame.
        turns: (rows,) uint8, heading and flags as they are sent.
        person, slot: (rows,) int64 and int32.
        ids, places, slots: (n,) int64, (n, 4) uint8 (x, height, z, turn) and (n,) int32, written in order.
        keys, bases, starts: (n + 1,) int64, written by piece: its number, which rises; the height from which
            its people's are counted, metres; the first of its people, and behind the last piece their end.

    Returns:
        How many pieces.
    """
    pieces, key, base = 0, np.int64(-1), np.int64(0)
    for index in range(order.size):
        row = order[index]
        height = np.int64(np.floor(positions[row, 1] * HEIGHT_STEPS))
        steps = height - base * HEIGHT_STEPS
        same = pieces > 0 and squares[row] == (key >> _PART_BITS) << _PART_BITS
        if not same or index - starts[pieces - 1] == PIECE or not 0 <= steps < _TALLEST:
            key = min(key + 1, squares[row] | ((1 << _PART_BITS) - 1)) if same else squares[row]
            base = np.int64(np.floor(positions[row, 1])) - _BELOW
            keys[pieces], bases[pieces], starts[pieces] = key, base, index
            pieces += 1
            steps = height - base * HEIGHT_STEPS
        ids[index], slots[index] = person[row], slot[row]
        for number in (0, 2):
            away = positions[row, number] / SQUARE
            places[index, number] = np.int64((away - np.floor(away)) * 256)
        places[index, 1], places[index, 3] = steps, turns[row]
    starts[pieces] = order.size
    return pieces


@trusted
def encode_pieces(pieces, ids, places, slots, keys, bases, starts, nobody, data, ends):
    """Encode all pieces as those see them from whom nobody is hidden.

    Args:
        pieces: How many.
        ids, places, slots, keys, bases, starts: As in :func:`cut`.
        nobody: (0,) int32.
        data: (at least HEAD + LONGEST bytes a person) uint8, written.
        ends: (pieces + 1,) int64, written: where each begins, and the last ends.
    """
    at = 0
    for piece in range(pieces):
        ends[piece] = at
        at = put_piece(
            data, at, keys[piece], bases[piece], starts[piece], starts[piece + 1], ids, places, slots, nobody
        )
    ends[pieces] = at


@trusted
def put_crowd(
    out, at, limit, column, line, cursor, pieces, ids, places, slots, keys, bases, starts, data, ends, hidden,
    scratch,
):  # fmt: skip
    """Write a viewer's next pieces, as many as fit below `limit` bytes.

    Args:
        out: The packet, uint8.
        at: Where they go, bytes.
        limit: Where they must end.
        column, line: The viewer's square.
        cursor: Number of the piece with which to go on.
        pieces, ids, places, slots, keys, bases, starts, data, ends: As in :func:`encode_pieces`.
        hidden: Slots of those who must not be shown to the viewer; they end with the first that is negative.
        scratch: (HEAD + LONGEST * PIECE,) uint8.

    Returns:
        Where they end, and the cursor for the next packet; -1: everybody has been told of.
    """
    for across in range(column - REACH, column + REACH + 1):
        stop = key_of(across, line + REACH + 1)
        if stop <= cursor:
            continue
        piece = first_at_least(keys[:pieces], max(cursor, key_of(across, line - REACH)))
        if hidden[0] >= 0:
            while piece < pieces and keys[piece] < stop:
                size = put_piece(
                    scratch, 0, keys[piece], bases[piece], starts[piece], starts[piece + 1], ids, places,
                    slots, hidden,
                )  # fmt: skip
                if at + size > limit:
                    return at, keys[piece]
                out[at : at + size] = scratch[:size]
                at += size
                piece += 1
            continue
        # Pieces of a column lie one behind the other: those that fit are copied at once.
        first, room = ends[piece], limit - at
        while piece < pieces and keys[piece] < stop and ends[piece + 1] - first <= room:
            piece += 1
        size = ends[piece] - first
        out[at : at + size] = data[first : first + size]
        at += size
        if piece < pieces and keys[piece] < stop:
            return at, keys[piece]
    return at, np.int64(-1)


@trusted
def append(
    views, tick, age, limits, columns, lines, pieces, ids, places, slots, keys, bases, starts, data, ends,
    hidden, cursors, due, lap, allowance, packets, sizes, scratch,
):  # fmt: skip
    """Append the crowd behind the records of each viewer's packet.

    Args:
        views: (v,) int32, slots of the viewers.
        tick: Of the world.
        age: Ticks since the pieces were cut.
        limits: (v,) int32, bits that each packet may have.
        columns, lines: (v,) int64, each one's square.
        pieces, ids, places, slots, keys, bases, starts, data, ends: As in :func:`encode_pieces`.
        hidden: (capacity, h) int32, slots that a viewer must not be shown; -1: none.
        cursors: (capacity,) int64, the piece with which each goes on; -1: they know of everybody.
        due: (capacity,) int64, tick at which each is told of everybody again.
        lap: Ticks from one time to the next.
        allowance: Bytes that a packet may have for this.
        packets: (v, n) uint8, written.
        sizes: (v,) int32, bytes of each packet, changed.
        scratch: As in :func:`put_crowd`.

    Returns:
        How many bytes were written for this.
    """
    written = 0
    for index in range(views.size):
        view = views[index]
        front = np.int64(age)
        if cursors[view] < 0:
            if tick < due[view]:
                continue
            cursors[view], due[view] = 0, tick + lap
            front |= _MORE
        size = sizes[index]
        limit = min(np.int64(limits[index]) >> 3, size + allowance)
        if size >= limit:
            # Whether a round began has to be said: it begins with the next packet that has room.
            if front & _MORE:
                cursors[view], due[view] = -1, tick
            continue
        end, cursors[view] = put_crowd(
            packets[index], size + 1, limit, columns[index], lines[index], cursors[view], pieces, ids, places,
            slots, keys, bases, starts, data, ends, hidden[view], scratch,
        )  # fmt: skip
        if end == size + 1 and not front & _MORE:
            continue
        packets[index, size] = front
        written += end - size
        sizes[index] = end
    return written
