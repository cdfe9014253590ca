"""An association that was set up elsewhere, as the pump goes on with it."""

from dataclasses import dataclass, field

from streaming.pump.reassembly import Piece


@dataclass(frozen=True, slots=True)
class Established:
    """Where both ends stand.

    Attributes:
        ports: Local and remote.
        tags: Verification tags, local and remote.
        cumulative: The last TSN that came in order.
        tsn: The next TSN to be sent.
        acked: The last TSN that the other side acknowledged.
        remote_window: What the other side takes, bytes.
        outstanding: TSN and bytes of chunks that are on their way, in order.
        sequences: For each stream the number of the next ordered message to be sent.
        expected: For each stream the number of the next ordered message to come.
        beyond: TSNs that came beyond the first gap.
        pieces: User data that makes no whole message yet.
    """

    ports: tuple[int, int]
    tags: tuple[int, int]
    cumulative: int
    tsn: int
    acked: int
    remote_window: int
    outstanding: list[tuple[int, bytes]] = field(default_factory=list)
    sequences: dict[int, int] = field(default_factory=dict)
    expected: dict[int, int] = field(default_factory=dict)
    beyond: list[int] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
