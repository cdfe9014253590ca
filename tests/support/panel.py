"""The VR panel as its wearer reads it: the words on its canvas, and whether any are cut off or overlap."""

import base64
from dataclasses import dataclass
from itertools import combinations

from playwright.sync_api import Page

#: Before any script of the page: keeps what is painted on the panel's canvas (web/src/xr/panel_layout.ts).
SCRIPT = """
{
  const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
  const isPanel = ({ canvas }) => canvas.width === 1024 && canvas.height === 780;
  window.vrPanel = { canvas: null, words: [] };
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (isPanel(this)) window.vrPanel = { canvas: this.canvas, words: [] };
    return clearRect.apply(this, box);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...more) {
    if (isPanel(this)) {
      const width = this.measureText(text).width;
      const share = { left: 0, center: 0.5, right: 1 }[this.textAlign];
      window.vrPanel.words.push({ text, left: x - share * width, right: x + (1 - share) * width, y });
    }
    return fillText.call(this, text, x, y, ...more);
  };
}
"""
_WIDTH, _HEIGHT, _MARGIN = 1024, 780, 20
#: Between the middles of two lines of type, pixels.
_LINE = 36


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words on the panel; pixels of its canvas, `y` is the middle of the line."""

    text: str
    left: float
    right: float
    y: float

    def overlaps(self, other: "Words") -> bool:
        """Tell whether one stands in the other."""
        return abs(self.y - other.y) < _LINE and self.left < other.right and other.left < self.right

    @property
    def is_outside(self) -> bool:
        """Whether it leaves the panel."""
        return not (
            self.left >= _MARGIN and self.right <= _WIDTH - _MARGIN and _MARGIN <= self.y <= _HEIGHT - _MARGIN
        )


class PaintedPanel:
    """What stands on the panel now."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def words(self) -> list[Words]:
        """Return the lines that were painted last."""
        return [Words(**found) for found in self._page.evaluate("window.vrPanel.words")]

    def text(self) -> str:
        """Return all of it as one text."""
        return " ".join(one.text for one in self.words())

    def faults(self) -> list[str]:
        """Return what is outside of the panel, and what stands in something else."""
        words = self.words()
        outside = [f"outside: {one}" for one in words if one.is_outside]
        return outside + [f"{a} overlaps {b}" for a, b in combinations(words, 2) if a.overlaps(b)]

    def picture(self) -> bytes:
        """Return it as a PNG."""
        url: str = self._page.evaluate("window.vrPanel.canvas.toDataURL('image/png')")
        return base64.b64decode(url.partition(",")[2])
