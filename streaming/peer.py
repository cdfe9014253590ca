"""One WebRTC peer connection, through aiortc.

Only this module, :mod:`streaming.peer_privates`, :mod:`streaming.mux_privates` and
:mod:`streaming.peer_guards` import aiortc.
"""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
)
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp

from streaming.audio import RATE
from streaming.errors import BadOfferError
from streaming.link import PeerEvents
from streaming.messages import EVENTS_CHANNEL, STATE_CHANNEL
from streaming.mux_privates import Sockets, gather_on
from streaming.peer_guards import bound_association, bound_media
from streaming.peer_privates import send_packets, take_packets
from streaming.sdp import MOST_CANDIDATES, check_candidate, check_offer, with_stereo

#: What aiortc's parser and negotiation raise on input that they did not expect.
_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, StopIteration, TypeError,
    ValueError, struct.error, InternalError, InvalidAccessError, InvalidStateError, OperationError,
)  # fmt: skip
#: Outgoing audio packets that may wait, 200 ms; the oldest are thrown away.
_MOST_PACKETS = 10
#: Bytes that may wait on `events`; a client that reads slower than that is given up.
_MOST_BUFFERED = 256 * 1024
#: How long a connection may take to close.
CLOSE_SECONDS = 5.0


class _Track(MediaStreamTrack):
    """The outgoing track: ready Opus packets from a short queue."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._packets: asyncio.Queue[av.Packet[Any]] = asyncio.Queue(_MOST_PACKETS)

    def put(self, payload: bytes, timestamp: int) -> None:
        if self._packets.full():
            self._packets.get_nowait()
        packet = av.Packet(payload)
        packet.pts, packet.time_base = timestamp, Fraction(1, RATE)
        self._packets.put_nowait(packet)

    async def recv(self) -> "av.Packet[Any]":
        if self.readyState != "live":
            raise MediaStreamError
        return await self._packets.get()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a path that moves packets by itself takes over of a connected peer.

    Attributes:
        sctp: aiortc's association.
        transceiver: aiortc's, of the one track each way.
        state_stream: SCTP stream of the channel `state`.
        events_stream: SCTP stream of the channel `events`.
    """

    sctp: Any
    transceiver: Any
    state_stream: int
    events_stream: int


class Peer:
    """One peer connection, on either side: a :class:`streaming.link.Link`.

    Args:
        sockets: The one port of a server, or the local addresses that ICE may use by itself.
        events: Who is told.

    Attributes:
        ice: aiortc's transport, which knows the way.
    """

    carries_sound = True
    loses_packets = True

    def __init__(self, sockets: Sockets, events: PeerEvents) -> None:
        self._events = events
        self._channels: dict[str, RTCDataChannel] = {}
        self._candidates = 0
        self._connected = self._closed = False
        # An empty list of servers: the default would ask a public STUN host for this machine's address.
        self._connection = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self._track = _Track()
        send_packets(self._connection.addTrack(self._track))
        (transceiver,) = self._connection.getTransceivers()
        capabilities = RTCRtpReceiver.getCapabilities("audio")
        codecs = capabilities.codecs if capabilities else []
        transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType.lower() == "audio/opus"])
        self._dtls = transceiver.receiver.transport
        bound_media(self._dtls, self._misuse)
        self.ice = self._dtls.transport
        gather_on(self.ice.iceGatherer, sockets)
        take_packets(transceiver.receiver, events.audio)
        self._connection.on("datachannel", self._on_channel)
        self._connection.on("connectionstatechange", self._on_state_change)

    async def answer(self, offer: str) -> str:
        """Take a client's offer and return the answer, with all candidates inside.

        Raises:
            BadOfferError: The offer cannot be used.
        """
        description = RTCSessionDescription(check_offer(offer), "offer")
        try:
            await self._connection.setRemoteDescription(description)
            self._guard_messages()
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except _FAULTS as error:
            raise BadOfferError(f"The offer cannot be used ({type(error).__name__}).") from error
        return with_stereo(self._connection.localDescription.sdp)

    async def offer(self) -> str:
        """Create both channels and return an offer, with all candidates inside."""
        self._adopt(self._connection.createDataChannel(STATE_CHANNEL, ordered=False, maxRetransmits=0))
        self._adopt(self._connection.createDataChannel(EVENTS_CHANNEL))
        self._guard_messages()
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return with_stereo(self._connection.localDescription.sdp)

    async def accept(self, answer: str) -> None:
        """Take the server's answer to :meth:`offer`.

        Raises:
            BadOfferError: The answer cannot be used.
        """
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        except _FAULTS as error:
            raise BadOfferError(f"The answer cannot be used ({type(error).__name__}).") from error

    async def add_candidate(self, text: str | None) -> None:
        """Take one trickled candidate; None or an empty one ends them, which changes nothing.

        Raises:
            BadOfferError: It is no candidate.
        """
        if not text or self._candidates >= MOST_CANDIDATES:
            return
        self._candidates += 1
        line = check_candidate(text)
        if line is None or self._closed:
            return
        try:
            await self.ice.addRemoteCandidate(candidate_from_sdp(line.text))
        except _FAULTS as error:
            raise BadOfferError(f"The candidate cannot be used ({type(error).__name__}).") from error

    def send_state(self, packet: bytes) -> bool:
        """Send a state packet unless the one before still waits; tells whether it went."""
        channel = self._channels.get(STATE_CHANNEL)
        if channel is None or channel.readyState != "open" or channel.bufferedAmount > 0:
            return False
        return _sent(channel, packet)

    def send_event(self, text: str) -> bool:
        """Queue an event; False when too much waits already, and the peer should be given up."""
        channel = self._channels.get(EVENTS_CHANNEL)
        if channel is None or channel.readyState != "open":
            return True
        return channel.bufferedAmount <= _MOST_BUFFERED and _sent(channel, text)

    def send_audio(self, payload: bytes, timestamp: int) -> None:
        """Queue one Opus packet; `timestamp` counts samples of 48 kHz."""
        self._track.put(payload, timestamp)

    def parts(self) -> Parts:
        """Return what is taken over, once both channels are open."""
        (transceiver,) = self._connection.getTransceivers()
        streams = {label: channel.id for label, channel in self._channels.items()}
        return Parts(
            self._connection.sctp, transceiver, streams[STATE_CHANNEL] or 0, streams[EVENTS_CHANNEL] or 0
        )

    def silence(self) -> None:
        """Tell nothing from now on; :meth:`close` follows in its own time."""
        self._closed = True

    async def close(self) -> None:
        """Close the connection within :data:`CLOSE_SECONDS`; nothing is told after this."""
        self._closed = True
        self._track.stop()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._connection.close()
        except TimeoutError:
            # aiortc waits for tasks of its own before it closes the sockets; one that failed never tells.
            await self.ice.stop()

    def _on_channel(self, channel: RTCDataChannel) -> None:
        if channel.label not in {STATE_CHANNEL, EVENTS_CHANNEL} or channel.label in self._channels:
            self._misuse("unknown_channel")
            return
        self._adopt(channel)
        self._maybe_connected()

    def _adopt(self, channel: RTCDataChannel) -> None:
        self._channels[channel.label] = channel
        channel.on("open", self._maybe_connected)
        channel.on("close", self._lose)
        channel.on("message", self._on_state if channel.label == STATE_CHANNEL else self._on_event)

    def _on_state(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            self._tell(self._events.state, message)
        else:
            self._misuse("not_binary")

    def _on_event(self, message: bytes | str) -> None:
        if isinstance(message, str):
            self._tell(self._events.event, message)
        else:
            self._misuse("not_text")

    def _maybe_connected(self) -> None:
        opened = [channel for channel in self._channels.values() if channel.readyState == "open"]
        if len(opened) == 2 and not self._connected:
            self._connected = True
            self._tell(self._events.connected)

    def _on_state_change(self) -> None:
        if self._connection.connectionState in {"failed", "closed"}:
            self._lose()

    def _lose(self) -> None:
        self._tell(self._events.lost)

    def _misuse(self, code: str) -> None:
        self._tell(self._events.misuse, code)

    def _tell(self, callback: Callable[..., None], *arguments: object) -> None:
        if not self._closed:
            callback(*arguments)

    def _guard_messages(self) -> None:
        if self._connection.sctp is not None:
            bound_association(self._connection.sctp, self._misuse)


def _sent(channel: RTCDataChannel, message: bytes | str) -> bool:
    """Send; False when the other side takes no message of this size, which concerns them alone."""
    try:
        channel.send(message)
    except (ValueError, InvalidStateError):
        return False
    return True
