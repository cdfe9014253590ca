"""The file that a backup is: a tar in gzip whose first member, the manifest, tells of all the others.

Read strictly, since a file may have been damaged on its way, or be somebody else's: members come in the
manifest's order, each of the very size and SHA-256 that stands there, and nothing else comes. So nothing is
inflated that was not announced, and no header but a plain file's is understood.
"""

import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, BinaryIO, Final, Literal

import msgspec
from msgspec import Meta, Struct

from meta_gwangju.errors import BackupError

FORMAT: Final = "meta-gwangju backup 1"
#: Where the database lies among the members.
SQLITE, POSTGRES = "database/city.sqlite3", "database/city.dump"
#: What stands in the data folder lies below this among the members.
FILES = "files"

_MANIFEST = "manifest.json"
_MOST_MANIFEST_BYTES = 64 * 1024 * 1024
_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1024 * 1024
#: The end of a tar: two empty blocks, filled up to a record of twenty (POSIX.1-2017, pax, "ustar").
_MOST_PADDING = 64 * 1024
#: The longest name that a plain header holds; longer paths go by their number.
_LONGEST_NAME = 100
#: Database pages and pictures shrink little beyond this.
_LEVEL = 3

Told = Callable[[int], None]
"""Hears how many bytes more have been dealt with."""


class Member(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a backup."""

    path: Annotated[str, Meta(min_length=1, max_length=1024)]
    size: Annotated[int, Meta(ge=0)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds.

    Attributes:
        format: Of the file; another version of it is not read.
        created: RFC 3339.
        version: Of the program that wrote it.
        schema: Of the database.
        database: Which database program it comes from, and goes back to.
        members: In the order of the file.
    """

    format: Literal["meta-gwangju backup 1"]
    created: Annotated[str, Meta(max_length=40)]
    version: Annotated[str, Meta(max_length=40)]
    schema: Annotated[str, Meta(pattern="^[0-9a-z]{1,32}$")]
    database: Literal["sqlite", "postgresql"]
    members: Annotated[list[Member], Meta(max_length=1_000_000)]

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.size for member in self.members)


def private(file: Path) -> BinaryIO:
    """Make a file that nobody but its owner may read, from its first moment on.

    Raises:
        OSError: It is there already, or cannot be made.
    """
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb")


def measured(path: str, source: Path, told: Told) -> Member:
    """Return the member that a file makes.

    Raises:
        OSError: It cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
            told(len(piece))
    return Member(path, size, digest.hexdigest())


def pack(file: BinaryIO, manifest: Manifest, sources: Sequence[Path], told: Told) -> None:
    """Write an archive.

    Args:
        file: Opened for writing.
        manifest: Its members as :func:`measured`.
        sources: Where each member lies.
        told: Hears of progress.

    Raises:
        BackupError: A file is not as it was measured.
        OSError: Something cannot be read or written.
    """
    with gzip.GzipFile("", "wb", _LEVEL, file) as stream:
        described = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        stream.write(_header(_MANIFEST, len(described)) + described + _padding(len(described)))
        for number, (member, source) in enumerate(zip(manifest.members, sources, strict=True)):
            stream.write(_header(_name(number, member.path), member.size))
            with source.open("rb") as opened:
                if not _copy(_pieces(opened, member.size), member, stream, told):
                    raise _changed(source)
            stream.write(_padding(member.size))
        stream.write(bytes(2 * _BLOCK))


def unpack(file: Path, folder: Path, told: Callable[[int, int], None]) -> Manifest:
    """Read an archive into an empty folder, which belongs to nobody else; files are for their owner alone.

    Args:
        file: What :func:`pack` wrote.
        folder: Members are written below it, by their paths.
        told: Hears how many bytes more were read, and how many there are in all.

    Raises:
        BackupError: It is damaged, or no backup of ours, or larger than the disk.
        OSError: The folder cannot be written.
    """
    with file.open("rb") as opened:
        stream = _Stream(opened)
        manifest = _manifest(stream)
        _check_space(manifest, folder)
        total = manifest.size
        for number, member in enumerate(manifest.members):
            stream.header(_name(number, member.path), member.size)
            target = folder.joinpath(*_safe(member.path).parts)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with private(target) as written:
                fits = _copy(stream.pieces(member.size), member, written, lambda done: told(done, total))
            if not fits:
                raise damaged(f"{member.path} is not what the manifest says")
            stream.padding(member.size)
        stream.end()
    return manifest


class _Stream:
    """The bytes inside, each asked for by somebody who knows how many there must be."""

    def __init__(self, file: BinaryIO) -> None:
        self._inside = gzip.GzipFile("", "rb", fileobj=file)

    def take(self, size: int) -> bytes:
        try:
            piece = self._inside.read(size)
        except (EOFError, zlib.error, OSError) as error:
            raise damaged(str(error)) from error
        if len(piece) != size:
            raise damaged("it ends too early")
        return piece

    def header(self, name: str, size: int | None) -> int:
        """Read a header, which must be of this file; returns its size."""
        try:
            found = tarfile.TarInfo.frombuf(self.take(_BLOCK), "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError) as error:
            raise damaged(f"{name}: {error}") from error
        fits = found.size == size if size is not None else found.size >= 0
        if found.type != tarfile.REGTYPE or found.name != name or not fits:
            raise damaged(f"{name} is not where the manifest says")
        return found.size

    def pieces(self, size: int) -> Iterable[bytes]:
        while size:
            piece = self.take(min(size, _CHUNK))
            yield piece
            size -= len(piece)

    def padding(self, size: int) -> None:
        if self.take(-size % _BLOCK).strip(b"\0"):
            raise damaged("something stands between two files")

    def end(self) -> None:
        """Read to the end, where gzip's own checksum stands."""
        try:
            rest = self._inside.read(_MOST_PADDING + 1)
        except (EOFError, zlib.error, OSError) as error:
            raise damaged(str(error)) from error
        if not 2 * _BLOCK <= len(rest) <= _MOST_PADDING or rest.strip(b"\0"):
            raise damaged("something stands behind its end")


def _manifest(stream: _Stream) -> Manifest:
    size = stream.header(_MANIFEST, None)
    if size > _MOST_MANIFEST_BYTES:
        raise damaged("its manifest is too large")
    try:
        manifest = msgspec.json.decode(b"".join(stream.pieces(size)), type=Manifest)
    except msgspec.MsgspecError as error:
        raise damaged(f"its manifest cannot be read: {error}") from error
    stream.padding(size)
    first = SQLITE if manifest.database == "sqlite" else POSTGRES
    paths = [member.path for member in manifest.members]
    if paths[:1] != [first] or len(set(paths)) != len(paths):
        raise damaged("its manifest names a file twice, or no database")
    for path in paths[1:]:
        if _safe(path).parts[0] != FILES:
            raise damaged(f"{path!r} belongs nowhere")
    return manifest


def _safe(path: str) -> PurePosixPath:
    """Return a path that stays below where it is put."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} or not part.isprintable() or "\\" in part for part in parts):
        raise damaged(f"{path!r} is no path of a backup")
    if len(parts) < 2:
        raise damaged(f"{path!r} belongs nowhere")
    return PurePosixPath(*parts)


def _check_space(manifest: Manifest, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    needed, left = manifest.size / 1e9, free / 1e9
    if needed > left:
        raise BackupError(
            f"백업을 풀려면 {needed:.1f} GB가 필요한데 {folder}에 {left:.1f} GB뿐입니다. 자리를 비우세요.",
            f"The backup needs {needed:.1f} GB, but {folder} has only {left:.1f} GB left. Make room.",
        )


def _pieces(file: BinaryIO, size: int) -> Iterable[bytes]:
    """Yield what a file holds: one byte more than expected at most, so that growth is noticed."""
    left = size + 1
    while left and (piece := file.read(min(left, _CHUNK))):
        yield piece
        left -= len(piece)


def _copy(pieces: Iterable[bytes], member: Member, target: BinaryIO | gzip.GzipFile, told: Told) -> bool:
    """Write what comes; returns whether it is what the manifest says."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if size > member.size:
            break
        target.write(piece)
        told(len(piece))
    return size == member.size and digest.hexdigest() == member.sha256


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _name(number: int, path: str) -> str:
    return path if len(path.encode()) <= _LONGEST_NAME else f"long/{number}"


def damaged(reason: str) -> BackupError:
    """Return the error of a backup that is not as its manifest says."""
    return BackupError(
        f"이 백업은 손상되었거나 메타 광주의 백업이 아닙니다({reason}). 아무것도 바꾸지 않았습니다. "
        "다른 사본을 쓰세요.",
        f"This backup is damaged, or none of Meta Gwangju ({reason}). Nothing was changed. Use another copy.",
    )


def _changed(source: Path) -> BackupError:
    return BackupError(
        f"{source}이(가) 백업하는 동안 바뀌었습니다. 백업을 다시 하세요.",
        f"{source} changed while it was backed up. Make the backup again.",
    )
