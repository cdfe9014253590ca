"""The land: relief sampled into the world frame, levelled where people gather, written as chunks."""

from scenes.terrain.chunks import read_chunks, write_chunks
from scenes.terrain.grid import CELL, CHUNK, GroundGrid
from scenes.terrain.levelling import level_corridor, level_discs
from scenes.terrain.relief import Relief

__all__ = [
    "CELL",
    "CHUNK",
    "GroundGrid",
    "Relief",
    "level_corridor",
    "level_discs",
    "read_chunks",
    "write_chunks",
]
