"""The protocol page, ``docs/protocol.md``."""

from collections.abc import Iterator
from typing import get_args

import msgspec.inspect as shape
from protocol_bits import bit_section, lengths_section
from protocol_outline import (
    GROUPS,
    NUMBERS,
    get_args_order,
    member_meanings,
    packet_type,
    struct_of,
    summary,
    typescript_type,
)

from streaming import messages as m
from streaming.codec import packet_size
from streaming.signalling import CONNECT_SECONDS, HELLO_SECONDS, TABLE, Input


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
        yield f"### {packet.name} (type {int(packet_type(packet))})"
        yield ""
        yield f"{packet.meaning} {packet_size(packet)} bytes{', then bits' if packet is m.PEOPLE else ''}."
        yield ""
        yield "| header | wire | unit | meaning |"
        yield "| --- | --- | --- | --- |"
        yield from map(packet_row, packet.header)
        yield ""
    yield from bit_section()


def packet_row(field: m.Field) -> str:
    """Return one row of a packet's table."""
    count = f"{field.count} × " if field.count > 1 else ""
    unit = {m.TURN_16: "2π / 65536 rad", m.MILLIMETRE: "1 mm"}.get(field.unit, "")
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

*Written by `tools/generate_protocol.py` from `streaming/messages.py` and `streaming/state`; do not edit.*

This is version {m.PROTOCOL_VERSION}. A client opens a WebSocket to `/signal` and speaks JSON
(text frames of at most {m.MAX_SIGNAL_BYTES} bytes). It says `hello`, is told `welcome`,
sends its SDP `offer` and gets an `answer` that holds all of the server's candidates; its own
candidates may trickle. Before it offers it creates two data channels:
`{m.STATE_CHANNEL}` (unordered, `maxRetransmits: 0`) for binary packets and
`{m.EVENTS_CHANNEL}` (ordered, reliable) for JSON of at most {m.MAX_EVENT_BYTES} bytes;
and one audio section, which sends the microphone and receives the mix. All of it goes in one
BUNDLE, and nothing else.

While the city is full, `waiting` comes in place of `welcome`, and the socket stays open: `ahead` says
how many wait before this client. Who is in is never thrown out for somebody else; the place of a
lost connection is kept for half a minute, in the city as in the queue. Of the queue one address
holds a quarter at most; whoever finds it full is refused with `FULL`.

Where no peer connection can be made, `fallback` asks for the socket itself to carry: after
`carried`, a binary frame of either side is a state packet, and an `event` message holds the text of
one message of `events`. Limits and answers are those of the channels. Sound is not carried. What was
late would make everything later: the server keeps only the newest packet, and sends nothing for
as long as a sample's `seen` is a second behind. A later `offer` tries a peer connection again while
the socket carries on (`fallback` gives it up); when its channels are open it takes over. Each
`carried`, and each peer connection, begins with nothing, as a new connection does.

A `hello` with `spectator` asks only to look, from `spot`, over the socket alone (`fallback`). Such a
client has no body: it is not counted, nobody is told of it, and it sends no samples. It is sent who
comes and goes and, every tick, who is near the landmark, in packets that each can be read by themselves.
Of events it may send `teleport` with a `spot`, which takes it to another landmark.

The mix is binaural stereo Opus. The *offer* must carry `stereo=1` in its Opus `fmtp` line, or a
browser plays it in mono. Nothing is sent while there is nothing to hear. A microphone is passed on
only while it is live: it starts muted on every connection, and the `microphone` event switches it.

Positions are metres in the world frame (x east, y up, z south). `position` of a person is the point
on the ground below them; `yaw` their heading in radians (0 looks north, positive turns left). Head
and hands are in the *body frame*: origin at `position`, turned by `yaw`. Quaternions are
(x, y, z, w).

Unknown fields, unknown types, values that are not finite or out of range, and other versions are
refused: on the socket with a `refusal` and a close code; on the channels with a `notice` to the
sender and, when it goes on, the end of that client's connection. A client from which nothing came
for ten seconds, or whose socket has been closed for three, leaves the city; the `session` of its
`welcome` brings the same person back to the same place for two minutes. Sample numbers, places and
states start anew with each connection.

## Signalling states

The client's messages, and in parentheses what happens to the connection. `hello` is awaited for
{HELLO_SECONDS:g} s, the peer connection for {CONNECT_SECONDS:g} s. A pair marked *OUT_OF_ORDER*
closes the socket with that code.
"""

PACKETS_TEXT = """\
## State packets

Little-endian, without padding. In headers `quaternion` is 32 bits, smallest-three: bits 30–31 name
the largest component (0 = x), which is made positive and left out; then three times ten bits, the others in
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
    lines += ["", *lengths_section()]
    return "\n".join(lines).rstrip() + "\n"
