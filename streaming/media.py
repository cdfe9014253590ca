"""How everybody's media moves: one protocol, behind which stand two media paths.

:mod:`streaming.portable` is plain aiortc, right on every platform; :mod:`streaming.pump.path` moves packets
in compiled kernels, on Linux. The bridge knows only what stands here.
"""

from typing import Protocol

from streaming.audio.mixer import Heads
from streaming.link import Link, LinkEvents
from streaming.peer import Peer
from streaming.video.screens import Sounds


class Seat(Link, Protocol):
    """One person's peer connection on the server: a link that carries sound, with a place in the mix.

    Attributes:
        peer: What is negotiated with; whatever moves goes over the seat.
    """

    peer: Peer

    @property
    def heard(self) -> float:
        """When a packet of sound last came, monotonic seconds; 0 before that."""

    def listen(self, *, live: bool) -> None:
        """Say whether their microphone may be heard; at first it may not."""


class MediaPath(Protocol):
    """Everybody's media."""

    #: What the operator calls it.
    name: str

    @property
    def sounds(self) -> Sounds:
        """The mix, for sounds that are no person's."""

    @property
    def speaking(self) -> frozenset[int]:
        """Who speaks, as of the last frame."""

    @property
    def lost_frames(self) -> int:
        """Frames of 20 ms that were not mixed, because the machine was too busy."""

    def look(self, heads: Heads) -> None:
        """Tell where everybody's head is now."""

    def open(self, person: int, events: LinkEvents) -> Seat:
        """Return a seat to negotiate with; once it is connected its person has a voice and ears.

        The newest that is connected counts: whoever had the person's place in the mix is silenced first.
        """

    async def run(self) -> None:
        """Move media until cancelled."""
