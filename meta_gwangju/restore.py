"""`restore`: a backup put back, after it was read to its last byte and found whole."""

import datetime as dt
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from meta_gwangju.archive import FILES, POSTGRES, SQLITE, Manifest, damaged, unpack
from meta_gwangju.backup import ASIDE, SQLITE_ENDS, bars, belongs, kept, sqlite_revision
from meta_gwangju.config import Settings
from meta_gwangju.dump import back_to, close_sqlite, holds_tables, load_postgres
from meta_gwangju.errors import BackupError, StartError
from municipality.errors import StoreError
from municipality.store import Store, known_revisions, url_of


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a backup.

    Attributes:
        manifest: What was put back.
        aside: Where that lies which stood there before; None when nothing did.
    """

    manifest: Manifest
    aside: str | None


def restore_backup(settings: Settings, file: Path, now: dt.datetime, *, replace: bool) -> Restored:
    """Put a backup back, and bring its database to this version.

    Args:
        settings: Whose data folder and database take it.
        file: The backup.
        now: Names what is put aside.
        replace: Put what is there now aside; without it, nothing may be there.

    Raises:
        BackupError: The backup is damaged, comes from the other kind of database or a newer program, the city
            is open, or something is there already. Nothing was changed.
        StartError: It was put back, but cannot be brought to this version.
    """
    aside = f"{ASIDE}{now:%Y%m%dT%H%M%SZ}"
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        with _staging(settings.data) as staging:
            manifest = _read(file, staging)
            _check_fits(settings, manifest, staging)
            occupied = _occupied(settings)
            if occupied and not replace:
                raise _not_empty(occupied)
            os.sync()  # what takes the place of the old must be on disk before the old goes
            with _Moves() as moves:
                _place(settings, staging, aside if occupied else None, moves)
    except OSError as error:
        raise BackupError(
            f"백업을 되돌릴 수 없습니다({error.strerror}: {error.filename}). 아무것도 바꾸지 않았습니다. "
            "권한과 남은 공간을 확인하세요.",
            f"The backup cannot be put back ({error.strerror}: {error.filename}). Nothing was changed. "
            "Check the permissions and the space left.",
        ) from error
    try:
        Store(settings.database).close()
    except StoreError as error:
        raise StartError(error.ko, error.en) from error
    return Restored(manifest, aside if occupied else None)


def _read(file: Path, staging: Path) -> Manifest:
    with bars() as shown:
        task = shown.add_task("백업을 검사합니다 · Checking the backup", total=None)

        def told(done: int, total: int) -> None:
            shown.update(task, advance=done, total=total)

        return unpack(file, staging, told)


def _check_fits(settings: Settings, manifest: Manifest, staging: Path) -> None:
    kind = "sqlite" if isinstance(settings.database, Path) else "postgresql"
    if manifest.database != kind:
        raise BackupError(
            f"이 백업은 {manifest.database} 데이터베이스의 것입니다. --database로 같은 종류를 지정하세요.",
            f"This backup is of a {manifest.database} database. Name one of that kind with --database.",
        )
    if manifest.schema not in known_revisions():
        raise BackupError(
            f"이 백업은 더 새로운 버전(스키마 {manifest.schema})이 만들었습니다. 프로그램을 업데이트하세요.",
            f"This backup was made by a newer version (schema {manifest.schema}). Update this program.",
        )
    for top in (staging / FILES).iterdir() if (staging / FILES).is_dir() else ():
        if not belongs(settings, settings.data / top.name):
            raise damaged(f"{top.name} is nothing that a backup holds")
    if kind == "sqlite" and sqlite_revision(staging / SQLITE) != manifest.schema:
        raise damaged("its database is not of the schema that its manifest names")


def _occupied(settings: Settings) -> list[str]:
    """Return what stands where the backup would go."""
    there = [str(settings.data / path) for path in kept(settings)][:3]
    if isinstance(settings.database, Path):
        if settings.database.exists():
            there.insert(0, str(settings.database))
    else:
        engine = sa.create_engine(url_of(settings.database))
        try:
            if holds_tables(engine):
                there.insert(0, engine.url.render_as_string(hide_password=True))
        finally:
            engine.dispose()
    return there


def _place(settings: Settings, staging: Path, aside: str | None, moves: "_Moves") -> None:
    """Put everything in its place: the database first, which is the likeliest to refuse."""
    if isinstance(settings.database, Path):
        _place_sqlite(settings.database, staging / SQLITE, aside, moves)
    else:
        _place_postgres(settings.database, staging / POSTGRES, aside, moves)
    if aside is not None:
        for name in sorted({path.parts[0] for path in kept(settings)}):
            moves.move(settings.data / name, settings.data / aside / name)
    if (staging / FILES).is_dir():
        for top in sorted((staging / FILES).iterdir()):
            target = settings.data / top.name
            if target.is_dir() and not any(path.is_file() for path in target.rglob("*")):
                _remove_empty(target)  # folders that a start has made
            moves.move(top, target)


def _remove_empty(folder: Path) -> None:
    """Remove folders that hold nothing but folders.

    Raises:
        OSError: There is something in one.
    """
    for inner in sorted(folder.rglob("*"), reverse=True):
        inner.rmdir()
    folder.rmdir()


def _place_sqlite(database: Path, copy: Path, aside: str | None, moves: "_Moves") -> None:
    if database.exists():
        close_sqlite(database)
    if aside is not None:
        for end in SQLITE_ENDS:
            old = database.with_name(database.name + end)
            if old.exists():
                moves.move(old, database.parent / aside / old.name)
    moves.move(copy, database)


def _place_postgres(database: str, dump: Path, aside: str | None, moves: "_Moves") -> None:
    engine = sa.create_engine(url_of(database))
    schema = aside if aside is not None and holds_tables(engine) else None
    moves.at_end(engine.dispose)
    load_postgres(engine, dump, schema)
    moves.undo_by(lambda: back_to(engine, schema))


@dataclass(slots=True)
class _Moves:
    """Renames that are all done, or none."""

    _undo: list[Callable[[], object]] = field(default_factory=list)
    _end: list[Callable[[], object]] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for undo in reversed(self._undo) if kind else ():
            undo()
        for end in self._end:
            end()

    def move(self, source: Path, target: Path) -> None:
        """Rename a file or folder to a name that is free; across disks it is copied first."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        try:
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            part = target.with_name(f".{target.name}-{os.getpid()}")
            shutil.copy2(source, part)
            part.rename(target)
            source.unlink()
        self.undo_by(lambda: shutil.move(target, source))

    def undo_by(self, action: Callable[[], object]) -> None:
        """Do this when a later step fails."""
        self._undo.append(action)

    def at_end(self, action: Callable[[], object]) -> None:
        """Do this in any case."""
        self._end.append(action)


@contextmanager
def _staging(data: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=".restore-", dir=data))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_empty(occupied: list[str]) -> BackupError:
    named = ", ".join(occupied[:3])
    return BackupError(
        f"이미 도시가 있습니다({named}). --replace를 쓰면 지금 것을 옆에 두고 백업을 되돌립니다.",
        f"There is a city already ({named}). With --replace what is there now is put aside, and kept.",
    )
