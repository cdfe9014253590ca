"""What carries state, events and sound between the two sides: a peer connection, or the socket itself.

:class:`streaming.peer.Peer` and :class:`streaming.socket_link.SocketLink` are links. Who sends to one need
not know which: what cannot be carried (sound, over a socket) is dropped there.
"""

from typing import Protocol


class LinkEvents(Protocol):
    """What a link tells its owner, in the event loop's thread."""

    def connected(self) -> None:
        """State and events can be sent."""

    def lost(self) -> None:
        """The connection failed, or the other side closed it."""

    def state(self, data: bytes) -> None:
        """A state packet came."""

    def event(self, text: str) -> None:
        """An event came, not decoded yet."""

    def misuse(self, code: str) -> None:
        """The other side did what the protocol has no place for."""


class PeerEvents(LinkEvents, Protocol):
    """What a peer connection tells besides."""

    def audio(self, sequence: int, payload: bytes) -> None:
        """An Opus packet came, with its RTP sequence number."""


class Link(Protocol):
    """One connection, on either side."""

    @property
    def carries_sound(self) -> bool:
        """Whether :meth:`send_audio` reaches the other side."""

    @property
    def loses_packets(self) -> bool:
        """Whether a packet that is late is dropped on the way; otherwise all after it are late as well."""

    def send_state(self, packet: bytes) -> bool:
        """Send a state packet unless an older one still waits; tells whether it was taken."""

    def send_event(self, text: str) -> bool:
        """Queue an event; False when too much waits already, and the other side should be given up."""

    def send_audio(self, payload: bytes, timestamp: int) -> None:
        """Send one Opus packet; `timestamp` counts samples of 48 kHz."""

    def silence(self) -> None:
        """Tell nothing from now on; :meth:`close` follows in its own time."""

    async def close(self) -> None:
        """Let everything go; nothing is told after this."""
