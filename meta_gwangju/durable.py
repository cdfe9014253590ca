"""Files that are there after a power cut, or not at all."""

import os
import secrets
from pathlib import Path


def put_file(file: Path, content: bytes) -> None:
    """Put a file in its place at once and for good, replacing what stood there.

    Raises:
        OSError: It cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{secrets.token_hex(8)}")
    try:
        with fresh.open("xb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
