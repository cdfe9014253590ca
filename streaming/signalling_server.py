"""One client's signalling socket, from accept to close.

The state table decides; this module reads and writes the socket, counts messages and keeps the deadlines.
"""

import asyncio
import time
from typing import Any, Protocol

from streaming.budget import Budget
from streaming.codec_json import decode_client_signal, encode_json, outline
from streaming.errors import (
    AdmissionRefused,
    BadOfferError,
    MalformedMessageError,
    NoRoomError,
    OutOfOrderError,
)
from streaming.messages import (
    PROTOCOL_VERSION,
    Answer,
    Bye,
    Candidate,
    ClientSignal,
    Close,
    Envelope,
    Fallback,
    Hello,
    Message,
    Offer,
    Refusal,
    Waiting,
    Welcome,
)
from streaming.refusals import CLOSING
from streaming.signalling import Input, Signalling, State, input_of
from streaming.socket_link import Carrier

#: Messages a second, and at once; a trickle of candidates is the most a client needs.
_RATE, _BURST = 10.0, 60.0
#: Offers: each costs the setting up of a peer connection.
_OFFER_RATE, _OFFER_BURST = 0.2, 3.0
#: What a socket carries, messages a second, and at once. Within it :class:`streaming.guest.Guest` counts.
_CARRIED_RATE, _CARRIED_BURST = 200.0, 400.0
#: Seconds that a client may take to read what it is sent.
_SEND_SECONDS = 5.0


class SignalSocket(Carrier, Protocol):
    """A WebSocket, whatever library it comes from."""

    @property
    def origin(self) -> str:
        """Whom it counts for: an address; empty for this machine itself."""

    async def receive(self) -> str | bytes | None:
        """Return the next message, or None once the other side has closed."""

    async def close(self, code: int, reason: str) -> None:
        """Close with a code and a reason."""


class Desk(Protocol):
    """Who answers what clients ask for on their sockets."""

    def greet(self, conversation: "Conversation", hello: Hello) -> Welcome:
        """Let somebody in.

        Raises:
            NoRoomError: The city is full, and they wait: :meth:`Conversation.call` has them ask again.
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

    def give_up(self, conversation: "Conversation") -> None:
        """Close the peer connection that is on trial."""

    def carry(self, conversation: "Conversation", carrier: Carrier) -> None:
        """Have state and events go over the socket, after telling that they do."""

    def take(self, conversation: "Conversation", message: str | bytes) -> None:
        """Take an event (text) or a state packet (bytes) that the socket carried."""

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
        self._offers = Budget(_OFFER_RATE, _OFFER_BURST)
        self._carried = Budget(_CARRIED_RATE, _CARRIED_BURST)
        self._hello: Hello | None = None
        self._called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._over: asyncio.Future[tuple[Close, Refusal | None]] = asyncio.get_running_loop().create_future()

    @property
    def state(self) -> State:
        """Where the signalling stands."""
        return self._signalling.state

    @property
    def origin(self) -> str:
        """Whom it counts for."""
        return self._socket.origin

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

    def call(self) -> None:
        """Have somebody who waits ask again whether there is room."""
        if not self._called.done():
            self._called.set_result(None)

    def peer_connected(self) -> None:
        """The peer connection of this client is up."""
        if self._signalling.state in {State.NEGOTIATING, State.UPGRADING}:
            self._signalling.advance(Input.PEER_CONNECTED, time.monotonic())

    def peer_failed(self) -> None:
        """The peer connection of this client did not come up."""
        if self._signalling.state in {State.NEGOTIATING, State.UPGRADING}:
            self._signalling.advance(Input.PEER_LOST, time.monotonic())

    def link_lost(self) -> None:
        """Nothing carries to this client any more."""
        if self._signalling.state is State.CONNECTED:
            self._signalling.advance(Input.PEER_LOST, time.monotonic())
        self.end(Close.TIMED_OUT)

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
                    self._be_late()
                    continue
                waiting: set[asyncio.Future[Any]] = {receiving, self._over, self._called}
                await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if self._called.done():
                    self._called = asyncio.get_running_loop().create_future()
                    await self._ask_again()
            return receiving.result() if receiving.done() else None
        finally:
            receiving.cancel()

    def _be_late(self) -> None:
        """End the conversation when its deadline passed, or only what was awaited."""
        step = self._signalling.advance(Input.DEADLINE, time.monotonic())
        if step.close is not None:
            self.end(step.close)
        else:
            self._desk.give_up(self)

    async def _take(self, text: str | bytes) -> None:
        """Answer one message, or end the conversation over it."""
        now = time.monotonic()
        try:
            message = text if isinstance(text, bytes) else decode_client_signal(text)
            budget = self._carried if isinstance(message, bytes | Envelope) else self._budget
            if not budget.take(now) or (isinstance(message, Offer) and not self._offers.take(now)):
                self.end(Close.MALFORMED)
                return
            before = self._signalling.state
            step = self._signalling.advance(input_of(message), now)
            if step.close is not None:
                self.end(step.close)
                return
            await self._answer(message, before)
        except MalformedMessageError as error:
            self.end(*_malformed(text, error))
        except OutOfOrderError:
            self.end(Close.OUT_OF_ORDER)
        except BadOfferError:
            self.end(Close.BAD_OFFER)
        except AdmissionRefused as refused:
            self._refuse(refused)

    async def _answer(self, message: ClientSignal | bytes, before: State) -> None:
        match message:
            case bytes():
                self._desk.take(self, message)
            case Envelope(text=text):
                self._desk.take(self, text)
            case Hello():
                if message.protocol != PROTOCOL_VERSION:
                    self.end(Close.UNSUPPORTED_PROTOCOL)
                    return
                self._hello = message
                await self._greet(message)
            case Offer(sdp=sdp):
                await self._send(Answer(sdp=await self._desk.negotiate(self, sdp)))
            case Candidate(candidate=candidate):
                await self._desk.add_candidate(self, candidate)
            case Fallback(meanwhile=meanwhile):
                self._fall_back(before, meanwhile=meanwhile)
            case Bye():
                self.end(Close.LEFT)

    async def _ask_again(self) -> None:
        """See whether there is room now for somebody who waits."""
        if self._hello is None or self._signalling.state is not State.WAITING or self._over.done():
            return
        try:
            await self._greet(self._hello)
        except AdmissionRefused as refused:
            self._refuse(refused)

    async def _greet(self, hello: Hello) -> None:
        """Let them in, or tell them their place in the queue."""
        waits = self._signalling.state is State.WAITING
        try:
            welcome = self._desk.greet(self, hello)
        except NoRoomError as full:
            if not waits:
                self._signalling.advance(Input.NO_ROOM, time.monotonic())
            await self._send(Waiting(ahead=full.ahead, since=round(full.since, 1), session=full.token))
            return
        if waits:
            self._signalling.advance(Input.ADMITTED, time.monotonic())
        await self._send(welcome)

    def _refuse(self, refused: AdmissionRefused) -> None:
        self.end(refused.close, Refusal(code=refused.code, ko=refused.ko, en=refused.en, fatal=True))

    def _fall_back(self, before: State, *, meanwhile: bool) -> None:
        """Have the socket carry, unless it does already, or what was on trial came up in time."""
        if meanwhile and before is State.CONNECTED:
            return
        if not meanwhile:
            self._desk.give_up(self)
        if before not in {State.CARRIED, State.UPGRADING}:
            self._desk.carry(self, self._socket)

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
