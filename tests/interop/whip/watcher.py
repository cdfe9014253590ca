"""A watcher that decodes: aiortc, over WHEP with nothing but its public interface."""

import asyncio
from collections import deque

import httpx
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from numpy.typing import NDArray

Image = NDArray[np.uint8]


class Watcher:
    """One WHEP session.

    Attributes:
        pictures: The newest pictures, (height, width, 3) uint8 RGB.
        count: How many came.
        answer: What the server answered.
    """

    def __init__(self) -> None:
        self.peer = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self.peer.addTransceiver("video", direction="recvonly")
        self.pictures: deque[Image] = deque(maxlen=30)
        self.count = 0
        self.answer: httpx.Response
        self._reading: asyncio.Task[None] | None = None
        self.peer.on("track", self._take)

    async def open(self, url: str, token: str) -> httpx.Response:
        """Connect; returns the server's answer."""
        await self.peer.setLocalDescription(await self.peer.createOffer())
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        async with httpx.AsyncClient() as client:
            offer = self.peer.localDescription.sdp
            self.answer = await client.post(url, content=offer, headers=headers)
        if self.answer.status_code == httpx.codes.CREATED:
            await self.peer.setRemoteDescription(RTCSessionDescription(self.answer.text, "answer"))
        return self.answer

    def _take(self, track: MediaStreamTrack) -> None:
        self._reading = asyncio.ensure_future(self._read(track))

    async def _read(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                self.pictures.append(frame.to_ndarray(format="rgb24"))  # type: ignore[union-attr]
                self.count += 1
        except MediaStreamError:
            return

    async def close(self) -> None:
        """Go without a word, as a watcher whose program ends."""
        await self.peer.close()
        if self._reading is not None:
            await self._reading
