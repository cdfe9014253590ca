"""The paper city's colours (design: paper is invented, colour is real, brass is law), as linear bytes."""

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


def linear(*colours: str) -> Bytes:
    """Convert sRGB ``#rrggbb`` to (n, 4) linear RGBA bytes, as glTF wants vertex colours (IEC 61966-2-1)."""
    raw = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours]) / 255.0
    value = np.where(raw <= 0.04045, raw / 12.92, ((raw + 0.055) / 1.055) ** 2.4)
    rgba = np.concatenate([value, np.ones((len(raw), 1))], axis=1)
    return np.asarray(np.round(rgba * 255.0), dtype=np.uint8)


def shade(colours: Bytes, factor: float) -> Bytes:
    """Scale the light of colours (n, 4), alpha kept."""
    scaled = np.round(colours[..., :3] * factor)
    return np.concatenate([np.clip(scaled, 0, 255).astype(np.uint8), colours[..., 3:]], axis=-1)


# Synthetic: chroma at most 0.04 (OKLCH), warm or celadon.
PAPER = linear("#f8f3ea", "#f3ece0", "#fbf8f1", "#eee6d9", "#f2eeea", "#e8dfd1", "#f6efe4", "#e2d8c9")
ROOF = linear("#f4eee2", "#ebe3d6", "#faf6ee")
CELADON = linear("#c3d3c2", "#cfdacb", "#bacdbd")
INLAY = linear("#789487")[0]
TANK = linear("#e9e2cf")[0]
EDGE = linear("#fbf7ef")[0]
STREET = linear("#d9d0c1")[0]
BLOCK = linear("#efe8dc")[0]
ESTATE = linear("#dde1cf")[0]
WALK = linear("#e4dccf")[0]
LINE = linear("#f3efe6")[0]
CENTRE_LINE = linear("#c9a25a")[0]
FOLIAGE = linear("#d3dcc4", "#c8d5ba", "#dbe0cb", "#cfd9c9")
TRUNK = linear("#a89a86")[0]
POLE = linear("#6b6357")[0]
GLOBE = linear("#fbf4e6")[0]

# Real ground: quiet and cool.
ROAD = linear("#a9b0b8")[0]
WATER = linear("#86b4cc")[0]
LAWN = linear("#a9c09a")[0]
LOW = linear("#ddd6c9")[0]
FIELD = linear("#d3d5bf")[0]
HILL = linear("#9db3a2")[0]
PEAK = linear("#6d8fb8")[0]
BRASS = linear("#9a7433")[0]
PAVING = linear("#f3ebdd", "#e3d6c0", "#f8f2e8")

# Real places: chroma at least 0.08.
MEMORY = linear("#b5452f")[0]
CULTURE = linear("#2f63ae")[0]
CAMPUS = linear("#2f8068")[0]
ACCENT = linear("#dca03a")[0]
NATURE = linear("#4c6a8a")[0]
STATION = linear("#008577")[0]
WHITE = linear("#fdfaf3")[0]
GLASS = linear("#6e9bd0")[0]
PALE = linear("#a9c4e6")[0]
FOUNTAIN = linear("#5f9fc4")[0]
STONE = linear("#b9b4a8")[0]
SLATE = linear("#59616b")[0]
EARTH = linear("#c08a5a")[0]
