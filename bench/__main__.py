"""`python -m bench NAME [--json FILE] [--quick]` and `python -m bench report`."""

import argparse
import importlib
import sys
from pathlib import Path
from types import MappingProxyType

from bench import figure, report

#: Bench names and the modules that measure them; each has `measure(*, quick: bool) -> list[Figure]`.
BENCHES = MappingProxyType(
    {
        "civic": "bench.civic",
        "first-light": "bench.first_light",
        "ledger": "bench.ledger",
        "replication": "bench.replication",
        "screen": "bench.screen",
    }
)


def main() -> int:
    """Run one bench, or write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=[*BENCHES, "report"])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--quick", action="store_true", help="fewer runs; ends within a minute")
    chosen = parser.parse_args()
    if chosen.name == "report":
        print(report.write_page())
        return 0
    figures: list[figure.Figure] = importlib.import_module(BENCHES[chosen.name]).measure(quick=chosen.quick)
    for one in figures:
        asked = "" if one.kept is None else f"  must be {one.must}: {'kept' if one.kept else 'NOT KEPT'}"
        print(f"{one.figure}: {one.value:g} {one.unit} ({one.low:g} … {one.high:g}, {one.runs} runs){asked}")
    print(f"on {figures[0].machine}")
    if chosen.json is not None:
        figure.write(figures, chosen.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
