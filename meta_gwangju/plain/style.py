"""The one style sheet of the door, with the fonts of the page's build where there are any."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent / "style.css"
#: Weights, and how the build calls their files (a hash follows).
_FONTS = ((400, "PretendardGOV-Regular.subset"), (700, "PretendardGOV-Bold.subset"))


@dataclass(frozen=True, slots=True)
class Style:
    """A style sheet.

    Attributes:
        text: CSS.
        version: Changes with the text.
    """

    text: str
    version: str


def make_style(web: Path) -> Style:
    """Return the style sheet for a built web client; without its fonts it falls back on the system's."""
    faces = []
    for weight, name in _FONTS:
        found = sorted((web / "assets").glob(f"{name}-*.woff2"))
        if found:
            faces.append(
                f'@font-face {{ font-family: "Pretendard GOV"; font-weight: {weight}; font-display: swap; '
                f'src: url("/assets/{found[0].name}") format("woff2"); }}\n'
            )
    text = "".join(faces) + _FILE.read_text(encoding="utf-8")
    return Style(text, hashlib.sha256(text.encode()).hexdigest()[:12])
