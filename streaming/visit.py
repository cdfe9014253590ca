"""One connection of a client to the city: from the first hello until it is lost."""

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self, TypeVar
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from streaming.addresses import towards
from streaming.codec import People, decode_people
from streaming.codec_json import decode_server_event, decode_server_signal, encode_json
from streaming.errors import (
    BadOfferError,
    ConnectionLostError,
    MalformedMessageError,
    MalformedPacketError,
    RefusedError,
)
from streaming.link import Link
from streaming.messages import (
    MAX_SIGNAL_BYTES,
    Answer,
    Bye,
    Carried,
    ClientEvent,
    Close,
    Envelope,
    Fallback,
    Hello,
    Message,
    Offer,
    Refusal,
    ServerEvent,
    ServerSignal,
    Waiting,
    Welcome,
)
from streaming.peer import Peer
from streaming.socket_link import SocketLink
from streaming.state.view import View

_T = TypeVar("_T", bound=Message)
#: What may go wrong on the way to a city, other than its refusal.
_UNREACHABLE = (
    TimeoutError, OSError, InvalidHandshake, InvalidURI, BadOfferError, MalformedMessageError,
)  # fmt: skip
#: What may carry state and events. Only a peer connection carries sound.
LinkKind = Literal["peer", "socket"]
#: Seconds for the whole of connecting.
CONNECT_SECONDS = 20.0
#: Seconds without a word of the queue after which its socket counts as lost.
WAITING_SECONDS = 40.0
#: Seconds for its socket: over a link that was cut, a new attempt is quicker than waiting for this one.
_OPEN_SECONDS = 3.0
#: Seconds that a server may take to close its side.
_FAREWELL_SECONDS = 1.0
#: Seconds without a state packet after which the connection counts as lost.
WATCHDOG_SECONDS = 2.0
#: After these the same client may come again at once.
_PASSING = {Close.GOING_DOWN, Close.TIMED_OUT}


def signal_url(url: str) -> str:
    """Turn a page's or a socket's address into the address of `/signal`.

    Raises:
        ValueError: Neither http(s) nor ws(s).
    """
    parts = urlsplit(url)
    schemes = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a city: use http://… or ws://…")
    path = parts.path if parts.path.rstrip("/").endswith("/signal") else parts.path.rstrip("/") + "/signal"
    return urlunsplit((schemes[parts.scheme], parts.netloc, path, "", ""))


@dataclass(frozen=True, slots=True)
class VisitEvents:
    """Who is told of what arrives."""

    people: Callable[[People], None]
    event: Callable[[ServerEvent], None]
    audio: Callable[[int, bytes], None]
    waiting: Callable[[Waiting], None]


class Visit:
    """One connection, as an async context manager: inside it, the citizen is in the city.

    Entering it lasts as long as the citizen waits for a place there.

    Args:
        url: Address of `/signal`.
        hello: First message.
        told: Who is told of what arrives.
        verify: Whether the server's certificate must be trusted.
        link: What is to carry state and events.
    """

    def __init__(
        self, url: str, hello: Hello, told: VisitEvents, *, verify: bool, link: LinkKind = "peer"
    ) -> None:
        self.welcome: Welcome | None = None
        self._url = url
        self._hello = hello
        self._told = told
        self._verify = verify
        self._socket: ClientConnection | None = None
        self._kind = link
        self._link: Link | None = None
        self._seen = 0.0
        self.view = View()
        self._up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._down = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            RefusedError: The server refused this client.
            ConnectionLostError: There was no connection in time.
        """
        try:
            async with asyncio.timeout(CONNECT_SECONDS) as patience:
                await self._connect(patience)
        except BaseException as error:
            await self._close()
            if isinstance(error, _UNREACHABLE):
                raise ConnectionLostError(f"No connection to {self._url}: {error or 'timed out'}") from error
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection without a farewell; see :meth:`say_bye`."""
        await self._close()

    async def stay(self) -> None:
        """Wait until the connection is lost.

        Raises:
            RefusedError: The server ended it for good.
        """
        reading = asyncio.create_task(self._read_end())
        down = asyncio.create_task(self._down.wait())
        tasks: set[asyncio.Task[Any]] = {reading, down}
        try:
            while not down.done() and not reading.done():
                left = self._seen + WATCHDOG_SECONDS - time.monotonic()
                if left <= 0.0:
                    return
                await asyncio.wait(tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                reading.result()
        finally:
            reading.cancel()
            down.cancel()

    async def say_bye(self) -> None:
        """Leave for good: the server frees the session."""
        if self._socket is not None:
            try:
                await self._socket.send(encode_json(Bye()))
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await self._socket.wait_closed()
            except (ConnectionClosed, TimeoutError):
                return

    def send_state(self, packet: bytes) -> bool:
        """Send a pose; tells whether it went."""
        return self._link is not None and self._link.send_state(packet)

    def send_event(self, event: ClientEvent) -> bool:
        """Send an event; tells whether it could be queued."""
        return self._link is not None and self._link.send_event(encode_json(event))

    def send_audio(self, payload: bytes, timestamp: int) -> None:
        """Send an Opus packet of the microphone."""
        if self._link is not None:
            self._link.send_audio(payload, timestamp)

    async def _connect(self, patience: asyncio.Timeout) -> None:
        trusted: ssl.SSLContext | None = None
        if self._url.startswith("wss:"):
            trusted = ssl.create_default_context()
            if not self._verify:
                trusted.check_hostname, trusted.verify_mode = False, ssl.CERT_NONE
        self._socket = await connect(
            self._url,
            ssl=trusted,
            max_size=2 * MAX_SIGNAL_BYTES,
            proxy=None,
            open_timeout=_OPEN_SECONDS,
            close_timeout=_FAREWELL_SECONDS,
        )
        host, port = self._socket.remote_address[:2]
        await self._send(self._hello)
        welcome = await self._expect(Welcome, patience)
        patience.reschedule(asyncio.get_running_loop().time() + CONNECT_SECONDS)
        if self._kind == "peer":
            await self._open_peer(Peer(towards(host, port), self))
        else:
            await self._send(Fallback(meanwhile=False))
            await self._expect(Carried)
            self._link = link = SocketLink(_Carrier(self._socket), self)
            link.open()
        self._seen = time.monotonic()
        self.welcome = welcome

    async def _open_peer(self, peer: Peer) -> None:
        self._link = peer
        await self._send(Offer(sdp=await peer.offer()))
        await peer.accept((await self._expect(Answer)).sdp)
        await self._up

    async def _send(self, message: Message) -> None:
        try:
            await self._open_socket().send(encode_json(message))
        except ConnectionClosed as closed:
            raise self._ended(closed, None) from closed

    async def _expect(self, kind: type[_T], patience: asyncio.Timeout | None = None) -> _T:
        refusal: Refusal | None = None
        while True:
            try:
                message = decode_server_signal(await self._open_socket().recv())
            except ConnectionClosed as closed:
                raise self._ended(closed, refusal) from closed
            if isinstance(message, kind):
                return message
            if isinstance(message, Refusal):
                refusal = message
            elif isinstance(message, Waiting) and patience is not None:
                # The server says every ten seconds that the place in the queue is kept.
                patience.reschedule(asyncio.get_running_loop().time() + WAITING_SECONDS)
                self._told.waiting(message)

    async def _read_end(self) -> None:
        """Read the socket until it closes."""
        refusal: Refusal | None = None
        while True:
            try:
                data = await self._open_socket().recv()
                message = data if isinstance(data, bytes) else decode_server_signal(data)
            except ConnectionClosed as closed:
                ended = self._ended(closed, refusal)
                if isinstance(ended, RefusedError):
                    raise ended from closed
                return
            except MalformedMessageError:
                continue
            if isinstance(message, Refusal):
                refusal = message
            elif isinstance(self._link, SocketLink):
                self._carried(self._link, message)

    @staticmethod
    def _carried(link: SocketLink, message: ServerSignal | bytes) -> None:
        """Take what the socket carried."""
        if isinstance(message, bytes):
            link.take_state(message)
        elif isinstance(message, Envelope):
            link.take_event(message.text)

    @staticmethod
    def _ended(closed: ConnectionClosed, refusal: Refusal | None) -> RefusedError | ConnectionLostError:
        """Tell whether a close is for good."""
        code = closed.rcvd.code if closed.rcvd else 0
        if 4000 <= code < 5000 and code not in _PASSING:
            text = f"{refusal.ko} {refusal.en}" if refusal else (closed.rcvd.reason if closed.rcvd else "")
            return RefusedError(code, refusal.code if refusal else "", text)
        return ConnectionLostError(f"The connection to the city was closed ({code or 'no close code'}).")

    def _open_socket(self) -> ClientConnection:
        if self._socket is None:
            raise ConnectionLostError("Not connected.")
        return self._socket

    async def _close(self) -> None:
        self._down.set()
        self._up.cancel()
        if self._up.done() and not self._up.cancelled():
            # Asked for, so that asyncio does not complain of a failure that nobody waited for.
            self._up.exception()
        if self._link is not None:
            await self._link.close()
        if self._socket is not None:
            await self._socket.close()

    # --- LinkEvents -------------------------------------------------------------------------------------

    def connected(self) -> None:
        """State and events can be sent."""
        if not self._up.done():
            self._up.set_result(None)

    def lost(self) -> None:
        """The peer connection is gone."""
        if not self._up.done():
            self._up.set_exception(ConnectionLostError("The peer connection failed: is UDP blocked?"))
        self._down.set()

    def state(self, data: bytes) -> None:
        """Take a PEOPLE packet."""
        try:
            people = decode_people(data, self.view)
        except MalformedPacketError:
            # A server of this version does not send such; what it sends next may be read.
            return
        self._seen = time.monotonic()
        if people is not None:
            self._told.people(people)

    def event(self, text: str) -> None:
        """Take an event."""
        try:
            event = decode_server_event(text)
        except MalformedMessageError:
            return
        self._told.event(event)

    def audio(self, sequence: int, payload: bytes) -> None:
        """Take a packet of the mix."""
        self._told.audio(sequence, payload)

    def misuse(self, code: str) -> None:
        """A server that does what the protocol has no place for is left."""
        del code
        self._down.set()


class _Carrier:
    """A :class:`streaming.socket_link.Carrier` over a client's WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, message: str | bytes) -> None:
        """Send one message; the reader of a closed socket finds out by itself."""
        with suppress(ConnectionClosed):
            await self._socket.send(message)

    def waiting(self) -> int:
        """Return how many bytes wait in the transport."""
        return self._socket.transport.get_write_buffer_size()
