"""What the generated files have in common: which messages there are, and how names and types are written."""

import inspect
import itertools
from typing import Any, get_args

import msgspec.inspect as shape

from streaming import messages as m

#: Columns of a line of TypeScript.
ROOM = 110
#: First line of every generated TypeScript file.
NOTE = "// Written by tools/generate_protocol.py from streaming/messages.py; change that and generate again."

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
    ("MAX_NEAR", "Places a client has: at most so many people are shown."),
    ("NEAR_RADIUS", "People within this many metres are shown."),
    ("TICK_HZ", "World ticks a second."),
    ("REACH", "Body parts are at most this far from the ground point, metres."),
    ("MAX_STATE_BYTES", "Longest packet on the `state` channel, bytes."),
)
ALIASES = {"Kind": m.Kind, "Language": m.Language}
#: Packet fields that the encoders fill in themselves.
IMPLIED = {"version", "type"}


def camel(name: str) -> str:
    """Turn ``head_position`` into ``headPosition``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def summary(thing: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


def get_args_order(values: tuple[Any, ...]) -> list[Any]:
    """Sort literals, so that the file does not depend on how msgspec stores them."""
    return sorted(values)


def struct_of(cls: type) -> shape.StructType:
    """Inspect one message class."""
    found = shape.type_info(cls)
    if not isinstance(found, shape.StructType):
        raise TypeError(f"{cls} is no message")
    return found


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


def packet_type(packet: m.Packet) -> m.PacketType:
    """Return the type byte of a packet."""
    return m.PacketType.POSE_SAMPLE if packet is m.POSE_SAMPLE else m.PacketType.PEOPLE


def member_meanings(enum: type) -> dict[str, str]:
    """Read the strings that stand below the members of an enumeration."""
    lines = [line.strip() for line in inspect.getsource(enum).splitlines()]
    return {
        line.split(" = ")[0]: after.strip('"')
        for line, after in itertools.pairwise(lines)
        if " = " in line and after.startswith('"""')
    }
