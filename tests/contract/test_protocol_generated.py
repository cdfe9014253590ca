"""The TypeScript and the protocol page are what the declarations say."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_generated_files_do_not_differ_from_the_declarations() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/generate_protocol.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_a_difference_fails_the_check(tmp_path: Path) -> None:
    for name in ("tools", "streaming", "spatial", "world"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("web/src/protocol/messages.ts", "docs/protocol.md"):
        (tmp_path / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / name, tmp_path / name)
    declarations = tmp_path / "streaming/messages.py"
    text = declarations.read_text(encoding="utf-8")
    declarations.write_text(text.replace("MAX_TEXT = 300", "MAX_TEXT = 301"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, tmp_path / "tools/generate_protocol.py", "--check"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    assert "messages.ts" in done.stdout
    assert "protocol.md" in done.stdout
    # Looking must not have changed anything.
    assert "301" not in (tmp_path / "docs/protocol.md").read_text(encoding="utf-8")
