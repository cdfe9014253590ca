"""A small kit of solids for stand-ins, placed in the axes of a site.

u runs along the front to the right of someone who looks at it, v to the back; the front is at negative v.
Heights are metres above the site's level ground.
"""

import numpy as np

from scenes.massing import boxes, caps, corners, facade_panels, hips, points_of
from scenes.mesh import Mesh, join
from scenes.palette import Bytes, shade
from spatial.quaternion import FloatArray

PLAIN, WINDOWS, RIBBON = 0, 5, 2


class Kit:
    """Collects solids of one stand-in."""

    def __init__(self, centre: FloatArray, angle: float, ground: float, seed: int = 0) -> None:
        self._frame = np.array([[centre[0], centre[1], angle]])
        self._ground = ground
        self._seed = seed
        self._parts: list[Mesh] = []

    def mesh(self) -> Mesh:
        """Return everything collected."""
        return join(self._parts)

    def _at(self, u: float, v: float, turn: float = 0.0) -> FloatArray:
        place = points_of(self._frame, np.array([[u, v]]))[0, 0]
        return np.array([[place[0], place[1], self._frame[0, 2] + turn]])

    def block(  # noqa: PLR0913 - a block has that many measures
        self,
        u: float,
        v: float,
        size: tuple[float, float, float],
        colour: Bytes,
        *,
        foot: float = 0.0,
        roof: Bytes | None = None,
        facade: int = PLAIN,
        turn: float = 0.0,
    ) -> None:
        """Add a box of size (width, depth, height); ``facade`` puts windows on its walls."""
        width, depth, height = size
        frame = self._at(u, v, turn)
        low, high = self._ground + foot - (0.3 if foot <= 0.0 else 0.0), self._ground + foot + height
        top = colour if roof is None else roof
        if facade == PLAIN and roof is None:
            self._parts.append(boxes(frame, width, depth, low, high, colour))
            return
        plan = corners(frame, width, depth)
        kinds = np.full((1, 4), facade)
        rows = np.array([colour])
        walls = facade_panels(plan, np.array([low]), np.array([high]), rows, kinds, np.array([self._seed]))
        self._parts += [walls, caps(plan, np.array([high]), top)]

    def hip(  # noqa: PLR0913 - a roof has that many measures
        self,
        u: float,
        v: float,
        size: tuple[float, float, float],
        colour: Bytes,
        *,
        foot: float,
        inset: float = 0.0,
        turn: float = 0.0,
    ) -> None:
        """Add a roof of size (width, depth, rise) with its eaves at ``foot``; a gable where inset is 0."""
        width, depth, rise = (np.array([value]) for value in size)
        frame = self._at(u, v, turn)
        self._parts.append(
            hips(frame, width, depth, np.array([self._ground + foot]), rise, np.array([inset]), colour)
        )
        under = caps(corners(frame, width, depth), np.array([self._ground + foot]), shade(colour, 0.7))
        self._parts.append(Mesh(under.vertices, under.faces[:, ::-1], under.colours, under.facade))

    def turned(  # noqa: PLR0913 - a solid of revolution has that many measures
        self,
        u: float,
        v: float,
        profile: list[tuple[float, float]],
        colour: Bytes,
        *,
        sides: int = 24,
        stretch: tuple[float, float] = (1.0, 1.0),
        spin: float = 0.0,
    ) -> None:
        """Add a solid of revolution: ``profile`` is (radius, height) from the foot up; walls face outward."""
        turn = spin + np.arange(sides) / sides * 2.0 * np.pi
        ring = np.stack([np.cos(turn) * stretch[0], np.sin(turn) * stretch[1]], axis=1)
        radius = np.array([r for r, _ in profile])
        local = ring[None] * radius[:, None, None]
        xz = points_of(self._at(u, v), local.reshape(1, -1, 2))[0]
        y = np.repeat([self._ground + h for _, h in profile], sides)
        k = np.arange(sides)
        after = (k + 1) % sides
        faces = []
        for level in range(len(profile) - 1):
            low, high = level * sides, (level + 1) * sides
            faces.append(np.stack([low + k, low + after, high + after], axis=1))
            faces.append(np.stack([low + k, high + after, high + k], axis=1))
        vertices = np.stack([xz[:, 0], y, xz[:, 1]], axis=1)
        self._parts.append(Mesh.plain(vertices, np.concatenate(faces), colour))

    def drum(  # noqa: PLR0913 - as turned
        self,
        u: float,
        v: float,
        radius: float,
        height: float,
        colour: Bytes,
        *,
        foot: float = 0.0,
        top: float | None = None,
        sides: int = 24,
    ) -> None:
        """Add a closed drum, or a frustum where ``top`` radius differs."""
        upper = radius if top is None else top
        self.turned(u, v, [(radius, foot), (upper, foot + height), (0.0, foot + height)], colour, sides=sides)

    def dome(  # noqa: PLR0913 - as turned
        self, u: float, v: float, radius: float, rise: float, colour: Bytes, *, foot: float
    ) -> None:
        """Add a dome on a circle."""
        angle = np.linspace(0.0, np.pi / 2.0, 7)
        self.turned(u, v, [(radius * np.cos(a), foot + rise * np.sin(a)) for a in angle], colour, sides=28)

    def row(  # noqa: PLR0913 - a row has that many measures
        self,
        start: tuple[float, float],
        step: tuple[float, float],
        count: int,
        size: tuple[float, float, float],
        colour: Bytes,
        *,
        foot: float = 0.0,
    ) -> None:
        """Add ``count`` equal blocks in a row (columns, pillars, piers)."""
        for index in range(count):
            self.block(start[0] + step[0] * index, start[1] + step[1] * index, size, colour, foot=foot)

    def arch(  # noqa: PLR0913 - a vault has that many measures
        self,
        u: float,
        v: float,
        size: tuple[float, float, float],
        colour: Bytes,
        *,
        foot: float,
        turn: float = 0.0,
    ) -> None:
        """Add a barrel vault of size (width along u, depth, rise) over eaves at ``foot``."""
        width, depth, rise = size
        steps = 10
        angle = np.linspace(0.0, np.pi, steps + 1)
        across = -np.cos(angle) * depth / 2.0
        up = np.sin(angle) * rise
        frame = self._at(u, v, turn)
        left = points_of(frame, np.stack([np.full(steps + 1, -width / 2.0), across], axis=1))[0]
        right = points_of(frame, np.stack([np.full(steps + 1, width / 2.0), across], axis=1))[0]
        xz = np.concatenate([left, right])
        y = self._ground + foot + np.concatenate([up, up])
        k = np.arange(steps)
        n = steps + 1
        shell = np.concatenate([np.stack([k, n + k, n + k + 1], 1), np.stack([k, n + k + 1, k + 1], 1)])
        ends = np.concatenate(
            [
                np.stack([np.zeros_like(k[1:]), k[1:], k[1:] + 1], 1),
                np.stack([np.full_like(k[1:], n), n + k[1:] + 1, n + k[1:]], 1),
            ]
        )
        vertices = np.stack([xz[:, 0], y, xz[:, 1]], axis=1)
        self._parts.append(Mesh.plain(vertices, np.concatenate([shell, ends]), colour))
