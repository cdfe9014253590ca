import asyncio

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection
from hypothesis import given
from hypothesis import strategies as st

from streaming.sdp import MOST_CANDIDATES
from streaming.video.codecs import Codec
from streaming.video.errors import NotUnderstoodError
from streaming.video.offer import MOST_BYTES, opus_format, read, video_format
from tests.unit.streaming.video.descriptions import AUDIO, DATA, FFMPEG, TRANSPORT, VIDEO, changed, offer


def test_a_browsers_offer_is_read() -> None:
    found = read(offer(AUDIO, VIDEO, DATA))
    assert [section.kind for section in found.sections] == ["audio", "video", "application"]
    audio, video, _ = found.sections
    assert (video.mid, video.direction) == ("1", "sendonly")
    vp8, h264, opus = video_format(video, Codec.VP8), video_format(video, Codec.H264), opus_format(audio)
    assert vp8 is not None
    assert h264 is not None
    assert opus is not None
    assert (vp8.payload_type, h264.payload_type, opus.payload_type, opus.channels) == (96, 102, 111, 2)
    assert vp8.feedback == {"goog-remb", "transport-cc", "nack", "nack pli"}
    assert found.remote.fragment == "abcd"
    assert found.remote.setup == "actpass"


def test_what_aiortc_offers_is_read() -> None:
    async def offered() -> str:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        peer.addTransceiver("video", direction="recvonly")
        peer.addTransceiver("audio", direction="recvonly")
        await peer.setLocalDescription(await peer.createOffer())
        await peer.close()
        return peer.localDescription.sdp

    video = read(asyncio.run(offered())).sections[0]
    assert video_format(video, Codec.VP8) is not None
    assert video_format(video, Codec.H264) is not None


def test_what_ffmpeg_offers_is_read() -> None:
    found = read("\r\n".join(FFMPEG) + "\r\n")
    assert found.remote.setup == "passive"
    assert video_format(found.sections[0], Codec.H264) is not None
    assert video_format(found.sections[0], Codec.VP8) is None


def test_h264_of_another_profile_or_packetization_does_not_pass() -> None:
    high = changed(
        VIDEO,
        "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
        "a=fmtp:102 packetization-mode=0;profile-level-id=42001f",
    )
    assert video_format(read(offer(AUDIO, high)).sections[1], Codec.H264) is None


def test_credentials_of_the_whole_session_count_for_its_sections() -> None:
    bare = tuple(line for line in VIDEO if line not in TRANSPORT)
    text = offer(bare, bundle="1").replace("s=-\r\n", "s=-\r\n" + "\r\n".join(TRANSPORT) + "\r\n")
    assert read(text).remote.password == "0123456789abcdef012345"  # noqa: S105 - of the test's own offer


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a=ice-ufrag:abcd", "a=ice-ufrag:abc"),
        ("a=ice-ufrag:abcd", "a=x:y"),
        ("a=ice-ufrag:abcd", "a=ice-ufrag:" + "a" * 300),
        ("a=ice-pwd:0123456789abcdef012345", "a=ice-pwd:short"),
        ("a=setup:actpass", "a=setup:holdconn"),
        ("a=setup:actpass", "a=x:y"),
        ("a=mid:1", "a=x:y"),
        ("a=mid:1", "a=mid:2"),
        ("a=rtcp-mux", "a=x:y"),
        ("a=rtpmap:96 VP8/90000", "a=rtpmap:96 VP8"),
        ("a=sendonly", "no attribute"),
        ("m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 45", "m=video 9 RTP/AVP 96"),
        ("m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 45", "m=video 9"),
        ("a=sendonly", "a=candidate:1 1 udp 1 nowhere 9 typ host"),
        ("a=sendonly", "a=candidate:x"),
    ],
)
def test_an_offer_that_cannot_be_used_is_refused(before: str, after: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read(offer(changed(VIDEO, before, after), bundle="1"))


def test_two_sets_of_credentials_in_one_bundle_are_refused() -> None:
    with pytest.raises(NotUnderstoodError):
        read(offer(AUDIO, changed(VIDEO, "a=ice-ufrag:abcd", "a=ice-ufrag:efgh")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "v=1\r\n",
        "v=0\r\n",
        "v=0\r\nx\r\n",
        offer(DATA, bundle="2"),
        "v=0\r\n" + "a=x\r\n" * 2000,
        "v=0\r\na=" + "x" * MOST_BYTES,
    ],
)
def test_what_is_no_offer_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read(text)


def test_sections_and_candidates_have_an_end() -> None:
    with pytest.raises(NotUnderstoodError):
        read(offer(*[VIDEO] * 20))
    candidates = tuple(
        f"a=candidate:1 1 udp 1 10.0.{number // 200}.{number % 200 + 1} 9 typ host" for number in range(300)
    )
    assert len(read(offer((*VIDEO, *candidates), bundle="1")).remote.candidates) == MOST_CANDIDATES


_LINES = st.sampled_from([*AUDIO, *VIDEO, *DATA, *FFMPEG])


@given(st.lists(st.one_of(_LINES, st.text(max_size=40)), max_size=60))
def test_any_lines_are_read_or_refused(lines: list[str]) -> None:
    try:
        found = read("\r\n".join(["v=0", "a=group:BUNDLE 0 1", *lines]))
    except NotUnderstoodError:
        return
    assert found.remote.fingerprints


@given(st.data())
def test_any_change_of_a_good_offer_is_read_or_refused(data: st.DataObject) -> None:
    text = offer(AUDIO, VIDEO)
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.text(max_size=6))
    gone = data.draw(st.integers(0, 30))
    try:
        read(text[:at] + put + text[at + gone :])
    except NotUnderstoodError:
        return
