"""Building as a whole: the same bytes again, nothing half-done, old cities noticed."""

import hashlib
import json
from pathlib import Path

import pytest

from scenes.city import BUILDER, STAMP, Limit, build, is_built
from tests.unit.scenes.corner_city import CORNER, SEED, Built

SMALL = Limit(CORNER.x, CORNER.z, 40.0)


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def quiet(_stage: str, _done: int, _total: int) -> None:
    return


def test_the_same_seed_gives_the_same_bytes_in_one_process_and_in_two(tmp_path: Path) -> None:
    build(tmp_path / "one", seed=SEED, progress=quiet, workers=1, limit=SMALL)
    build(tmp_path / "two", seed=SEED, progress=quiet, workers=2, limit=SMALL)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_progress_runs_through_every_stage_to_its_end(corner: Built) -> None:
    assert [stage for stage, done, total in corner.stages if done == total] == ["plan", "tiles", "files"]
    tiles = [(done, total) for stage, done, total in corner.stages if stage == "tiles"]
    assert tiles == [(k + 1, corner.report.tiles) for k in range(corner.report.tiles)]


def test_the_report_counts_what_lies_on_disk(corner: Built) -> None:
    tiles = list(corner.folder.rglob("*.glb"))
    assert len(tiles) == corner.report.tiles
    assert sum(path.stat().st_size for path in tiles) == corner.report.size
    assert corner.report.places == 40
    document = json.loads((corner.folder / "sources.json").read_text(encoding="utf-8"))
    assert document["built"]["buildings"] == corner.report.buildings
    assert document["synthetic"]["ko"]
    for source in document["sources"]:
        assert source["licence"]
        assert source["text"]["ko"]
        assert source["text"]["en"]


def test_a_built_city_is_known_and_an_older_one_is_not(corner: Built, tmp_path: Path) -> None:
    assert is_built(corner.folder)
    assert not is_built(tmp_path)
    stamp = json.loads((corner.folder / STAMP).read_text(encoding="utf-8"))
    for change in ({"builder": BUILDER - 1}, {"data": "other"}):
        (tmp_path / STAMP).write_text(json.dumps(stamp | change), encoding="utf-8")
        assert not is_built(tmp_path)
    (tmp_path / STAMP).write_text("{", encoding="utf-8")
    assert not is_built(tmp_path)


class InterruptedBuildError(Exception):
    pass


def test_an_interrupted_build_leaves_the_old_city_and_starts_over_cleanly(tmp_path: Path) -> None:
    out = tmp_path / "gwangju"
    out.mkdir()
    (out / "mark").write_text("old", encoding="utf-8")

    def stop(stage: str, done: int, _total: int) -> None:
        if stage == "tiles" and done == 3:
            raise InterruptedBuildError

    with pytest.raises(InterruptedBuildError):
        build(out, progress=stop, workers=1, limit=SMALL)
    assert [path.name for path in out.iterdir()] == ["mark"]
    assert not is_built(out)
    leftover = tmp_path / "gwangju.building"
    (leftover / "tiles" / "stray.glb").write_bytes(b"half")
    build(out, progress=quiet, workers=1, limit=SMALL)
    assert is_built(out)
    assert not leftover.exists()
    assert not (out / "mark").exists()
    assert not (out / "tiles" / "stray.glb").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["gwangju"]
