"""Answers to offers: a publisher's and a watcher's (RFC 9725; draft-ietf-wish-whep-03). Pure.

Rejected sections keep their place with port 0. A watcher's audio section is accepted as inactive: a screen's
sound comes in the listener's mix.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from streaming.video.codecs import Codec
from streaming.video.errors import NotAcceptableError
from streaming.video.offer import Format, Offer, Section, opus_format, video_format

#: What a publisher may be asked, and what a watcher may ask.
_FROM_PUBLISHER = ("nack", "nack pli", "goog-remb")
_FROM_WATCHER = ("nack", "nack pli", "ccm fir")
#: By mid: direction, payload types with their lines, and the lines of the source.
_Accepted = dict[str, tuple[str, tuple[list[str], list[str]], Sequence[str]]]
_SENDS, _RECEIVES = {"sendrecv", "sendonly"}, {"sendrecv", "recvonly"}


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publisher sends.

    Attributes:
        video: Section, format and codec of the picture.
        codec: Of the picture.
        sound: Section and format of the sound; None without.
    """

    video: tuple[Section, Format]
    codec: Codec
    sound: tuple[Section, Format] | None


@dataclass(frozen=True, slots=True)
class Local:
    """Our side of the transport.

    Attributes:
        fragment: ICE user name fragment.
        password: ICE password.
        fingerprint: sha-256, in hex with colons.
        setup: `active` or `passive`.
        candidates: What follows `candidate:`.
        session: For the `o=` line.
    """

    fragment: str
    password: str
    fingerprint: str
    setup: str
    candidates: tuple[str, ...]
    session: int


def setup_of(offered: str) -> str:
    """Return our part in the DTLS handshake; passive where the choice is ours (RFC 9725, section 4.4.2)."""
    return "active" if offered == "passive" else "passive"


def publication(offer: Offer) -> Publication:
    """Return what a publisher's offer is taken for.

    Raises:
        NotAcceptableError: It sends no video of a codec that passes through.
    """
    sending = [one for one in offer.sections if one.direction in _SENDS]
    picture: tuple[Section, Format, Codec] | None = None
    for section in sending:
        found = _first(section)
        if section.kind == "video" and found is not None:
            picture = (section, *found)
            break
    if picture is None:
        raise NotAcceptableError
    sounds = [(one, opus_format(one)) for one in sending if one.kind == "audio"]
    sound = next(((section, each) for section, each in sounds if each is not None), None)
    return Publication(picture[:2], picture[2], sound)


def _first(section: Section) -> tuple[Format, Codec] | None:
    """Return the format that the offerer likes best among those that pass through."""
    fitting = [(each, codec) for codec in Codec if (each := video_format(section, codec)) is not None]
    order = list(section.tokens)
    return min(fitting, key=lambda one: order.index(str(one[0].payload_type)), default=None)


def subscription(offer: Offer) -> tuple[Section, dict[Codec, Format]]:
    """Return the section in which a watcher takes the picture, and its format for each codec.

    Raises:
        NotAcceptableError: It takes no video of a codec that passes through.
    """
    for section in offer.sections:
        if section.kind == "video" and section.direction in _RECEIVES:
            formats = {codec: each for codec in Codec if (each := video_format(section, codec)) is not None}
            if formats:
                return section, formats
    raise NotAcceptableError


def to_publisher(offer: Offer, taken: Publication, local: Local) -> str:
    """Write the answer to a publisher."""
    accepted: _Accepted = {taken.video[0].mid: ("recvonly", _formats([taken.video[1]], _FROM_PUBLISHER), ())}
    if taken.sound is not None:
        accepted[taken.sound[0].mid] = ("recvonly", _formats([taken.sound[1]], ()), ())
    return _written(offer, accepted, local)


def to_watcher(offer: Offer, section: Section, formats: dict[Codec, Format], ssrc: int, local: Local) -> str:
    """Write the answer to a watcher; `ssrc` is the picture's."""
    source = ("a=msid:screen picture", f"a=ssrc:{ssrc} cname:screen")
    picture = _formats(list(formats.values()), _FROM_WATCHER)
    accepted: _Accepted = {section.mid: ("sendonly", picture, source)}
    for other in offer.sections:
        opus = opus_format(other) if other.kind == "audio" else None
        if opus is not None:
            accepted[other.mid] = ("inactive", _formats([opus], ()), ())
    return _written(offer, accepted, local)


def _formats(formats: Sequence[Format], feedback: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the payload types of an `m=` line and the lines that describe them."""
    types: list[str] = []
    lines: list[str] = []
    for each in formats:
        number = str(each.payload_type)
        types.append(number)
        channels = f"/{each.channels}" if each.channels > 1 else ""
        lines.append(f"a=rtpmap:{number} {each.name}/{each.clock}{channels}")
        if each.name.upper() == Codec.H264.value:
            profile = each.parameters.get("profile-level-id", "42e01f")
            asymmetric = "level-asymmetry-allowed=1;packetization-mode=1"
            lines.append(f"a=fmtp:{number} {asymmetric};profile-level-id={profile[:6]}")
        lines += [f"a=rtcp-fb:{number} {one}" for one in feedback if one in each.feedback]
    return types, lines


def _written(offer: Offer, accepted: _Accepted, local: Local) -> str:
    mids = [section.mid for section in offer.sections if section.mid in accepted]
    lines = ["v=0", f"o=- {local.session} 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines += [f"a=group:BUNDLE {' '.join(mids)}", "a=msid-semantic:WMS *"]
    for section in offer.sections:
        if section.mid not in accepted:
            lines += [f"m={section.kind} 0 {section.protocol} {section.tokens[0]}", "c=IN IP4 0.0.0.0"]
            lines += [f"a=mid:{section.mid}"] if section.mid else []
            lines.append("a=inactive")
            continue
        direction, (types, described), source = accepted[section.mid]
        lines += [f"m={section.kind} 9 {section.protocol} {' '.join(types)}", "c=IN IP4 0.0.0.0"]
        lines += [f"a=mid:{section.mid}", f"a={direction}", "a=rtcp-mux"]
        lines += [f"a=ice-ufrag:{local.fragment}", f"a=ice-pwd:{local.password}", "a=ice-options:trickle"]
        lines += [f"a=fingerprint:sha-256 {local.fingerprint}", f"a=setup:{local.setup}"]
        lines += [*described, *source]
        if section.mid == mids[0]:
            lines += [f"a=candidate:{one}" for one in local.candidates] + ["a=end-of-candidates"]
    return "\r\n".join(lines) + "\r\n"
