"""The TypeScript of the state packets' fields: interfaces, an encoder for what goes out, decoders."""

from collections.abc import Iterator

from protocol_outline import IMPLIED, camel, packet_type

from streaming import messages as m
from streaming.codec import dtype_of, packet_size


def pose_offset() -> int:
    """Return the byte of a pose sample at which the pose itself begins."""
    at = [field.name for field in m.POSE_SAMPLE.header].index("body")
    return dtype_of(m.POSE_SAMPLE.header[:at]).itemsize


def field_type(field: m.Field) -> str:
    """Return the TypeScript type of a packet field."""
    if field.kind == "quaternion":
        return "Quat"
    return "Vec3" if field.count == 3 else "number"


def reading(field: m.Field) -> str:
    """Return the expression that reads one field."""
    if field.name == "body":
        # A client does not say whether it speaks or waves.
        return f'reader.flags("{field.kind}", HAND_BITS)'
    if field.kind == "quaternion":
        return "reader.quaternion()"
    if field.count == 3:
        return f'reader.vec3("{field.kind}", {unit_name(field)})'
    if field.unit != 1.0:
        return f'reader.number("{field.kind}", {unit_name(field)})'
    return f'reader.integer("{field.kind}")'


def writing(field: m.Field, value: str) -> str:
    """Return the statement that writes one field."""
    if field.name == "body":
        return f'writer.flags("{field.kind}", {value}, HAND_BITS);'
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
    return {m.TURN_16: "TURN_16", m.MILLIMETRE: "MILLIMETRE"}[field.unit]


def packet_interface(packet: m.Packet, fields: list[m.Field]) -> Iterator[str]:
    """Yield the interface of a packet's fields."""
    yield f"/** {packet.meaning} */"
    yield f"export interface {packet.name} {{"
    for field in fields:
        yield f"  /** {field.meaning[0].upper() + field.meaning[1:]}. */"
        yield f"  readonly {camel(field.name)}: {field_type(field)};"
    yield "}"
    yield ""


def packet_part(packet: m.Packet) -> Iterator[str]:
    """Yield interface, encoder (of what the page sends) and decoder of one packet."""
    fields = [field for field in packet.header if field.name not in IMPLIED]
    yield from packet_interface(packet, fields)
    if packet is m.POSE_SAMPLE:
        yield from encoder(packet, fields)
    else:
        yield f"/** Bytes of the fields of {packet.name}; behind them its bits begin (see `view.ts`). */"
        yield f"export const {packet.name.upper()}_BYTES = {packet_size(packet)};"
        yield ""
    yield from decoder(packet, fields)


def encoder(packet: m.Packet, fields: list[m.Field]) -> Iterator[str]:
    """Yield the encoder."""
    size = packet_size(packet)
    yield f"/** Encode into {size} bytes; throws ProtocolError when a value does not fit. */"
    yield f"export function encode{packet.name}(value: {packet.name}): ArrayBuffer {{"
    yield f"  const writer = new Writer({size});"
    yield '  writer.integer("u8", PROTOCOL_VERSION);'
    yield f'  writer.integer("u8", PacketType.{packet_type(packet).name});'
    for field in fields:
        yield "  " + writing(field, f"value.{camel(field.name)}")
    yield "  return writer.done();"
    yield "}"
    yield ""


def decoder(packet: m.Packet, fields: list[m.Field]) -> Iterator[str]:
    """Yield the decoder of the fields; whether bits follow them is for whoever reads those."""
    size, head = packet_size(packet), packet is m.PEOPLE
    name = f"decode{packet.name}{'Head' if head else ''}"
    yield f"/** Decode{' what stands before the bits' if head else ''}, strictly; throws ProtocolError. */"
    yield f"export function {name}(data: ArrayBuffer | Uint8Array): {packet.name} {{"
    yield f"  const reader = new Reader(data, {size}, {'MAX_STATE_BYTES' if head else size});"
    yield f"  reader.head(PROTOCOL_VERSION, PacketType.{packet_type(packet).name});"
    yield "  return {"
    for field in fields:
        yield f"    {camel(field.name)}: {reading(field)},"
    yield "  };"
    yield "}"
    yield ""
