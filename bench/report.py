"""Writes `docs/performance.md` from the JSON files in `bench/results/`."""

from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure, read

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "bench" / "results"
PAGE = PROJECT / "docs" / "performance.md"

_HEAD = """# Performance

*Written by `python -m bench report` from `bench/results/`; do not edit.* Measure again with
`python -m bench NAME --json bench/results/NAME.json`. A value is the median of the runs; low and high are the
smallest and the largest run. *must* is what a release has to keep, *aim* what it should reach.
"""


def page(results: dict[str, Sequence[Figure]]) -> str:
    """Return the page for figures by bench name."""
    return "\n".join([_HEAD, *(_section(name, figures) for name, figures in sorted(results.items()))])


def _section(name: str, figures: Sequence[Figure]) -> str:
    machines = sorted({figure.machine for figure in figures})
    peers = sorted({figure.peer for figure in figures if figure.peer})
    lines = [
        f"## {name}\n",
        *(f"Machine: {machine}.\n" for machine in machines),
        "| figure | value | low | high | runs | must | aim | peer | ratio |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- | ---: | ---: |",
        *(_row(figure) for figure in figures),
        "",
        *(f"Peer: {peer}\n" for peer in peers),
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def _row(figure: Figure) -> str:
    broken = " **not kept**" if figure.kept is False else ""
    cells = (
        figure.figure,
        f"{_number(figure.value)} {figure.unit}{broken}",
        _number(figure.low),
        _number(figure.high),
        str(figure.runs),
        figure.must or "–",
        figure.aim or "–",
        _number(figure.peer_value),
        _number(figure.ratio),
    )
    return f"| {' | '.join(cells)} |"


def write_page() -> Path:
    """Write the page and return where it stands."""
    results = {path.stem: read(path) for path in sorted(RESULTS.glob("*.json"))}
    PAGE.write_text(page(dict(results)), encoding="utf-8")
    return PAGE
