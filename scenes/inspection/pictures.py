"""Size of a picture, read from its header alone: nothing is decoded.

PNG (W3C PNG, section 11.2.1), JPEG (ITU-T T.81, annex B), WebP (RFC 9649).
"""

import struct
from dataclasses import dataclass

from scenes.inspection.limits import SCANS

_PNG = b"\x89PNG\r\n\x1a\n"
#: SOF0 to SOF15 without DHT, JPG and DAC (T.81, table B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN, _END = 0xDA, 0xD9


@dataclass(frozen=True, slots=True)
class Picture:
    """What a header says.

    Attributes:
        mime: The true media type.
        width, height: Pixels.
    """

    mime: str
    width: int
    height: int


class PictureError(ValueError):
    """The bytes are no picture that the page draws."""


def read_header(data: memoryview) -> Picture:
    """Return a picture's size.

    Raises:
        PictureError: Neither PNG, JPEG nor WebP, or damaged, or animated, or with too many scans.
    """
    head = bytes(data[:32])
    try:
        if head.startswith(_PNG):
            return _png(head)
        if head.startswith(b"\xff\xd8\xff"):
            return _jpeg(bytes(data))
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return _webp(head)
    except (struct.error, IndexError) as error:
        raise PictureError("cut off") from error
    raise PictureError("neither PNG, JPEG nor WebP")


def _sized(mime: str, width: int, height: int) -> Picture:
    if width == 0 or height == 0:
        raise PictureError("no pixels")
    return Picture(mime, width, height)


def _png(head: bytes) -> Picture:
    length, kind, width, height = struct.unpack_from(">I4sII", head, len(_PNG))
    if kind != b"IHDR" or length != 13:
        raise PictureError("no PNG header")
    return _sized("image/png", width, height)


def _jpeg(data: bytes) -> Picture:
    if data.count(b"\xff\xda") > SCANS:
        raise PictureError("too many scans")
    at = 2
    while True:
        marker, kind = struct.unpack_from(">BB", data, at)
        if marker != 0xFF or kind in {_START_OF_SCAN, _END, 0x00}:
            raise PictureError("no JPEG frame header")
        if kind == 0xFF:  # fill byte (B.1.1.2)
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2:
            raise PictureError("damaged")
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return _sized("image/jpeg", width, height)
        at += 2 + length


def _webp(head: bytes) -> Picture:
    kind, body = head[12:16], head[20:]
    if kind == b"VP8 ":
        if body[3:6] != b"\x9d\x01\x2a":
            raise PictureError("damaged")
        width, height = struct.unpack_from("<HH", body, 6)
        return _sized("image/webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        mark, bits = struct.unpack_from("<BI", body)
        if mark != 0x2F:
            raise PictureError("damaged")
        return _sized("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        if body[0] & 0x02:
            raise PictureError("animated")
        # Decoders refuse a still picture whose frame is not as large as this canvas (RFC 9649, section 2.7).
        width, height = (int.from_bytes(body[i : i + 3], "little") + 1 for i in (4, 7))
        if len(body) < 10:
            raise PictureError("cut off")
        return _sized("image/webp", width, height)
    raise PictureError("damaged")
