"""One client's signalling socket, from accept to close.

The state table decides; this module reads and writes the socket, counts messages and keeps the deadlines.
"""

import asyncio
import time
from typing import Any, Protocol

from streaming.budget import Budget
from streaming.codec_json import decode_client_signal, encode_json, outline
from streaming.errors import AdmissionRefused, BadOfferError, MalformedMessageError, OutOfOrderError
from streaming.messages import (
    PROTOCOL_VERSION,
    Answer,
    Bye,
    Candidate,
    ClientSignal,
    Close,
    Hello,
    Message,
    Offer,
    Refusal,
    Welcome,
)
from streaming.refusals import CLOSING
from streaming.signalling import Input, Signalling, State, input_of

#: Messages a second, and at once; a trickle of candidates is the most a client needs.
_RATE, _BURST = 10.0, 60.0
#: Seconds that a client may take to read what it is sent.
_SEND_SECONDS = 5.0


class SignalSocket(Protocol):
    """A WebSocket, whatever library it comes from."""

    async def receive(self) -> str | bytes | None:
        """Return the next message, or None once the other side has closed."""

    async def send(self, text: str) -> None:
        """Send one text message."""

    async def close(self, code: int, reason: str) -> None:
        """Close with a code and a reason."""


class Desk(Protocol):
    """Who answers what clients ask for on their sockets."""

    def greet(self, conversation: "Conversation", hello: Hello) -> Welcome:
        """Let somebody in.

        Raises:
            AdmissionRefused: The door says no.
        """

    async def negotiate(self, conversation: "Conversation", offer: str) -> str:
        """Make a peer connection and return the answer.

        Raises:
            BadOfferError: The offer cannot be used.
        """

    async def add_candidate(self, conversation: "Conversation", candidate: str | None) -> None:
        """Take a trickled candidate.

        Raises:
            BadOfferError: It is no candidate.
        """

    def ended(self, conversation: "Conversation", close: Close | None) -> None:
        """The socket is closed: with a code of ours, or by the client (None)."""


class Conversation:
    """One socket.

    Args:
        socket: The socket, accepted.
        desk: Who answers.
    """

    def __init__(self, socket: SignalSocket, desk: Desk) -> None:
        self._socket = socket
        self._desk = desk
        self._signalling = Signalling(time.monotonic())
        self._budget = Budget(_RATE, _BURST)
        self._over: asyncio.Future[tuple[Close, Refusal | None]] = asyncio.get_running_loop().create_future()

    @property
    def state(self) -> State:
        """Where the signalling stands."""
        return self._signalling.state

    async def run(self) -> None:
        """Serve the socket until it is closed."""
        close: Close | None = None
        try:
            close = await self._converse()
        finally:
            self._desk.ended(self, close)

    def end(self, close: Close, refusal: Refusal | None = None) -> None:
        """Close the socket soon, after telling why."""
        if not self._over.done():
            told = CLOSING.get(close)
            self._over.set_result((close, refusal or (told.refusal() if told else None)))

    def peer_connected(self) -> None:
        """The peer connection of this client is up."""
        if self._signalling.state is State.NEGOTIATING:
            self._signalling.advance(Input.PEER_CONNECTED, time.monotonic())

    def peer_lost(self) -> None:
        """The peer connection of this client is gone."""
        if self._signalling.state in {State.NEGOTIATING, State.CONNECTED}:
            step = self._signalling.advance(Input.PEER_LOST, time.monotonic())
            self.end(step.close or Close.TIMED_OUT)

    async def _converse(self) -> Close | None:
        """Take messages until somebody ends it; returns the code it was closed with, if by us."""
        while not self._over.done():
            text = await self._receive()
            if self._over.done():
                break
            if text is None:
                self._signalling.advance(Input.SOCKET_CLOSED, time.monotonic())
                return None
            await self._take(text)
        close, refusal = self._over.result()
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                if refusal is not None:
                    await self._socket.send(encode_json(refusal))
                await self._socket.close(close, refusal.code if refusal else close.name.lower())
        except TimeoutError:
            # It does not read; the server library drops the connection.
            pass
        return close

    async def _receive(self) -> str | bytes | None:
        """Return the next message; ends the conversation when the deadline passes first."""
        receiving = asyncio.ensure_future(self._socket.receive())
        try:
            while not receiving.done() and not self._over.done():
                deadline = self._signalling.deadline
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0.0:
                    step = self._signalling.advance(Input.DEADLINE, time.monotonic())
                    self.end(step.close or Close.TIMED_OUT)
                    break
                waiting: set[asyncio.Future[Any]] = {receiving, self._over}
                await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            return receiving.result() if receiving.done() else None
        finally:
            receiving.cancel()

    async def _take(self, text: str | bytes) -> None:
        """Answer one message, or end the conversation over it."""
        if not self._budget.take(time.monotonic()):
            self.end(Close.MALFORMED)
            return
        try:
            message = decode_client_signal(text)
            step = self._signalling.advance(input_of(message), time.monotonic())
            if step.close is not None:
                self.end(step.close)
                return
            await self._answer(message)
        except MalformedMessageError as error:
            self.end(*_malformed(text, error))
        except OutOfOrderError:
            self.end(Close.OUT_OF_ORDER)
        except BadOfferError:
            self.end(Close.BAD_OFFER)
        except AdmissionRefused as refused:
            self.end(refused.close, Refusal(code=refused.code, ko=refused.ko, en=refused.en, fatal=True))

    async def _answer(self, message: ClientSignal) -> None:
        match message:
            case Hello():
                if message.protocol != PROTOCOL_VERSION:
                    self.end(Close.UNSUPPORTED_PROTOCOL)
                    return
                await self._send(self._desk.greet(self, message))
            case Offer(sdp=sdp):
                await self._send(Answer(sdp=await self._desk.negotiate(self, sdp)))
            case Candidate(candidate=candidate):
                await self._desk.add_candidate(self, candidate)
            case Bye():
                self.end(Close.LEFT)

    async def _send(self, message: Message) -> None:
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                await self._socket.send(encode_json(message))
        except TimeoutError:
            self.end(Close.TIMED_OUT)


def _malformed(text: str | bytes, error: MalformedMessageError) -> tuple[Close, Refusal | None]:
    """Return how to close over a message that could not be decoded, as exactly as can be told."""
    kind, protocol = outline(text)
    if kind == "hello":
        if protocol is not None and protocol != PROTOCOL_VERSION:
            return Close.UNSUPPORTED_PROTOCOL, None
        if "`$.name`" in str(error):
            return Close.BAD_NAME, None
        if "`$.spot`" in str(error):
            return Close.UNKNOWN_SPOT, None
    return Close.MALFORMED, None
