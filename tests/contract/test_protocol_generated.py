"""The TypeScript and the protocol page are what the declarations say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATED = (
    *(f"web/src/protocol/{name}.ts" for name in ("messages", "layout", "vectors")),
    "docs/protocol.md",
)


def test_generated_files_do_not_differ_from_the_declarations() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/generate_protocol.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


#: Declares another value and runs the generator on it; a copy of the sources would compile its own kernels.
CHANGED = """
import runpy, sys
from streaming import messages
assert messages.MAX_TEXT == 300
messages.MAX_TEXT = 301
sys.argv = ["generate_protocol.py", "--check"]
sys.path.insert(0, "tools")
runpy.run_path("tools/generate_protocol.py", run_name="__main__")
"""


def test_a_difference_fails_the_check() -> None:
    before = [(ROOT / name).read_bytes() for name in GENERATED]
    done = subprocess.run(
        [sys.executable, "-c", CHANGED], capture_output=True, text=True, check=False, cwd=ROOT
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    stale = [name for name in GENERATED if f"{name} is stale" in done.stdout]
    assert stale == ["web/src/protocol/messages.ts", "docs/protocol.md"]
    # Looking must not have changed anything.
    assert [(ROOT / name).read_bytes() for name in GENERATED] == before
