"""Places of memory: the square of May 18 with the former Provincial Office, the hall, the cemetery.

The data has no point for the former Provincial Office, the fountain or the clock tower: their places on the
square are invented and wait for review by the May 18 institutions.
"""

import numpy as np

from scenes import palette as p
from scenes.landmarks.kit import WINDOWS, Kit

_GLAZING = p.linear("#56789a")[0]


def square(kit: Kit) -> None:
    """Fountain in the middle, clock tower aside, and at the far end the white office with red roofs."""
    kit.drum(0, 0, 13.0, 0.9, p.WHITE, sides=40)
    kit.drum(0, 0, 12.2, 0.08, p.FOUNTAIN, foot=0.9, sides=40)
    kit.drum(0, 0, 7.0, 1.1, p.WHITE, foot=0.9, sides=32)
    kit.drum(0, 0, 6.3, 0.08, p.FOUNTAIN, foot=2.0, sides=32)
    kit.drum(0, 0, 2.6, 1.6, p.WHITE, foot=2.0, top=2.2)
    kit.drum(0, 0, 2.0, 0.08, p.FOUNTAIN, foot=3.6)
    kit.drum(0, 0, 0.35, 5.2, p.PALE, foot=3.6, top=0.08, sides=8)
    kit.block(-46, -18, (2.4, 2.4, 13.0), p.WHITE)
    kit.block(-46, -18, (3.1, 3.1, 2.6), p.MEMORY, foot=9.6, roof=p.ACCENT)
    kit.hip(-46, -18, (3.0, 3.0, 1.6), p.MEMORY, foot=13.0, inset=1.4)
    _provincial_office(kit, 88.0)


def _provincial_office(kit: Kit, v: float) -> None:
    kit.block(0, v, (60, 13, 11.2), p.WHITE)
    kit.hip(-22, v, (17.4, 14.4, 2.6), p.MEMORY, foot=11.2, inset=6.0)
    kit.hip(22, v, (17.4, 14.4, 2.6), p.MEMORY, foot=11.2, inset=6.0)
    kit.block(0, v, (61, 14, 0.7), p.MEMORY, foot=11.2)
    kit.block(0, v - 1.5, (13, 14, 13.6), p.WHITE)
    kit.block(0, v - 1.5, (13.8, 14.8, 0.7), p.MEMORY, foot=13.6)
    kit.hip(0, v - 1.5, (13.6, 14.6, 2.4), p.MEMORY, foot=14.3, inset=4.5)
    kit.block(0, v - 9.8, (15, 4.5, 0.6), p.MEMORY, foot=4.4)
    kit.row((-6, v - 11.2), (4, 0), 4, (0.7, 0.7, 4.4), p.WHITE)
    for storey in range(3):
        for bay in range(-9, 10):
            if abs(bay) > 2:
                kit.block(bay * 3.05, v - 6.5, (1.5, 0.3, 1.9), _GLAZING, foot=1.3 + storey * 3.5)
    for pane in (-3.6, -1.2, 1.2, 3.6):
        kit.block(pane, v - 8.6, (1.3, 0.3, 6.4), _GLAZING, foot=5.6)


def memorial_hall(kit: Kit) -> None:
    """A low stepped hall with a red-brown portal and a bell pavilion."""
    kit.block(0, 10, (72, 34, 11), p.WHITE, roof=p.MEMORY, facade=WINDOWS)
    kit.block(0, 14, (46, 26, 7), p.MEMORY, foot=11, roof=p.shade(p.MEMORY, 1.15))
    kit.block(0, -10, (26, 9, 9), p.MEMORY)
    kit.row((-10.5, -15.2), (7, 0), 4, (1.1, 1.1, 9), p.WHITE)
    kit.block(0, -14, (28, 5, 0.8), p.MEMORY, foot=9)
    kit.row((-41, -24), (6, 0), 2, (0.6, 0.6, 4.2), p.WHITE)
    kit.row((-41, -30), (6, 0), 2, (0.6, 0.6, 4.2), p.WHITE)
    kit.hip(-38, -27, (10, 10, 3.2), p.MEMORY, foot=4.2, inset=3.6)


def cemetery(kit: Kit) -> None:
    """Two 40 m pillars that lean together over an egg, a gate, and rows of graves on the slope behind."""
    for side in (-1, 1):
        for step in range(12):
            lean = side * (6.4 - step * 0.33)
            size = (3.4 - step * 0.09, 4.6 - step * 0.12, 3.4)
            kit.block(lean, 22, size, p.MEMORY, foot=step * 3.33)
    turns = np.linspace(-np.pi / 2.0, np.pi / 2.0, 9)
    egg = [(1.9 * float(np.cos(a)), 25.6 + 2.6 * float(np.sin(a))) for a in turns]
    kit.turned(0, 22, egg, p.WHITE, sides=16)
    kit.drum(0, 22, 19, 0.5, p.STONE, sides=32)
    kit.drum(0, 22, 15, 0.5, p.WHITE, foot=0.5, sides=32)
    kit.row((-24, -58), (16, 0), 4, (1.6, 1.6, 9), p.WHITE)
    kit.hip(0, -58, (58, 9, 4.2), p.MEMORY, foot=9, inset=5.0)
    for row in range(7):
        for column in range(-8, 9):
            if column:
                kit.block(column * 4.6, 58 + row * 8.0, (1.6, 0.5, 1.5), p.WHITE)
    kit.turned(-58, 40, [(15, 0), (13.6, 3), (9, 5.4), (0, 6.4)], p.CAMPUS, sides=28)
    kit.block(56, 40, (34, 20, 8), p.WHITE, roof=p.MEMORY, facade=WINDOWS)
