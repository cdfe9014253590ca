"""What is checked and changed in SDP and candidates, as text. Pure.

The server sends nothing to a name: mDNS candidates (``….local``) are left out, since the browser's own
checks reach the server and teach it the address (RFC 8445, section 7.3.1.3).
"""

import ipaddress
import re
from dataclasses import dataclass

from streaming.errors import BadOfferError
from streaming.messages import MAX_SIGNAL_BYTES

#: Remote candidates that are used per client; more are left out.
MOST_CANDIDATES = 32
#: Bytes of the largest message that a client must be able to take; browsers take 64 KiB and more.
LEAST_MESSAGE = 16 * 1024
_MOST_LINES = 1000
_FINGERPRINT = re.compile(r"^a=fingerprint:sha-(256|384|512) [0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31,63}$")
_SIZE = re.compile(r"^[0-9]{1,20}$")
_TYPES = {"host", "srflx", "prflx", "relay"}


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate that may be used.

    Attributes:
        text: What follows ``candidate:``.
    """

    text: str


def check_offer(sdp: str) -> str:
    """Check an offer's outline and return it without the candidates that are not used.

    Raises:
        BadOfferError: It is no SDP, or not one audio section and one data section in one bundle over DTLS, or
            the client takes no messages of a useful size (RFC 8841, section 6).
    """
    lines = sdp.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(sdp) > MAX_SIGNAL_BYTES or len(lines) > _MOST_LINES or lines[0] != "v=0":
        raise BadOfferError("This is not a session description, or it is too long.")
    if any(len(line) < 2 or line[1] != "=" for line in lines):
        raise BadOfferError("A line of the session description is not of the form letter=value.")
    kinds = sorted(line[2:].split(" ")[0] for line in lines if line.startswith("m="))
    if kinds != ["application", "audio"]:
        raise BadOfferError("The offer must hold one audio section and one data section, nothing else.")
    mids = {line[6:] for line in lines if line.startswith("a=mid:")}
    bundles = [set(line.split(" ")[1:]) for line in lines if line.startswith("a=group:BUNDLE")]
    if len(mids) != 2 or bundles != [mids]:
        raise BadOfferError("Both sections must be in one BUNDLE group.")
    prints = [line for line in lines if line.startswith("a=fingerprint:")]
    if not prints or not all(map(_FINGERPRINT.match, prints)):
        raise BadOfferError("The offer needs a DTLS fingerprint (sha-256 or better).")
    sizes = [line.partition(":")[2] for line in lines if line.startswith("a=max-message-size")]
    if not all(size == "0" or (_SIZE.match(size) and int(size) >= LEAST_MESSAGE) for size in sizes):
        raise BadOfferError(f"A client must take messages of {LEAST_MESSAGE} bytes (0 for any size).")
    return "\r\n".join(_without_idle_candidates(lines)) + "\r\n"


def _without_idle_candidates(lines: list[str]) -> list[str]:
    kept: list[str] = []
    count = 0
    for line in lines:
        if line.startswith("a=end-of-candidates"):
            continue
        if line.startswith("a=candidate:"):
            if count >= MOST_CANDIDATES or check_candidate(line[2:]) is None:
                continue
            count += 1
        kept.append(line)
    return kept


def check_candidate(text: str) -> CandidateLine | None:
    """Check one ``candidate:…`` line; returns None for one that is well formed but not used.

    Raises:
        BadOfferError: It is no candidate (RFC 8839, section 5.1).
    """
    bits = text.removeprefix("candidate:").split(" ")
    if len(bits) < 8 or bits[6] != "typ" or not text.isprintable():
        raise BadOfferError("This is not an ICE candidate.")
    component, transport, priority, address, port, kind = (bits[i] for i in (1, 2, 3, 4, 5, 7))
    numbers = (component, priority, port)
    if not all(re.fullmatch(r"[0-9]{1,10}", number) for number in numbers) or kind not in _TYPES:
        raise BadOfferError("An ICE candidate has a number or a type that cannot be.")
    if int(port) > 65535 or int(component) > 256:
        raise BadOfferError("An ICE candidate has a port or component that cannot be.")
    if address.endswith(".local") or transport.lower() != "udp" or component != "1" or port == "0":
        return None
    try:
        found = ipaddress.ip_address(address)
    except ValueError as error:
        raise BadOfferError("An ICE candidate must carry an address, not a name.") from error
    if found.is_multicast or found.is_unspecified:
        raise BadOfferError("An ICE candidate must carry an address of one machine.")
    return CandidateLine(" ".join(bits))


def with_stereo(sdp: str) -> str:
    """Say in the Opus line that stereo is sent and may be (RFC 7587, section 6.1)."""
    found = re.search(r"^a=rtpmap:(\d+) opus/48000/2\r?$", sdp, re.MULTILINE | re.IGNORECASE)
    if found is None:
        return sdp
    payload = found[1]
    parameters = "minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1"
    without = re.sub(rf"^a=fmtp:{payload} .*\r?\n", "", sdp, flags=re.MULTILINE)
    return without.replace(found[0], f"{found[0].rstrip()}\r\na=fmtp:{payload} {parameters}\r", 1)
