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
    MAX_STATE_BYTES,
    MILLIMETRE,
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
from streaming.state.layout import Entity
from streaming.state.quantise import parts_of, positions_of, yaws_of
from streaming.state.view import View
from world.commands import BodyPose

_WIRE = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "i16": "<i2", "i32": "<i4", "quaternion": "<u4"}
_HANDS = int(Body.LEFT_HAND | Body.RIGHT_HAND)
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


_SAMPLE = dtype_of(POSE_SAMPLE.header)
_HEADER = dtype_of(PEOPLE.header)


@dataclass(frozen=True, slots=True, eq=False)
class PoseSample:
    """A client's pose with its sequence number (16 bits, wraps), and which packets it has.

    Attributes:
        sequence: Rises by one a sample.
        pose: Where they are.
        seen: Tick of the newest PEOPLE packet, 0 before the first.
        seen_before: Bit k: the client also has that of tick `seen - 1 - k`.
    """

    sequence: int
    pose: BodyPose
    seen: int = 0
    seen_before: int = 0


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
    """Everybody near, after a PEOPLE packet.

    Attributes:
        listener: What the server holds of the receiver.
        person: (n,) int64 ids.
        ticks: (n,) int64, when each one's state was so.
        states: (n, NUMBERS) int32, see :mod:`streaming.state.layout`.
    """

    listener: Listener
    person: IntArray
    ticks: IntArray
    states: NDArray[np.int32]

    @property
    def body(self) -> IntArray:
        """(n,) :class:`Body` flags."""
        return self.states[:, 0]

    @property
    def positions(self) -> FloatArray:
        """(n, 3) metres, world frame, ground points."""
        return positions_of(self.states)

    @property
    def yaws(self) -> FloatArray:
        """(n,) radians."""
        return yaws_of(self.states)

    def bodies(self) -> tuple[FloatArray, FloatArray]:
        """Return (n, 3, 3) metres and (n, 3, 4) unit quaternions, body frame: head, left hand, right hand."""
        return parts_of(self.states)


# --- state packets --------------------------------------------------------------------------------------


def encode_pose_sample(sequence: int, pose: BodyPose, seen: int = 0, seen_before: int = 0) -> bytes:
    """Encode one pose: 1 mm, 0.0055° of yaw, 0.3° of orientation.

    Raises:
        MalformedPacketError: A value is not finite, or does not fit.
    """
    record = np.zeros(1, _SAMPLE)
    record["version"], record["type"] = PROTOCOL_VERSION, PacketType.POSE_SAMPLE
    record["sequence"] = sequence & 0xFFFF
    record["seen"], record["seen_before"] = seen & 0xFFFFFFFF, seen_before & 0xFFFFFFFF
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
    _check(record, PacketType.POSE_SAMPLE)
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
    seen, seen_before = int(record["seen"][0]), int(record["seen_before"][0])
    return PoseSample(int(record["sequence"][0]), pose, seen, seen_before)


def write_people_headers(
    packets: NDArray[np.uint8], tick: int, acknowledged: IntArray, positions: FloatArray, yaws: FloatArray
) -> int:
    """Write the heads of PEOPLE packets.

    Args:
        packets: (n, at least 24) uint8, written; what follows the head up to a whole word is cleared.
        tick: World tick.
        acknowledged: (n,) sequence of each one's newest accepted sample.
        positions: (n, 3) metres, world frame.
        yaws: (n,) radians.

    Returns:
        The bit at which the rest of each packet begins.

    Raises:
        MalformedPacketError: A value is not finite, or does not fit.
    """
    header = np.zeros(len(packets), _HEADER)
    header["version"], header["type"] = PROTOCOL_VERSION, PacketType.PEOPLE
    header["acknowledged"], header["tick"] = acknowledged & 0xFFFF, tick & 0xFFFFFFFF
    header["position"] = _steps(positions, MILLIMETRE, np.int32)
    header["yaw"] = turn_steps(yaws)
    size = _HEADER.itemsize
    packets[:, size : -(-size // 8) * 8] = 0
    packets[:, :size] = header.view(np.uint8).reshape(len(packets), size)
    return size * 8


def decode_people(data: bytes, view: View) -> People | None:
    """Decode a PEOPLE packet, strictly, into what the client holds.

    Args:
        data: The packet.
        view: What the client holds of those near; the packet is taken in.

    Returns:
        Everybody near, with the newest that is known of each; None for a packet older than the newest.

    Raises:
        MalformedPacketError: Wrong size, version or type, or records that cannot be read. `view` is as
        before.
    """
    if not _HEADER.itemsize <= len(data) <= MAX_STATE_BYTES:
        raise MalformedPacketError(
            f"A people packet has {_HEADER.itemsize} to {MAX_STATE_BYTES} bytes, not {len(data)}."
        )
    header = np.frombuffer(data, _HEADER, count=1)
    _check(header, PacketType.PEOPLE)
    tick = int(header["tick"][0])
    if view.take(data, _HEADER.itemsize, tick) is None:
        return None
    places, states = view.there(Entity.PERSON)
    position, yaw = header["position"][0] * MILLIMETRE, float(_signed_turn(header["yaw"])[0])
    listener = Listener(int(header["acknowledged"][0]), tick, position, yaw)
    return People(listener, view.ids[places], view.newest[places], states)


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


def _check(header: Records, kind: PacketType) -> None:
    version, found = int(header["version"][0]), int(header["type"][0])
    if version != PROTOCOL_VERSION:
        raise MalformedPacketError(f"Packet version {version}; this side speaks {PROTOCOL_VERSION}.")
    if found != kind:
        raise MalformedPacketError(f"Packet type {found} where {int(kind)} belongs.")
    if kind is PacketType.POSE_SAMPLE and int(header["body"][0]) & ~_HANDS:
        raise MalformedPacketError("A pose sample has unknown body flags.")
