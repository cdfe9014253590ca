"""The ground on disk: ``ground.json`` and 2 km chunks of little-endian float32."""

import json
from pathlib import Path

import numpy as np

from scenes.errors import GroundError
from scenes.terrain.grid import CELL, CELLS_PER_CHUNK, CHUNK, GroundGrid

MAX_CHUNKS = 4096


def write_chunks(grid: GroundGrid, folder: Path) -> None:
    """Write ``ground.json`` and ``ground/{column}_{row}.f32`` below ``folder``."""
    (folder / "ground").mkdir(parents=True, exist_ok=True)
    rows, columns = ((n - 1) // CELLS_PER_CHUNK for n in grid.heights.shape)
    for row in range(rows):
        for column in range(columns):
            r, c = row * CELLS_PER_CHUNK, column * CELLS_PER_CHUNK
            part = grid.heights[r : r + CELLS_PER_CHUNK + 1, c : c + CELLS_PER_CHUNK + 1]
            (folder / "ground" / f"{column}_{row}.f32").write_bytes(part.astype("<f4").tobytes())
    description = {
        "cell": CELL,
        "chunk": CHUNK,
        "origin": list(grid.origin),
        "columns": columns,
        "rows": rows,
        "chunks": "ground/{column}_{row}.f32",
        "min": float(grid.heights.min()),
        "max": float(grid.heights.max()),
    }
    (folder / "ground.json").write_text(json.dumps(description), encoding="utf-8")


def read_chunks(folder: Path) -> GroundGrid:
    """Read the ground of a built city.

    Raises:
        GroundError: The city is not built, or its ground is damaged.
    """
    path = folder / "ground.json"
    if not path.is_file():
        raise GroundError(path, "도시가 아직 지어지지 않았습니다.", "The city has not been built.")
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        columns, rows = int(raw["columns"]), int(raw["rows"])
        origin = (float(raw["origin"][0]), float(raw["origin"][1]))
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise GroundError(
            path, "지면 설명이 손상되었습니다.", f"The description is damaged: {error}."
        ) from error
    if not 0 < columns * rows <= MAX_CHUNKS or raw.get("cell") != CELL or raw.get("chunk") != CHUNK:
        raise GroundError(path, "지면 설명이 다릅니다.", "The description is of another kind of ground.")
    heights = np.zeros((rows * CELLS_PER_CHUNK + 1, columns * CELLS_PER_CHUNK + 1), np.float32)
    for row in range(rows):
        for column in range(columns):
            part = _chunk(folder / "ground" / f"{column}_{row}.f32")
            r, c = row * CELLS_PER_CHUNK, column * CELLS_PER_CHUNK
            heights[r : r + CELLS_PER_CHUNK + 1, c : c + CELLS_PER_CHUNK + 1] = part
    return GroundGrid(origin, heights)


def _chunk(path: Path) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    side = CELLS_PER_CHUNK + 1
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GroundError(path, "지면 조각이 없습니다.", f"A ground chunk is missing: {error}.") from error
    if len(data) != side * side * 4:
        raise GroundError(path, "지면 조각의 크기가 다릅니다.", "A ground chunk has the wrong size.")
    part = np.frombuffer(data, "<f4").reshape(side, side)
    if not np.all(np.isfinite(part)):
        raise GroundError(
            path, "지면 조각이 손상되었습니다.", "A ground chunk holds a height that is not finite."
        )
    return part
