"""One inspection in a process of its own: a glb on standard input, the outcome on standard output.

Started for each upload by :mod:`meta_gwangju.uploads`, so that whatever a file does to its reader ends with
process. Before the first byte is read it gives up what it does not need: memory beyond a gigabyte, more than
ten seconds of a core, every further file and socket, and files it could write to.

Output: four bytes, the length of a JSON report (little-endian); the report; then the glb to keep, if any.
"""

import resource
import struct
import sys
from dataclasses import asdict

import msgspec

from scenes.inspection.inspection import inspect
from scenes.inspection.limits import FILE_BYTES

CPU_SECONDS = 10
MEMORY_BYTES = 1 << 30
#: Standard input, output and error; no file and no socket can be opened beyond them.
_OPEN_FILES = 3


def main() -> None:
    """Inspect what comes in."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    report = inspect(sys.stdin.buffer.read(FILE_BYTES + 1))
    figures = asdict(report.figures) if report.figures else None
    text = msgspec.json.encode({"findings": [asdict(one) for one in report.findings], "figures": figures})
    sys.stdout.buffer.write(struct.pack("<I", len(text)) + text + (report.kept or b""))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
