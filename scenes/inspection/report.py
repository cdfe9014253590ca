"""What an inspection says."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from scenes.inspection.limits import FINDINGS


class Weight(StrEnum):
    """What follows from a finding."""

    REFUSED = "refused"
    """The model is not taken."""
    DROPPED = "dropped"
    """The model is taken without this."""
    NOTE = "note"
    """The model is taken as it is, and drawn otherwise than one may think."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        weight: What follows from it.
        code: Its name, for programs.
        where: JSON path in the glTF document, or empty.
        ko: What is wrong and what to do, in Korean.
        en: The same in English.
    """

    weight: Weight
    code: str
    where: str
    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the model is made of.

    Attributes:
        triangles, vertices, draws: As drawn, instances counted once each.
        textures: Pictures in the file.
        pixels: Of all pictures together.
        low, high: Bounds in the model's frame (glTF: y up, front towards +z), metres.
        scale: By which it is drawn, at most 1, so that it fits its stand.
        offset: Added to each scaled point, so that the model stands on the middle of its stand; metres.
    """

    triangles: int
    vertices: int
    draws: int
    textures: int
    pixels: int
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    scale: float
    offset: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome.

    Attributes:
        findings: In the order in which they were found.
        figures: None when the model is refused.
        kept: The glb to keep: the same model with nothing in its JSON but what is drawn. None when refused.
    """

    findings: tuple[Finding, ...]
    figures: Figures | None = None
    kept: bytes | None = None

    @property
    def accepted(self) -> bool:
        """Whether the model may be taken."""
        return self.kept is not None


class RefusedError(Exception):
    """Ends an inspection whose later steps would build on what is wrong; never leaves this package."""


@dataclass(slots=True)
class Findings:
    """Collects findings."""

    found: list[Finding] = field(default_factory=list)

    def refuse(self, code: str, where: str, ko: str, en: str) -> None:
        """Note a reason not to take the model.

        Raises:
            RefusedError: There are enough of them.
        """
        self.found.append(Finding(Weight.REFUSED, code, where, ko, en))
        if len(self.found) >= FINDINGS:
            raise RefusedError

    def drop(self, code: str, where: str, ko: str, en: str) -> None:
        """Note what is left out."""
        self._say(Finding(Weight.DROPPED, code, where, ko, en))

    def note(self, code: str, where: str, ko: str, en: str) -> None:
        """Note what one should know."""
        self._say(Finding(Weight.NOTE, code, where, ko, en))

    def stop_if_refused(self) -> None:
        """Go on only if nothing speaks against the model so far.

        Raises:
            RefusedError: Something does.
        """
        if any(finding.weight is Weight.REFUSED for finding in self.found):
            raise RefusedError

    def _say(self, finding: Finding) -> None:
        if len(self.found) < FINDINGS - 1:
            self.found.append(finding)


def plain(name: str) -> str:
    """Return a name out of a file as it may be repeated to people."""
    return re.sub(r"[^A-Za-z0-9_]", "?", name[:64])
