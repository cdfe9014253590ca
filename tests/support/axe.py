"""axe-core in a page: what keeps people from using it (WCAG 2.2, A and AA, and best practice)."""

from pathlib import Path

from playwright.sync_api import Page

_SOURCE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """
async () => {
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)));
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, impact, nodes }) =>
    `${id} (${impact}): ` + nodes.map(({ html }) => html.slice(0, 160)).join(" | "));
}
"""


def complaints(page: Page) -> list[str]:
    """Return what axe-core finds wrong in a page as it stands, one line a rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{_SOURCE.read_text(encoding='utf-8')}; undefined")
    found: list[str] = page.evaluate(_RUN)
    return found
