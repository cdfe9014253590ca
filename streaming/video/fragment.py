"""Trickled candidates as SDP fragments (RFC 8840, section 9). Pure."""

import re
from dataclasses import dataclass

from streaming.errors import BadOfferError
from streaming.sdp import MOST_CANDIDATES, check_candidate
from streaming.video.errors import NotUnderstoodError

#: Bytes and lines of one fragment.
MOST_BYTES = 16 * 1024
_MOST_LINES = 200
_LINE = re.compile(r"[a-z]=[ -~]*")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One fragment.

    Attributes:
        fragment: ICE user name fragment of the session that it is for.
        password: Its password.
        candidates: What follows `candidate:`, checked; those that are not used are left out.
        ended: Whether these were the last.
    """

    fragment: str
    password: str
    candidates: tuple[str, ...]
    ended: bool


def read(text: str) -> Fragment:
    """Read a fragment.

    Raises:
        NotUnderstoodError: It is none, or holds a candidate that cannot be.
    """
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(text) > MOST_BYTES or len(lines) > _MOST_LINES or not all(map(_LINE.fullmatch, lines)):
        raise NotUnderstoodError("This is no SDP fragment, or it is too long.")
    named: dict[str, str] = {}
    candidates: list[str] = []
    ended = False
    for line in lines:
        name, _, value = line[2:].partition(":")
        if line.startswith("a=") and name in {"ice-ufrag", "ice-pwd"}:
            if named.setdefault(name, value) != value:
                raise NotUnderstoodError("A fragment is for one set of ICE credentials.")
        elif line.startswith("a=candidate:") and len(candidates) < MOST_CANDIDATES:
            candidates += _used(value)
        elif line == "a=end-of-candidates":
            ended = True
    return Fragment(named.get("ice-ufrag", ""), named.get("ice-pwd", ""), tuple(candidates), ended)


def _used(value: str) -> list[str]:
    try:
        line = check_candidate(value)
    except BadOfferError as error:
        raise NotUnderstoodError(str(error)) from error
    return [] if line is None else [line.text]
