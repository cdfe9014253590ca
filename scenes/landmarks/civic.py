"""Civic places: the city hall, the convention centre, Sangmu, the stadium and the ballpark."""

import numpy as np

from scenes import palette as p
from scenes.landmarks.kit import RIBBON, WINDOWS, Kit
from scenes.palette import shade


def city_hall(kit: Kit) -> None:
    """An 18-floor tower of two slabs joined by a glass core, the round council hall beside it."""
    kit.block(-13, 12, (24, 20, 76), p.WHITE, roof=p.ACCENT, facade=RIBBON)
    kit.block(13, 14, (24, 20, 84), p.WHITE, roof=p.ACCENT, facade=RIBBON)
    kit.block(0, 10, (6, 16, 80), p.GLASS, facade=RIBBON, roof=p.PALE)
    kit.block(0, 12, (58, 30, 9), p.WHITE, roof=p.ACCENT, facade=WINDOWS)
    kit.block(-13, 12, (25, 21, 2.2), p.ACCENT, foot=76)
    kit.block(13, 14, (25, 21, 2.2), p.ACCENT, foot=84)
    kit.turned(52, 6, [(20, 0), (22, 14), (19, 19), (0, 21)], p.ACCENT, sides=36)
    kit.block(-50, 8, (28, 26, 15), p.WHITE, roof=p.ACCENT, facade=WINDOWS)
    kit.row((-18, -8), (9, 0), 5, (0.9, 0.9, 8), p.ACCENT)
    kit.block(0, -7, (44, 5, 0.8), p.WHITE, foot=8)


def convention_center(kit: Kit) -> None:
    """A long hall under one wave of a roof, glass towards the forecourt."""
    kit.block(0, 20, (150, 66, 17), p.WHITE, roof=p.ACCENT, facade=RIBBON)
    for index in range(5):
        kit.arch(-60 + index * 30, 20, (66, 30, 8), p.ACCENT, foot=17, turn=np.pi / 2)
    kit.block(0, -20, (120, 14, 14), p.GLASS, roof=p.PALE, facade=RIBBON)
    kit.block(0, -26, (128, 8, 0.9), p.ACCENT, foot=14)
    kit.row((-60, -29), (20, 0), 7, (0.8, 0.8, 14), p.WHITE)


def sangmu(kit: Kit) -> None:
    """The district's towers as one pair with a bridge between them, set back from the boulevard."""
    for side, height in ((-1, 62.0), (1, 54.0)):
        kit.block(side * 20, 46, (20, 20, height), p.WHITE, roof=p.ACCENT, facade=RIBBON)
        kit.block(side * 20, 46, (21, 21, 3), p.ACCENT, foot=height)
        kit.block(side * 20, 46, (26, 26, 6), p.ACCENT)
    kit.block(0, 46, (22, 8, 5), p.ACCENT, foot=38)
    kit.drum(0, 34, 5, 0.7, p.ACCENT, sides=24)


def stadium(kit: Kit) -> None:
    """An open bowl of red and ochre tiers under two cable-hung roofs."""
    stretch = (1.12, 0.9)
    bowl = [(106.0, 0.0), (110.0, 8.0), (114.0, 22.0), (110.0, 24.0)]
    kit.turned(0, 0, bowl, p.ACCENT, sides=56, stretch=stretch)
    kit.turned(0, 0, [(110.0, 24.0), (92.0, 14.0)], p.WHITE, sides=56, stretch=stretch)
    kit.turned(0, 0, [(92.0, 14.0), (72.0, 2.0)], shade(p.ACCENT, 0.85), sides=56, stretch=stretch)
    kit.turned(0, 0, [(72.0, 0.12), (0.0, 0.12)], p.MEMORY, sides=40, stretch=stretch)
    kit.block(0, 0, (104, 68, 0.2), p.CAMPUS, foot=0.1)
    for side in (-1, 1):
        kit.arch(0, side * 84, (168, 44, 9), p.WHITE, foot=33)
        for end in (-1, 0, 1):
            kit.block(end * 70, side * 104, (2.2, 2.2, 42), p.ACCENT)


def ballpark(kit: Kit) -> None:
    """A diamond held by a horseshoe of stands with red roofs and light masts."""
    kit.turned(0, 14, [(96.0, 0.1), (0.0, 0.1)], p.CAMPUS, sides=48)
    kit.block(0, -22, (44, 44, 0.16), p.EARTH, foot=0.06, turn=np.pi / 4)
    kit.block(0, -22, (32, 32, 0.2), p.CAMPUS, foot=0.08, turn=np.pi / 4)
    count = 22
    for index in range(count):
        turn = np.radians(-205.0 + 230.0 * index / (count - 1))
        u, v = 88.0 * np.cos(turn), 14.0 + 88.0 * np.sin(turn)
        facing = float(turn + np.pi / 2.0)
        kit.block(u, v, (26, 12, 7), p.MEMORY, turn=facing)
        kit.block(
            u * 1.12, 14 + (v - 14) * 1.12, (28, 11, 17), p.WHITE, roof=p.ACCENT, facade=WINDOWS, turn=facing
        )
        kit.block(u * 1.1, 14 + (v - 14) * 1.1, (29, 18, 1.2), p.ACCENT, foot=21, turn=facing)
        kit.block(u * 1.16, 14 + (v - 14) * 1.16, (0.8, 0.8, 21), p.ACCENT, turn=facing)
    for u, v in ((-92, -34), (92, -34), (-86, 74), (86, 74)):
        kit.block(u, v, (1.6, 1.6, 36), p.SLATE)
        kit.block(u, v, (11, 1.2, 6), p.WHITE, foot=36)
