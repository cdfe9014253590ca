"""One connection of a publisher or a watcher: ICE and DTLS by aiortc, packets by its socket.

aiortc's ORTC classes find the path and the keys. From then on packets neither wait in a queue nor start a
task: what comes is opened and handed over where the socket is read, what goes is sealed and sent at once.
"""

import asyncio
import logging
import os
import socket
from collections import deque
from typing import Protocol

from aiortc import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    RTCIceGatherer,
    RTCIceParameters,
    RTCIceTransport,
)
from aiortc.exceptions import InvalidStateError
from aiortc.sdp import candidate_from_sdp, candidate_to_sdp

from streaming.mux_privates import Sockets, gather_on
from streaming.peer import CLOSE_SECONDS
from streaming.peer_privates import (
    be_server,
    forgive_checks,
    selected_path,
    srtp_sessions,
    take_media,
)
from streaming.sdp import MOST_CANDIDATES
from streaming.video.answer import Local, setup_of
from streaming.video.errors import NotUnderstoodError
from streaming.video.offer import Remote
from streaming.video.srtp import Opener, Sealer

logger = logging.getLogger(__name__)

#: RTCP's packet types when it shares the port (RFC 5761, section 4), with the marker bit.
_RTCP = range(192, 224)
#: Packets that are kept until somebody listens.
_MOST_EARLY = 128
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


class TransportEvents(Protocol):
    """What a transport tells its owner, where the socket is read."""

    def rtp(self, data: bytes) -> None:
        """An opened RTP packet."""

    def rtcp(self, data: bytes) -> None:
        """An opened compound RTCP packet."""

    def unreadable(self) -> None:
        """A packet that the connection's key does not open."""

    def lost(self) -> None:
        """The other side closed the connection, or does not answer any more."""


class Transport:
    """One ICE and DTLS transport, on the answering side.

    Args:
        sockets: The one port of a server, or the local addresses that ICE may use by itself.
        certificate: Ours; its fingerprint goes into the answer.
        events: Who is told.
    """

    def __init__(self, sockets: Sockets, certificate: RTCCertificate, events: TransportEvents) -> None:
        self._events = events
        self._gatherer = RTCIceGatherer(iceServers=[])
        gather_on(self._gatherer, sockets)
        forgive_checks(self._gatherer)
        self._ice = RTCIceTransport(self._gatherer)
        self._dtls = RTCDtlsTransport(self._ice, [certificate])
        self._candidates = 0
        self._closed = False
        self._opener: Opener | None = None
        self._early: deque[bytes] = deque(maxlen=_MOST_EARLY)
        self._sealer: Sealer | None = None
        self._socket: socket.socket | None = None
        self._fileno = -1
        self._address = ("", 0)

    async def local(self, setup: str, session: int) -> Local:
        """Gather candidates and return what an answer to an offer with this setup says of us."""
        await self._gatherer.gather()
        take_media(self._gatherer, self._received)
        ice = self._gatherer.getLocalParameters()
        prints = self._dtls.getLocalParameters().fingerprints
        return Local(
            fragment=str(ice.usernameFragment),
            password=str(ice.password),
            fingerprint=next(one.value for one in prints if one.algorithm == "sha-256"),
            setup=setup_of(setup),
            candidates=tuple(candidate_to_sdp(one) for one in self._gatherer.getLocalCandidates()),
            session=session,
        )

    async def connect(self, remote: Remote) -> None:
        """Find a path and agree on keys; returns when packets can go.

        Raises:
            ConnectionError: There is no path, or the other side is not who the offer says.
        """
        for candidate in remote.candidates:
            await self.add_candidate(candidate)
        be_server(self._dtls, server=setup_of(remote.setup) == "passive")
        prints = [RTCDtlsFingerprint(algorithm, value) for algorithm, value in remote.fingerprints]
        await self._ice.start(RTCIceParameters(remote.fragment, remote.password))
        if self._ice.state != "completed":
            raise ConnectionError("no path was found")
        await self._dtls.start(RTCDtlsParameters(prints))
        if self._dtls.state != "connected":
            raise ConnectionError("the handshake failed")
        self._sealer = Sealer(srtp_sessions(self._dtls)[1])
        self.follow_path()
        self._dtls.on("statechange", self._on_state_change)
        self._ice.on("statechange", self._on_state_change)

    def listen(self) -> None:
        """Hand over what comes from now on, and the little that came since the handshake."""
        self._opener = Opener(srtp_sessions(self._dtls)[0])
        early, self._early = self._early, deque(maxlen=0)
        for data in early:
            self._received(data)

    async def add_candidate(self, text: str) -> None:
        """Take one of the other side's candidates; those beyond :data:`MOST_CANDIDATES` are left out.

        Raises:
            NotUnderstoodError: It cannot be used.
        """
        if self._closed or self._candidates >= MOST_CANDIDATES:
            return
        self._candidates += 1
        try:
            await self._ice.addRemoteCandidate(candidate_from_sdp(text))
        except _FAULTS as error:
            raise NotUnderstoodError(f"A candidate cannot be used ({type(error).__name__}).") from error

    def follow_path(self) -> None:
        """Send where ICE says now: it may find a better path, or the other side may move."""
        path = None if self._closed else selected_path(self._ice)
        if path is None:
            return
        fileno, self._address = path
        if fileno != self._fileno:
            # A socket of our own on the same port: asyncio's and uvloop's lend theirs to nobody.
            if self._socket is not None:
                self._socket.close()
            self._socket = socket.socket(fileno=os.dup(fileno))
            self._socket.setblocking(False)  # noqa: FBT003 - the socket's own signature
            self._fileno = fileno

    def send_rtp(self, header: bytes, payload: bytes) -> None:
        """Seal and send a packet; it is lost when the socket has no room."""
        if self._sealer is not None:
            self._send(self._sealer.rtp(header, payload))

    def send_rtcp(self, data: bytes) -> None:
        """Seal and send a compound packet."""
        if self._sealer is not None:
            self._send(self._sealer.rtcp(data))

    def _send(self, sealed: memoryview | None) -> None:
        if sealed is None or self._socket is None:
            return
        try:
            self._socket.sendto(sealed, self._address)
        except OSError as error:
            # No room, or no way there just now: a lost packet like any other, which is asked for again.
            logger.debug("not sent: %s", error)

    async def close(self) -> None:
        """Close within :data:`streaming.peer.CLOSE_SECONDS`; nothing is told after this."""
        self._closed = True
        self._opener = self._sealer = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._dtls.stop()
                await self._ice.stop()
        except (TimeoutError, InvalidStateError) as error:
            logger.warning("a connection did not close: %s", error)

    def _received(self, data: bytes) -> None:
        opener = self._opener
        if self._closed:
            return
        if opener is None:
            # The other side may be done with the handshake first, and its first picture is what counts.
            self._early.append(data)
            return
        if len(data) > 1 and data[1] in _RTCP:
            plain = opener.rtcp(data)
            tell = self._events.rtcp
        else:
            plain = opener.rtp(data)
            tell = self._events.rtp
        if plain is None:
            self._events.unreadable()
        else:
            tell(plain)

    def _on_state_change(self) -> None:
        if not self._closed and (self._dtls.state != "connected" or self._ice.state != "completed"):
            self._events.lost()
