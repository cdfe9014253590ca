"""Packets with their values, which the page's tests decode and encode, ``web/src/protocol/vectors.ts``."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from protocol_outline import IMPLIED, NOTE, camel

from streaming import messages as m
from streaming.codec import dtype_of
from streaming.packing import pack_quaternions, unpack_quaternions


def values_of(record: np.void, fields: tuple[m.Field, ...]) -> dict[str, Any]:
    """Return a record's fields as the page names and scales them; implied fields are left out."""
    values: dict[str, Any] = {}
    for field in fields:
        if field.name in IMPLIED:
            continue
        if field.kind == "quaternion":
            values[camel(field.name)] = unpack_quaternions(np.array([record[field.name]]))[0].tolist()
        elif field.unit != 1.0:
            values[camel(field.name)] = (record[field.name] * field.unit).tolist()
        else:
            values[camel(field.name)] = record[field.name].tolist()
    return values


def filled(fields: tuple[m.Field, ...], chance: np.random.Generator, flags: int) -> NDArray[np.void]:
    """Return one record with values drawn over the whole range of each field."""
    record = np.zeros(1, dtype_of(fields))
    for field in fields:
        if field.kind == "quaternion":
            record[field.name] = pack_quaternions(chance.normal(size=(1, 4)))
        else:
            limits = np.iinfo(record[field.name].dtype)
            shape = record[field.name].shape
            record[field.name] = chance.integers(limits.min, limits.max, shape, endpoint=True)
    if "version" in (record.dtype.names or ()):
        record["version"] = m.PROTOCOL_VERSION
    if "body" in (record.dtype.names or ()):
        record["body"] &= flags
    return record


def vectors() -> str:
    """Return packets in hexadecimal with their values, drawn by a fixed seed."""
    chance = np.random.default_rng(1980)
    hands = int(m.Body.LEFT_HAND | m.Body.RIGHT_HAND)
    samples, people = [], []
    for _ in range(8):
        sample = filled(m.POSE_SAMPLE.header, chance, hands)
        sample["type"] = m.PacketType.POSE_SAMPLE
        value = values_of(sample[0], m.POSE_SAMPLE.header)
        samples.append({"hex": sample.tobytes().hex(), "value": value})
    for count in (0, 1, 3):
        header = filled(m.PEOPLE.header, chance, 0)
        header["type"], header["count"] = m.PacketType.PEOPLE, count
        records = [filled(m.PEOPLE.record, chance, 15) for _ in range(count)]
        value = values_of(header[0], m.PEOPLE.header)
        value["people"] = [values_of(record[0], m.PEOPLE.record) for record in records]
        packet = b"".join(part.tobytes() for part in (header, *records))
        people.append({"hex": packet.hex(), "value": value})
    text = json.dumps({"poseSamples": samples, "people": people}, separators=(",", ":"))
    meaning = "/** JSON: packets in hexadecimal with their values. */"
    return f"{NOTE}\n\n{meaning}\nexport const VECTORS =\n  '{text}';\n"
