"""Building the city: input data in, a folder of 3D Tiles, ground and documents out."""

import hashlib
import json
import multiprocessing
import os
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scenes.documents import districts, places, sources_document
from scenes.hall import halls_document
from scenes.lod import Square
from scenes.model import CityModel, Limit, model_of
from scenes.sources import DATA, load_sources
from scenes.synthetic.fabric import totals
from scenes.terrain import GroundGrid, write_chunks
from scenes.terrain.grid import CELL, CHUNK
from scenes.tileset import Content, flatten, tileset_of, tree_of, uri_of, write_content
from spatial.frames import GWANGJU

#: Raised whenever the same input would give other files, so that an old city is built again.
BUILDER = 5
STAMP = "built.json"
DEFAULT_SEED = 518
_BATCH = 12

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built.

    Attributes:
        tiles: Number of glb files.
        triangles: In all leaf tiles and their parents.
        size, packed: Bytes of all glb files, and of their gzip siblings.
        buildings: Synthetic buildings.
        floor_area_m2, apartment_floor_area_m2, share_five_floors_or_less: To hold against the statistics.
        places: Landmarks and stations.
        trees, lamps: Planted.
        seed: Of the synthetic part.
    """

    tiles: int
    triangles: int
    size: int
    packed: int
    buildings: int
    floor_area_m2: float
    apartment_floor_area_m2: float
    share_five_floors_or_less: float
    places: int
    trees: int
    lamps: int
    seed: int


def is_built(out: Path) -> bool:
    """Return whether ``out`` holds a city that this very builder made from this very data."""
    try:
        stamp = json.loads((out / STAMP).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError):
        return False
    return isinstance(stamp, dict) and stamp.get("builder") == BUILDER and stamp.get("data") == _digest()


def build(
    out: Path,
    *,
    seed: int = DEFAULT_SEED,
    progress: Progress,
    workers: int | None = None,
    limit: Limit | None = None,
) -> BuildReport:
    """Build the city into ``out``, replacing what is there only once everything is written.

    Args:
        out: The city's folder.
        seed: Of the synthetic part; the same seed and data give the same bytes.
        progress: Told (stage, done, total); stages are "plan", "tiles" and "files".
        workers: Processes; by default one a core, at most four. One builds in this process.
        limit: Build only a corner, with the same code.

    Raises:
        SourceError: Input data is missing or wrong.
    """
    staging = _staging(out)
    progress("plan", 0, 1)
    sources = load_sources()
    model = model_of(GWANGJU, sources, seed, limit)
    progress("plan", 1, 1)
    tree = tree_of(model.area, far=limit is None)
    contents: dict[str, Content] = {}
    squares = flatten(tree)
    for content in _write_all(model, squares, staging, workers):
        contents[content.uri] = content
        progress("tiles", len(contents), len(squares))
    report = _report(model, contents, seed)
    progress("files", 0, 1)
    _write(staging / "tileset.json", tileset_of(GWANGJU, tree, contents))
    _write(staging / "places.json", places(GWANGJU, model.layout))
    _write(staging / "halls.json", halls_document(model.layout))
    _write(staging / "districts.json", districts(sources, model.layout))
    _write(staging / "sources.json", sources_document(asdict(report)))
    write_chunks(_cropped(model.layout.ground, limit), staging)
    _write(staging / STAMP, {"builder": BUILDER, "data": _digest(), "seed": seed, "whole": limit is None})
    _swap(staging, out)
    progress("files", 1, 1)
    return report


def _staging(out: Path) -> Path:
    """Return an empty folder beside ``out``; what an interrupted build left behind is removed."""
    staging = out.with_name(out.name + ".building")
    for leftover in (staging, out.with_name(out.name + ".old")):
        shutil.rmtree(leftover, ignore_errors=True)
    staging.mkdir(parents=True)
    return staging


def _write_all(
    model: CityModel, squares: list[Square], folder: Path, workers: int | None
) -> Iterator[Content]:
    count = min(4, os.cpu_count() or 1) if workers is None else workers
    if count <= 1:
        for square in squares:
            yield write_content(model, square, folder)
        return
    # Coarse tiles come first in the list and take longest: small batches keep both ends busy.
    batches = [squares[i : i + _BATCH] for i in range(0, len(squares), _BATCH)]
    # Spawned, not forked: the caller may run threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        count, mp_context=context, initializer=_open, initargs=(pickle.dumps(model), str(folder))
    ) as pool:
        results: Iterable[list[Content]] = pool.map(_write_batch, batches)
        for contents in results:
            yield from contents


_worker: dict[str, Any] = {}


def _open(model: bytes, folder: str) -> None:
    """Receive the model once in a worker process."""
    _worker["model"], _worker["folder"] = pickle.loads(model), Path(folder)  # noqa: S301 - our own bytes


def _write_batch(squares: list[Square]) -> list[Content]:
    return [write_content(_worker["model"], square, _worker["folder"]) for square in squares]


def _report(model: CityModel, contents: dict[str, Content], seed: int) -> BuildReport:
    figures = totals(model.fabric.buildings)
    return BuildReport(
        tiles=len(contents),
        triangles=sum(content.triangles for content in contents.values()),
        size=sum(content.size for content in contents.values()),
        packed=sum(content.packed for content in contents.values()),
        buildings=int(figures["buildings"]),
        floor_area_m2=round(figures["floor_area_m2"], 1),
        apartment_floor_area_m2=round(figures["apartment_floor_area_m2"], 1),
        share_five_floors_or_less=round(figures["share_five_floors_or_less"], 5),
        places=len(model.layout.sites),
        trees=len(model.planting.trees),
        lamps=len(model.planting.lamps),
        seed=seed,
    )


def _cropped(ground: GroundGrid, limit: Limit | None) -> GroundGrid:
    """Cut the ground to the chunks that a limited build touches."""
    if limit is None:
        return ground
    x0, z0, x1, z1 = ground.bounds
    area = limit.area.bounds
    low_x, low_z = max(x0, area[0] // CHUNK * CHUNK), max(z0, area[1] // CHUNK * CHUNK)
    high_x, high_z = min(x1, -(-area[2] // CHUNK) * CHUNK), min(z1, -(-area[3] // CHUNK) * CHUNK)
    columns = slice(int((low_x - x0) / CELL), int((high_x - x0) / CELL) + 1)
    rows = slice(int((low_z - z0) / CELL), int((high_z - z0) / CELL) + 1)
    return GroundGrid((low_x, low_z), ground.heights[rows, columns])


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _digest() -> str:
    """Return a digest of all input files."""
    total = hashlib.sha256()
    for path in sorted(DATA.iterdir()):
        if path.is_file():
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _swap(staging: Path, out: Path) -> None:
    old = out.with_name(out.name + ".old")
    if out.exists():
        out.rename(old)
    staging.rename(out)
    shutil.rmtree(old, ignore_errors=True)


__all__ = ["BuildReport", "Limit", "build", "is_built", "uri_of"]
