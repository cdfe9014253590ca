"""One measured figure, in the layout that every bench writes."""

import json
import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType

_COMPARISONS: MappingProxyType[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<=": operator.le, ">=": operator.ge}
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over some runs.

    Attributes:
        figure: What was measured, in words.
        value: Median of the runs.
        unit: Of value, low and high.
        low, high: Smallest and largest run.
        runs: How many.
        must: What it has to be, such as `<= 150`; None when nothing is asked.
        aim: What it should become.
        peer: What it is compared with; says why when there is none.
        peer_value: The peer, measured in the same run; None when it is missing.
        ratio: value / peer_value.
        machine: Where.
    """

    figure: str
    value: float
    unit: str
    low: float
    high: float
    runs: int
    must: str | None
    aim: str | None
    peer: str
    peer_value: float | None
    ratio: float | None
    machine: str

    @property
    def kept(self) -> bool | None:
        """Whether the value is what it must be; None when nothing is asked."""
        return None if self.must is None else satisfies(self.value, self.must)


def satisfies(value: float, bound: str) -> bool:
    """Tell whether a value keeps a bound such as `<= 10.5`.

    Raises:
        ValueError: The bound is not a direction and a number.
    """
    direction, _, number = bound.partition(" ")
    if direction not in _COMPARISONS:
        raise ValueError(f"{bound!r} is no bound: write '<= 10.5' or '>= 10.5'")
    return _COMPARISONS[direction](value, float(number))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed (nearest rank)."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure asks, before it is measured; the attributes are those of :class:`Figure`."""

    figure: str
    unit: str
    must: str | None
    aim: str | None
    peer: str

    def answered(self, runs: Sequence[float], machine: str) -> Figure:
        """Return the figure over some runs, without a measured peer."""
        value, low, high = (round(of(runs), 3) for of in (median, min, max))
        return Figure(
            self.figure,
            value,
            self.unit,
            low,
            high,
            len(runs),
            self.must,
            self.aim,
            self.peer,
            None,
            None,
            machine,
        )


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write figures as JSON."""
    text = json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def read(path: Path) -> list[Figure]:
    """Read what :func:`write` wrote.

    Raises:
        TypeError: A figure has another layout.
    """
    return [Figure(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
