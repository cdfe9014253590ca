"""The tables of the bit stream as TypeScript, ``web/src/protocol/layout.ts``."""

from collections.abc import Iterator
from enum import IntEnum

from protocol_outline import NOTE, ROOM, summary

from streaming.state import crowd, crowd_view, layout, lengths, table
from streaming.state.places import ACK_WINDOW

#: Bits of an id in a full record.
ID_BITS = 32
NUMBERS = (
    ("FLAG_BITS", layout.FLAG_BITS, "Bits of the flags, the first number of every state."),
    ("NUMBERS", layout.NUMBERS, "Numbers of the longest state, flags included."),
    ("ID_BITS", ID_BITS, "Bits of an id in a full record."),
    (
        "AGE_BITS",
        layout.AGE_BITS,
        "Bits that name a base: 0 for a full record, else its place in `AGES`, from 1.",
    ),
    ("AGE_CLASSES", layout.AGE_CLASSES, "How many statistics there are by age."),
    ("HISTORY", layout.HISTORY, "So many ticks back states are kept."),
    ("ACK_WINDOW", ACK_WINDOW, "A client says of so many packets before its newest whether it has them."),
    ("ESCAPE", table.ESCAPE, "The symbol that says: the whole group follows in full."),
    ("SYMBOLS", table.SYMBOLS, "How many symbols a code has."),
    ("BEFORE", table.BEFORE, "Degrees of how much changed before in a record."),
    ("LONGEST", table.LONGEST, "Bits of the longest code."),
    ("CROWD_BEGINS", crowd_view.BEGINS, "Of the byte before the crowd: a round begins. The rest is an age."),
    ("CROWD_HEAD", crowd.HEAD, "Bytes of a piece of the crowd before its people."),
    ("CROWD_PIECE", crowd.PIECE, "People in a piece of the crowd, at most."),
    ("CROWD_SQUARE", int(crowd.SQUARE), "Width of a square of the crowd, metres."),
    ("CROWD_HEIGHT_STEPS", crowd.HEIGHT_STEPS, "Steps of heights of the crowd to the metre."),
    (
        "CROWD_TURNS",
        crowd.TURNS,
        "Headings of the crowd to the turn; above: speaking, waving.",
    ),
)
_INTERFACE = """\
/** Numbers that change together. */
export interface Group {
  readonly name: string;
  readonly coding: Coding;
  /** Of one number in full. */
  readonly bits: number;
  /** Size of one step: metres or radians; 0 for quaternions. */
  readonly unit: number;
  /** For each number that is coded as a difference, which statistics it follows. */
  readonly classes: readonly number[];
  /** Bit of the flags that says whether the group is there at all; 0: always. */
  readonly flag: number;
}
"""


def enumeration(enum: type[IntEnum]) -> Iterator[str]:
    """Yield an enumeration as the page writes them."""
    yield f"/** {summary(enum)} */"
    yield f"export const {enum.__name__} = {{"
    for member in enum:
        yield f"  {member.name}: {int(member)},"
    yield "} as const;"
    yield f"export type {enum.__name__} = (typeof {enum.__name__})[keyof typeof {enum.__name__}];"
    yield ""


def group_lines(group: layout.Group) -> Iterator[str]:
    """Yield a group as the formatter breaks it."""
    fields = (
        f'name: "{group.name}"',
        f"coding: Coding.{group.coding.name}",
        f"bits: {group.bits}",
        f"unit: {group.unit!r}" if group.unit else "unit: 0",
        f"classes: [{', '.join(map(str, group.classes))}]",
        f"flag: {group.flag}",
    )
    line = f"    {{ {', '.join(fields)} }},"
    if len(line) <= ROOM:
        yield line
    else:
        yield "    {"
        yield from (f"      {field}," for field in fields)
        yield "    },"


def layout_module() -> str:
    """Return the whole TypeScript module."""
    lines = [
        NOTE.replace("messages.py", "state"),
        "",
        *enumeration(layout.Entity),
        *enumeration(layout.Coding),
    ]
    lines += [_INTERFACE]
    for name, value, meaning in NUMBERS:
        lines += [f"/** {meaning} */", f"export const {name} = {value};"]
    lines += [
        "/** How old a base may be, ticks. */",
        f"export const AGES: readonly number[] = [{', '.join(map(str, layout.AGES))}];",
        "/** Which statistics a difference follows, by the number of its age in the record. */",
        f"export const AGE_CLASS: readonly number[] = [{', '.join(map(str, layout.AGE_CLASS.tolist()))}];",
        "",
        "/** What a state holds behind its flags, by `Entity`. */",
        "export const LAYOUTS: readonly (readonly Group[])[] = [",
    ]
    for groups in layout.LAYOUTS:
        lines.append("  [")
        for group in groups:
            lines += group_lines(group)
        lines.append("  ],")
    lines += [
        "];",
        "",
        "/**",
        " * Bits of each symbol's code, a hexadecimal digit a symbol. A word a context, eight degrees of",
        " * how much changed before to a line, a line an age class, four of them to a class of numbers.",
        " */",
        "export const CODE_LENGTHS = `",
        *lengths.LENGTHS.split("\n")[1:-1],
        "`;",
    ]
    return "\n".join(lines) + "\n"
