"""The video codecs that pass through: where a picture begins that needs none before it. Pure."""

from enum import Enum
from types import MappingProxyType

#: NAL unit types (ITU-T H.264, table 7-1; RFC 6184, section 5.2).
_SLICE_IDR, _PARAMETERS, _STAP_A, _FU_A = 5, 7, 24, 28
_FU_START = 0x80
#: A slice header begins with the number of its first macroblock; zero is a single bit (ITU-T H.264, 7.3.3).
_FIRST = 0x80
_TYPE = 0x1F
#: Units of an aggregate that are looked at.
_MOST_UNITS = 64


class Codec(Enum):
    """A codec by its name in SDP."""

    VP8 = "VP8"
    H264 = "H264"


def begins_key(codec: Codec, payload: bytes) -> bool:
    """Tell whether a picture that stands alone begins in this payload."""
    return _BEGINS[codec](payload)


def _vp8(payload: bytes) -> bool:
    """RFC 7741, sections 4.2 and 4.3: partition 0 starts here, and the frame's P bit is 0."""
    if not payload or payload[0] & 0x17 != 0x10:
        return False
    at = 1
    if payload[0] & 0x80:
        if len(payload) < 2:
            return False
        extension, at = payload[1], 2
        if extension & 0x80:
            # The picture id has one byte, or two when its first bit says so.
            at += 2 if len(payload) > at and payload[at] & 0x80 else 1
        at += bool(extension & 0x40) + bool(extension & 0x30)
    return len(payload) > at and not payload[at] & 1


def _h264(payload: bytes) -> bool:
    """RFC 6184, sections 5.6 to 5.8: parameter sets, or the start of a picture's first IDR slice."""
    if len(payload) < 2:
        return False
    kind = payload[0] & _TYPE
    if kind == _STAP_A:
        return any(_unit(payload, at) for at in _units(payload))
    if kind == _FU_A:
        starts = payload[1] & _FU_START and payload[1] & _TYPE == _SLICE_IDR
        return bool(starts) and len(payload) > 2 and bool(payload[2] & _FIRST)
    return _unit(payload, 0)


def _unit(payload: bytes, at: int) -> bool:
    """Tell whether the unit whose header stands there begins a key picture."""
    kind = payload[at] & _TYPE
    if kind == _SLICE_IDR:
        return len(payload) > at + 1 and bool(payload[at + 1] & _FIRST)
    return kind == _PARAMETERS


def _units(payload: bytes) -> list[int]:
    """Return where the headers of an aggregate's units stand."""
    found: list[int] = []
    at = 1
    while at + 2 < len(payload) and len(found) < _MOST_UNITS:
        found.append(at + 2)
        at += 2 + int.from_bytes(payload[at : at + 2])
    return found


_BEGINS = MappingProxyType({Codec.VP8: _vp8, Codec.H264: _h264})
