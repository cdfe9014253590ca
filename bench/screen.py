"""A booth's screen: what the server's processor does for each watcher, 720p30 at 1.5 Mbit/s, 20 watchers.

The picture is synthetic: it moves, and holds as much noise as the bit rate needs. It is coded beforehand.
A publisher sends it by WHIP and the watchers get it by WHEP, over real ICE, DTLS and SRTP on this machine's
loopback, from a process of their own; the server says how much processor time it used. In the same run:

- aiortc's MediaRelay, the usual way: it decodes, and codes again for each watcher (at aiortc's own 1 Mbit/s).
  Twenty times 720p30 is more than a machine of a few cores can code: it takes all the processor that it gets
  and leaves most pictures out. The bound holds for the time on the clock, which favours it; what a second of
  thirty pictures costs that do arrive stands beside.
- aiortc's plain senders, handed the coded pictures from a file: they neither decode nor take a publisher.
"""

import asyncio
import fractions
import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import uvloop
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCCertificate,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)

from bench.figure import Figure, Question
from bench.machine import machine
from bench.screen_server import BOOTH, HOST, TOKEN
from streaming.peer_privates import offer_only
from streaming.video import offer, rtcp
from streaming.video.transport import Transport

WATCHERS = 20
WIDTH, HEIGHT, PICTURES, BITS = 1280, 720, 30, 1_500_000
FILM_SECONDS = 6
PORT = 9190
#: Seconds that a server has to show anything at all.
_PATIENCE = 60.0
_LAYOUT = f"720p{PICTURES} at 1.5 Mbit/s, {WATCHERS} watchers"
_RELAY = "aiortc 1.16 MediaRelay: decodes, codes for each watcher; same run"
_SENDERS = "plain aiortc 1.16 senders, coded pictures from a file, no publisher; same run"

RATIO = Question(
    f"server CPU per watcher-second, as a share of MediaRelay's, {_LAYOUT}",
    "×",
    "<= 0.2",
    None,
    _RELAY,
)
COST = Question(f"server CPU per watcher-second, {_LAYOUT}", "ms", None, "<= 2", _RELAY)
ARRIVED = Question(
    f"server CPU per watcher-second of {PICTURES} pictures that arrive, {_LAYOUT}", "ms", None, None, _RELAY
)
PLAIN = Question(
    f"server CPU per watcher-second beside plain senders, {_LAYOUT}",
    "ms",
    None,
    None,
    _SENDERS,
)
SMOOTH = Question(f"pictures a second that reach each watcher, {_LAYOUT}", "1/s", ">= 29", ">= 29.9", _RELAY)


@dataclass(frozen=True, slots=True)
class Load:
    """One run of one server.

    Attributes:
        milliseconds: Of processor time for each watcher and second.
        pictures: A second and watcher, complete or not.
        megabits: A second and watcher, of payload.
    """

    milliseconds: float
    pictures: float
    megabits: float

    @property
    def arrived(self) -> float:
        """Milliseconds for a watcher-second of pictures that arrive; at least one of them did."""
        return self.milliseconds * PICTURES / self.pictures


def shoot(file: Path) -> list[bytes]:
    """Code the film; returns its pictures (Annex B), and writes them into a transport stream as well."""
    chance = np.random.default_rng(3)
    container = av.open(str(file), "w", format="mpegts")
    stream = container.add_stream("libx264", rate=PICTURES)
    stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", BITS
    stream.options = {
        "profile": "baseline",
        "preset": "ultrafast",
        "tune": "zerolatency",
        "g": str(2 * PICTURES),
        "maxrate": str(BITS),
        "bufsize": str(BITS // 2),
        "x264-params": "nal-hrd=cbr:filler=1:sliced-threads=0",
    }
    pictures: list[bytes] = []
    grain = chance.integers(0, 40, (HEIGHT, WIDTH, 3), np.uint8)
    slope = np.linspace(0, 180, WIDTH, dtype=np.uint8)[None, :, None]
    for number in range(FILM_SECONDS * PICTURES):
        image = np.roll(slope, 9 * number, axis=1) + np.roll(grain, 3 * number, axis=0)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image, np.uint8), format="rgb24")
        frame.pts = number
        for packet in stream.encode(frame):
            pictures.append(bytes(packet))
            container.mux(packet)
    container.mux(stream.encode(None))
    container.close()
    return pictures


class _Film(MediaStreamTrack):
    """Gives the coded pictures at their times, from the moment on that everybody is there."""

    kind = "video"

    def __init__(self, pictures: Sequence[bytes], go: asyncio.Event) -> None:
        super().__init__()
        self._pictures = itertools.cycle(pictures)
        self._go = go
        self._begun = 0.0
        self._count = 0

    async def recv(self) -> "av.Packet[Any]":
        await self._go.wait()
        self._begun = self._begun or time.monotonic()
        await asyncio.sleep(max(self._begun + self._count / PICTURES - time.monotonic(), 0.0))
        packet = av.Packet(next(self._pictures))
        packet.pts, packet.time_base = self._count, fractions.Fraction(1, PICTURES)
        self._count += 1
        return packet


class _Watcher:
    """Takes packets and counts them; decodes nothing, so that twenty of them fit beside the server."""

    def __init__(self, certificate: RTCCertificate) -> None:
        self.pictures = self.octets = 0
        self.begun = asyncio.Event()
        self._transport = Transport([HOST], certificate, self)
        # Who offers is controlling (RFC 8445, section 6.1.1); a transport of ours answers.
        self._transport._ice._connection.ice_controlling = True  # noqa: SLF001 - as aiortc does it

    async def open(self, http: httpx.AsyncClient) -> None:
        local = await self._transport.local("actpass", 1)
        lines = [
            *("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0"),
            *("m=video 9 UDP/TLS/RTP/SAVPF 102", "c=IN IP4 0.0.0.0", "a=mid:0", "a=recvonly", "a=rtcp-mux"),
            *(f"a=ice-ufrag:{local.fragment}", f"a=ice-pwd:{local.password}"),
            *(f"a=fingerprint:sha-256 {local.fingerprint}", "a=setup:actpass"),
            *("a=rtpmap:102 H264/90000", "a=rtcp-fb:102 nack", "a=rtcp-fb:102 nack pli"),
            "a=fmtp:102 packetization-mode=1;profile-level-id=42e01f",
            *(f"a=candidate:{one}" for one in local.candidates),
        ]
        answer = await _post(http, "whep", "\r\n".join(lines) + "\r\n")
        await self._transport.connect(offer.read(answer).remote)
        self._transport.listen()

    def rtp(self, data: bytes) -> None:
        self.begun.set()
        self.pictures += data[1] >> 7
        self.octets += len(data) - 12

    def rtcp(self, data: bytes) -> None:
        """Reports of the server change nothing."""

    def unreadable(self) -> None:
        """Counted by what is missing."""

    def lost(self) -> None:
        """Seen by what is missing."""

    def report(self) -> None:
        """Show that somebody is there."""
        self._transport.send_rtcp(rtcp.receiver_report(1, []))

    async def close(self) -> None:
        await self._transport.close()


async def _post(http: httpx.AsyncClient, way: str, text: str) -> str:
    headers = {"Authorization": f"Bearer {TOKEN}{'' if way == 'whip' else time.monotonic_ns()}"}
    headers["Content-Type"] = "application/sdp"
    answer = await http.post(f"/api/v1/booths/{BOOTH}/{way}", content=text, headers=headers)
    answer.raise_for_status()
    return answer.text


async def _publish(http: httpx.AsyncClient, film: _Film) -> RTCPeerConnection:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    sender = peer.addTrack(film)
    offer_only(sender.transport.transport.iceGatherer, [HOST])
    (transceiver,) = peer.getTransceivers()
    codecs = RTCRtpSender.getCapabilities("video").codecs
    transceiver.setCodecPreferences([one for one in codecs if one.name == "H264"])
    transceiver.direction = "sendonly"
    await peer.setLocalDescription(await peer.createOffer())
    answer = await _post(http, "whip", peer.localDescription.sdp)
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    return peer


async def watch(origin: str, pictures: Sequence[bytes], seconds: float, *, publish: bool) -> Load:
    """Let everybody in, let the film run, and measure the server for a while.

    Args:
        origin: The server's.
        pictures: The film.
        seconds: How long.
        publish: Whether the film is sent; a server that has it needs no publisher.
    """
    go, certificate = asyncio.Event(), RTCCertificate.generateCertificate()
    async with httpx.AsyncClient(base_url=origin, timeout=120.0) as http:
        peer = await _publish(http, _Film(pictures, go)) if publish else None
        watchers = [_Watcher(certificate) for _ in range(WATCHERS)]
        await asyncio.gather(*(watcher.open(http) for watcher in watchers))
        go.set()
        await asyncio.gather(*(watcher.begun.wait() for watcher in watchers))
        before = [(one.pictures, one.octets) for one in watchers]
        cpu, begun = await _cpu(http), time.monotonic()
        shown = 0
        # A server that hardly gets on is given time to show something: asked is what it costs.
        while (passed := time.monotonic() - begun) < seconds or (shown < WATCHERS and passed < _PATIENCE):
            await asyncio.sleep(1.0)
            for watcher in watchers:
                watcher.report()
            shown = sum(one.pictures for one in watchers) - sum(pictures for pictures, _ in before)
        used, passed = await _cpu(http) - cpu, time.monotonic() - begun
        shown = sum(one.pictures for one in watchers) - sum(pictures for pictures, _ in before)
        octets = sum(one.octets for one in watchers) - sum(octets for _, octets in before)
        await asyncio.gather(*(watcher.close() for watcher in watchers))
        if peer is not None:
            await peer.close()
    if shown == 0:
        raise RuntimeError("no picture reached anybody: the machine has too much other work for this bench")
    each = WATCHERS * passed
    return Load(1000.0 * used / each, shown / each, 8e-6 * octets / each)


async def _cpu(http: httpx.AsyncClient) -> float:
    return float((await http.get("/cpu")).json()["seconds"])


@contextmanager
def _server(kind: str, film: Path) -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-m", "bench.screen_server", kind, str(PORT), str(film)])
    origin = f"http://{HOST}:{PORT}"
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError(f"the server '{kind}' did not start")
            try:
                httpx.get(f"{origin}/cpu", timeout=1.0)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield origin
    finally:
        process.kill()
        process.wait()


def measure(*, quick: bool) -> list[Figure]:
    """Measure all figures of the screen."""
    seconds, runs = (4.0, 1) if quick else (10.0, 5)
    loads: dict[str, list[Load]] = {"screens": [], "senders": [], "relay": []}
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.ts"
        pictures = shoot(film)
        for _, kind in itertools.product(range(runs), loads):
            with _server(kind, film) as origin:
                work = watch(origin, pictures, seconds, publish=kind != "senders")
                loads[kind].append(uvloop.run(work))
    ours, senders, relay = loads.values()
    where = machine()
    clock = [one.milliseconds for one in ours]
    return [
        RATIO.answered([one / two.milliseconds for one, two in zip(clock, relay, strict=True)], where),
        _beside(COST.answered(clock, where), [one.milliseconds for one in relay]),
        _beside(ARRIVED.answered([one.arrived for one in ours], where), [one.arrived for one in relay]),
        _beside(PLAIN.answered(clock, where), [one.milliseconds for one in senders]),
        _beside(SMOOTH.answered([one.pictures for one in ours], where), [one.pictures for one in relay]),
    ]


def _beside(figure: Figure, peers: Sequence[float]) -> Figure:
    peer = round(float(np.median(peers)), 3)
    return replace(figure, peer_value=peer, ratio=round(figure.value / peer, 3))
