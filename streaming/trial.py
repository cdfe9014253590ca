"""A peer connection on trial: state and events stay where they are until it is up."""

from typing import Protocol

from streaming.link import Link, LinkEvents
from streaming.peer import Peer


class Applicant(LinkEvents, Protocol):
    """Whose connection it would be."""

    def take_up(self, link: Link) -> None:
        """Both channels are open: everything goes over this link from now on."""

    def failed(self, trial: "Trial") -> None:
        """It did not come up."""


class Trial:
    """Implements :class:`streaming.link.LinkEvents` for a peer connection, first on trial and then in use.

    Attributes:
        peer: The connection; set by who makes it, before anything is sent.
        in_use: Whether it came up.
    """

    peer: Peer

    def __init__(self, applicant: Applicant) -> None:
        self.in_use = False
        self._applicant = applicant

    def connected(self) -> None:
        """Both channels are open."""
        self.in_use = True
        self._applicant.take_up(self.peer)

    def lost(self) -> None:
        """The connection failed, or they closed it."""
        if self.in_use:
            self._applicant.lost()
        else:
            self._applicant.failed(self)

    def state(self, data: bytes) -> None:
        """Pass a state packet on."""
        self._applicant.state(data)

    def event(self, text: str) -> None:
        """Pass an event on."""
        self._applicant.event(text)

    def audio(self, sequence: int, payload: bytes) -> None:
        """Pass a packet of sound on."""
        self._applicant.audio(sequence, payload)

    def misuse(self, code: str) -> None:
        """Pass it on."""
        self._applicant.misuse(code)
