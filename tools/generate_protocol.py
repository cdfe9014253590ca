"""Write ``web/src/protocol/messages.ts`` and ``docs/protocol.md`` from ``streaming/messages.py``.

``--check`` writes nothing and exits 1 when a file differs from what would be written.
"""

import argparse
import inspect
import itertools
import sys
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, get_args

import msgspec.inspect as shape

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from streaming import messages as m  # noqa: E402 - the checkout itself, also when nothing is installed
from streaming.codec import packet_size, record_size  # noqa: E402
from streaming.signalling import CONNECT_SECONDS, HELLO_SECONDS, TABLE, Input  # noqa: E402

TYPESCRIPT = ROOT / "web/src/protocol/messages.ts"
PAGE = ROOT / "docs/protocol.md"
WIDTH = 110

GROUPS = (
    ("ClientSignal", "signalling, client to server", m.ClientSignal),
    ("ServerSignal", "signalling, server to client", m.ServerSignal),
    ("ClientEvent", "events, client to server", m.ClientEvent),
    ("ServerEvent", "events, server to client", m.ServerEvent),
)
NUMBERS = (
    ("PROTOCOL_VERSION", "Version of this protocol; another one is refused."),
    ("MAX_SIGNAL_BYTES", "Longest signalling message, bytes of UTF-8."),
    ("MAX_EVENT_BYTES", "Longest message on the `events` channel, bytes of UTF-8."),
    ("MAX_NAME", "Longest name, characters."),
    ("MAX_TEXT", "Longest text of `say`, characters."),
    ("COLOURS", "How many coat colours there are."),
    ("MAX_NEAR", "Most people in one People packet."),
    ("NEAR_RADIUS", "People within this many metres are shown."),
    ("TICK_HZ", "World ticks a second."),
    ("REACH", "Body parts are at most this far from the ground point, metres."),
)
ALIASES = {"Kind": m.Kind, "Language": m.Language}


def camel(name: str) -> str:
    """Turn ``head_position`` into ``headPosition``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def summary(thing: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


# --- TypeScript ------------------------------------------------------------------------------------------


def typescript_type(kind: shape.Type) -> str:  # noqa: PLR0911 - one return a kind
    """Return the TypeScript type of a JSON field.

    Raises:
        TypeError: A kind of type the generator does not know.
    """
    match kind:
        case shape.IntType() | shape.FloatType():
            return "number"
        case shape.StrType():
            return "string"
        case shape.BoolType():
            return "boolean"
        case shape.NoneType():
            return "null"
        case shape.LiteralType(values=values):
            for alias, literal in ALIASES.items():
                if set(get_args(literal)) == set(values):
                    return alias
            return " | ".join(f'"{value}"' for value in get_args_order(values))
        case shape.TupleType(item_types=items) if len(items) == 3:
            return "Vec3"
        case shape.UnionType(types=types):
            return " | ".join(typescript_type(item) for item in types)
    raise TypeError(f"no TypeScript for {kind}")


def get_args_order(values: tuple[Any, ...]) -> list[Any]:
    """Sort literals, so that the file does not depend on how msgspec stores them."""
    return sorted(values)


def check_of(kind: shape.Type) -> str:
    """Return the run-time check (`wire.ts`) of a JSON field that the server sends."""
    match kind:
        case shape.IntType():
            return '"integer"'
        case shape.FloatType():
            return '"number"'
        case shape.StrType():
            return '"string"'
        case shape.BoolType():
            return '"boolean"'
        case shape.TupleType(item_types=items) if len(items) == 3:
            return '"vec3"'
        case shape.LiteralType(values=values):
            return "[" + ", ".join(f'"{value}"' for value in get_args_order(values)) + "]"
    raise TypeError(f"no check for {kind}")


def struct_of(cls: type) -> shape.StructType:
    """Inspect one message class."""
    found = shape.type_info(cls)
    if not isinstance(found, shape.StructType):
        raise TypeError(f"{cls} is no message")
    return found


def interface(cls: type) -> Iterator[str]:
    """Yield the interface of one JSON message."""
    yield f"/** {summary(cls)} */"
    yield f"export interface {cls.__name__} {{"
    yield f'  readonly type: "{struct_of(cls).tag}";'
    for field in struct_of(cls).fields:
        mark = "" if field.required else "?"
        yield f"  readonly {field.encode_name}{mark}: {typescript_type(field.type)};"
    yield "}"
    yield ""


def joined(head: str, parts: list[str], tail: str = ";") -> Iterator[str]:
    """Yield a union on one line when it fits, else one member a line, as the formatter does."""
    line = f"{head} = {' | '.join(parts)}{tail}"
    if len(line) <= WIDTH:
        yield line
    else:
        yield f"{head} ="
        yield from (f"  | {part}{tail if part == parts[-1] else ''}" for part in parts)
    yield ""


def json_part() -> Iterator[str]:
    """Yield aliases, interfaces, unions and shapes of the JSON messages."""
    for alias, literal in ALIASES.items():
        yield from joined(f"export type {alias}", [f'"{value}"' for value in get_args(literal)])
    for name, title, union in GROUPS:
        yield f"// --- {title} ---"
        yield ""
        for cls in get_args(union):
            yield from interface(cls)
        yield from joined(f"export type {name}", [cls.__name__ for cls in get_args(union)])
    for name, _, union in GROUPS:
        if name.startswith("Server"):
            yield f"const {name.upper()}_SHAPES: Shapes = {{"
            for cls in get_args(union):
                yield from shape_lines(cls)
            yield "};"
            yield ""
            yield f"/** Parse a {name}, strictly. Throws ProtocolError. */"
            yield f"export function parse{name}(text: string): {name} {{"
            yield f"  return parse(text, {name.upper()}_SHAPES) as {name};"
            yield "}"
            yield ""


def shape_lines(cls: type) -> Iterator[str]:
    """Yield one entry of a shapes table."""
    struct = struct_of(cls)
    parts = [f"{field.encode_name}: {check_of(field.type)}" for field in struct.fields]
    line = f"  {struct.tag}: {{ {', '.join(parts)} }},"
    if len(line) <= WIDTH:
        yield line
    else:
        yield f"  {struct.tag}: {{"
        yield from (f"    {part}," for part in parts)
        yield "  },"


def constants() -> Iterator[str]:
    """Yield numbers, channel labels and enumerations."""
    for name, meaning in NUMBERS:
        yield f"/** {meaning} */"
        yield f"export const {name} = {getattr(m, name):g};"
    yield f'export const STATE_CHANNEL = "{m.STATE_CHANNEL}";'
    yield f'export const EVENTS_CHANNEL = "{m.EVENTS_CHANNEL}";'
    yield ""
    for enum in (m.Close, m.PacketType, m.Body):
        meanings = member_meanings(enum)
        yield f"/** {summary(enum)} */"
        yield f"export const {enum.__name__} = {{"
        for member in enum:
            if member.name in meanings:
                yield f"  /** {meanings[str(member.name)]} */"
            yield f"  {member.name}: {int(member)},"
        yield "} as const;"
        if issubclass(enum, IntEnum):
            yield f"export type {enum.__name__} = (typeof {enum.__name__})[keyof typeof {enum.__name__}];"
        yield ""


def member_meanings(enum: type) -> dict[str, str]:
    """Read the strings that stand below the members of an enumeration."""
    lines = [line.strip() for line in inspect.getsource(enum).splitlines()]
    return {
        line.split(" = ")[0]: after.strip('"')
        for line, after in itertools.pairwise(lines)
        if " = " in line and after.startswith('"""')
    }


# --- TypeScript of the packets ---------------------------------------------------------------------------

IMPLIED = {"version", "type", "count"}


def field_type(field: m.Field) -> str:
    """Return the TypeScript type of a packet field."""
    if field.kind == "quaternion":
        return "Quat"
    return "Vec3" if field.count == 3 else "number"


def allowed_flags(packet: m.Packet) -> str:
    """Return the Body bits a packet may carry: a client does not say whether it speaks or waves."""
    return "HAND_BITS" if packet is m.POSE_SAMPLE else "BODY_BITS"


def reading(field: m.Field, packet: m.Packet) -> str:
    """Return the expression that reads one field."""
    if field.name == "body":
        return f'reader.flags("{field.kind}", {allowed_flags(packet)})'
    if field.kind == "quaternion":
        return "reader.quaternion()"
    if field.count == 3:
        return f'reader.vec3("{field.kind}", {unit_name(field)})'
    if field.unit != 1.0:
        return f'reader.number("{field.kind}", {unit_name(field)})'
    return f'reader.integer("{field.kind}")'


def writing(field: m.Field, packet: m.Packet, value: str) -> str:
    """Return the statement that writes one field."""
    if field.name == "body":
        return f'writer.flags("{field.kind}", {value}, {allowed_flags(packet)});'
    if field.kind == "quaternion":
        return f"writer.quaternion({value});"
    if field.count == 3:
        return f'writer.vec3("{field.kind}", {value}, {unit_name(field)});'
    if field.unit == m.TURN_16:
        return f"writer.turn({value}, TURN_16);"
    if field.unit != 1.0:
        return f'writer.number("{field.kind}", {value}, {unit_name(field)});'
    return f'writer.integer("{field.kind}", {value});'


def unit_name(field: m.Field) -> str:
    """Return the constant that holds a field's unit."""
    return {m.TURN_16: "TURN_16", m.MILLIMETRE: "MILLIMETRE", m.NEAR_UNIT: "NEAR_UNIT"}[field.unit]


def packet_interface(name: str, meaning: str, fields: tuple[m.Field, ...], extra: str = "") -> Iterator[str]:
    """Yield the interface of a packet or of its record."""
    yield f"/** {meaning} */"
    yield f"export interface {name} {{"
    for field in fields:
        if field.name not in IMPLIED:
            yield f"  /** {field.meaning[0].upper() + field.meaning[1:]}. */"
            yield f"  readonly {camel(field.name)}: {field_type(field)};"
    if extra:
        yield f"  readonly people: readonly {extra}[];"
    yield "}"
    yield ""


def packet_part(packet: m.Packet) -> Iterator[str]:
    """Yield interface, encoder and decoder of one packet."""
    record = f"{packet.name}Record" if packet.record else ""
    if record:
        yield from packet_interface(record, f"One person of {packet.name}.", packet.record)
    yield from packet_interface(packet.name, packet.meaning, packet.header, record)
    type_name = f"PacketType.{packet_type(packet).name}"
    header = [field for field in packet.header if field.name not in IMPLIED]
    yield from encoder(packet, type_name, header)
    yield from decoder(packet, type_name, header)


def packet_type(packet: m.Packet) -> m.PacketType:
    """Return the type byte of a packet."""
    return m.PacketType.POSE_SAMPLE if packet is m.POSE_SAMPLE else m.PacketType.PEOPLE


def encoder(packet: m.Packet, type_name: str, header: list[m.Field]) -> Iterator[str]:
    """Yield the encoder."""
    size = f"{packet_size(packet)}"
    if packet.record:
        size += f" + {record_size(packet)} * value.people.length"
    yield f"/** Encode into {size} bytes; throws ProtocolError when a value does not fit. */"
    yield f"export function encode{packet.name}(value: {packet.name}): ArrayBuffer {{"
    if packet.record:
        yield '  if (value.people.length > MAX_NEAR) throw new ProtocolError("too many people");'
    yield f"  const writer = new Writer({size});"
    yield '  writer.integer("u8", PROTOCOL_VERSION);'
    yield f'  writer.integer("u8", {type_name});'
    for field in header:
        yield "  " + writing(field, packet, f"value.{camel(field.name)}")
    if packet.record:
        yield '  writer.integer("u16", value.people.length);'
        yield "  for (const one of value.people) {"
        for field in packet.record:
            yield "    " + writing(field, packet, f"one.{camel(field.name)}")
        yield "  }"
    yield "  return writer.done();"
    yield "}"
    yield ""


def decoder(packet: m.Packet, type_name: str, header: list[m.Field]) -> Iterator[str]:
    """Yield the decoder."""
    yield "/** Decode, strictly; throws ProtocolError. */"
    yield f"export function decode{packet.name}(data: ArrayBuffer | Uint8Array): {packet.name} {{"
    yield f"  const reader = new Reader(data, {packet_size(packet)});"
    yield f"  reader.head(PROTOCOL_VERSION, {type_name});"
    if not packet.record:
        yield f"  reader.rest({packet_size(packet)} - 2);"
    yield "  const header = {"
    for field in header:
        yield f"    {camel(field.name)}: {reading(field, packet)},"
    yield "  };"
    if packet.record:
        yield '  const count = reader.integer("u16");'
        yield '  if (count > MAX_NEAR) throw new ProtocolError("too many people");'
        yield f"  reader.rest({record_size(packet)} * count);"
        yield f"  const people: {packet.name}Record[] = [];"
        yield "  for (let index = 0; index < count; index++) {"
        yield "    people.push({"
        for field in packet.record:
            yield f"      {camel(field.name)}: {reading(field, packet)},"
        yield "    });"
        yield "  }"
        yield "  return { ...header, people };"
    else:
        yield "  return header;"
    yield "}"
    yield ""


def typescript() -> str:
    """Return the whole TypeScript module."""
    lines = [
        "// Written by tools/generate_protocol.py from streaming/messages.py; change that and generate again.",
        "",
        'import { ProtocolError, parse, type Quat, Reader, type Shapes, type Vec3, Writer } from "./wire";',
        "",
        'export { ProtocolError, type Quat, type Vec3 } from "./wire";',
        "",
        *constants(),
        *json_part(),
        "// --- state packets ---",
        "",
        f"const TURN_16 = (2 * Math.PI) / {round(2 * 3.141592653589793 / m.TURN_16)};",
        f"const MILLIMETRE = {m.MILLIMETRE};",
        f"const NEAR_UNIT = {m.NEAR_UNIT};",
        "const HAND_BITS = Body.LEFT_HAND | Body.RIGHT_HAND;",
        "const BODY_BITS = HAND_BITS | Body.SPEAKING | Body.WAVING;",
        "",
    ]
    for packet in m.PACKETS:
        lines += packet_part(packet)
    return "\n".join(lines).rstrip() + "\n"


# --- the page --------------------------------------------------------------------------------------------


def markdown_type(kind: shape.Type) -> str:
    """Return a JSON field's type and limits in words."""
    match kind:
        case shape.IntType(ge=least, lt=below, le=most) | shape.FloatType(ge=least, lt=below, le=most):
            word = "integer" if isinstance(kind, shape.IntType) else "number"
            bounds = (("≥", least), ("<", below), ("≤", most))
            return word + "".join(f" {sign} {bound:g}" for sign, bound in bounds if bound is not None)
        case shape.StrType(min_length=shortest, max_length=longest):
            limits = f" ({shortest or 0} to {longest} characters)" if longest else ""
            return f"string{limits}"
        case shape.TupleType(item_types=items):
            return f"[{len(items)} × {markdown_type(items[0])}]"
        case shape.UnionType(types=types):
            return " or ".join(markdown_type(item) for item in types)
        case shape.LiteralType(values=values):
            return " or ".join(f'`"{value}"`' for value in get_args_order(values))
    return typescript_type(kind)


def json_section() -> Iterator[str]:
    """Yield the tables of the JSON messages."""
    for _, title, union in GROUPS:
        yield f"### {title.capitalize()}"
        yield ""
        yield "| type | field | value |"
        yield "| --- | --- | --- |"
        for cls in get_args(union):
            struct = struct_of(cls)
            yield f"| **`{struct.tag}`** | | {summary(cls)} |"
            for field in struct.fields:
                mark = "" if field.required else ", may be left out"
                yield f"| | `{field.encode_name}` | {markdown_type(field.type)}{mark} |"
        yield ""


def packet_section() -> Iterator[str]:
    """Yield the layout of the packets."""
    for packet in m.PACKETS:
        size = f"{packet_size(packet)} bytes"
        if packet.record:
            size += f", then `count` (at most {m.MAX_NEAR}) records of {record_size(packet)} bytes"
        yield f"### {packet.name} (type {int(packet_type(packet))})"
        yield ""
        yield f"{packet.meaning} {size}."
        yield ""
        for title, fields in (("header", packet.header), ("record", packet.record)):
            if fields:
                yield f"| {title} | wire | unit | meaning |"
                yield "| --- | --- | --- | --- |"
                yield from map(packet_row, fields)
                yield ""


def packet_row(field: m.Field) -> str:
    """Return one row of a packet's table."""
    count = f"{field.count} × " if field.count > 1 else ""
    unit = {m.TURN_16: "2π / 65536 rad", m.MILLIMETRE: "1 mm", m.NEAR_UNIT: "2 mm"}.get(field.unit, "")
    return f"| `{field.name}` | {count}{field.kind} | {unit} | {field.meaning} |"


def state_section() -> Iterator[str]:
    """Yield the signalling state table."""
    inputs = list(Input)
    yield "| state | " + " | ".join(item.value for item in inputs) + " |"
    yield "| --- " * (len(inputs) + 1) + "|"
    for state, row in TABLE.items():
        cells = []
        for item in inputs:
            step = row.get(item)
            if step is None:
                cells.append("–" if item.value.startswith("(") or not row else "*OUT_OF_ORDER*")
            else:
                cells.append(step.state.value + (f" ({step.close.name})" if step.close else ""))
        yield f"| **{state.value}** | " + " | ".join(cells) + " |"
    yield ""


INTRODUCTION = f"""\
# The protocol

*Written by `tools/generate_protocol.py` from `streaming/messages.py`; do not edit.* Version
{m.PROTOCOL_VERSION}.

A client opens a WebSocket to `/signal` and speaks JSON (text frames of at most {m.MAX_SIGNAL_BYTES}
bytes). It says `hello`, is told `welcome`, sends its SDP `offer` and gets an `answer` that holds
all of the server's candidates; its own candidates may trickle. It creates two data channels before
it offers: `{m.STATE_CHANNEL}` (unordered, `maxRetransmits: 0`) for binary packets and
`{m.EVENTS_CHANNEL}` (ordered, reliable) for JSON of at most {m.MAX_EVENT_BYTES} bytes; and one
audio section that sends the microphone and receives the mix. The mix is binaural stereo Opus: the
*offer* must carry `stereo=1` in its Opus `fmtp` line, or a browser plays it in mono.

Positions are metres in the world frame (x east, y up, z south). `position` of a person is the point
on the ground below them; `yaw` their heading in radians (0 looks north, positive turns left). Head
and hands are in the *body frame*: origin at `position`, turned by `yaw`. Quaternions are (x, y, z,
w).

Unknown fields, unknown types, values that are not finite or out of range, and other versions are
refused. On the socket that means a `refusal` and a close code; on the channels a `notice` to the
sender, and, when it goes on, the end of that peer connection. A client from which nothing came for
ten seconds leaves the city; the `session` of its `welcome` brings the same person back to the same
place for two minutes.

## Signalling states

The client's messages, and in parentheses what happens to the connection. `hello` is awaited for
{HELLO_SECONDS:g} s, the peer connection for {CONNECT_SECONDS:g} s. A pair marked *OUT_OF_ORDER*
closes the socket with that code.
"""

PACKETS_TEXT = """\
## State packets

Little-endian, without padding. `quaternion` is 32 bits, smallest-three: bits 30–31 name the largest
component (0 = x), which is made positive and left out; then three times ten bits, the others in
order, first in the highest bits, each `511 + 511·√2·component` rounded (0 to 1022; 1023 is
refused). The turn that is lost is below 0.3°.
"""


def page() -> str:
    """Return the whole protocol page."""
    lines = [
        INTRODUCTION,
        *state_section(),
        "## Close codes",
        "",
        "| code | name | meaning |",
        "| --- | --- | --- |",
    ]
    meanings = member_meanings(m.Close)
    lines += [f"| {int(code)} | `{code.name}` | {meanings[code.name]} |" for code in m.Close]
    lines += ["", "## JSON messages", "", *json_section(), PACKETS_TEXT, *packet_section()]
    lines += ["## Numbers", "", "| name | value | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {getattr(m, name):g} | {meaning} |" for name, meaning in NUMBERS]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write both files, or compare them; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    check = parser.parse_args().check
    stale = 0
    for path, text in ((TYPESCRIPT, typescript()), (PAGE, page())):
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if check:
            print(
                f"{path.relative_to(ROOT)} is not what streaming/messages.py says: run tools/generate_protocol.py"
            )
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
