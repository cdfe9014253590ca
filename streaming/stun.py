"""STUN as far as a datagram has to be read before anybody is known to own it (RFC 8489). Pure."""

import hashlib
import hmac
import struct
from dataclasses import dataclass

#: STUN begins with a byte up to this (RFC 7983, section 7).
LAST_FIRST_BYTE = 3
_HEADER = struct.Struct("!HHI12s")
_ATTRIBUTE = struct.Struct("!HH")
_COOKIE = 0x2112A442
_REQUEST, _SUCCESS, _ERROR = 0x0001, 0x0101, 0x0111
_USERNAME, _INTEGRITY = 0x0006, 0x0008
_INTEGRITY_BYTES = 20
#: Longer than any connectivity check, bytes; browsers add attributes of their own, a handful.
_LONGEST = 1280
_MOST_ATTRIBUTES = 32
#: A local and a remote fragment of 256 characters each, and a colon (RFC 8445, section 7.2.2).
_LONGEST_USERNAME = 513


@dataclass(frozen=True, slots=True)
class Check:
    """A connectivity check, or what came back for one.

    Attributes:
        is_request: Whether it is a check; otherwise it answers one.
        transaction: Its 12 bytes.
        fragment: Whom it is for: the receiver's user name fragment. Empty in answers.
        integrity: Where MESSAGE-INTEGRITY begins, bytes from the start.
    """

    is_request: bool
    transaction: bytes
    fragment: str
    integrity: int


def read_check(data: bytes) -> Check | None:
    """Return the check or the answer in a datagram; None for anything that could not be authentic.

    What follows MESSAGE-INTEGRITY is not looked at: it is not covered by it (RFC 8489, section 14.5).
    """
    if not _HEADER.size <= len(data) <= _LONGEST:
        return None
    kind, length, cookie, transaction = _HEADER.unpack_from(data)
    if cookie != _COOKIE or kind not in {_REQUEST, _SUCCESS, _ERROR} or length != len(data) - _HEADER.size:
        return None
    user = b""
    at = _HEADER.size
    for _ in range(_MOST_ATTRIBUTES):
        if at + _ATTRIBUTE.size > len(data):
            return None
        name, size = _ATTRIBUTE.unpack_from(data, at)
        if name == _INTEGRITY:
            is_whole = size == _INTEGRITY_BYTES and at + _ATTRIBUTE.size + size <= len(data)
            fragment = _fragment(user) if kind == _REQUEST else ""
            return Check(kind == _REQUEST, transaction, fragment, at) if is_whole else None
        if name == _USERNAME and not user:
            if size > _LONGEST_USERNAME:
                return None
            user = data[at + _ATTRIBUTE.size : at + _ATTRIBUTE.size + size]
        at += _ATTRIBUTE.size + size + -size % 4
    return None


def is_authentic(data: bytes, check: Check, password: bytes) -> bool:
    """Tell whether whoever sent this knows the password (RFC 8489, section 14.5).

    Args:
        data: The datagram that `check` was read from.
        check: As :func:`read_check` returned it.
        password: Of the receiver for a check, of the sender for an answer.
    """
    covered = check.integrity - _HEADER.size + _ATTRIBUTE.size + _INTEGRITY_BYTES
    text = data[:2] + struct.pack("!H", covered) + data[4 : check.integrity]
    begin = check.integrity + _ATTRIBUTE.size
    wanted = hmac.digest(password, text, hashlib.sha1)
    return hmac.compare_digest(data[begin : begin + _INTEGRITY_BYTES], wanted)


def transaction_of(data: bytes) -> bytes | None:
    """Return the transaction of a check that we send ourselves; None when the datagram is none."""
    if len(data) < _HEADER.size:
        return None
    kind, _, cookie, transaction = _HEADER.unpack_from(data)
    return transaction if kind == _REQUEST and cookie == _COOKIE else None


def _fragment(user: bytes) -> str:
    return user.partition(b":")[0].decode("ascii", "replace")
