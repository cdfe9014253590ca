"""The portable media path: aiortc moves each peer's packets, one mixing thread makes what they hear."""

import asyncio
import time

from streaming.audio.hrtf import kemar
from streaming.audio.mixer import Heads
from streaming.audio.sources import Sources
from streaming.audio.stage import MOST_WAITING, Packet, Stage
from streaming.audio.voice import Voice
from streaming.budget import Budget
from streaming.link import LinkEvents
from streaming.mux import Mux
from streaming.peer import Peer


class PortableSeat:
    """Implements :class:`streaming.media.Seat` with a peer and a voice on the stage.

    Args:
        path: Whose seat it is.
        mux: The port.
        person: By whom the mix knows them.
        events: Who is told.
    """

    carries_sound = True
    loses_packets = True

    def __init__(self, path: "Portable", mux: Mux, person: int, events: LinkEvents) -> None:
        self.person = person
        self.peer = Peer(mux, self)
        self.heard = 0.0
        self._path = path
        self._events = events
        self._voice: Voice | None = None
        self._live = False
        # A client sends 50 packets a second; a burst after a stall is no abuse.
        self._packets = Budget(110.0, 150.0)

    def listen(self, *, live: bool) -> None:
        """Say whether their microphone may be heard."""
        self._live = live

    # --- Link -------------------------------------------------------------------------------------------

    def send_state(self, packet: bytes) -> bool:
        """Send a state packet unless the one before still waits; tells whether it went."""
        return self.peer.send_state(packet)

    def send_event(self, text: str) -> bool:
        """Queue an event; False when too much waits already."""
        return self.peer.send_event(text)

    def send_audio(self, payload: bytes, timestamp: int) -> None:
        """Queue one Opus packet."""
        self.peer.send_audio(payload, timestamp)

    def silence(self) -> None:
        """Leave the mix, and tell nothing from now on."""
        self.peer.silence()
        self._path.leave(self)

    async def close(self) -> None:
        """Close the connection."""
        self.silence()
        await self.peer.close()

    # --- PeerEvents -------------------------------------------------------------------------------------

    def connected(self) -> None:
        """Take a place in the mix, and tell."""
        self._voice = self._path.enter(self)
        self._events.connected()

    def lost(self) -> None:
        """Pass it on."""
        self._events.lost()

    def state(self, data: bytes) -> None:
        """Pass it on."""
        self._events.state(data)

    def event(self, text: str) -> None:
        """Pass it on."""
        self._events.event(text)

    def misuse(self, code: str) -> None:
        """Pass it on."""
        self._events.misuse(code)

    def audio(self, sequence: int, payload: bytes) -> None:
        """Take a packet of sound, which is dropped while the microphone is muted."""
        self.heard = time.monotonic()
        if self._live and self._voice is not None and self._packets.take(self.heard):
            self._voice.push(sequence, payload)


class Portable:
    """Implements :class:`streaming.media.MediaPath` on every platform.

    Args:
        mux: The one UDP port.
    """

    name = "portable"

    def __init__(self, mux: Mux) -> None:
        self._mux = mux
        self._stage = Stage(kemar(), self._deliver)
        self._seats: dict[int, PortableSeat] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting = 0

    @property
    def sounds(self) -> Sources:
        """The mix, for sounds that are no person's."""
        return self._stage.sources

    @property
    def speaking(self) -> frozenset[int]:
        """Who speaks, as of the last frame."""
        return self._stage.speaking

    @property
    def lost_frames(self) -> int:
        """Frames that were not mixed, because the machine was too busy."""
        return self._stage.lost_frames

    def look(self, heads: Heads) -> None:
        """Tell where everybody's head is now."""
        self._stage.look(heads)

    def open(self, person: int, events: LinkEvents) -> PortableSeat:
        """Return a seat to negotiate with."""
        return PortableSeat(self, self._mux, person, events)

    async def run(self) -> None:
        """Mix until cancelled."""
        self._loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._stage.loop)
        finally:
            self._stage.stop()

    def enter(self, seat: PortableSeat) -> Voice:
        """Give a seat's person a voice and ears, in place of those they had."""
        self._seats[seat.person] = seat
        return self._stage.enter(seat.person)

    def leave(self, seat: PortableSeat) -> None:
        """Take voice and ears away, unless they are another seat's by now."""
        if self._seats.get(seat.person) is seat:
            del self._seats[seat.person]
            self._stage.leave(seat.person)

    def _deliver(self, packets: list[Packet]) -> None:
        """Take a frame's packets in the mixing thread; dropped while the event loop is behind."""
        if self._loop is None or self._waiting >= MOST_WAITING:
            return
        self._waiting += 1
        try:
            self._loop.call_soon_threadsafe(self._send, packets)
        except RuntimeError:
            # The loop closed while this frame was mixed: nobody listens any more.
            self._stage.stop()

    def _send(self, packets: list[Packet]) -> None:
        self._waiting -= 1
        for packet in packets:
            seat = self._seats.get(packet.person)
            if seat is not None:
                seat.send_audio(packet.payload, packet.timestamp)
