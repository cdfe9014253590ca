"""The protocol page's part on the bit stream behind the head of a People packet, with an example."""

from collections.abc import Iterator

import numpy as np
from protocol_layout import ID_BITS

from streaming import messages as m
from streaming.codec import packet_size
from streaming.crowd import ROUND
from streaming.state import crowd, layout, lengths, table
from streaming.state.places import ACK_WINDOW
from streaming.state.record import WORDS, encode

_FULL = table.BEFORE - 1
_AGE_CLASSES = "0: 1 tick, 1: 2 ticks, 2: 3 to 4 ticks, 3: more"
_AGES = ", ".join(map(str, layout.AGES[:-1])) + f" or {layout.AGES[-1]}"
_KINDS = ", ".join(f"{int(kind)} {kind.name.lower()}" for kind in layout.Entity)


def group_rows(groups: tuple[layout.Group, ...]) -> Iterator[str]:
    """Yield the table of a layout."""
    yield "| group | in full | unit | there when flag | classes | meaning |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for group in groups:
        count, kind = len(group.classes), "signed" if group.coding is layout.Coding.SIGNED else "unsigned"
        if group.coding is layout.Coding.QUATERNION:
            wire, unit = f"2 + 3 × {group.bits} bits", "quaternion"
        else:
            wire = f"{count} × {group.bits} bits, {kind}"
            degrees = group.coding is layout.Coding.TURN
            unit = f"2π / {1 << group.bits} rad" if degrees else f"{group.unit * 1000:g} mm"
        flag = m.Body(group.flag).name if group.flag else "always"
        classes = ", ".join(map(str, group.classes))
        yield f"| `{group.name}` | {wire} | {unit} | {flag} | {classes} | {group.meaning} |"
    yield ""


def canonical_rows(context: int) -> Iterator[str]:
    """Yield the codes of a context in order."""
    yield "| symbol | bits | code, first bit first |"
    yield "| --- | --- | --- |"
    order = sorted(
        range(table.SYMBOLS), key=lambda symbol: (int(table.CODE_LENGTHS[context, symbol]), symbol)
    )
    for symbol in order:
        size = int(table.CODE_LENGTHS[context, symbol])
        code = format(int(table.CODES[context, symbol]), f"0{size}b")[::-1]
        name = "escape" if symbol == table.ESCAPE else f"size {symbol}"
        yield f"| {name} | {size} | `{code}` |"
    yield ""


def example_lines() -> Iterator[str]:
    """Yield a whole difference record, bit by bit."""
    base, state = np.zeros(layout.NUMBERS, np.int32), np.zeros(layout.NUMBERS, np.int32)
    half = (1 << (layout.PERSON[3].bits - 1)) - 1
    base[1:12] = (3, 0, 40, 100, 0, 320, 0, 3, half, half, half)
    state[:] = base
    state[1] += 5
    state[3] -= 14
    words = np.zeros(WORDS, np.uint64)
    length = encode(int(layout.Entity.PERSON), state, base, 1, words.view(np.uint32))
    bits = "".join(format(int(word), "064b")[::-1] for word in words)[:length]
    parts = [(bits[: layout.AGE_BITS], "age 1: against the state one tick ago")]
    at, before = layout.AGE_BITS + 2, 0
    parts.append((bits[layout.AGE_BITS : at], "something changed, but not the flags"))
    for group in layout.PERSON:
        if group.flag:
            continue
        first = 1 + sum(other.numbers for other in layout.PERSON[: layout.PERSON.index(group)])
        first += group.coding is layout.Coding.QUATERNION
        for number, kind in enumerate(group.classes):
            change = int(state[first + number] - base[first + number])
            size = abs(change).bit_length()
            context = kind * layout.AGE_CLASSES * table.BEFORE + before
            code = int(table.CODE_LENGTHS[context, size])
            text = f"`{group.name}` {number}: {change:+d}; class {kind}, before {before}, size {size}"
            shown = bits[at : at + code] + (" " + bits[at + code : at + code + size] if size else "")
            parts.append((shown, text))
            at, before = at + code + size, min(max(size, before - 1), _FULL)
    yield "| bits in the order of the stream | meaning |"
    yield "| --- | --- |"
    yield from (f"| `{bits}` | {text} |" for bits, text in parts)
    yield ""


_MASK = f"""\
### The bits of People

Behind the {packet_size(m.PEOPLE)} bytes of the header comes a stream of bits: bit 0 is the least
significant of the first byte, bit 8 that of the second. A number of *n* bits has its least significant
bit first. The last byte is filled up with zeros; what follows is the crowd (below). A packet has at
most {m.MAX_STATE_BYTES} bytes.

A client has {m.MAX_NEAR} numbered **places**. Whoever is near keeps the same place for as long as they
are. A **state** is a list of whole numbers: first the flags, then the groups of its layout (below),
absent ones as zeros. For each place client and server keep the states of the newest {layout.HISTORY}
ticks, those of them that were sent.

1. One bit: 1 when the mask of taken places follows, then {m.MAX_NEAR} bits, that of place 0 first.
   Without it the mask is the one of the packet before (none taken, at first). Whoever stood at a place
   that is not taken any more is gone, and so are the states kept of it. When the packet that told who
   stands at a place was lost, whoever the client last knew there, or nobody, stands there until the next
   record in full; an id at two places stands at the one with the newer state.
2. For every taken place in order one bit: 1 when its record is in this packet.
3. Those records, in the order of their places.
"""

_RECORD = f"""\
A **record** begins with {layout.AGE_BITS} bits, its *age*:

* 0, in full: 1 bit, the kind ({_KINDS}); {ID_BITS} bits, the id; {layout.FLAG_BITS} bits, the flags;
  then all groups in full. When another id stood at the place, the states kept of it are gone.
* *k* from 1: against the state of the same place that was sent {_AGES} ticks before this packet's tick,
  the *k*-th of these: its *base*. Kind and id are those of the place. 1 bit: 0 when nothing changed,
  which ends the record. 1 bit: 1 when {layout.FLAG_BITS} bits with new flags follow, else they are
  those of the base. Then each group against that of the base.

A group that is there only when a flag is set is left out, bits and all, while it is not set.

**In full**: each number with its bits, signed ones as two's complement; of a quaternion first 2 bits
that name the largest component (0 = x), made positive and left out, then the other three in order, `h +
h·√2·component` rounded, with h = 2^(bits − 1) − 1.

**As differences**: each number of the group but the 2 bits of a quaternion, which are those of the
base. A difference *d* has a *size*, the number of binary digits of |*d*| (0 for 0, {table.SIZES - 1} at
most). Its size is sent as a prefix code, then, unless it is 0: 1 bit, 1 when *d* is negative, and a
number of size − 1 bits, |*d*| − 2^(size − 1). Angles wrap. Instead of the size of a group's first
number the code for *escape* may stand: then the whole group follows in full (a difference was too
large, or another component of a quaternion is largest).

**Which prefix code** depends on three things: the number's *class* (table below), how old the base is
({_AGE_CLASSES}), and *before*, how much changed so far in this record. That is 0 at its beginning; a
difference makes it max(size, before − 1), at most {_FULL}; an escape makes it {_FULL}.

A code is made from the lengths of its {table.SYMBOLS} symbols (sizes 0 to {table.SIZES - 1}, then
escape) as in RFC 1951, section 3.2.2: codes of a length are consecutive numbers, given to symbols in
order; the first of a length is the last of the length before, plus one, and as many zeros as the length
grew. A code is sent most significant bit first. The lengths of all {table.CONTEXTS} codes stand at the
end of this page.
"""

_CROWD = f"""\
### The crowd behind them

Where the bits end the packet may end. Otherwise a byte follows, then **pieces** up to the packet's end.
They hold everybody in sight, whoever has a place included, but roughly and seldom. The byte: bit 7 is
set when a *round* begins; bits 0–6 say how many ticks before this packet's the people were where the
pieces say.

A round tells of everybody within {crowd.REACH} squares of the receiver's own to each side, square by
square, and spreads over as many packets as it takes. One begins every {ROUND / m.TICK_HZ:g} s, or when
the one before is told, where that takes longer. Whoever was not told of in a round nor in the one
before is out of sight.

A piece, little-endian:

| bytes | meaning |
| --- | --- |
| i16, i16 | the square, {crowd.SQUARE:g} m wide: ⌊x / {crowd.SQUARE:g}⌋, ⌊z / {crowd.SQUARE:g}⌋ |
| i16 | the height, metres, from which those of its people are counted |
| u8 | how many people follow, 1 to {crowd.PIECE} |

Each of its people, ascending by id:

| bytes | meaning |
| --- | --- |
| 1 to 5 | the id less the one before in the piece (0 before the first), as LEB128 without sign |
| u8 | x within the square, {100 * crowd.STEP:g} cm a step, rounded down |
| u8 | height, {100 / crowd.HEIGHT_STEPS:g} cm a step, rounded down |
| u8 | z within the square, {100 * crowd.STEP:g} cm a step, rounded down |
| u8 | bits 0–5: heading, {crowd.TURNS}ths of a turn; bit 6: speaking; bit 7: waving |

A packet is refused as well when the crowd is cut short, a piece holds nobody or too many, ids of a
piece do not rise or have more than 32 bits, or the byte says nothing and no piece follows.
"""

_RULES = f"""\
A receiver refuses the whole packet, and leaves what it holds as it was, when bits are missing, when a
record refers to a state that it does not have, when an escape stands in the midst of
a group or no code matches, when a number does not fit into its bits, or when the squares of a
quaternion's three components sum up to more than one.

**What to acknowledge**: a packet whose tick is not greater than the newest is dropped whole, and not
acknowledged. Each PoseSample says in `seen` the tick of the newest packet that was taken in, and in
`seen_before` which of those of the {ACK_WINDOW} ticks before it were. The server tells differences only
to states that it was told the client has, so that no loss lasts.
"""


def bit_section() -> Iterator[str]:
    """Yield the section."""
    yield from f"{_MASK}\n{_RECORD}\n{_RULES}\n{_CROWD}".split("\n")
    for kind, groups in zip(layout.Entity, layout.LAYOUTS, strict=True):
        flags = ", ".join(f"{flag.name} {int(flag)}" for flag in m.Body)
        yield f"**{kind.name.capitalize()}**" + (f" (flags: {flags})" if kind is layout.Entity.PERSON else "")
        yield ""
        yield from group_rows(groups)
    yield "#### An example"
    yield ""
    yield "The code of class 0, a base of one tick, before 0, lengths"
    yield f"`{lengths.LENGTHS.split()[0]}`:"
    yield ""
    yield from canonical_rows(0)
    yield "A person without hands who moved 25 mm east and 70 mm north within a tick, and did nothing else:"
    yield ""
    yield from example_lines()


def lengths_section() -> Iterator[str]:
    """Yield the lengths of all codes."""
    yield "## Lengths of the prefix codes"
    yield ""
    yield f"A word a code, a hexadecimal digit a symbol; a line holds *before* 0 to {_FULL}. Four"
    yield f"lines, one for each age of the base, belong to a class, {layout.CLASSES} classes in order."
    yield ""
    yield "```"
    yield from lengths.LENGTHS.strip().split("\n")
    yield "```"
