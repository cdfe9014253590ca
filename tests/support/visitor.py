"""Somebody who came in through a page, in whichever browser: entering, looking, walking, turning."""

import math
from typing import Any, Protocol
from urllib.parse import urlencode

from tests.support import inspect
from tests.support.deadline import eventually
from tests.support.inspect import Inspect, Pose, Triple, distance

INSPECT = "window.metaGwangju?.inspect() ?? null"
#: A page draws its first frames and connects in this time on two busy cores, seconds.
ENTERING = 45.0


#: How far the page turns with a dragged mouse (web/src/world/controls.ts); a start, the rest is looked at.
RADIANS_A_PIXEL = 0.0032
LONGEST_DRAG = 150


class Tab(Protocol):
    """What a page of any browser can do."""

    problems: list[str]

    def open(self, url: str) -> None: ...
    def evaluate(self, expression: str) -> Any: ...
    def key_down(self, key: str) -> None: ...
    def key_up(self, key: str) -> None: ...
    def drag(self, pixels: int) -> None: ...


class Visitor:
    """A person behind a page.

    Attributes:
        tab: The page.
    """

    def __init__(self, tab: Tab, origin: str) -> None:
        self.tab = tab
        self._origin = origin

    def enter(self, name: str, **query: str | int) -> Inspect:
        """Walk straight in by a link and wait until connected; small and without shadows unless asked."""
        link = {"enter": 1, "name": name, "lang": "ko", "mic": 0, "quality": "low", **query}
        self.tab.open(f"{self._origin}/?{urlencode(link)}")
        eventually(self.connected, ENTERING, lambda: (self.tab.evaluate(INSPECT), self.tab.problems))
        return self.look()

    def connected(self) -> bool:
        """Tell whether the page is in the city and knows where it stands."""
        answer = self.tab.evaluate(INSPECT)
        if answer is None or answer["connection"]["state"] != "connected":
            return False
        return answer["self"]["pose"] is not None

    def look(self) -> Inspect:
        """Return what the page says now."""
        return inspect.read(self.tab.evaluate(INSPECT))

    def sees(self, person: int) -> bool:
        """Tell whether that person is shown."""
        return any(someone.id == person for someone in self.look().people)

    @property
    def id(self) -> int:
        """My id in the city."""
        number = self.look().myself.id
        assert number is not None
        return number

    def settled(self) -> Pose:
        """Wait until I stand still, and return where."""
        seen: list[Pose] = []

        def still() -> bool:
            seen.append(self.look().pose)
            # Several looks: a frame in software lasts long, and within one nobody moves.
            return len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]

        eventually(still, 20, lambda: seen[-3:], every=0.2)
        return seen[-1]

    def hold(self, key: str, until: Any, within: float = 20.0) -> None:
        """Hold a key down until something is true."""
        self.tab.key_down(key)
        try:
            eventually(until, within, lambda: self.look().pose, every=0.01)
        finally:
            self.tab.key_up(key)

    def walk_to_distance(self, point: Triple, metres: float, tolerance: float) -> Pose:
        """Walk straight on, or back, with the point behind until it is that far away."""

        def there() -> bool:
            off = distance(self.settled().position, point) - metres
            if abs(off) <= tolerance:
                return True

            def reached() -> bool:
                return (distance(self.look().pose.position, point) - metres) * off <= 0.0

            self.hold("w" if off < 0.0 else "s", reached)
            return False

        eventually(there, 60, lambda: f"{distance(self.look().pose.position, point):.2f} m away")
        return self.settled()

    def turn_to(self, yaw: float, within_degrees: float = 2.0) -> Pose:
        """Turn on the spot by dragging until the heading is near enough."""

        def turned() -> bool:
            left = math.remainder(yaw - self.look().pose.yaw, math.tau)
            if abs(math.degrees(left)) <= within_degrees:
                return True
            pixels = round(left / RADIANS_A_PIXEL)
            self.tab.drag(max(-LONGEST_DRAG, min(pixels, LONGEST_DRAG)))
            self.settled()
            return False

        eventually(turned, 30, lambda: f"turned to {self.look().pose.yaw}, wanted {yaw}")
        return self.settled()
