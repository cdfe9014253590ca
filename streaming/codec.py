"""State packets to values and back, through the field tables of :mod:`streaming.messages`.

Pure: nothing here does input or output. Whatever bytes come in, only :class:`MalformedPacketError` comes out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from streaming.errors import MalformedPacketError
from streaming.messages import (
    FARTHEST,
    MAX_NEAR,
    MILLIMETRE,
    NEAR_UNIT,
    PEOPLE,
    POSE_SAMPLE,
    PROTOCOL_VERSION,
    TURN_16,
    Body,
    Field,
    Packet,
    PacketType,
)
from streaming.packing import pack_quaternions, unpack_quaternions
from world.commands import BodyPose

_WIRE = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "i16": "<i2", "i32": "<i4", "quaternion": "<u4"}
_HANDS = int(Body.LEFT_HAND | Body.RIGHT_HAND)
_ALL = _HANDS | int(Body.SPEAKING | Body.WAVING)
_POSITIONS = ("head_position", "left_position", "right_position")
_ORIENTATIONS = ("head_orientation", "left_orientation", "right_orientation")

IntArray = NDArray[np.integer]
Records = NDArray[np.void]


def dtype_of(fields: tuple[Field, ...]) -> np.dtype[np.void]:
    """Return the packed little-endian dtype of a field table."""
    return np.dtype(
        [(f.name, _WIRE[f.kind], (f.count,)) if f.count > 1 else (f.name, _WIRE[f.kind]) for f in fields],
    )


def packet_size(packet: Packet) -> int:
    """Return the size of a packet's header in bytes."""
    return dtype_of(packet.header).itemsize


def record_size(packet: Packet) -> int:
    """Return the size of one record in bytes, 0 when the packet has none."""
    return dtype_of(packet.record).itemsize if packet.record else 0


_SAMPLE = dtype_of(POSE_SAMPLE.header)
_HEADER = dtype_of(PEOPLE.header)
#: One person of a PEOPLE packet.
RECORD = dtype_of(PEOPLE.record)


@dataclass(frozen=True, slots=True, eq=False)
class PoseSample:
    """A client's pose with its sequence number (16 bits, wraps)."""

    sequence: int
    pose: BodyPose


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """The head of a PEOPLE packet: what the server holds of the one who receives it.

    Attributes:
        acknowledged: Sequence of the newest sample the server accepted.
        tick: World tick.
        position: (3,) metres, world frame.
        yaw: Radians.
    """

    acknowledged: int
    tick: int
    position: FloatArray
    yaw: float


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """A decoded PEOPLE packet.

    Attributes:
        listener: What the server holds of the receiver.
        person: (n,) ids.
        body: (n,) :class:`Body` flags.
        positions: (n, 3) metres, world frame, ground points.
        yaws: (n,) radians.
        parts: (n, 3, 3) metres, body frame: head, left, right hand.
        orientations: (n, 3, 4) unit quaternions, body frame.
    """

    listener: Listener
    person: IntArray
    body: IntArray
    positions: FloatArray
    yaws: FloatArray
    parts: FloatArray
    orientations: FloatArray


# --- state packets --------------------------------------------------------------------------------------


def encode_pose_sample(sequence: int, pose: BodyPose) -> bytes:
    """Encode one pose: 1 mm, 0.0055° of yaw, 0.3° of orientation.

    Raises:
        MalformedPacketError: A value is not finite, or does not fit.
    """
    record = np.zeros(1, _SAMPLE)
    record["version"], record["type"] = PROTOCOL_VERSION, PacketType.POSE_SAMPLE
    record["sequence"] = sequence & 0xFFFF
    record["body"] = (Body.LEFT_HAND if pose.has_left else 0) | (Body.RIGHT_HAND if pose.has_right else 0)
    record["position"] = _steps(np.asarray(pose.position)[None], MILLIMETRE, np.int32)
    write_bodies(record, np.array([pose.yaw]), pose.parts[None], pose.orientations[None])
    return record.tobytes()


def decode_pose_sample(data: bytes) -> PoseSample:
    """Decode one pose, strictly.

    Raises:
        MalformedPacketError: Wrong size, version, type or flags, no place in reach, or no rotation.
    """
    if len(data) != _SAMPLE.itemsize:
        raise MalformedPacketError(f"A pose sample has {_SAMPLE.itemsize} bytes, not {len(data)}.")
    record = np.frombuffer(data, _SAMPLE)
    _check(record, PacketType.POSE_SAMPLE, _HANDS)
    body = int(record["body"][0])
    yaws, parts, orientations = _read_bodies(record)
    position = record["position"][0] * MILLIMETRE
    if np.abs(position).max() > FARTHEST:
        raise MalformedPacketError("A pose sample is further from the city than any place on its land.")
    pose = BodyPose(
        position=position,
        yaw=float(yaws[0]),
        parts=parts[0],
        orientations=orientations[0],
        has_left=bool(body & Body.LEFT_HAND),
        has_right=bool(body & Body.RIGHT_HAND),
    )
    return PoseSample(int(record["sequence"][0]), pose)


def encode_people(listener: Listener, records: Records, positions: FloatArray) -> bytes:
    """Encode what one listener is shown.

    Args:
        listener: The head of the packet.
        records: (n,) of :data:`RECORD` with everything but `offset` filled in; it is copied.
        positions: (n, 3) metres, world frame, at most 65 m from the listener on each axis.

    Raises:
        MalformedPacketError: More than MAX_NEAR people, or a value does not fit.
    """
    if len(records) > MAX_NEAR:
        raise MalformedPacketError(f"A packet holds at most {MAX_NEAR} people, not {len(records)}.")
    header = np.zeros(1, _HEADER)
    header["version"], header["type"] = PROTOCOL_VERSION, PacketType.PEOPLE
    header["acknowledged"], header["tick"] = listener.acknowledged & 0xFFFF, listener.tick & 0xFFFFFFFF
    header["position"] = _steps(np.asarray(listener.position)[None], MILLIMETRE, np.int32)
    header["yaw"] = turn_steps(np.array([listener.yaw]))
    header["count"] = len(records)
    near = records.copy()
    # Relative to the position as the listener will read it, so that rounding does not add up.
    near["offset"] = _steps(positions - header["position"][0] * MILLIMETRE, NEAR_UNIT, np.int16)
    return header.tobytes() + near.tobytes()


def decode_people(data: bytes) -> People:
    """Decode a PEOPLE packet, strictly.

    Raises:
        MalformedPacketError: Wrong size, version, type, count or flags, or something that is no rotation.
    """
    if len(data) < _HEADER.itemsize:
        raise MalformedPacketError(f"A people packet has at least {_HEADER.itemsize} bytes, not {len(data)}.")
    header = np.frombuffer(data, _HEADER, count=1)
    _check(header, PacketType.PEOPLE, _ALL)
    count = int(header["count"][0])
    if count > MAX_NEAR or len(data) != _HEADER.itemsize + count * RECORD.itemsize:
        raise MalformedPacketError(f"{len(data)} bytes cannot hold {count} people.")
    records = np.frombuffer(data, RECORD, offset=_HEADER.itemsize)
    if np.any(records["body"] & ~np.uint8(_ALL)):
        raise MalformedPacketError("A person has unknown body flags.")
    position = header["position"][0] * MILLIMETRE
    yaws, parts, orientations = _read_bodies(records)
    yaw = float(_signed_turn(header["yaw"])[0])
    return People(
        listener=Listener(int(header["acknowledged"][0]), int(header["tick"][0]), position, yaw),
        person=records["person"].astype(np.int64),
        body=records["body"].astype(np.int64),
        positions=position + records["offset"] * NEAR_UNIT,
        yaws=yaws,
        parts=parts,
        orientations=orientations,
    )


def write_bodies(records: Records, yaws: FloatArray, parts: FloatArray, orientations: FloatArray) -> None:
    """Fill yaw, parts and orientations of (n,) records from (n,), (n, 3, 3) and (n, 3, 4).

    Raises:
        MalformedPacketError: A value is not finite, or does not fit.
    """
    records["yaw"] = turn_steps(yaws)
    for index, (place, turned) in enumerate(zip(_POSITIONS, _ORIENTATIONS, strict=True)):
        records[place] = _steps(parts[:, index], MILLIMETRE, np.int16)
        records[turned] = pack_quaternions(orientations[:, index])


def turn_steps(yaws: FloatArray) -> IntArray:
    """Return (n,) yaws as 65536ths of a turn, modulo a turn.

    Raises:
        MalformedPacketError: A yaw is not finite.
    """
    if not np.all(np.isfinite(yaws)):
        raise MalformedPacketError("A yaw must be finite.")
    return (np.rint(np.remainder(yaws, 2.0 * np.pi) / TURN_16).astype(np.int64) & 0xFFFF).astype(np.uint16)


def _read_bodies(records: Records) -> tuple[FloatArray, FloatArray, FloatArray]:
    parts = np.stack([records[name] for name in _POSITIONS], axis=1) * MILLIMETRE
    orientations = np.stack([unpack_quaternions(records[name]) for name in _ORIENTATIONS], axis=1)
    return _signed_turn(records["yaw"]), parts, orientations


def _signed_turn(steps: IntArray) -> FloatArray:
    """Return 65536ths of a turn as radians from −π to π."""
    return np.asarray(steps.astype(np.int16) * TURN_16)


def _steps(values: FloatArray, unit: float, kind: type[np.signedinteger]) -> IntArray:
    limits = np.iinfo(kind)
    # NaN compares false, so it is refused here too.
    steps = np.rint(np.asarray(values, float) / unit)
    if not np.all((steps >= limits.min) & (steps <= limits.max)):
        raise MalformedPacketError("A coordinate is not finite or does not fit into the packet.")
    return steps.astype(kind)


def _check(header: Records, kind: PacketType, flags: int) -> None:
    version, found = int(header["version"][0]), int(header["type"][0])
    if version != PROTOCOL_VERSION:
        raise MalformedPacketError(f"Packet version {version}; this side speaks {PROTOCOL_VERSION}.")
    if found != kind:
        raise MalformedPacketError(f"Packet type {found} where {int(kind)} belongs.")
    if kind is PacketType.POSE_SAMPLE and int(header["body"][0]) & ~flags:
        raise MalformedPacketError("A pose sample has unknown body flags.")
