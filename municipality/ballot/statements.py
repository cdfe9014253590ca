"""What the city signs of a vote: how large its log is and what is in it, and how the vote ended."""

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from municipality.ballot.city_key import CityKey, signed
from municipality.journal import canonical

_HEAD = struct.Struct(">23s32sQ32s")
_HEAD_OF = b"meta-gwangju tree head\0"
_ENDING_OF = b"meta-gwangju vote ending\0"


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A log at one moment, signed. It carries no time: that would help to tell whose ballot is which.

    Attributes:
        size: Ballots in it.
        root: (32,) bytes.
        signature: (64,) bytes.
    """

    size: int
    root: bytes
    signature: bytes

    @classmethod
    def sign(cls, key: CityKey, definition: bytes, size: int, root: bytes) -> "TreeHead":
        """Sign that the log of the vote whose definition has this digest is such."""
        return cls(size, root, key.sign(_head(definition, size, root)))

    def is_signed_by(self, public: bytes, definition: bytes) -> bool:
        """Tell whether the owner of a public key signed it, for this vote."""
        return signed(public, _head(definition, self.size, self.root), self.signature)


class State(StrEnum):
    """What a vote is."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    COUNTING = "counting"
    """Over, but its ending is not signed yet: a second at most."""
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a vote ended.

    Attributes:
        state: CLOSED or CANCELLED.
        at: Unix seconds.
        size: Ballots in the log.
        root: Of the log, (32,) bytes.
        blank: Ballots that approve of nothing; None when the vote was cancelled: then nothing is counted.
        approvals: How many approve of each option; None likewise.
        reason: Why it was cancelled; empty else.
    """

    state: State
    at: int
    size: int
    root: bytes
    blank: int | None = None
    approvals: tuple[int, ...] | None = None
    reason: str = ""

    def text(self) -> str:
        """Return it as canonical JSON, which is what is signed."""
        return canonical(
            {
                "state": self.state.value,
                "at": self.at,
                "size": self.size,
                "root": self.root.hex(),
                "blank": self.blank,
                "approvals": None if self.approvals is None else list(self.approvals),
                "reason": self.reason,
            }
        )

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Ending":
        """Read what :meth:`text` wrote, parsed."""
        counted = value["approvals"]
        return cls(
            State(value["state"]),
            value["at"],
            value["size"],
            bytes.fromhex(value["root"]),
            value["blank"],
            None if counted is None else tuple(counted),
            value["reason"],
        )


def ending_statement(definition: bytes, text: str) -> bytes:
    """Return what is signed of an ending, given as :meth:`Ending.text`."""
    return _ENDING_OF + definition + text.encode()


def _head(definition: bytes, size: int, root: bytes) -> bytes:
    return _HEAD.pack(_HEAD_OF, definition, size, root)
