"""How kernels are compiled: once a machine, and without the interpreter's lock.

numba keeps what it compiled, but notices only changes of the very file that a kernel stands in, not of the
kernels and constants that it uses. So the folder in which it keeps them is named after all sources that
kernels are made of: another version of the city compiles its own.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numba

_ROOT = Path(__file__).parent.parent
_SOURCES = ("spatial", "world", "streaming")
#: So many versions' kernels are kept.
_KEPT = 4


def _digest() -> str:
    """Return a short name of all sources that kernels are made of, and of numba itself."""
    state = hashlib.sha256(numba.__version__.encode())
    for package in _SOURCES:
        for file in sorted((_ROOT / package).rglob("*.py")):
            state.update(str(file.relative_to(_ROOT)).encode() + b"\0" + file.read_bytes())
    return state.hexdigest()[:16]


def _candidates() -> Iterator[Path]:
    """Yield folders in which kernels may be kept, the best first."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(given)
    if (_ROOT / "pyproject.toml").exists():
        yield _ROOT / ".cache" / "kernels"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "meta-gwangju" / "kernels"
    yield Path(tempfile.gettempdir()) / f"meta-gwangju-kernels-{os.getuid()}"


def _keep_in(folder: Path, name: str) -> bool:
    """Make the folder of this version, and forget old ones; False when it cannot be written."""
    mine = folder / name
    try:
        mine.mkdir(parents=True, exist_ok=True, mode=0o700)
        mine.touch()
        if mine.stat().st_uid != os.getuid() or not os.access(mine, os.W_OK):
            return False
        others = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    except OSError:
        return False
    for old in others[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    numba.config.CACHE_DIR = str(mine)  # type: ignore[attr-defined]
    return True


def _choose_folder() -> None:
    name = _digest()
    for folder in _candidates():
        if _keep_in(folder, name):
            return


_choose_folder()

#: For whatever reads what came from outside: every index is checked.
compiled = numba.njit(cache=True, nogil=True, boundscheck=True)
#: For loops over numbers of our own only, where the checks cost more than the work.
trusted = numba.njit(cache=True, nogil=True)
#: The same, where a product and the sum that it goes into may be rounded at once: faster, and no less exact.
fused = numba.njit(cache=True, nogil=True, fastmath={"contract"})
