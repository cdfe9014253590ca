"""What a page looks like to a person: what stands outside the screen, and texts that nobody translated."""

from typing import Any

from tests.support.visitor import Tab

#: Visible controls and texts whose box leaves the screen; those inside something that scrolls may.
_OUTSIDE = """
(() => {
  const scrolls = (element) => {
    for (let up = element.parentElement; up; up = up.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(up);
      if (/auto|scroll/.test(overflowX + overflowY)) return true;
    }
    return false;
  };
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  return [...document.querySelectorAll("button, input, select, textarea, a, h1, h2, p, label")]
    .filter((element) => visible(element) && !scrolls(element) && !element.closest(".visually-hidden, .skip"))
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height > 1)
    .filter(([, { left, top, right, bottom }]) =>
      left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1)
    .map(([element, { left, top, right, bottom }]) =>
      `${element.tagName} ${element.className} "${element.textContent.slice(0, 30)}" ` +
      `at ${[left, top, right, bottom].map(Math.round)}`);
})()
"""

_TEXTS = """
(() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.textContent);
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"]) texts.push(element.getAttribute(name));
  return texts.filter((text) => text && text.trim());
})()
"""

_OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def outside(tab: Tab) -> list[str]:
    """Return descriptions of what stands outside the screen."""
    found: list[str] = tab.evaluate(_OUTSIDE)
    return found


def scrolls_sideways(tab: Tab) -> bool:
    """Tell whether the page can be scrolled to the right."""
    return bool(tab.evaluate(_OVERHANG) > 0)


def texts(tab: Tab) -> list[str]:
    """Return every text of the page, its labels and hints included."""
    found: list[Any] = tab.evaluate(_TEXTS)
    return [str(text) for text in found]
