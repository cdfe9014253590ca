"""What stands: the land, the streets and the buildings of Gwangju, written as 3D Tiles 1.1.

Boundaries, relief, landmark positions and stations are real data (``scenes/data/gwangju``). Buildings, trees,
street courses and river widths are synthetic, seeded, and flagged so wherever they appear.
:func:`scenes.city.build` writes the city to a folder; :class:`scenes.collision.Ground` reads its ground back.
"""

from scenes.errors import ScenesError

__all__ = ["ScenesError"]
