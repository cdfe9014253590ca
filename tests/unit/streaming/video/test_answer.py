"""Answers are read by aiortc's SDP parser, which knows nothing of ours."""

import asyncio
from typing import Any

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import SessionDescription

from streaming.video.answer import Local, publication, setup_of, subscription, to_publisher, to_watcher
from streaming.video.errors import NotAcceptableError
from streaming.video.offer import read
from tests.unit.streaming.video.descriptions import AUDIO, DATA, PRINT, VIDEO, changed, offer

LOCAL = Local(
    fragment="ours",
    password="abcdef0123456789abcdef",  # noqa: S106 - of the test's own answer
    fingerprint=PRINT,
    setup="passive",
    candidates=("1 1 udp 2130706431 10.0.0.1 5000 typ host",),
    session=42,
)
WATCHING = (changed(AUDIO, "a=sendonly", "a=recvonly"), changed(VIDEO, "a=sendonly", "a=recvonly"))


def _to_publisher(*sections: tuple[str, ...]) -> Any:
    offered = read(offer(*sections))
    return SessionDescription.parse(to_publisher(offered, publication(offered), LOCAL))


def _to_watcher(*sections: tuple[str, ...]) -> Any:
    offered = read(offer(*sections))
    section, formats = subscription(offered)
    return SessionDescription.parse(to_watcher(offered, section, formats, 777, LOCAL))


def test_a_publisher_is_told_one_codec_the_one_they_like_best() -> None:
    audio, video = _to_publisher(AUDIO, VIDEO).media
    assert [codec.name for codec in video.rtp.codecs] == ["VP8"]
    assert {(one.type, one.parameter) for one in video.rtp.codecs[0].rtcpFeedback} == {
        ("nack", None),
        ("nack", "pli"),
        ("goog-remb", None),
    }
    assert [codec.name for codec in audio.rtp.codecs] == ["opus"]
    assert (audio.direction, video.direction) == ("recvonly", "recvonly")
    reversed_order = changed(
        VIDEO, "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 45", "m=video 9 UDP/TLS/RTP/SAVPF 102 96 97 103 45"
    )
    _, video = _to_publisher(AUDIO, reversed_order).media
    assert [codec.name for codec in video.rtp.codecs] == ["H264"]
    assert video.rtp.codecs[0].parameters["packetization-mode"] == "1"


def test_nothing_is_asked_of_a_publisher_that_they_did_not_offer() -> None:
    silent = tuple(line for line in VIDEO if not line.startswith("a=rtcp-fb"))
    _, video = _to_publisher(AUDIO, silent).media
    assert video.rtp.codecs[0].rtcpFeedback == []


def test_the_answer_says_where_and_who_we_are() -> None:
    answer = _to_publisher(AUDIO, VIDEO)
    assert answer.group[0].items == ["0", "1"]
    first, second = answer.media
    for section in (first, second):
        assert (section.ice.usernameFragment, section.dtls.role) == ("ours", "server")
        assert section.dtls.fingerprints[0].value == PRINT
    assert [candidate.port for candidate in first.ice_candidates] == [5000]
    assert second.ice_candidates == []


def test_a_section_that_is_not_taken_keeps_its_place_with_port_zero() -> None:
    offered = read(offer(AUDIO, VIDEO, DATA))
    text = to_publisher(offered, publication(offered), LOCAL)
    assert "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n" in text
    assert text.index("m=audio") < text.index("m=video") < text.index("m=application")
    assert "a=group:BUNDLE 0 1\r\n" in text


def test_a_picture_without_sound_is_enough_and_sound_without_picture_is_not() -> None:
    offered = read(offer(VIDEO, bundle="1"))
    assert publication(offered).sound is None
    with pytest.raises(NotAcceptableError):
        publication(read(offer(AUDIO, bundle="0")))


def test_who_only_receives_publishes_nothing_and_who_only_sends_watches_nothing() -> None:
    with pytest.raises(NotAcceptableError):
        publication(read(offer(*WATCHING)))
    with pytest.raises(NotAcceptableError):
        subscription(read(offer(AUDIO, VIDEO)))


def test_a_watcher_is_offered_every_codec_that_passes_and_no_sound() -> None:
    audio, video = _to_watcher(*WATCHING).media
    assert [codec.name for codec in video.rtp.codecs] == ["VP8", "H264"]
    assert video.direction == "sendonly"
    assert [source.ssrc for source in video.ssrc] == [777]
    assert audio.direction == "inactive"


def test_an_offer_of_no_codec_in_common_is_not_acceptable() -> None:
    other = ("m=video 9 UDP/TLS/RTP/SAVPF 45", *VIDEO[1:9], "a=rtpmap:45 AV1/90000")
    with pytest.raises(NotAcceptableError):
        publication(read(offer(other, bundle="1")))


def test_the_handshakes_parts_are_shared_out() -> None:
    assert [setup_of(one) for one in ("actpass", "active", "passive")] == ["passive", "passive", "active"]


def test_aiortc_takes_the_answers_to_its_own_offers() -> None:
    async def body() -> None:
        for direction in ("sendonly", "recvonly"):
            peer = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
            peer.addTransceiver("audio", direction=direction)
            peer.addTransceiver("video", direction=direction)
            await peer.setLocalDescription(await peer.createOffer())
            offered = read(peer.localDescription.sdp)
            if direction == "sendonly":
                answer = to_publisher(offered, publication(offered), LOCAL)
            else:
                answer = to_watcher(offered, *subscription(offered), 5, LOCAL)
            await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
            currents = [one.currentDirection for one in peer.getTransceivers()]
            assert currents == (["sendonly"] * 2 if direction == "sendonly" else ["inactive", "recvonly"])
            await peer.close()

    asyncio.run(body())
