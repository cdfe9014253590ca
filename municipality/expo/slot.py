"""A slot of the hall, as far as the municipality needs to know it."""

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one booth.

    Attributes:
        id: As in addresses, `kdj_center-a1`.
        place: Where rights are held, `city/kdj_center/a1`.
        corners: World x, z of its rectangle, in order round it.
        screen: World position of the middle of its screen; None when it has none.
    """

    id: str
    place: str
    corners: tuple[Point, ...] = ()
    screen: tuple[float, float, float] | None = None

    def holds(self, x: float, z: float) -> bool:
        """Tell whether a point lies in it."""
        sides = [
            (b[0] - a[0]) * (z - a[1]) - (b[1] - a[1]) * (x - a[0])
            for a, b in zip(self.corners, (*self.corners[1:], *self.corners[:1]), strict=True)
        ]
        return bool(sides) and (all(side >= 0.0 for side in sides) or all(side <= 0.0 for side in sides))
