"""Running a bench as a person does, for a few seconds."""

import os
import subprocess
import sys
from pathlib import Path

from bench.figure import Figure, read
from tests.support.server import PROJECT


def quick(name: str, folder: Path, data: Path | None = None) -> list[Figure]:
    """Run a quick bench; return the figures that it wrote, each of which it printed with its spread.

    Args:
        name: Of the bench.
        folder: Where its figures are written.
        data: The city's data; None: wherever the city keeps them.
    """
    result = folder / f"{name}.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", name, "--quick", "--json", result],
        cwd=PROJECT,
        env=os.environ | ({} if data is None else {"META_GWANGJU_DATA": str(data)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = read(result)
    for figure in figures:
        assert 0.0 < figure.low <= figure.value <= figure.high, figure
        assert figure.figure in done.stdout
    return figures
