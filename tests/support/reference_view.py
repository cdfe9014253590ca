"""A second decoder of PEOPLE packets, written from docs/protocol.md: plain, slow, and sharing no code."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from streaming.state.layout import AGES, LAYOUTS, Coding
from streaming.state.lengths import LENGTHS

_ESCAPE = 13
_DEGREES = 8


def _trees() -> list[dict[str, int]]:
    """Return, by context, which string of bits stands for which size (RFC 1951, section 3.2.2)."""
    trees = []
    for row in LENGTHS.split():
        lengths = [int(digit, 16) for digit in row]
        tree, code = {}, 0
        for length in range(1, max(lengths) + 1):
            for size, its in enumerate(lengths):
                if its == length:
                    tree[format(code, f"0{length}b")] = size
                    code += 1
            code *= 2
        trees.append(tree)
    return trees


TREES = _trees()


class Bits:
    """Reads bits, the least significant of each byte first."""

    def __init__(self, data: bytes) -> None:
        self.text = "".join(format(byte, "08b")[::-1] for byte in data)
        self.at = 0

    def number(self, bits: int) -> int:
        piece = self.text[self.at : self.at + bits]
        if len(piece) < bits:
            raise EOFError
        self.at += bits
        return int(piece[::-1], 2) if bits else 0

    def size(self, context: int) -> int:
        word = ""
        while word not in TREES[context]:
            word += str(self.number(1))
        return TREES[context][word]


@dataclass
class ReferenceView:
    """What a client holds: for each place who, what kind, and the states by tick."""

    who: dict[int, int] = field(default_factory=dict)
    kind: dict[int, int] = field(default_factory=dict)
    states: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    taken: int = 0
    seen: int = 0
    crowd: list[tuple[int, float, float, float, int, int]] = field(default_factory=list)
    crowd_tick: int = 0
    round_begins: bool = False
    packet: bytes = b""

    def take(self, packet: bytes) -> dict[int, list[int]]:
        """Return the states that a packet holds, by id, each as [flags, numbers…]."""
        self.packet, tick = packet, int.from_bytes(packet[4:8], "little")
        bits = Bits(packet[22:])
        if bits.number(1):
            self.taken = bits.number(64)
        places = [place for place in range(64) if self.taken >> place & 1]
        for place in set(self.who) - set(places):
            del self.who[place], self.states[place]
        news = [place for place in places if bits.number(1)]
        found = {}
        for place in news:
            age = bits.number(3)
            if age == 0:
                kind, who = bits.number(1), bits.number(32)
                if self.who.get(place) != who:
                    self.states[place] = {}
                self.who[place], self.kind[place] = who, kind
                state = _full(bits, kind)
            else:
                state = _changed(bits, self.kind[place], age, self.states[place][tick - AGES[age - 1]])
            self.states[place][tick] = found[self.who[place]] = state
        self.seen = tick
        rest = packet[22 + -(-bits.at // 8) :]
        self.crowd = list(_crowd(rest[1:])) if rest else []
        self.crowd_tick, self.round_begins = (tick - rest[0] % 128, rest[0] >= 128) if rest else (tick, False)
        return found


def _crowd(pieces: bytes) -> Iterator[tuple[int, float, float, float, int, int]]:
    """Yield id, place (x, y, z), heading in 64ths of a turn and flags of each of the crowd."""
    while pieces:
        column, line, base, count = struct.unpack_from("<hhhB", pieces)
        pieces, who = pieces[7:], 0
        for _ in range(count):
            digits = next(size for size in range(1, 6) if pieces[size - 1] < 128)
            who += sum((pieces[digit] & 127) << 7 * digit for digit in range(digits))
            x, y, z, turn = pieces[digits : digits + 4]
            place = (column * 32 + x / 8 + 1 / 16, base + y / 4 + 1 / 8, line * 32 + z / 8 + 1 / 16)
            yield (who, *place, turn % 64, turn >> 6)
            pieces = pieces[digits + 4 :]


def _group_in_full(bits: Bits, coding: Coding, width: int) -> list[int]:
    if coding is Coding.QUATERNION:
        return [bits.number(2), *(bits.number(width) for _ in range(3))]
    if coding is Coding.TURN:
        return [bits.number(width)]
    raw = [bits.number(width) for _ in range(3)]
    return [value - (1 << width) if value >> (width - 1) else value for value in raw]


def _full(bits: Bits, kind: int) -> list[int]:
    state = [bits.number(4)]
    for group in LAYOUTS[kind]:
        there = group.flag == 0 or state[0] & group.flag
        state += _group_in_full(bits, group.coding, group.bits) if there else [0] * group.numbers
    return state


def _changed(bits: Bits, kind: int, age: int, base: list[int]) -> list[int]:
    if not bits.number(1):
        return list(base)
    flags = bits.number(4) if bits.number(1) else base[0]
    state, stir = [flags], 0
    row = {1: 0, 2: 1, 3: 2, 4: 2, 6: 3, 8: 3, 12: 3}[AGES[age - 1]]
    for group in LAYOUTS[kind]:
        before = base[len(state) : len(state) + group.numbers]
        if group.flag and not flags & group.flag:
            state += [0] * group.numbers
            continue
        values = before[:1] if group.coding is Coding.QUATERNION else []
        for number, one in enumerate(group.classes):
            size = bits.size((one * 4 + row) * _DEGREES + stir)
            if size == _ESCAPE:
                assert number == 0
                values, stir = _group_in_full(bits, group.coding, group.bits), _DEGREES - 1
                break
            step = 0
            if size:
                minus = bits.number(1)
                step = (1 << (size - 1)) + bits.number(size - 1)
                step = -step if minus else step
            value = before[len(values)] + step
            values.append(value % (1 << group.bits) if group.coding is Coding.TURN else value)
            stir = min(max(size, stir - 1), _DEGREES - 1)
        state += values
    return state
