"""One person's peer connection, negotiated by aiortc and moved by the pump."""

import asyncio
import logging
from collections.abc import Callable

from streaming.errors import NotEstablishedError, PumpUnavailableError
from streaming.link import LinkEvents
from streaming.mux import Mux
from streaming.mux_privates import selected_port
from streaming.peer import Parts, Peer
from streaming.pump import link
from streaming.pump.pump import Pump

logger = logging.getLogger(__name__)

#: Payload protocol identifiers (RFC 8831, section 8).
_TEXT, _BINARY = 51, 53


class PumpSeat:
    """Implements :class:`streaming.media.Seat`: aiortc's until it is connected, the pump's from then on.

    Taking a connection over lasts until the pump's next turn. What is sent meanwhile waits here, so nothing
    is sent twice or out of order; what comes meanwhile is told as it comes.

    Args:
        pump: Moves it.
        mux: The port.
        person: By whom the mix knows them.
        events: Who is told.
        closed: Told once nothing is left of it.
    """

    carries_sound = True
    loses_packets = True

    def __init__(
        self, pump: Pump, mux: Mux, person: int, events: LinkEvents, closed: Callable[["PumpSeat"], None]
    ) -> None:
        self.person = person
        self.peer = Peer(mux, self)
        self._pump = pump
        self._events = events
        self._on_closed = closed
        self._parts: Parts | None = None
        self._link: link.Link | None = None
        self._taking: asyncio.Task[None] | None = None
        self._at: tuple[object, object] | None = None
        self._early: list[str] = []
        self._early_bytes = 0
        self._held_back = 0
        self._live = self._silent = False

    @property
    def heard(self) -> float:
        """When a packet of sound last came, monotonic seconds; 0 before that."""
        return 0.0 if self._link is None else self._pump.heard(self._link)

    def listen(self, *, live: bool) -> None:
        """Say whether their microphone may be heard."""
        self._live = live
        if self._link is not None:
            self._pump.listen(self._link, live=live)

    def follow(self) -> None:
        """Send where ICE has found them by now, if they moved."""
        at = selected_port(self.peer.ice)
        if self._link is not None and at is not None and at != self._at:
            self._at = at
            self._pump.move(self._link, *at)

    # --- Link -------------------------------------------------------------------------------------------

    def send_state(self, packet: bytes) -> bool:
        """Have the newest packet sent with the next turn; tells whether the one before went."""
        if self._link is None:
            return False
        self._pump.send_lossy(self._link, packet)
        before, self._held_back = self._held_back, self._pump.held_back(self._link)
        return before == self._held_back

    def send_event(self, text: str) -> bool:
        """Queue an event; False when too much waits already, and the other side should be given up."""
        data = text.encode()
        if self._link is not None and self._parts is not None:
            return self._pump.send(self._link, self._parts.events_stream, _TEXT, data)
        self._early.append(text)
        self._early_bytes += len(data)
        return self._early_bytes <= link.MOST_WAITING

    def send_audio(self, payload: bytes, timestamp: int) -> None:
        """Drop it: what they hear is mixed and sent by the pump."""

    def silence(self) -> None:
        """Leave the mix, and tell nothing from now on."""
        self._silent = True
        self.peer.silence()
        if self._link is not None:
            self._pump.hush(self._link)

    async def close(self) -> None:
        """Take the connection back and close it."""
        self.silence()
        if self._taking is not None:
            await asyncio.wait([self._taking])
        if self._link is not None:
            await self._pump.detach(self._link)
        await self.peer.close()
        self._on_closed(self)

    # --- PeerEvents, until the pump has it --------------------------------------------------------------

    def connected(self) -> None:
        """Hand the connection over, and tell."""
        self._taking = asyncio.get_running_loop().create_task(self._hand_over(), name="hand over")
        self._events.connected()

    def state(self, data: bytes) -> None:
        """Pass it on."""
        self._events.state(data)

    def event(self, text: str) -> None:
        """Pass it on."""
        self._events.event(text)

    def audio(self, sequence: int, payload: bytes) -> None:
        """Drop it: nobody's microphone is live yet."""

    # --- link.LinkEvents, from then on ------------------------------------------------------------------

    def message(self, stream: int, kind: int, data: bytes) -> None:
        """Take a message of either channel."""
        if self._silent or self._parts is None:
            return
        if stream == self._parts.state_stream:
            if kind == _BINARY:
                self._events.state(data)
            else:
                self._events.misuse("not_binary")
        elif stream != self._parts.events_stream:
            self._events.misuse("unknown_channel")
        elif kind == _TEXT:
            self._take_text(data)
        else:
            self._events.misuse("not_text")

    def ended(self) -> None:
        """The other side closed, or is gone."""
        self.lost()

    # --- both -------------------------------------------------------------------------------------------

    def lost(self) -> None:
        """Tell that the connection is gone."""
        if not self._silent:
            self._events.lost()

    def misuse(self, code: str) -> None:
        """Pass it on."""
        if not self._silent:
            self._events.misuse(code)

    def _take_text(self, data: bytes) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._events.misuse("not_text")
        else:
            self._events.event(text)

    async def _hand_over(self) -> None:
        at, parts = selected_port(self.peer.ice), self.peer.parts()
        if at is None or self._silent:
            self.lost()
            return
        taken = link.Peer(self.person, parts.sctp, parts.transceiver, parts.state_stream, self)
        self._parts, self._at = parts, at
        try:
            held = await self._pump.attach(taken, at[0])
        except (NotEstablishedError, PumpUnavailableError) as error:
            logger.warning("person %d cannot be taken over by the pump: %s", self.person, error)
            self.lost()
            return
        self._link = held
        self._pump.listen(held, live=self._live)
        early, self._early = self._early, []
        went = [self.send_event(text) for text in early]
        if not all(went):
            self.lost()
