"""A publisher as a client: sends tracks to a booth's screen (RFC 9725, section 4.2).

Pictures are coded here, once; the server passes them on as they are.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from numpy.typing import NDArray

from streaming.audio import FRAME, FRAME_SECONDS, RATE
from streaming.peer import CLOSE_SECONDS
from streaming.peer_privates import offer_only

Image = NDArray[np.uint8]
Block = NDArray[np.int16]

_CREATED = 201
_SDP = "application/sdp"


@dataclass(frozen=True, slots=True)
class Reply:
    """What an HTTP request came back with; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


#: Asks over HTTP: method, address, headers, body.
Ask = Callable[[str, str, Mapping[str, str], bytes], Awaitable[Reply]]


class PublishRefusedError(Exception):
    """The server does not take the offer.

    Attributes:
        reply: What it said.
    """

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"the server answered {reply.status}")
        self.reply = reply


class SourceEndedError(Exception):
    """There will be no more pictures."""


class PictureTrack(VideoStreamTrack):
    """Thirty pictures a second from whatever has the newest one; the last one again when there is none.

    Args:
        newest: Returns a (height, width, 3) uint8 BGR picture that it did not return before, or None; raises
            :class:`SourceEndedError` when there will be no more.
    """

    def __init__(self, newest: Callable[[], Image | None]) -> None:
        super().__init__()
        self._newest = newest
        self._image = np.zeros((360, 640, 3), np.uint8)

    async def recv(self) -> av.VideoFrame:
        """Return the next picture when it is due."""
        pts, time_base = await self.next_timestamp()
        try:
            image = self._newest()
        except SourceEndedError as error:
            self.stop()
            raise MediaStreamError from error
        if image is not None:
            # H.264 and VP8 halve the colour's resolution: both sides must be even.
            self._image = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(self._image), format="bgr24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class BlockTrack(MediaStreamTrack):
    """Mono sound in blocks of 20 ms from whatever heard it; silence when there is none.

    Args:
        next_block: Returns the next (960,) int16 block, or None.
    """

    kind = "audio"

    def __init__(self, next_block: Callable[[], Block | None]) -> None:
        super().__init__()
        self._next = next_block
        self._begun = time.monotonic()
        self._frames = 0

    async def recv(self) -> av.AudioFrame:
        """Return the next block when it is due."""
        if self.readyState != "live":
            raise MediaStreamError
        await asyncio.sleep(max(self._begun + self._frames * FRAME_SECONDS - time.monotonic(), 0.0))
        block = self._next()
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(bytes(2 * FRAME) if block is None else block.astype("<i2").tobytes())
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        frame.pts = self._frames * FRAME
        self._frames += 1
        return frame


class Publishing:
    """One session towards a screen.

    Args:
        url: The booth's WHIP address.
        token: Its publishing token.
        ask: Sends HTTP requests.
        addresses: Local addresses that ICE may use.
    """

    def __init__(self, url: str, token: str, ask: Ask, addresses: Sequence[str]) -> None:
        self._url, self._token, self._ask = url, token, ask
        self._addresses = list(addresses)
        self._over = asyncio.Event()
        self._session: str | None = None
        self._peer = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )

    async def open(self, tracks: Sequence[MediaStreamTrack]) -> None:
        """Connect, and send until :meth:`close`.

        Raises:
            PublishRefusedError: The server says no.
            ConnectionError: It cannot be reached.
        """
        senders = [self._peer.addTrack(track) for track in tracks]
        # One bundle, one gatherer.
        offer_only(senders[0].transport.transport.iceGatherer, self._addresses)
        for transceiver in self._peer.getTransceivers():
            transceiver.direction = "sendonly"
            if transceiver.kind == "video":
                codecs = RTCRtpSender.getCapabilities("video").codecs
                transceiver.setCodecPreferences([one for one in codecs if one.name == "H264"])
        self._peer.on("connectionstatechange", self._on_state_change)
        await self._peer.setLocalDescription(await self._peer.createOffer())
        offer = self._peer.localDescription.sdp.encode()
        reply = await self._ask("POST", self._url, self._headers({"Content-Type": _SDP}), offer)
        if reply.status != _CREATED:
            raise PublishRefusedError(reply)
        self._session = reply.headers.get("location")
        await self._peer.setRemoteDescription(RTCSessionDescription(reply.body.decode(), "answer"))

    @property
    def session(self) -> str | None:
        """Where the session is, as the server said it."""
        return self._session

    async def ended(self) -> None:
        """Return when the other side has ended it, or does not answer any more."""
        await self._over.wait()

    async def close(self, session: str | None) -> None:
        """End the session.

        Args:
            session: Its full address; None when there is nobody to be told.
        """
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                if session is not None:
                    await self._ask("DELETE", session, self._headers({}), b"")
                await self._peer.close()
        except (TimeoutError, ConnectionError):
            await self._peer.close()

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", **more}

    def _on_state_change(self) -> None:
        if self._peer.connectionState in {"failed", "closed"}:
            self._over.set()


def tracks_of(player: Any) -> list[MediaStreamTrack]:
    """Return the tracks of an `aiortc.contrib.media.MediaPlayer`, picture first."""
    return [track for track in (player.video, player.audio) if track is not None]
