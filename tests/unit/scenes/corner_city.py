"""What the tests here share: the corner that is built, and its seed."""

from dataclasses import dataclass
from pathlib import Path

from scenes.city import BuildReport, Limit

SEED = 518
#: May 18 Square, so that the corner holds a boulevard, a square, landmarks, a station and houses.
CORNER = Limit(5973.5, 1245.2, 260.0)


@dataclass(frozen=True)
class Built:
    folder: Path
    report: BuildReport
    stages: list[tuple[str, int, int]]
