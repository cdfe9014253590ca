"""Write ``web/src/protocol/{messages,layout,vectors}.ts`` and ``docs/protocol.md``.

They follow ``streaming/messages.py`` and the tables in ``streaming/state``.

``--check`` writes nothing and exits 1 when a file differs from what would be written.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The checkout itself, also when nothing is installed.
sys.path.insert(0, str(ROOT))

from protocol_layout import layout_module  # noqa: E402 - needs the path above
from protocol_page import page  # noqa: E402
from protocol_typescript import typescript  # noqa: E402
from protocol_vectors import vectors  # noqa: E402

TYPESCRIPT = ROOT / "web/src/protocol/messages.ts"
LAYOUT = ROOT / "web/src/protocol/layout.ts"
VECTORS = ROOT / "web/src/protocol/vectors.ts"
PAGE = ROOT / "docs/protocol.md"


def main() -> int:
    """Write the files, or compare them; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    check = parser.parse_args().check
    stale = 0
    texts = ((TYPESCRIPT, typescript()), (LAYOUT, layout_module()), (PAGE, page()), (VECTORS, vectors()))
    for path, text in texts:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if check:
            print(f"{path.relative_to(ROOT)} is stale: run tools/generate_protocol.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
