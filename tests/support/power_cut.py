"""A disk that loses power: what SQLite wrote but did not sync is lost, kept or torn, as a seed says.

A VFS (sqlite.org/vfs.html) of the very SQLite library that Python's `sqlite3` runs on: a copy of the default
one, whose files remember what was written since their last sync. What is on the disk for sure is kept as an
image in memory; at the cut, the unsynced writes reach it in part (whole writes, or sectors of 512 bytes).
"""

import ctypes
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SECTOR = 512
_POINTER = ctypes.c_void_p


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_ = (
        ("version", ctypes.c_int),
        *((name, _POINTER) for name in ("close", "read", "write", "truncate", "sync", "size")),
        *((f"rest{number}", _POINTER) for number in range(12)),
    )


class _File(ctypes.Structure):
    """`sqlite3_file`."""

    _fields_ = (("methods", ctypes.POINTER(_Methods)),)


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", _POINTER),
        ("name", ctypes.c_char_p),
        ("data", _POINTER),
        ("open", _POINTER),
        ("delete", _POINTER),
        *((f"rest{number}", _POINTER) for number in range(13)),
    )


_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, ctypes.POINTER(_File), ctypes.c_int, _POINTER)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_char_p, ctypes.c_int)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int)


@dataclass
class Image:
    """One file: what is on the disk for sure, and what was written since."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for offset, data in self.pending:
            apply(self.synced, offset, data)
        self.pending.clear()

    def torn(self, chance: random.Random) -> bytes:
        """Return the file after the cut."""
        left, mode = bytearray(self.synced), chance.randrange(3)
        for offset, data in self.pending:
            if mode == 1 and chance.random() < 0.5:
                apply(left, offset, data)
            if mode == 2 and data is not None:
                for start in range(0, len(data), _SECTOR):
                    if chance.random() < 0.5:
                        apply(left, offset + start, data[start : start + _SECTOR])
        return bytes(left)


def apply(content: bytearray, offset: int, data: bytes | None) -> None:
    """Write, or cut off when there is no data."""
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk:
    """Holds every file that SQLite opens while it is :meth:`installed`.

    Attributes:
        remains: The files as the power cut left them, by name; empty before it.
        unsynced: How many writes were pending at the cut.
    """

    def __init__(self, seed: int) -> None:
        self.remains: dict[str, bytes] = {}
        self.unsynced = 0
        self._chance = random.Random(seed)
        self._left = 0
        self._cut: Callable[[], None] = lambda: None
        self._images: dict[str, Image] = {}
        self._kept: list[Any] = []  # what C holds pointers to

    def arm(self, operations: int, cut: Callable[[], None]) -> None:
        """Cut the power at the given write or sync from now on; ``cut`` is called at that moment."""
        self._left, self._cut = operations, cut

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Make it the default of SQLite in this process."""
        library = ctypes.CDLL("libsqlite3.so.0")
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        usual = library.sqlite3_vfs_find(None)
        vfs = _Vfs.from_buffer_copy(usual.contents)
        usual_open = ctypes.cast(usual.contents.open, _OPEN)

        def open_file(of: int, name: int | None, file: Any, flags: int, out: int) -> int:
            # The name goes on as the pointer that it came as: SQLite keeps it.
            result = usual_open(of, name, file, flags, out)
            if result == 0 and name is not None:
                self._watch(file, Path(ctypes.string_at(name).decode()).name)
            return result

        usual_delete = ctypes.cast(usual.contents.delete, _DELETE)

        def delete_file(of: int, name: bytes, sync_folder: int) -> int:
            self._images.pop(Path(name.decode()).name, None)
            return usual_delete(of, name, sync_folder)

        opener, deleter = _OPEN(open_file), _DELETE(delete_file)
        vfs.name, vfs.open = b"power-cut", ctypes.cast(opener, _POINTER).value
        vfs.delete = ctypes.cast(deleter, _POINTER).value
        self._kept += [opener, deleter, vfs]
        assert library.sqlite3_vfs_register(ctypes.byref(vfs), 1) == 0
        try:
            yield
        finally:
            library.sqlite3_vfs_register(usual, 1)
            library.sqlite3_vfs_unregister(ctypes.byref(vfs))

    def _watch(self, file: Any, name: str) -> None:
        usual = file.contents.methods.contents
        methods = _Methods.from_buffer_copy(usual)
        write, truncate = ctypes.cast(usual.write, _WRITE), ctypes.cast(usual.truncate, _TRUNCATE)
        sync = ctypes.cast(usual.sync, _SYNC)
        image = self._images.setdefault(name, Image())

        def note_write(of: int, data: int, count: int, offset: int) -> int:
            self._step()
            image.pending.append((offset, ctypes.string_at(data, count)))
            return write(of, data, count, offset)

        def note_truncate(of: int, size: int) -> int:
            image.pending.append((size, None))
            return truncate(of, size)

        def note_sync(of: int, flags: int) -> int:
            self._step()
            image.sync()
            return sync(of, flags)

        callbacks = _WRITE(note_write), _TRUNCATE(note_truncate), _SYNC(note_sync)
        methods.write, methods.truncate, methods.sync = (
            ctypes.cast(callback, _POINTER).value for callback in callbacks
        )
        self._kept += [callbacks, methods]
        file.contents.methods = ctypes.pointer(methods)

    def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.unsynced = sum(len(image.pending) for image in self._images.values())
            self.remains = {name: image.torn(self._chance) for name, image in self._images.items()}
            self._cut()

    def leave(self, folder: Path) -> None:
        """Write what is left after the cut."""
        for name, content in self.remains.items():
            (folder / name).write_bytes(content)
