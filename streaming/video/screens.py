"""What live video asks of the rest of the city."""

from typing import NewType, Protocol

BoothId = NewType("BoothId", str)


class Screens(Protocol):
    """The booths' screens: who may publish to them, where they are, who may watch."""

    def publisher(self, token: str) -> BoothId | None:
        """Return the booth whose publishing token this is; None for any other text.

        Called in a thread of its own: it may look into the database.
        """

    def position(self, booth: BoothId) -> tuple[float, float, float] | None:
        """Return the middle of a booth's screen, metres, world frame; None when it has none.

        Called on the event loop: it must not wait.
        """

    def may_watch(self, credential: str, booth: BoothId) -> bool:
        """Tell whether somebody may watch: a person in the city, within sight of the screen.

        Called on the event loop, and again while they watch: it must not wait.

        Args:
            credential: The session token that signalling gave them.
            booth: Whose screen.
        """


class Voice(Protocol):
    """Takes the packets of one sound."""

    def push(self, sequence: int, payload: bytes) -> None:
        """Take an Opus packet with its RTP sequence number."""


class Sounds(Protocol):
    """The spatial mix, as far as a screen needs it (:class:`streaming.audio.stage.Stage`)."""

    def place(self, position: tuple[float, float, float], reach: float) -> tuple[int, Voice]:
        """Put a sound that is no person's somewhere; returns its id and its voice.

        Args:
            position: Metres, world frame.
            reach: Within this many metres it is as loud as it came.
        """

    def remove(self, source: int) -> None:
        """Take it away."""
