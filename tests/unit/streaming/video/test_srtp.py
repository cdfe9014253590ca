"""What we seal, pylibsrtp opens, and the other way round."""

import os

import pylibsrtp
import pytest
from pylibsrtp import Policy, Session

from streaming.video import rtcp
from streaming.video.rtp import header
from streaming.video.srtp import Opener, Sealer

KEY = os.urandom(28)
PROFILE = Policy.SRTP_PROFILE_AEAD_AES_128_GCM


def _session(direction: int) -> Session:
    policy = Policy(key=KEY, ssrc_type=direction, srtp_profile=PROFILE)
    policy.allow_repeat_tx = True
    policy.window_size = 1024
    return Session(policy)


def _sealer() -> Sealer:
    return Sealer(_session(Policy.SSRC_ANY_OUTBOUND))


def _packet(number: int, ssrc: int = 5) -> tuple[bytes, bytes]:
    return header(96, number, 1, ssrc, marker=False), bytes([number % 256]) * (number % 1200)


def test_what_is_sealed_is_opened_and_nobody_else_can_read_it() -> None:
    sealer, opener = _sealer(), Opener(_session(Policy.SSRC_ANY_INBOUND))
    theirs = _session(Policy.SSRC_ANY_INBOUND)
    for number in range(300):
        head, payload = _packet(number)
        sealed = sealer.rtp(head, payload)
        assert sealed is not None
        data = bytes(sealed)
        assert data[:12] == head
        assert len(payload) < 16 or payload not in data
        assert opener.rtp(data) == theirs.unprotect(data) == head + payload


def test_reports_are_sealed_and_opened() -> None:
    report = rtcp.receiver_report(1, []) + rtcp.key_wanted(1, 2)
    sealed = _sealer().rtcp(report)
    assert sealed is not None
    data = bytes(sealed)
    assert Opener(_session(Policy.SSRC_ANY_INBOUND)).rtcp(data) == report
    theirs = _session(Policy.SSRC_ANY_OUTBOUND).protect_rtcp(report)
    assert Opener(_session(Policy.SSRC_ANY_INBOUND)).rtcp(theirs) == report


def test_a_changed_a_repeated_and_a_foreign_packet_stay_closed() -> None:
    sealer, opener = _sealer(), Opener(_session(Policy.SSRC_ANY_INBOUND))
    sealed = sealer.rtp(*_packet(7))
    assert sealed is not None
    data = bytes(sealed)
    assert opener.rtp(data[:-1] + bytes([data[-1] ^ 1])) is None
    assert opener.rtp(data) is not None
    assert opener.rtp(data) is None
    for nonsense in (b"", b"\x80", bytes(12), os.urandom(200), bytes(4000)):
        assert opener.rtp(nonsense) is None
        assert opener.rtcp(nonsense) is None


def test_a_packet_may_be_sealed_again_for_somebody_who_missed_it() -> None:
    sealer = _sealer()
    first = bytes(sealer.rtp(*_packet(7)) or b"")
    for number in range(8, 40):
        sealer.rtp(*_packet(number))
    assert bytes(sealer.rtp(*_packet(7)) or b"") == first


def test_only_so_many_sources_are_opened() -> None:
    opener = Opener(_session(Policy.SSRC_ANY_INBOUND))
    theirs = _session(Policy.SSRC_ANY_OUTBOUND)
    opened = [opener.rtp(theirs.protect(b"".join(_packet(1, ssrc)))) is not None for ssrc in range(1, 40)]
    assert opened.count(True) == 16
    assert opener.rtp(theirs.protect(b"".join(_packet(2, 1)))) is not None


def test_what_does_not_fit_is_not_sealed() -> None:
    assert _sealer().rtcp(bytes(4000)) is None
    with pytest.raises(pylibsrtp.Error):
        _session(Policy.SSRC_ANY_INBOUND).unprotect(bytes(100))
