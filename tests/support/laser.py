"""The right hand of an emulated headset, and the VR panel that it points at."""

import math

from tests.support.citizen import Citizen
from tests.support.deadline import eventually
from tests.support.webxr import EmulatedHeadset

#: Middles of two buttons of the panel, pixels of its canvas (web/src/xr/panel_layout.ts).
AMOUNT_OF_1000 = (269, 470)
PAY = (755, 682)
#: The panel before the wearer: distance and width in metres, tilt in radians; its canvas in pixels.
_AWAY, _WIDTH, _TILT, _CANVAS = 1.2, 0.78, math.radians(10), (1024, 780)
_HEAD = 1.7
#: Of the right hand above the ground, metres.
HAND_HEIGHT = 1.2
_HAND = (0.2, HAND_HEIGHT, 0.0)


class Laser:
    """The right hand of a headset, and what it points at."""

    def __init__(self, wearer: Citizen, patience: int = 4) -> None:
        """Take the hand; `patience` is how many frames lie between two of its moves."""
        self._wearer = wearer
        self._patience = patience
        self._headset = EmulatedHeadset(wearer.page)

    def wear(self) -> None:
        """Put the headset on and look straight ahead."""
        self._headset.move_head((0.0, _HEAD, 0.0))
        self._headset.move_hand("right", _HAND)
        self._wearer.page.get_by_role("button", name="VR").first.click()
        eventually(lambda: (vr := self._wearer.visitor.look().vr) and vr.presenting, 20)
        self._frames()

    def aim_at(self, angle: float, up: float = 0.0) -> None:
        """Point so far to the left of straight ahead and so far up, radians."""
        self._headset.move_hand("right", (0.0, HAND_HEIGHT, 0.0), _turned(angle, up))

    def point(self, pixel: tuple[int, int]) -> None:
        """Point at a pixel of the panel."""
        across = (pixel[0] / _CANVAS[0] - 0.5) * _WIDTH
        up = (0.5 - pixel[1] / _CANVAS[1]) * _WIDTH * _CANVAS[1] / _CANVAS[0]
        x = across - _HAND[0]
        y = _HEAD - math.sin(_TILT) * _AWAY + up * math.cos(_TILT) - HAND_HEIGHT
        z = -math.cos(_TILT) * _AWAY - up * math.sin(_TILT) - _HAND[2]
        yaw, pitch = math.atan2(-x, -z), math.atan2(y, math.hypot(x, z))
        self._headset.move_hand("right", _HAND, _turned(yaw, pitch))

    def press(self, button: str = "trigger") -> None:
        """Press a button and let it go, some frames apart: a headset reads its hands once a frame."""
        for down in (True, False):
            self._frames()
            self._headset.press("right", down=down, button=button)
        self._frames()

    def _frames(self) -> None:
        """Wait until the headset has drawn some frames more."""
        self._wearer.tab.evaluate(
            f"""new Promise((done) => {{
              let left = {self._patience};
              const next = () => (--left < 0 ? done(null) : window.emulatedHeadset.activeSession
                .requestAnimationFrame(next));
              next();
            }})"""
        )


def _turned(yaw: float, pitch: float) -> tuple[float, float, float, float]:
    """Return the quaternion (x, y, z, w) that turns to the left, then up, radians."""
    sine, cosine = math.sin(yaw / 2), math.cos(yaw / 2)
    tilted, level = math.sin(pitch / 2), math.cos(pitch / 2)
    return (cosine * tilted, sine * level, -sine * tilted, cosine * level)
