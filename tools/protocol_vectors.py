"""Packets with their values, which the page's tests decode and encode, ``web/src/protocol/vectors.ts``."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from protocol_outline import IMPLIED, NOTE, camel
from protocol_sequences import CROWD, WALK, bent, sequence

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


def pose_samples() -> list[dict[str, Any]]:
    """Return pose samples in hexadecimal with their values, drawn by a fixed seed."""
    chance = np.random.default_rng(1980)
    hands = int(m.Body.LEFT_HAND | m.Body.RIGHT_HAND)
    samples = []
    for _ in range(8):
        sample = filled(m.POSE_SAMPLE.header, chance, hands)
        sample["type"] = m.PacketType.POSE_SAMPLE
        value = values_of(sample[0], m.POSE_SAMPLE.header)
        samples.append({"hex": sample.tobytes().hex(), "value": value})
    return samples


def vectors() -> str:
    """Return the module: pose samples, and sequences of people packets with what their receiver holds."""
    values = {
        "poseSamples": pose_samples(),
        "walk": sequence(WALK, 518, with_people=True),
        "crowd": sequence(CROWD, 27, with_people=False),
        "bentWalk": bent(WALK, 518, 6),
        "bentCrowd": bent(CROWD, 27, 6),
    }
    text = json.dumps(values, separators=(",", ":"))
    meaning = "/** JSON: packets in hexadecimal with their values. */"
    return f"{NOTE}\n\n{meaning}\nexport const VECTORS =\n  '{text}';\n"
