"""`meta-gwangju publish`: a camera or a file, live on a booth's screen."""

import asyncio
import contextlib
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import av
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaPlayer

from devices.camera import Camera
from devices.errors import DeviceError
from devices.sound import Microphone
from meta_gwangju.console import out
from meta_gwangju.errors import StartError
from streaming.addresses import towards
from streaming.video.client import (
    Block,
    BlockTrack,
    Image,
    PictureTrack,
    Publishing,
    PublishRefusedError,
    Reply,
    SourceEndedError,
    tracks_of,
)

#: Seconds that the server may take to answer, and between two attempts after the connection was lost.
_ANSWER_SECONDS = 15.0
_AGAIN_SECONDS = 2.0
_MOST_ANSWER = 64 * 1024


class PublishError(StartError):
    """Nothing can be published: the source, the server or the token."""


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """What is published where.

    Attributes:
        source: A camera's number, a stream's address, or a file.
        server: Address of the city.
        booth: Whose screen.
        token: The booth's publishing token.
        microphone: Whether a camera's picture goes with this machine's microphone.
        seconds: How long; None until it is stopped, or the file ends.
        repeat: Whether a file begins anew at its end.
        verify_tls: Whether the server's certificate must be trusted.
    """

    source: str
    booth: str
    token: str
    server: str = "http://127.0.0.1:8000"
    microphone: bool = False
    seconds: float | None = None
    repeat: bool = False
    verify_tls: bool = True

    @property
    def url(self) -> str:
        """The booth's WHIP address."""
        return f"{self.server.rstrip('/')}/api/v1/booths/{urllib.parse.quote(self.booth, safe='')}/whip"


def publish(settings: PublishSettings) -> None:
    """Publish until the time is over, the file ends, or Ctrl+C.

    Raises:
        PublishError: It cannot be done; says what to do.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_publish(settings))


async def _publish(settings: PublishSettings) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(settings.seconds):
            while await _once(settings):
                out.print("연결이 끊겨 다시 잇습니다 · The connection was lost; connecting again")
                await asyncio.sleep(_AGAIN_SECONDS)


async def _once(settings: PublishSettings) -> bool:
    """Publish over one connection; returns whether it was lost before the source ended."""
    address = urllib.parse.urlsplit(settings.server)
    host, secure = address.hostname or "", address.scheme == "https"
    context = ssl.create_default_context() if secure else None
    if context is not None and not settings.verify_tls:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    async def ask(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return await asyncio.to_thread(_ask, context, method, url, headers, body)

    with _source(settings) as tracks:
        try:
            local = towards(host, address.port or (443 if secure else 80))
            publishing = Publishing(settings.url, settings.token, ask, local)
            session = None
            try:
                await publishing.open(tracks)
                session = urllib.parse.urljoin(settings.url, publishing.session or "")
                out.print(f"송출하고 있습니다 · Publishing: {settings.source} → {settings.booth} (Ctrl+C)")
                return await _until_over(publishing, tracks)
            finally:
                await publishing.close(session)
        except PublishRefusedError as error:
            raise _refusal(settings, error.reply) from error
        except OSError as error:
            raise PublishError(
                f"{settings.server}에 닿을 수 없습니다: {error}. 주소(--server)를 확인하세요.",
                f"{settings.server} cannot be reached: {error}. Check the address (--server).",
            ) from error


async def _until_over(publishing: Publishing, tracks: Sequence[MediaStreamTrack]) -> bool:
    """Wait until the connection is lost (true) or the source ends (false)."""
    finished = asyncio.Event()
    for track in tracks:
        track.on("ended", finished.set)
    lost = asyncio.ensure_future(publishing.ended())
    ended = asyncio.ensure_future(finished.wait())
    try:
        await asyncio.wait({lost, ended}, return_when=asyncio.FIRST_COMPLETED)
        return not ended.done()
    finally:
        lost.cancel()
        ended.cancel()


@contextlib.contextmanager
def _source(settings: PublishSettings) -> Iterator[list[MediaStreamTrack]]:
    """Open what is published.

    Raises:
        PublishError: It cannot be opened.
    """
    try:
        if Path(settings.source).is_file():
            with _file(settings) as tracks:
                yield tracks
        else:
            with _camera(settings) as tracks:
                yield tracks
    except DeviceError as error:
        raise PublishError(error.ko, error.en) from error


@contextlib.contextmanager
def _file(settings: PublishSettings) -> Iterator[list[MediaStreamTrack]]:
    try:
        player = MediaPlayer(settings.source, loop=settings.repeat)
    except (av.FFmpegError, AssertionError) as error:
        raise PublishError(
            f"'{settings.source}'를 열 수 없습니다: {error}. 영상 파일인지 확인하세요.",
            f"'{settings.source}' cannot be opened: {error}. See whether it is a video.",
        ) from error
    tracks = tracks_of(player)
    if player.video is None:
        raise PublishError(
            f"'{settings.source}'에는 영상이 없습니다. 영상이 든 파일을 고르세요.",
            f"'{settings.source}' holds no picture. Choose a file that does.",
        )
    try:
        yield tracks
    finally:
        for track in tracks:
            track.stop()


@contextlib.contextmanager
def _camera(settings: PublishSettings) -> Iterator[list[MediaStreamTrack]]:
    number = settings.source.isdecimal()
    camera = Camera(int(settings.source) if number else settings.source)
    microphone = Microphone() if settings.microphone else None
    camera.open()
    gone: list[DeviceError] = []
    try:
        if microphone is not None:
            microphone.open()
        yield _live_tracks(camera, microphone, gone)
        if gone:
            raise gone[0]
    finally:
        camera.close()
        if microphone is not None:
            microphone.close()


def _live_tracks(
    camera: Camera, microphone: Microphone | None, gone: list[DeviceError]
) -> list[MediaStreamTrack]:
    def picture() -> Image | None:
        try:
            sample = camera.read()
        except DeviceError as error:
            gone.append(error)
            raise SourceEndedError from error
        return None if sample is None else sample.value

    picture_track = PictureTrack(picture)
    if microphone is None:
        return [picture_track]
    heard = microphone

    def block() -> Block | None:
        sample = heard.read()
        return None if sample is None else sample.value

    return [picture_track, BlockTrack(block)]


def _ask(
    context: ssl.SSLContext | None, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> Reply:
    """Ask over HTTP, without following redirects to other kinds of addresses; blocks."""
    request = urllib.request.Request(  # noqa: S310 - the scheme is looked at by `_checked`
        _checked(url), data=body or None, headers=dict(headers), method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS, context=context) as answer:  # noqa: S310
            return _reply(answer.status, answer.headers, answer.read(_MOST_ANSWER))
    except urllib.error.HTTPError as error:
        return _reply(error.code, error.headers, error.read(_MOST_ANSWER))
    except urllib.error.URLError as error:
        raise ConnectionError(str(error.reason)) from error


def _reply(status: int, headers: Message, body: bytes) -> Reply:
    return Reply(status, {name.lower(): value for name, value in headers.items()}, body)


def _checked(url: str) -> str:
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise ConnectionError("the address must begin with http:// or https://")
    return url


def _refusal(settings: PublishSettings, reply: Reply) -> PublishError:
    """Say what the server said, or what its status means when it is not ours."""
    try:
        said = json.loads(reply.body)
        return PublishError(str(said["ko"]), str(said["en"]))
    except (ValueError, KeyError, TypeError):
        return PublishError(
            f"{settings.url}이(가) {reply.status}(으)로 답했습니다. 주소와 부스를 확인하세요.",
            f"{settings.url} answered {reply.status}. Check address and booth.",
        )
