"""The TypeScript of the JSON messages, the constants and the whole module."""

from collections.abc import Iterator
from enum import IntEnum
from typing import get_args

import msgspec.inspect as shape
from protocol_outline import (
    ALIASES,
    GROUPS,
    NOTE,
    NUMBERS,
    ROOM,
    get_args_order,
    member_meanings,
    struct_of,
    summary,
    typescript_type,
)
from protocol_packets import packet_part, pose_offset

from streaming import messages as m


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
    if len(line) <= ROOM:
        yield line
    else:
        yield f"{head} ="
        yield from (f"  | {part}{tail if part == parts[-1] else ''}" for part in parts)
    yield ""


def json_part() -> Iterator[str]:
    """Yield aliases, interfaces, unions and shapes of the JSON messages."""
    for alias, literal in ALIASES.items():
        yield from joined(f"export type {alias}", [f'"{value}"' for value in get_args(literal)])
    written: set[type] = set()
    for name, title, union in GROUPS:
        yield f"// --- {title} ---"
        yield ""
        for cls in get_args(union):
            # One that both sides send stands where it comes first.
            if cls not in written:
                yield from interface(cls)
            written.add(cls)
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
    line = f"  {struct.tag}: {{ {', '.join(parts)} }}," if parts else f"  {struct.tag}: {{}},"
    if len(line) <= ROOM:
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


def typescript() -> str:
    """Return the whole TypeScript module."""
    lines = [
        NOTE,
        "",
        'import { parse, type Quat, Reader, type Shapes, type Vec3, Writer } from "./wire";',
        "",
        'export { ProtocolError, type Quat, type Vec3 } from "./wire";',
        "",
        *constants(),
        *json_part(),
        "// --- state packets ---",
        "",
        f"const TURN_16 = (2 * Math.PI) / {round(2 * 3.141592653589793 / m.TURN_16)};",
        f"const MILLIMETRE = {m.MILLIMETRE};",
        "const HAND_BITS = Body.LEFT_HAND | Body.RIGHT_HAND;",
        "/** Where the pose begins in a PoseSample: what stands before it is another with each sample. */",
        f"export const POSE_OFFSET = {pose_offset()};",
        "",
    ]
    for packet in m.PACKETS:
        lines += packet_part(packet)
    return "\n".join(lines).rstrip() + "\n"
