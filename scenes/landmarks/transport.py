"""Places of transport: the two railway stations, the bus terminal, the airport, the metro's entrances."""

from scenes import palette as p
from scenes.landmarks.kit import RIBBON, WINDOWS, Kit


def gwangju_station(kit: Kit) -> None:
    """A long concourse with a tall glass hall in its middle and platforms behind."""
    kit.block(0, 18, (104, 24, 11), p.WHITE, roof=p.ACCENT, facade=WINDOWS)
    kit.block(0, 14, (38, 30, 19), p.WHITE, roof=p.ACCENT, facade=RIBBON)
    kit.arch(0, 14, (40, 32, 5), p.ACCENT, foot=19)
    kit.block(0, -3, (60, 6, 0.8), p.ACCENT, foot=6)
    kit.row((-27, -5), (9, 0), 7, (0.6, 0.6, 6), p.WHITE)
    for v in (48, 62):
        kit.block(0, v, (130, 7, 1.0), p.STONE)
        kit.block(0, v, (120, 6, 0.5), p.ACCENT, foot=5.4)
        kit.row((-54, v), (18, 0), 7, (0.5, 0.5, 4.4), p.SLATE, foot=1.0)


def songjeong_station(kit: Kit) -> None:
    """The high-speed station: a folded roof over a glass hall, set back from the street."""
    kit.block(0, 56, (86, 26, 14), p.GLASS, roof=p.PALE, facade=RIBBON)
    for index in range(6):
        kit.hip(-37.5 + index * 15, 56, (34, 15, 6), p.ACCENT, foot=14, turn=1.5707963)
    kit.block(0, 40, (92, 7, 0.8), p.ACCENT, foot=8)
    kit.row((-42, 37.4), (14, 0), 7, (0.7, 0.7, 8), p.WHITE)


def bus_terminal(kit: Kit) -> None:
    """A shopping block with an overhanging ochre roof, bus bays behind it."""
    kit.block(0, 10, (110, 42, 20), p.WHITE, roof=p.ACCENT, facade=RIBBON)
    kit.block(0, 8, (118, 48, 2.4), p.ACCENT, foot=20)
    kit.block(-30, 12, (34, 26, 12), p.WHITE, foot=22.4, roof=p.ACCENT, facade=WINDOWS)
    kit.block(0, 50, (120, 26, 0.9), p.ACCENT, foot=6)
    kit.row((-54, 62), (12, 0), 10, (0.7, 0.7, 6), p.WHITE)
    for index in range(9):
        kit.block(-48 + index * 12, 56, (2.6, 11, 3.2), p.STATION if index % 3 else p.CULTURE)


def airport(kit: Kit) -> None:
    """A terminal under a flat wing, a control tower, and an apron with two aircraft."""
    kit.block(0, 10, (120, 30, 12), p.GLASS, roof=p.PALE, facade=RIBBON)
    kit.arch(0, 8, (130, 46, 6), p.ACCENT, foot=12)
    kit.drum(74, 16, 3.4, 30, p.WHITE, sides=16)
    kit.drum(74, 16, 5.0, 4.6, p.ACCENT, foot=30, top=6.4, sides=16)
    kit.drum(74, 16, 6.0, 1.2, p.WHITE, foot=34.6, sides=16)
    kit.block(0, 78, (230, 92, 0.1), p.ROAD, foot=0.02)
    for u in (-44, 34):
        kit.arch(u, 62, (38, 4.2, 4.2), p.WHITE, foot=2.2, turn=1.5707963)
        kit.block(u, 62, (36, 6, 0.6), p.WHITE, foot=3.0)
        kit.block(u, 80, (0.6, 5, 6), p.ACCENT, foot=5.0)
        kit.block(u, 80, (13, 3, 0.5), p.WHITE, foot=5.0)


def metro_entrances(kit: Kit) -> None:
    """Two glass canopies over stairs and two sign poles in the line's green, one on each pavement."""
    for side in (-1, 1):
        u, v = 9.0 * side, 21.5 * side
        kit.block(u, v, (7.6, 3.8, 0.14), p.WHITE)
        kit.block(u, v + 1.6 * side, (6.6, 0.2, 2.9), p.STATION, foot=0.14)
        kit.block(u - 3.2 * side, v, (0.2, 3.2, 2.9), p.STATION, foot=0.14)
        kit.block(u, v - 1.6 * side, (6.6, 0.14, 1.1), p.STATION, foot=0.14)
        kit.block(u, v, (7.4, 4.0, 0.26), p.STATION, foot=3.0)
        kit.block(u + 5.6 * side, v, (0.3, 0.3, 4.8), p.WHITE)
        kit.block(u + 5.6 * side, v, (0.5, 1.7, 1.7), p.STATION, foot=4.6)
