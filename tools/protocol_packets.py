"""The TypeScript of the state packets: interfaces, encoders, decoders."""

from collections.abc import Iterator

from protocol_outline import IMPLIED, camel, packet_type

from streaming import messages as m
from streaming.codec import packet_size, record_size


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
