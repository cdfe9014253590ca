"""What a client holds of the people near: fed with packets, it says who is there and what has come."""

import numpy as np

from spatial.kernel import compiled
from streaming.errors import MalformedPacketError
from streaming.messages import MAX_NEAR
from streaming.state.crowd_view import CrowdView, read_crowd
from streaming.state.layout import AGE_BITS, AGES, BITS, CODING, FIRST, FLAG, GROUPS, HISTORY, NUMBERS
from streaming.state.places import ACK_WINDOW
from streaming.state.quantise import IntArray
from streaming.state.record import decode_body, take

_ID_BITS = 32
_SHORT, _BASE, _VALUE, _KIND = -1, -2, -3, -4
_WRONG = {
    _SHORT: "it is cut short",
    _BASE: "it refers to a state that was never sent",
    _VALUE: "a number is out of its range",
    _KIND: "it holds an unknown kind of thing",
}


@compiled
def is_sound(kind, state):
    """Tell whether all numbers of a state are within their range, and its quaternions stand for rotations."""
    for group in range(GROUPS[kind]):
        first, coding, bits = FIRST[kind, group], CODING[kind, group], BITS[kind, group]
        if FLAG[kind, group] and not state[0] & FLAG[kind, group]:
            continue
        if coding == 0:
            for number in range(first, first + 3):
                if not -(1 << (bits - 1)) <= state[number] < 1 << (bits - 1):
                    return False
        elif coding == 2:
            half = (1 << (bits - 1)) - 1
            squares = 0
            for number in range(first + 1, first + 4):
                if not 0 <= state[number] <= 2 * half:
                    return False
                squares += (state[number] - half) ** 2
            # Steps are √2 larger than the components: their squares sum up to two.
            if squares > 2 * half * half:
                return False
    return True


@compiled
def read_records(
    data, at, tick, ids, kinds, ring, ring_tick, taken_before, places, new_ids, new_kinds, states
):
    """Read the masks and records of a packet into scratch arrays; nothing that is kept is changed.

    Args:
        data: (n,) uint8.
        at: Bit at which the masks begin.
        tick: Of the packet.
        ids, kinds: (MAX_NEAR,) int64 and uint8, who stands at each place.
        ring, ring_tick: (MAX_NEAR, HISTORY, NUMBERS) int32 and (…) int64, the states kept.
        taken_before: Mask of the places that were taken.
        places, new_ids, new_kinds, states: Scratch, written: for each record its place, who, what, and state.

    Returns:
        How many records, or a negative reason; the mask of taken places; the bit after the last record.
    """
    told = take(data, at, 1)
    at += 1
    taken = taken_before
    if told == 1:
        low, high = take(data, at, 32), take(data, at + 32, 32)
        at += 64
        if high < 0:
            return _SHORT, taken, at
        taken = np.uint64(low) | np.uint64(high) << np.uint64(32)
    count = 0
    for place in range(MAX_NEAR):
        if taken >> np.uint64(place) & np.uint64(1):
            there = take(data, at, 1)
            if there < 0:
                return _SHORT, taken, at
            at += 1
            if there:
                places[count] = place
                count += 1
    for index in range(count):
        place = places[index]
        age = take(data, at, AGE_BITS)
        if age < 0:
            return _SHORT, taken, at
        at += AGE_BITS
        new_ids[index], new_kinds[index] = ids[place], kinds[place]
        base = ring[place, 0]
        if age == 0:
            kind, who = take(data, at, 1), take(data, at + 1, _ID_BITS)
            at += 1 + _ID_BITS
            if who < 0:
                return _SHORT, taken, at
            new_ids[index], new_kinds[index] = who, kind
        else:
            before = tick - AGES[age - 1]
            if before < 0 or ids[place] < 0 or ring_tick[place, before % HISTORY] != before:
                return _BASE, taken, at
            base = ring[place, before % HISTORY]
        at = decode_body(data, at, new_kinds[index], age, base, states[index])
        if at < 0:
            return _SHORT, taken, at
        if not is_sound(new_kinds[index], states[index]):
            return _VALUE, taken, at
    return count, taken, at


class View:
    """The places of a client, and the states that it keeps of who stands there.

    Attributes:
        ids: (MAX_NEAR,) int64, who stands at each place; -1: nobody, or not told yet.
        kinds: (MAX_NEAR,) uint8, `Entity`.
        newest: (MAX_NEAR,) int64, tick of the newest state of each.
        seen: Tick of the newest packet; 0 before the first.
        seen_before: Bit k: that of tick `seen - 1 - k` came too.
        crowd: Everybody in sight, roughly.
    """

    def __init__(self) -> None:
        self.ids = np.full(MAX_NEAR, -1, np.int64)
        self.kinds = np.zeros(MAX_NEAR, np.uint8)
        self.newest = np.full(MAX_NEAR, -1, np.int64)
        self.seen = 0
        self.seen_before = 0
        self.crowd = CrowdView()
        self._taken = np.uint64(0)
        self._ring = np.zeros((MAX_NEAR, HISTORY, NUMBERS), np.int32)
        self._ring_tick = np.full((MAX_NEAR, HISTORY), -1, np.int64)
        self._places = np.zeros(MAX_NEAR, np.int64)
        self._new_ids = np.zeros(MAX_NEAR, np.int64)
        self._new_kinds = np.zeros(MAX_NEAR, np.uint8)
        self._states = np.zeros((MAX_NEAR, NUMBERS), np.int32)

    def take(self, data: bytes, first: int, tick: int) -> IntArray | None:
        """Take in what follows the header of a packet.

        Args:
            data: The packet.
            first: Where its bits begin, bytes.
            tick: Of the packet.

        Returns:
            (k,) the places that it held news of; None for a packet that is not newer than the newest, which
            is not taken in (the bases it refers to may be gone).

        Raises:
            MalformedPacketError: It cannot be read; nothing of it was taken in.
        """
        if tick <= self.seen:
            return None
        array = np.frombuffer(data, np.uint8)
        count, taken, end = read_records(
            array, first * 8, tick, self.ids, self.kinds, self._ring, self._ring_tick, self._taken,
            self._places, self._new_ids, self._new_kinds, self._states,
        )  # fmt: skip
        if count < 0:
            raise MalformedPacketError(f"A people packet cannot be read: {_WRONG[count]}.")
        begins, when, told = read_crowd(array, (end + 7) // 8, tick)
        self.crowd.take(told, when, begins=begins)
        self._keep(int(count), np.uint64(taken), tick)
        passed = tick - self.seen
        before = (self.seen_before << 1 | 1) << (passed - 1) if self.seen and passed <= ACK_WINDOW else 0
        self.seen, self.seen_before = tick, before & (1 << ACK_WINDOW) - 1
        return self._places[:count].astype(np.int32)

    def _keep(self, count: int, taken: np.uint64, tick: int) -> None:
        places = self._places[:count]
        gone = ((taken >> np.arange(MAX_NEAR, dtype=np.uint64)) & np.uint64(1)) == 0
        other = np.zeros(MAX_NEAR, bool)
        other[places] = self.ids[places] != self._new_ids[:count]
        self.ids[gone] = -1
        self._ring_tick[gone | other] = -1
        self.ids[places], self.kinds[places] = self._new_ids[:count], self._new_kinds[:count]
        self.newest[places] = tick
        self._ring[places, tick % HISTORY] = self._states[:count]
        self._ring_tick[places, tick % HISTORY] = tick
        self._taken = taken

    def there(self, kind: int) -> tuple[IntArray, IntArray]:
        """Return the places (k,) at which something of a kind stands, and its newest states (k, NUMBERS)."""
        places = np.flatnonzero((self.ids >= 0) & (self.kinds == kind)).astype(np.int32)
        return places, self._ring[places, self.newest[places] % HISTORY]
