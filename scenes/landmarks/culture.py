"""Places of culture and learning, the temple, and the mountain."""

import numpy as np

from scenes import palette as p
from scenes.landmarks.kit import RIBBON, WINDOWS, Kit

_TILE = p.linear("#4f6f9c")[0]


def asia_culture_center(kit: Kit) -> None:
    """Glass light boxes that rise out of a park, the halls below them sunk in the ground."""
    # Nothing where the former Provincial Office stands, at u 26 to 86, v -28 to -14.
    lights = [
        (-18, 8, 26, 15, 6), (-44, 44, 26, 15, 9), (66, 74, 26, 15, 7), (4, 40, 11, 11, 11),
        (40, 22, 11, 11, 14), (-40, -26, 11, 11, 9), (78, 30, 11, 11, 11), (16, 76, 11, 11, 7),
        (30, 102, 11, 11, 9), (-14, -46, 11, 11, 8), (-24, 92, 11, 11, 10), (84, 112, 11, 11, 8),
    ]  # fmt: skip
    for index, (u, v, width, depth, height) in enumerate(lights):
        wide = index < 3
        kit.block(
            u,
            v,
            (width, depth, height),
            p.CULTURE if wide else p.GLASS,
            roof=p.PALE,
            facade=RIBBON if not wide else WINDOWS,
        )
    kit.block(34, 26, (46, 2.0, 1.1), p.CULTURE)
    kit.block(34, 50, (46, 2.0, 1.1), p.CULTURE)
    kit.block(10, 38, (2.0, 24, 1.1), p.CULTURE)
    kit.block(58, 38, (2.0, 24, 1.1), p.CULTURE)


def museum(kit: Kit) -> None:
    """A broad stone hall on a terrace under a blue hip roof with turned-up eaves."""
    kit.block(0, 6, (74, 44, 2.4), p.STONE)
    kit.block(0, 6, (60, 32, 11), p.WHITE, foot=2.4, roof=p.WHITE, facade=WINDOWS)
    _tiled_roof(kit, 6, (72, 42, 9), 13.4)
    kit.row((-26, -12.5), (7.4, 0), 8, (1.2, 1.2, 11), p.CULTURE, foot=2.4)
    kit.block(0, -20, (18, 6, 1.2), p.STONE)


def _tiled_roof(kit: Kit, v: float, size: tuple[float, float, float], eaves: float) -> None:
    """A Korean hip-and-gable roof: shallow skirt, steep crown, white ridge."""
    width, depth, rise = size
    kit.hip(0, v, (width, depth, rise * 0.62), _TILE, foot=eaves, inset=depth * 0.34)
    kit.hip(0, v, (width * 0.72, depth * 0.5, rise * 0.72), _TILE, foot=eaves + rise * 0.28, inset=0.6)
    kit.block(0, v, (width * 0.7, 0.9, 0.7), p.WHITE, foot=eaves + rise * 0.94)
    for side in (-1, 1):
        for end in (-1, 1):
            kit.block(
                end * (width / 2 - 0.9), v + side * (depth / 2 - 0.9), (1.6, 1.6, 0.9), _TILE, foot=eaves
            )


def science_museum(kit: Kit) -> None:
    """A flat wing on a slant, and the planetarium's dome."""
    kit.block(-14, 6, (62, 36, 13), p.WHITE, roof=p.PALE, facade=RIBBON)
    kit.block(-14, 6, (66, 40, 1.4), p.CULTURE, foot=13)
    kit.drum(34, -4, 16.5, 8, p.CULTURE, sides=32)
    kit.dome(34, -4, 16.5, 15.5, p.GLASS, foot=8)
    kit.arch(-14, -16, (30, 14, 6), p.CULTURE, foot=4)
    kit.drum(-48, -24, 0.9, 22, p.WHITE, top=0.5, sides=12)
    kit.dome(-48, -24, 3.2, 3.2, p.CULTURE, foot=22)


def biennale(kit: Kit) -> None:
    """Exhibition boxes set against each other, a blue one leaning out."""
    kit.block(-20, 8, (40, 34, 15), p.WHITE, roof=p.PALE, facade=WINDOWS)
    kit.block(24, 14, (38, 26, 19), p.CULTURE, roof=p.GLASS)
    kit.block(6, -10, (18, 14, 11), p.GLASS, roof=p.PALE, facade=RIBBON, turn=0.35)
    kit.block(34, -12, (10, 10, 24), p.CULTURE, turn=0.2)
    kit.block(-8, -22, (44, 5, 0.7), p.CULTURE, foot=5)
    kit.row((-28, -22), (10, 0), 5, (0.6, 0.6, 5), p.WHITE)


def university(kit: Kit) -> None:
    """The long white main hall: a row of many gables with a tall one in the middle."""
    for index in range(-9, 10):
        tall = index == 0
        height = 26.0 if tall else 15.0 + (2.0 if index % 2 == 0 else 0.0)
        kit.block(index * 10.4, 12, (10.4, 18, height), p.WHITE, roof=p.WHITE, facade=WINDOWS)
        kit.hip(index * 10.4, 12, (18.8, 11.0, 9.0 if tall else 6.6), p.CAMPUS, foot=height, turn=np.pi / 2)
    kit.block(0, -2, (16, 10, 8), p.WHITE, roof=p.CAMPUS)
    kit.drum(0, 12, 1.2, 9, p.CAMPUS, foot=34.5, top=0.15, sides=8)
    kit.block(-62, 52, (46, 16, 18), p.WHITE, roof=p.CAMPUS, facade=WINDOWS)
    kit.block(60, 54, (52, 16, 16), p.WHITE, roof=p.CAMPUS, facade=WINDOWS)


def temple(kit: Kit) -> None:
    """The main hall on its terrace, side halls, and a stone pagoda before it."""
    kit.block(0, 8, (26, 20, 1.6), p.STONE)
    kit.block(0, 8, (17, 11.5, 5.2), p.EARTH, foot=1.6)
    kit.row((-8.6, 1.9), (3.44, 0), 6, (0.55, 0.55, 5.2), p.MEMORY, foot=1.6)
    kit.block(0, 8, (18.4, 13, 1.0), p.CAMPUS, foot=6.2)
    _tiled_roof(kit, 8, (24, 18, 6.4), 7.2)
    for side in (-1, 1):
        kit.block(side * 26, -2, (9, 15, 4.2), p.EARTH)
        kit.hip(side * 26, -2, (20, 13.0, 3.8), _TILE, foot=4.2, inset=2.0, turn=np.pi / 2)
    for storey in range(3):
        size = 2.2 - storey * 0.5
        kit.block(0, -12, (size, size, 1.5), p.STONE, foot=storey * 1.9)
        kit.hip(0, -12, (size + 1.5, size + 1.5, 0.5), p.STONE, foot=1.5 + storey * 1.9, inset=1.2)
    kit.drum(0, -12, 0.25, 2.0, p.STONE, foot=5.8, top=0.05, sides=8)


def institute(kit: Kit) -> None:
    """Laboratories in a comb, an administration tower, a round library."""
    for index in range(4):
        kit.block(-54 + index * 27, 30, (15, 46, 16 + index % 2 * 4), p.WHITE, roof=p.CAMPUS, facade=WINDOWS)
    kit.block(-13, 4, (104, 9, 9), p.CAMPUS, roof=p.WHITE)
    kit.block(44, -18, (18, 18, 34), p.WHITE, roof=p.CAMPUS, facade=RIBBON)
    kit.block(44, -18, (20, 20, 1.6), p.CAMPUS, foot=34)
    kit.drum(-30, -28, 15, 10, p.WHITE, sides=32)
    kit.dome(-30, -28, 15, 6, p.CAMPUS, foot=10)


def summit(kit: Kit) -> None:
    """Columnar rocks, as at Seoseokdae and Ipseokdae: stone prisms side by side."""
    rng = np.random.default_rng(1187)
    for index in range(64):
        turn, reach = rng.uniform(0.0, 2.0 * np.pi), 30.0 * float(rng.random() ** 0.5)
        u, v = reach * float(np.cos(turn)), 16.0 + reach * 0.62 * float(np.sin(turn))
        height = float((1.0 - (reach / 34.0) ** 2) * 24.0 + rng.uniform(4.0, 11.0))
        radius = float(rng.uniform(1.7, 2.9))
        tint = p.NATURE if index % 3 else p.shade(p.NATURE, 1.35)
        kit.turned(u, v, [(radius, -2.0), (radius * 0.94, height), (0.0, height + 0.4)], tint, sides=6)
