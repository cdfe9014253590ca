"""Offers for the tests of this folder: what clients really send, shortened."""

PRINT = ":".join(["AB"] * 32)
TRANSPORT = (
    "a=ice-ufrag:abcd",
    "a=ice-pwd:0123456789abcdef012345",
    f"a=fingerprint:sha-256 {PRINT}",
    "a=setup:actpass",
)
VIDEO = (
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 45",
    "c=IN IP4 0.0.0.0",
    *TRANSPORT,
    "a=mid:1",
    "a=sendonly",
    "a=rtcp-mux",
    "a=rtpmap:45 AV1/90000",
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 goog-remb",
    "a=rtcp-fb:96 transport-cc",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rtpmap:102 H264/90000",
    "a=rtcp-fb:102 nack",
    "a=rtcp-fb:102 nack pli",
    "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
    "a=rtpmap:103 H264/90000",
    "a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640032",
)
AUDIO = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 0",
    "c=IN IP4 0.0.0.0",
    *TRANSPORT,
    "a=mid:0",
    "a=sendonly",
    "a=rtcp-mux",
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=rtpmap:0 PCMU/8000",
)
DATA = ("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2", "a=sctp-port:5000")
#: FFmpeg's WHIP muxer: no feedback but what it offers, DTLS passive.
FFMPEG = (
    "v=0",
    "o=FFmpeg 4489045141692799359 2 IN IP4 127.0.0.1",
    "s=FFmpegPublishSession",
    "t=0 0",
    "a=group:BUNDLE 1",
    "a=extmap-allow-mixed",
    "a=msid-semantic: WMS",
    "m=video 9 UDP/TLS/RTP/SAVPF 106 105",
    "c=IN IP4 0.0.0.0",
    "a=ice-ufrag:f02b564a",
    "a=ice-pwd:6193b332b43aa844b9882601b34b94ab",
    f"a=fingerprint:sha-256 {PRINT}",
    "a=setup:passive",
    "a=mid:1",
    "a=sendonly",
    "a=msid:FFmpeg video",
    "a=rtcp-mux",
    "a=rtcp-rsize",
    "a=rtpmap:106 H264/90000",
    "a=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001e",
    "a=rtpmap:105 rtx/90000",
    "a=fmtp:105 apt=106",
)


def offer(*sections: tuple[str, ...], bundle: str = "0 1") -> str:
    """Return an offer of these sections."""
    lines = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {bundle}"]
    for section in sections:
        lines += section
    return "\r\n".join(lines) + "\r\n"


def changed(section: tuple[str, ...], before: str, after: str) -> tuple[str, ...]:
    """Return a section with a line changed; the line must be there."""
    assert before in section
    return tuple(after if line == before else line for line in section)
