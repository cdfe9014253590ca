"""An emulated WebXR headset (iwer, a Meta Quest 3) in a Chromium page, moved by the test."""

import json
from collections.abc import Sequence

from playwright.sync_api import Page

from tests.support.server import PROJECT

_IWER = PROJECT / "web" / "node_modules" / "iwer" / "build" / "iwer.min.js"

#: Before any script of the page: without `forceInstall` Chromium's own `navigator.xr` would win silently.
_INSTALL = """
{
  const device = new IWER.XRDevice(IWER.metaQuest3);
  device.installRuntime({ forceInstall: true });
  device.stereoEnabled = true;
  window.emulatedHeadset = device;
}
"""


def webxr_script() -> str:
    """Return the script that puts the emulated headset into a page."""
    return _IWER.read_text(encoding="utf-8") + _INSTALL


class EmulatedHeadset:
    """Head and controllers of the emulated device; positions are metres in its `local-floor` space."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def _place(self, what: str, position: Sequence[float], orientation: Sequence[float]) -> None:
        where = ", ".join(json.dumps(value) for value in position)
        turned = ", ".join(json.dumps(value) for value in orientation)
        device = f"window.emulatedHeadset{what}"
        self._page.evaluate(f"{device}.position.set({where}); {device}.quaternion.set({turned}); null")

    def move_head(self, position: Sequence[float], orientation: Sequence[float] = (0, 0, 0, 1)) -> None:
        """Put the head here; the quaternion is (x, y, z, w)."""
        self._place("", position, orientation)

    def move_hand(
        self, side: str, position: Sequence[float], orientation: Sequence[float] = (0, 0, 0, 1)
    ) -> None:
        """Put a controller here."""
        self._place(f".controllers.{side}", position, orientation)

    def press(self, side: str, *, down: bool, button: str = "trigger") -> None:
        """Press a button of a controller (the trigger, or such as "b-button"), or let it go."""
        value = 1 if down else 0
        self._page.evaluate(
            f"window.emulatedHeadset.controllers.{side}.updateButtonValue('{button}', {value}); null"
        )
