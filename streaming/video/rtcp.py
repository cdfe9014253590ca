"""RTCP: what receivers report and ask for, and what senders say (RFC 3550, section 6; RFC 4585). Pure."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_SR, _RR, _SDES, _BYE, _RTPFB, _PSFB = 200, 201, 202, 203, 205, 206
_NACK, _PLI, _FIR, _APPLICATION = 1, 1, 4, 15
_VERSION = 2
#: Packets of one compound that are looked at, and losses that one report may name.
_MOST_PACKETS = 32
MOST_LOSSES = 256
_UNIX_TO_NTP = 2_208_988_800
_HEADER = struct.Struct("!BBH")
_LONG = struct.Struct("!I")
_LOSS = struct.Struct("!HH")
_SENDER = struct.Struct("!IQIII")
_BLOCK = struct.Struct("!IIIIII")


@dataclass(frozen=True, slots=True)
class Losses:
    """Generic NACK (RFC 4585, section 6.2.1).

    Attributes:
        ssrc: The stream.
        sequences: 16 bits each, at most :data:`MOST_LOSSES`.
    """

    ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyWanted:
    """A receiver needs a picture that stands alone: PLI or FIR (RFC 4585, 6.3.1; RFC 5104, 4.3.1)."""

    ssrc: int


@dataclass(frozen=True, slots=True)
class SenderSays:
    """A sender's report.

    Attributes:
        ssrc: The sender.
        ntp: Middle 32 bits of its NTP time, which a receiver names in its own report.
    """

    ssrc: int
    ntp: int


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Sources that end."""

    ssrcs: tuple[int, ...]


Message = Losses | KeyWanted | SenderSays | Goodbye


@dataclass(frozen=True, slots=True)
class Report:
    """How a stream arrives (RFC 3550, section 6.4.1).

    Attributes:
        ssrc: The stream.
        fraction: Share lost since the last report, of 256.
        lost: Lost since the beginning, 24 bits.
        highest: Highest sequence number with the count of cycles, 32 bits.
        jitter: In timestamp units.
        sender: Middle 32 bits of the last sender report, 0 without one.
        delay: Since then, 1/65536 seconds.
    """

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    sender: int
    delay: int


def read(data: bytes) -> list[Message]:
    """Read a compound packet; what is unknown, and everything from where it does not add up, is left out."""
    found: list[Message] = []
    for count, kind, body in _split(data):
        message = _read_one(count, kind, body)
        if message is not None:
            found.append(message)
    return found


def _split(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    for _ in range(_MOST_PACKETS):
        if at + 4 > len(data):
            return
        first, kind, words = _HEADER.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first >> 6 != _VERSION or end > len(data):
            return
        yield first & 0x1F, kind, data[at + 4 : end]
        at = end


def _read_one(count: int, kind: int, body: bytes) -> Message | None:
    if kind == _SR and len(body) >= _SENDER.size:
        ssrc, ntp, *_ = _SENDER.unpack_from(body)
        return SenderSays(ssrc, ntp >> 16 & 0xFFFFFFFF)
    if kind == _BYE and 0 < 4 * count <= len(body):
        return Goodbye(struct.unpack_from(f"!{count}I", body))
    return _read_feedback(count, kind, body) if len(body) >= 8 else None


def _read_feedback(count: int, kind: int, body: bytes) -> Message | None:
    (media,) = _LONG.unpack_from(body, 4)
    if kind == _RTPFB and count == _NACK:
        return Losses(media, _losses(body[8:]))
    if kind == _PSFB and count == _PLI:
        return KeyWanted(media)
    if kind == _PSFB and count == _FIR and len(body) >= 16:
        # FIR names the stream in its entry; the field for it is unused.
        return KeyWanted(_LONG.unpack_from(body, 8)[0])
    return None


def _losses(entries: bytes) -> tuple[int, ...]:
    found: list[int] = []
    for at in range(0, len(entries) - 3, 4):
        first, mask = _LOSS.unpack_from(entries, at)
        found.append(first)
        found += [(first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1]
        if len(found) >= MOST_LOSSES:
            return tuple(found[:MOST_LOSSES])
    return tuple(found)


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return _HEADER.pack(_VERSION << 6 | count, kind, len(body) // 4) + body


def receiver_report(sender: int, reports: Sequence[Report]) -> bytes:
    """Write a receiver report; compound packets begin with one, empty or not."""
    blocks = b"".join(
        _BLOCK.pack(
            one.ssrc,
            one.fraction << 24 | one.lost & 0xFFFFFF,
            one.highest,
            one.jitter,
            one.sender,
            one.delay,
        )
        for one in reports
    )
    return _packet(len(reports), _RR, _LONG.pack(sender) + blocks)


def sender_report(ssrc: int, now: float, timestamp: int, packets: int, octets: int) -> bytes:
    """Write a sender report.

    Args:
        ssrc: The stream.
        now: Unix seconds.
        timestamp: What the stream's clock shows now, 32 bits.
        packets: Sent so far.
        octets: Of their payloads.
    """
    ntp = int((now + _UNIX_TO_NTP) * 2**32) & 0xFFFFFFFFFFFFFFFF
    body = _SENDER.pack(ssrc, ntp, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return _packet(0, _SR, body)


def description(ssrc: int, name: str) -> bytes:
    """Write the canonical name, which every compound packet carries (RFC 3550, section 6.5.1)."""
    text = name.encode()
    items = bytes([1, len(text)]) + text + b"\0"
    return _packet(1, _SDES, _LONG.pack(ssrc) + items + b"\0" * (-len(items) % 4))


def nack(sender: int, media: int, sequences: Iterable[int]) -> bytes:
    """Ask for packets again; `sequences` are 16 bits each."""
    entries: list[tuple[int, int]] = []
    for sequence in sequences:
        if entries and 0 < (distance := (sequence - entries[-1][0]) & 0xFFFF) <= 16:
            first, mask = entries[-1]
            entries[-1] = (first, mask | 1 << (distance - 1))
        else:
            entries.append((sequence, 0))
    body = _LONG.pack(sender) + _LONG.pack(media) + b"".join(_LOSS.pack(*entry) for entry in entries)
    return _packet(_NACK, _RTPFB, body)


def key_wanted(sender: int, media: int) -> bytes:
    """Ask for a picture that stands alone (PLI)."""
    return _packet(_PLI, _PSFB, _LONG.pack(sender) + _LONG.pack(media))


def most_bits(sender: int, media: int, bits: int) -> bytes:
    """Tell how many bits a second may come (draft-alvestrand-rmcat-remb-03, section 2.2)."""
    exponent = max(bits.bit_length() - 18, 0)
    value = 1 << 24 | exponent << 18 | bits >> exponent
    body = _LONG.pack(sender) + _LONG.pack(0) + b"REMB" + _LONG.pack(value) + _LONG.pack(media)
    return _packet(_APPLICATION, _PSFB, body)
