"""A client of a screen that keeps no rules: it sends whatever a test hands it, over a real connection."""

import asyncio
from collections.abc import Callable

import httpx
from aiortc import RTCCertificate

from streaming.video import offer, rtcp
from streaming.video.rtp import Received, read
from streaming.video.transport import Transport

VIDEO_TYPE, SOUND_TYPE = 96, 111
_SECTIONS = {
    "video": (f"m=video 9 UDP/TLS/RTP/SAVPF {VIDEO_TYPE}", f"a=rtpmap:{VIDEO_TYPE} VP8/90000"),
    "audio": (f"m=audio 9 UDP/TLS/RTP/SAVPF {SOUND_TYPE}", f"a=rtpmap:{SOUND_TYPE} opus/48000/2"),
}
_FEEDBACK = tuple(f"a=rtcp-fb:{VIDEO_TYPE} {one}" for one in ("nack", "nack pli", "goog-remb"))


class RawSide:
    """One session, on the offering side.

    Attributes:
        asked: RTCP messages that came.
        got: RTP packets that came.
        repeated: Packets that came once more; SRTP opens none twice.
        gone: Set when the server ended the connection.
    """

    def __init__(self, address: str) -> None:
        self.asked: list[rtcp.Message] = []
        self.got: list[Received] = []
        self.repeated = 0
        self.gone = asyncio.Event()
        self._news = asyncio.Event()
        self.transport = Transport([address], RTCCertificate.generateCertificate(), self)
        # Who offers is controlling (RFC 8445, section 6.1.1); a transport of ours answers.
        self.transport._ice._connection.ice_controlling = True

    async def offer(self, *kinds: str, direction: str) -> str:
        """Return an offer of these sections."""
        local = await self.transport.local("actpass", 1)
        mids = [str(number) for number in range(len(kinds))]
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {' '.join(mids)}"]
        for mid, kind in zip(mids, kinds, strict=True):
            media, mapping = _SECTIONS[kind]
            lines += [media, "c=IN IP4 0.0.0.0", f"a=mid:{mid}", f"a={direction}", "a=rtcp-mux", mapping]
            lines += [f"a=ice-ufrag:{local.fragment}", f"a=ice-pwd:{local.password}", "a=setup:actpass"]
            lines += [f"a=fingerprint:sha-256 {local.fingerprint}", *(_FEEDBACK if kind == "video" else ())]
        lines += [f"a=candidate:{one}" for one in local.candidates]
        return "\r\n".join(lines) + "\r\n"

    async def open(self, url: str, token: str, *kinds: str, direction: str) -> httpx.Response:
        """Open a session and connect; returns the server's answer."""
        text = await self.offer(*kinds, direction=direction)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        async with httpx.AsyncClient() as http:
            answer = await http.post(url, content=text, headers=headers)
        answer.raise_for_status()
        async with asyncio.timeout(15):
            await self.transport.connect(offer.read(answer.text).remote)
        self.transport.listen()
        return answer

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something that comes has made this true."""
        while not true():
            self._news.clear()
            await self._news.wait()

    async def see(self, count: int) -> None:
        """Wait until that many different RTP packets came."""
        await self.until(lambda: len(self.got) >= count)

    async def close(self) -> None:
        """Let go."""
        await self.transport.close()

    def rtp(self, data: bytes) -> None:
        found = read(data)
        assert found is not None
        self.got.append(found)
        self._news.set()

    def rtcp(self, data: bytes) -> None:
        self.asked += rtcp.read(data)
        self._news.set()

    def unreadable(self) -> None:
        self.repeated += 1
        self._news.set()

    def lost(self) -> None:
        self.gone.set()
        self._news.set()
