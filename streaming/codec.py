"""Wire bytes to values and back: JSON messages through msgspec, state packets through the field tables.

Pure: nothing here does input or output. Whatever bytes come in, only :class:`MalformedMessageError` and
:class:`MalformedPacketError` come out.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from spatial.quaternion import FloatArray
from streaming.errors import MalformedMessageError, MalformedPacketError
from streaming.messages import (
    MAX_EVENT_BYTES,
    MAX_NEAR,
    MAX_SIGNAL_BYTES,
    PEOPLE,
    POSE_SAMPLE,
    PROTOCOL_VERSION,
    TURN_16,
    Body,
    ClientEvent,
    ClientSignal,
    Field,
    Message,
    Packet,
    PacketType,
    ServerEvent,
    ServerSignal,
)

_WIRE = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "i16": "<i2", "i32": "<i4", "quaternion": "<u4"}
#: Steps of a smallest-three component on each side of zero; 1023 stays unused, so that zero is exact.
_HALF = 511
_STEP = 1.0 / (_HALF * np.sqrt(2.0))
_HANDS = int(Body.LEFT_HAND | Body.RIGHT_HAND)
_ALL = int(Body.LEFT_HAND | Body.RIGHT_HAND | Body.SPEAKING | Body.WAVING)
#: For each largest component, the indices of the other three, ascending.
_OTHERS = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])

Structured = NDArray[np.void]


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
