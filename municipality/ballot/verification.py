"""What a check of a vote found."""

from dataclasses import dataclass, field

from municipality.ballot.ballot import approvals
from municipality.ballot.definition import Definition
from municipality.ballot.statements import Ending

#: Findings beyond these are counted, not told.
MOST_TOLD = 20


@dataclass(slots=True)
class Verification:
    """What a check found.

    Attributes:
        definition: What the vote is about; None when that cannot be read.
        fingerprint: Of the city's public key, hexadecimal.
        ballots: How many the log holds.
        heads: How many tree heads were signed.
        root: Of the log, hexadecimal.
        counted: Our own count: ballots by bitmap of choices; None unless the vote is closed.
        ending: As the city signed it; None for a vote that goes on.
        faults: What is wrong and where, in Korean and English; the first :data:`MOST_TOLD`.
        wrong: How many faults there are in all.
    """

    definition: Definition | None = None
    fingerprint: str = ""
    ballots: int = 0
    heads: int = 0
    root: str = ""
    counted: dict[int, int] | None = None
    ending: Ending | None = None
    faults: list[tuple[str, str]] = field(default_factory=list)
    wrong: int = 0

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.wrong == 0

    @property
    def approvals(self) -> tuple[int, ...]:
        """How many approve of each option, by our own count."""
        if self.definition is None or self.counted is None:
            return ()
        return tuple(approvals(self.counted.items(), len(self.definition.draft.options)))

    def blame(self, ko: str, en: str) -> None:
        """Note a fault."""
        self.wrong += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append((ko, en))


class UnreadableError(Exception):
    """What follows in the file cannot be understood."""


def unreadable(number: int) -> UnreadableError:
    """Return what is said of a line that cannot be read."""
    return UnreadableError(f"{number}째 줄의 꼴이 틀립니다.", f"Line {number} is not of this format.")
