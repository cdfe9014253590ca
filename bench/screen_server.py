"""The servers that :mod:`bench.screen` measures, each a process of its own: `python -m bench.screen_server`.

All speak WHIP and WHEP over the same HTTP stack and event loop; only what passes the picture on differs.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
import uvloop
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.contrib.media import MediaPlayer, MediaRelay
from fastapi import FastAPI, Request, Response

from meta_gwangju.api.screens import screens_router
from streaming.peer_privates import offer_only
from streaming.video.live import LiveScreens
from streaming.video.screens import BoothId, Voice

HOST = "127.0.0.1"
BOOTH, TOKEN = "bench", "bench-token"


class _Screens:
    """One booth that everybody may use."""

    def publisher(self, token: str) -> BoothId | None:
        return BoothId(BOOTH) if token == TOKEN else None

    def position(self, booth: BoothId) -> tuple[float, float, float] | None:
        del booth
        return (0.0, 0.0, 0.0)

    def may_watch(self, credential: str, booth: BoothId) -> bool:
        del credential, booth
        return True


class _NoSounds:
    """The film has no sound."""

    def place(self, position: tuple[float, float, float], reach: float) -> tuple[int, Voice]:
        raise AssertionError(f"the film has no sound, but asked for one at {position} within {reach} m")

    def remove(self, source: int) -> None:
        raise AssertionError(f"there is no sound {source}")


class Relaying:
    """The usual way: aiortc's peer connections around its MediaRelay.

    Args:
        film: A file whose coded pictures are sent as they are; None decodes what a publisher sends and codes
            it again for each watcher, which is what MediaRelay does for tracks of a peer connection.
    """

    def __init__(self, film: Path | None) -> None:
        self._relay = MediaRelay()
        self._peers: list[RTCPeerConnection] = []
        self._player = None if film is None else MediaPlayer(str(film), decode=False, loop=True)
        self._source: MediaStreamTrack | None = None if self._player is None else self._player.video

    async def publish(self, offer: str) -> str:
        """Take a publisher."""
        peer = self._peer()

        def take(track: MediaStreamTrack) -> None:
            self._source = track

        peer.on("track", take)
        return await self._answer(peer, offer)

    async def watch(self, offer: str) -> str:
        """Take a watcher."""
        peer = self._peer()
        if self._source is not None:
            peer.addTrack(self._relay.subscribe(self._source, buffered=self._player is not None))
        (transceiver,) = peer.getTransceivers()
        codecs = RTCRtpSender.getCapabilities("video").codecs
        transceiver.setCodecPreferences([one for one in codecs if one.name == "H264"])
        return await self._answer(peer, offer)

    def _peer(self) -> RTCPeerConnection:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._peers.append(peer)
        return peer

    async def _answer(self, peer: RTCPeerConnection, offer: str) -> str:
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        (transceiver,) = peer.getTransceivers()
        offer_only(transceiver.sender.transport.transport.iceGatherer, [HOST])
        await peer.setLocalDescription(await peer.createAnswer())
        return peer.localDescription.sdp


def _relaying_app(relaying: Relaying) -> FastAPI:
    app = FastAPI()

    def door(answer: Callable[[str], Awaitable[str]]) -> Callable[[Request], Awaitable[Response]]:
        async def answered(request: Request) -> Response:
            text = await answer((await request.body()).decode())
            return Response(text, 201, media_type="application/sdp")

        return answered

    app.add_api_route(f"/api/v1/booths/{BOOTH}/whip", door(relaying.publish), methods=["POST"])
    app.add_api_route(f"/api/v1/booths/{BOOTH}/whep", door(relaying.watch), methods=["POST"])
    return app


async def serve(kind: str, port: int, film: Path) -> None:
    """Serve one kind: `screens`, `senders` or `relay`."""
    live = LiveScreens(_Screens(), _NoSounds(), [HOST])
    if kind == "screens":
        app = FastAPI()
        app.include_router(screens_router(live))
    else:
        app = _relaying_app(Relaying(film if kind == "senders" else None))

    def cpu() -> dict[str, float]:
        return {"seconds": time.process_time()}

    app.add_api_route("/cpu", cpu)
    config = uvicorn.Config(app, host=HOST, port=port, log_level="warning", lifespan="off", access_log=False)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(live.run())
        await uvicorn.Server(config).serve()
        running.cancel()


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["screens", "senders", "relay"])
    parser.add_argument("port", type=int)
    parser.add_argument("film", type=Path)
    chosen = parser.parse_args()
    uvloop.run(serve(chosen.kind, chosen.port, chosen.film))


if __name__ == "__main__":
    main()
