"""A peer connection on trial: state and events stay where they are until it is up."""

from typing import Protocol

from streaming.link import LinkEvents
from streaming.media import Seat


class Applicant(LinkEvents, Protocol):
    """Whose connection it would be."""

    def sit(self, seat: Seat) -> None:
        """Both channels are open: everything goes over this seat from now on."""

    def failed(self, trial: "Trial") -> None:
        """It did not come up."""


class Trial:
    """Implements :class:`streaming.link.LinkEvents` for a seat, first on trial and then in use.

    Attributes:
        seat: The connection; set by who makes it, before anything is sent.
        in_use: Whether it came up.
    """

    seat: Seat

    def __init__(self, applicant: Applicant) -> None:
        self.in_use = False
        self._applicant = applicant

    def connected(self) -> None:
        """Both channels are open."""
        self.in_use = True
        self._applicant.sit(self.seat)

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

    def misuse(self, code: str) -> None:
        """Pass it on."""
        self._applicant.misuse(code)
