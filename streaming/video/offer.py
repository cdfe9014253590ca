"""What an offer holds, as far as a screen needs it (RFC 8866, RFC 9429). Pure and strict.

Only what is used is read; what is read must be well formed. Candidates go through :mod:`streaming.sdp`.
"""

import re
from dataclasses import dataclass, field

from streaming.errors import BadOfferError
from streaming.sdp import MOST_CANDIDATES, check_candidate
from streaming.video.codecs import Codec
from streaming.video.errors import NotUnderstoodError

#: Bytes, lines and sections of an offer.
MOST_BYTES = 32 * 1024
_MOST_LINES = 1500
_MOST_SECTIONS = 8
_MOST_FORMATS = 96
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_FINGERPRINT = re.compile(
    r"(sha-256|sha-384|sha-512) ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31,63})", re.IGNORECASE
)
_MID = re.compile(r"[!-~]{1,32}")
_MEDIA = re.compile(r"(audio|video|application) \d{1,5}(?:/\d{1,3})? ([A-Z/]{3,24})((?: [!-~]{1,32})+)")
_MAPPING = re.compile(r"(\d{1,3}) ([A-Za-z0-9._+-]{1,32})/(\d{1,9})(?:/(\d{1,2}))?")
_SETUPS = {"actpass", "active", "passive"}
_DIRECTIONS = {"sendrecv", "sendonly", "recvonly", "inactive"}
_TRANSPORT = "UDP/TLS/RTP/SAVPF"
_DYNAMIC = range(35, 128)


@dataclass(slots=True)
class Format:
    """One payload type of a section.

    Attributes:
        payload_type: 35 … 127, not one of RTCP's.
        name: As in `rtpmap`, such as `H264`.
        clock: Hertz.
        channels: For audio; 1 when it is not said.
        parameters: Of `fmtp`, names in lower case.
        feedback: Values of `rtcp-fb`.
    """

    payload_type: int
    name: str
    clock: int
    channels: int
    parameters: dict[str, str] = field(default_factory=dict)
    feedback: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Section:
    """One media section.

    Attributes:
        kind: `audio`, `video` or `application`.
        protocol: Such as `UDP/TLS/RTP/SAVPF`.
        tokens: The formats of its `m=` line as they stand.
        mid: Its identification.
        direction: As the offerer sees it.
        multiplexed: Whether RTCP shares the port.
        formats: By payload type, in the order of preference.
    """

    kind: str
    protocol: str
    tokens: tuple[str, ...]
    mid: str = ""
    direction: str = "sendrecv"
    multiplexed: bool = False
    formats: dict[int, Format] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remote:
    """The other side of the one transport.

    Attributes:
        fragment: ICE user name fragment.
        password: ICE password.
        fingerprints: (algorithm, value) of its certificate.
        setup: `actpass`, `active` or `passive`.
        candidates: What follows `candidate:`, checked.
    """

    fragment: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]
    setup: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer.

    Attributes:
        sections: In order.
        remote: Who makes it.
    """

    sections: tuple[Section, ...]
    remote: Remote


class _Reader:
    """Reads line after line into sections."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.bundle: list[str] = []
        self.fragments: list[str] = []
        self.passwords: list[str] = []
        self.fingerprints: list[tuple[str, str]] = []
        self.setups: list[str] = []
        self.candidates: list[str] = []

    def line(self, kind: str, value: str) -> None:
        if kind == "m":
            self._media(value)
        elif kind == "a":
            name, _, rest = value.partition(":")
            self._attribute(name, rest)

    def _media(self, value: str) -> None:
        found = _MEDIA.fullmatch(value)
        if found is None or len(self.sections) >= _MOST_SECTIONS:
            raise NotUnderstoodError("A media section cannot be read, or there are too many.")
        tokens = tuple(found[3].split())
        if len(tokens) > _MOST_FORMATS:
            raise NotUnderstoodError("A media section has too many formats.")
        self.sections.append(Section(found[1], found[2], tokens))

    def _attribute(self, name: str, value: str) -> None:
        if name == "group" and value.startswith("BUNDLE "):
            self.bundle = value.split(" ")[1:]
        elif name == "ice-ufrag":
            self.fragments.append(_matching(_UFRAG, value))
        elif name == "ice-pwd":
            self.passwords.append(_matching(_PASSWORD, value))
        elif name == "setup":
            self.setups.append(_one_of(_SETUPS, value))
        elif name == "fingerprint":
            _matching(_FINGERPRINT, value)
            algorithm, _, digest = value.partition(" ")
            self.fingerprints.append((algorithm.lower(), digest))
        elif name == "candidate":
            self._candidate(value)
        elif self.sections:
            self._of_section(self.sections[-1], name, value)

    def _candidate(self, value: str) -> None:
        if len(self.candidates) >= MOST_CANDIDATES:
            return
        try:
            line = check_candidate(value)
        except BadOfferError as error:
            raise NotUnderstoodError(str(error)) from error
        if line is not None and line.text not in self.candidates:
            self.candidates.append(line.text)

    def _of_section(self, section: Section, name: str, value: str) -> None:
        if name == "mid":
            section.mid = _matching(_MID, value)
        elif name in _DIRECTIONS and not value:
            section.direction = name
        elif name == "rtcp-mux":
            section.multiplexed = True
        elif name == "rtpmap":
            _map(section, value)
        elif name in {"fmtp", "rtcp-fb"}:
            payload_type, _, rest = value.partition(" ")
            for each in section.formats.values():
                if payload_type in {str(each.payload_type), "*"}:
                    _describe(each, name, rest)


def _matching(pattern: re.Pattern[str], value: str) -> str:
    if pattern.fullmatch(value) is None:
        raise NotUnderstoodError("An attribute of the session description has a value that cannot be.")
    return value


def _one_of(values: set[str], value: str) -> str:
    if value not in values:
        raise NotUnderstoodError("An attribute of the session description has a value that cannot be.")
    return value


def _map(section: Section, value: str) -> None:
    found = _MAPPING.fullmatch(value)
    if found is None:
        raise NotUnderstoodError("A format of the session description cannot be read.")
    number = int(found[1])
    # RTCP's types look like these when the two share a port (RFC 5761, section 4).
    if number in _DYNAMIC and not 64 <= number <= 95 and found[1] in section.tokens:
        section.formats[number] = Format(number, found[2], int(found[3]), int(found[4] or 1))


def _describe(each: Format, name: str, text: str) -> None:
    if name == "rtcp-fb":
        each.feedback.add(text)
        return
    for parameter in text.split(";"):
        key, _, value = parameter.strip().partition("=")
        each.parameters[key.lower()] = value


def read(text: str) -> Offer:
    """Read an offer.

    Raises:
        NotUnderstoodError: It is no offer, or not one bundle over ICE and DTLS.
    """
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(text) > MOST_BYTES or len(lines) > _MOST_LINES or lines[0] != "v=0":
        raise NotUnderstoodError("This is no session description, or it is too long.")
    reader = _Reader()
    for line in lines:
        if len(line) < 2 or line[1] != "=":
            raise NotUnderstoodError("A line of the session description is not of the form letter=value.")
        reader.line(line[0], line[2:])
    sections = [one for one in reader.sections if one.kind != "application"]
    mids = [section.mid for section in sections]
    if not sections or not all(mids) or len(set(mids)) != len(mids) or not set(mids) <= set(reader.bundle):
        raise NotUnderstoodError("The media sections must be in one BUNDLE group, each with its own mid.")
    if any(one.protocol != _TRANSPORT or not one.multiplexed for one in sections):
        raise NotUnderstoodError("Media must come over DTLS-SRTP, with RTCP on the same port.")
    return Offer(tuple(reader.sections), _remote(reader))


def _remote(reader: _Reader) -> Remote:
    needed = (reader.fragments, reader.passwords, reader.fingerprints, reader.setups)
    if not all(needed):
        raise NotUnderstoodError("ICE credentials, a fingerprint (sha-256 or better) and a setup are needed.")
    if any(len(set(values)) > 1 for values in (reader.fragments, reader.passwords, reader.setups)):
        raise NotUnderstoodError("One bundle has one set of ICE credentials and one setup.")
    return Remote(
        fragment=reader.fragments[0],
        password=reader.passwords[0],
        fingerprints=tuple(dict.fromkeys(reader.fingerprints)),
        setup=reader.setups[0],
        candidates=tuple(reader.candidates),
    )


def video_format(section: Section, codec: Codec) -> Format | None:
    """Return a section's first format of a codec that passes through.

    H.264 means the baseline family with packetization mode 1, which every browser takes (RFC 7742, 6.2).
    """
    for each in section.formats.values():
        if each.name.upper() != codec.value or each.clock != 90_000:
            continue
        if codec is Codec.VP8:
            return each
        profile = each.parameters.get("profile-level-id", "42")
        if each.parameters.get("packetization-mode") == "1" and profile.startswith("42"):
            return each
    return None


def opus_format(section: Section) -> Format | None:
    """Return a section's Opus format."""
    for each in section.formats.values():
        if each.name.lower() == "opus" and each.clock == 48_000:
            return each
    return None
