"""`backup`: everything that the city must never lose, in one file, while the city goes on."""

import datetime as dt
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from meta_gwangju import __version__
from meta_gwangju.archive import FILES, FORMAT, POSTGRES, SQLITE, Manifest, Told, measured, pack, private
from meta_gwangju.config import Settings
from meta_gwangju.console import err
from meta_gwangju.dump import copy_sqlite, dump_postgres, unreachable
from meta_gwangju.errors import BackupError
from municipality.store import url_of

#: Folders of the data folder that can be made again: the built city, and the certificate of --tls.
REBUILT = frozenset({"city", "tls"})
#: Names of the folders that hold files while a backup is made, and how old one is that no backup needs.
_HOLD, _STALE_SECONDS = "backup", 86_400.0
#: Of backups, which are kept best on another disk, but may lie here.
_BACKUPS = ("backups", ".tar.gz")
#: What `restore --replace` put aside begins with this; it is no part of the city any more.
ASIDE = "before-"
#: What an SQLite database has beside its file while it is open.
SQLITE_ENDS = ("", "-wal", "-shm", "-journal")
_REVISION = "SELECT version_num FROM alembic_version"


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was made.

    Attributes:
        manifest: What it holds.
        size: Of the file, bytes.
    """

    manifest: Manifest
    size: int


def make_backup(settings: Settings, file: Path) -> Written:
    """Write a backup; it appears under its name when it is complete and on disk, for its owner alone.

    Files are held before and after the database is copied, as it stands at one moment: so each that it names
    is there, even if somebody deletes it meanwhile.

    Raises:
        BackupError: There is no city, something cannot be read, or the file cannot be written.
    """
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        _forget_stale(settings.data)
        held: dict[Path, Path] = {}
        with _folder(file) as folder, _folder(settings.data / _HOLD) as holding, bars() as shown:
            _hold(settings, file, holding, held)
            database = _dump(settings.database, folder, shown)
            _hold(settings, file, holding, held)
            sources = [(SQLITE if isinstance(settings.database, Path) else POSTGRES, database)]
            sources += [(f"{FILES}/{path.as_posix()}", held[path]) for path in sorted(held)]
            manifest = _describe(settings, database, sources, shown)
            part = folder / "part"
            _write(part, manifest, [source for _, source in sources], shown)
            part.replace(file)
            _sync(file.parent)
            return Written(manifest, file.stat().st_size)
    except OSError as error:
        reason = f"{error.strerror}: {error.filename}"
        raise BackupError(
            f"백업 {file}을(를) 쓸 수 없습니다({reason}). 경로, 권한, 남은 공간을 확인하세요.",
            f"The backup {file} cannot be written ({reason}). Check path, permissions and the space left.",
        ) from error


def kept(settings: Settings, besides: Path | None = None) -> Iterator[Path]:
    """Yield the files of the data folder that belong into a backup, relative to it, in order.

    All but the database, which is copied in its own way, what can be built again, what a restore put aside,
    other backups, and hidden files.

    Args:
        settings: Of the city.
        besides: A file to leave out.

    Raises:
        BackupError: There is a link among them: what it names may be elsewhere when it is put back.
    """
    apart = besides.resolve() if besides else None
    for top in sorted(settings.data.iterdir()) if settings.data.is_dir() else []:
        if not belongs(settings, top):
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_symlink():
                raise BackupError(
                    f"{path}은(는) 링크입니다. 데이터 폴더에는 파일만 두세요.",
                    f"{path} is a link. Keep only files in the data folder.",
                )
            inside = path.relative_to(settings.data)
            if path.is_file() and path.resolve() != apart and not _is_hidden(inside):
                yield inside


def belongs(settings: Settings, top: Path) -> bool:
    """Tell whether something that lies in the data folder itself belongs into a backup."""
    if isinstance(settings.database, Path):
        named = settings.database.resolve()
        if top.resolve() in {named.with_name(named.name + end) for end in SQLITE_ENDS}:
            return False
    return not (top.name in REBUILT or top.name.startswith((ASIDE, ".")) or top.name.endswith(_BACKUPS))


def sqlite_revision(database: Path) -> str:
    """Return the schema that an SQLite file stands at.

    Raises:
        BackupError: It is no database of a city.
    """
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return str(connection.execute(_REVISION).fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise _no_city(str(database)) from error


def _dump(database: Path | str, folder: Path, shown: Progress) -> Path:
    target = folder / "database"
    task = shown.add_task("데이터베이스를 복사합니다 · Copying the database", total=None)
    if isinstance(database, Path):
        if not database.is_file():
            raise _no_city(str(database))
        page = 4096
        copy_sqlite(
            database,
            target,
            lambda done, total: shown.update(task, completed=done * page, total=total * page),
        )
    else:
        dump_postgres(url_of(database), target)
        shown.update(task, total=target.stat().st_size, completed=target.stat().st_size)
    return target


def _describe(
    settings: Settings, database: Path, sources: list[tuple[str, Path]], shown: Progress
) -> Manifest:
    told = _task(shown, "파일을 잽니다 · Measuring the files", sources)
    members = [measured(path, source, told) for path, source in sources]
    created = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    if isinstance(settings.database, Path):
        schema = sqlite_revision(database)
        return Manifest(FORMAT, created, __version__, schema, "sqlite", members)
    schema = _postgres_revision(url_of(settings.database))
    return Manifest(FORMAT, created, __version__, schema, "postgresql", members)


def _write(part: Path, manifest: Manifest, sources: list[Path], shown: Progress) -> None:
    told = _task(shown, "파일을 씁니다 · Writing the file", [("", source) for source in sources])
    with private(part) as opened:
        pack(opened, manifest, sources, told)
        opened.flush()
        os.fsync(opened.fileno())


def _postgres_revision(url: sa.URL) -> str:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.execute(sa.text(_REVISION)).scalar_one())
    except sa.exc.ProgrammingError as error:
        raise _no_city(url.render_as_string()) from error
    except sa.exc.DBAPIError as error:
        raise unreachable(url, str(error.orig)) from error
    finally:
        engine.dispose()


def _task(shown: Progress, words: str, sources: list[tuple[str, Path]]) -> Told:
    task = shown.add_task(words, total=sum(source.stat().st_size for _, source in sources))
    return lambda done: shown.advance(task, done)


def _hold(settings: Settings, file: Path, holding: Path, held: dict[Path, Path]) -> None:
    """Give every file a second name, under which it stays whatever becomes of the first.

    Args:
        settings: Of the city.
        file: The backup, which is none of them.
        holding: Folder of the second names, on the same disk where possible.
        held: What is held so far, by path in the data folder; more are added.
    """
    for path in kept(settings, file):
        second = holding / str(len(held))
        if path in held:
            continue
        try:
            try:
                os.link(settings.data / path, second)
            except PermissionError:  # a disk without second names, or somebody else's file
                shutil.copyfile(settings.data / path, second)
        except FileNotFoundError:
            continue  # deleted since it was listed
        held[path] = second


def _forget_stale(data: Path) -> None:
    """Delete what a backup left that was killed: it would keep files that were deleted on purpose."""
    for folder in data.glob(f".{_HOLD}-*"):
        if time.time() - folder.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


@contextmanager
def _folder(file: Path) -> Iterator[Path]:
    """Make a hidden folder beside a file, for its owner alone, which goes with everything in it."""
    folder = Path(tempfile.mkdtemp(prefix=f".{file.name}-", dir=file.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bars() -> Progress:
    """Return bars on standard error that count bytes."""
    return Progress(
        TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn(), console=err
    )


def _sync(folder: Path) -> None:
    """Have a folder's names on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_city(where: str) -> BackupError:
    return BackupError(
        f"{where}에 도시의 데이터베이스가 없습니다. --data나 --database로 알려 주세요.",
        f"There is no database of a city at {where}. Name it with --data or --database.",
    )
