import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.errors import BadOfferError
from streaming.sdp import MOST_CANDIDATES, check_candidate, check_offer, with_stereo

PRINT = "a=fingerprint:sha-256 " + ":".join(["AB"] * 32)
OFFER = f"""v=0
o=- 1 2 IN IP4 0.0.0.0
s=-
t=0 0
a=group:BUNDLE 0 1
{PRINT}
m=audio 9 UDP/TLS/RTP/SAVPF 111 0
c=IN IP4 0.0.0.0
a=mid:0
a=sendrecv
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host
a=candidate:2 1 udp 2130706431 3b1e.local 5001 typ host generation 0
a=candidate:3 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active
a=end-of-candidates
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=mid:1
a=sctp-port:5000
""".replace("\n", "\r\n")


def test_only_candidates_that_can_be_used_are_kept() -> None:
    kept = [line for line in check_offer(OFFER).split("\r\n") if "candidate" in line]
    assert kept == ["a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host"]


def test_no_more_candidates_than_allowed_are_kept() -> None:
    line = "a=candidate:1 1 udp 2130706431 192.0.2.1 {} typ host\r\n"
    many = OFFER.replace("a=end-of-candidates\r\n", "".join(line.format(port) for port in range(1, 200)))
    assert check_offer(many).count("a=candidate:") == MOST_CANDIDATES


@pytest.mark.parametrize(
    "spoiled",
    [
        "",
        "v=0",
        "나는 SDP가 아닙니다",
        OFFER.replace("v=0", "v=1"),
        OFFER.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0"),
        OFFER.replace("a=group:BUNDLE 0 1\r\n", ""),
        OFFER.replace("a=mid:1", "a=mid:0"),
        OFFER.replace(PRINT, "a=fingerprint:md5 00"),
        OFFER.replace(PRINT + "\r\n", ""),
        OFFER.replace("m=audio", "m=video"),
        OFFER + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
        OFFER.replace("typ host\r\n", "typ hostile\r\n", 1),
        OFFER.replace("192.0.2.1 5000", "attacker.example 5000"),
        OFFER.replace("s=-", "nonsense"),
        OFFER + "a=x\r\n" * 2000,
    ],
)
def test_an_offer_of_another_outline_is_refused(spoiled: str) -> None:
    with pytest.raises(BadOfferError):
        check_offer(spoiled)


@given(st.text(max_size=500))
def test_any_text_is_an_offer_or_refused(text: str) -> None:
    for candidate in (text, OFFER + text):
        try:
            check_offer(candidate)
        except BadOfferError:
            continue


@given(st.text(max_size=200))
def test_any_text_is_a_candidate_or_refused(text: str) -> None:
    try:
        check_candidate(text)
    except BadOfferError:
        return


@pytest.mark.parametrize(
    "text",
    [
        "candidate:1 1 udp 2130706431 192.0.2.1 70000 typ host",
        "candidate:1 1 udp -1 192.0.2.1 5000 typ host",
        "candidate:1 1 udp 1 224.0.0.1 5000 typ host",
        "candidate:1 1 udp 1 0.0.0.0 5000 typ host",
        "candidate:1 1 udp 1 example.org 5000 typ host",
        "candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\na=inactive",
        "candidate:" + "9 " * 400,
        "candidate:nonsense",
    ],
)
def test_a_candidate_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(BadOfferError):
        check_candidate(text)


def test_browser_candidates_are_understood() -> None:
    chromium = (
        "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0 "
        "generation 0 ufrag EsAw network-cost 999"
    )
    assert check_candidate(chromium) is not None
    assert check_candidate("candidate:0 1 UDP 2122252543 2001:db8::1 50000 typ host") is not None


def test_stereo_is_said_once_in_the_opus_line() -> None:
    changed = with_stereo(OFFER)
    assert changed.count("stereo=1;sprop-stereo=1") == 1
    assert changed.count("a=fmtp:111 ") == 1
    assert with_stereo(changed) == changed
    assert "\r\n\r\n" not in changed
    assert with_stereo("v=0\r\n") == "v=0\r\n"
