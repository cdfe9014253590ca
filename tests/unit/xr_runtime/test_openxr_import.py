"""`import xr` drags libGL in: it stands in one place, and a machine without libGL hears what to install."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import xr_runtime
from xr_runtime.errors import (
    ExtensionMissingError,
    GraphicsLibraryMissingError,
    HeadsetMissingError,
    RuntimeLostError,
    RuntimeMissingError,
    XrError,
)

PACKAGE = Path(xr_runtime.__file__).parent


def imports_openxr(source: Path) -> bool:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        if any(name.split(".")[0] == "xr" for name in names):
            return True
    return False


def test_only_the_openxr_backend_imports_openxr() -> None:
    importers = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py") if imports_openxr(path)}
    assert importers == {"openxr_backend"}


def test_the_package_loads_neither_openxr_nor_gl() -> None:
    program = "import sys, xr_runtime; print({'xr', 'OpenGL', 'cv2', 'sounddevice'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_without_libgl_the_error_names_the_packages() -> None:
    program = (
        "import ctypes\n"
        "class Loader(ctypes.CDLL):\n"
        "    def __init__(self, name, *a, **k):\n"
        "        if name and 'GL' in str(name): raise OSError(f'{name}: cannot open shared object file')\n"
        "        super().__init__(name, *a, **k)\n"
        "ctypes.CDLL = ctypes.cdll._dlltype = Loader\n"
        "from xr_runtime import openxr_backend, XrError\n"
        "try: openxr_backend()\n"
        "except XrError as error: print(type(error).__name__, error.en)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("GraphicsLibraryMissingError")
    assert "apt install libgl1 libglx0" in done.stdout


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (GraphicsLibraryMissingError("libGL.so.1"), "libGL.so.1"),
        (RuntimeMissingError("RuntimeUnavailableError"), "Monado"),
        (ExtensionMissingError("Somebody's runtime", ("XR_MND_headless",)), "XR_MND_headless"),
        (HeadsetMissingError("Monado"), "Monado"),
        (RuntimeLostError("SessionLostError"), "SessionLostError"),
    ],
)
def test_errors_speak_korean_and_english(error: XrError, word: str) -> None:
    assert word in error.ko
    assert word in error.en
    assert any("가" <= letter <= "힣" for letter in error.ko)
    assert str(error) == f"{error.ko} / {error.en}"
