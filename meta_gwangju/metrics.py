"""What the city tells those who watch it, in numbers: counted where it happens, or read when asked."""

import time
from collections.abc import Callable, Iterable, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from municipality.ledger import Books, Command
from municipality.ledger.book import Outcome

#: Seconds. A tick has fifty milliseconds, most need one.
_TICK_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25)
_REQUEST_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_COMMIT_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0)


class Metrics:
    """The numbers that are counted where something happens. One registry a city, none of the process.

    Attributes:
        registry: Of all of them, and of what :meth:`read` added.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._ticks = Histogram(
            "meta_gwangju_tick_seconds",
            "Time that one step of the world took.",
            buckets=_TICK_BUCKETS,
            registry=self.registry,
        )
        self._requests = Counter(
            "meta_gwangju_http_requests",
            "HTTP requests answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._latency = Histogram(
            "meta_gwangju_http_request_seconds",
            "Time from a request's headers to the end of its answer.",
            ("route", "method"),
            buckets=_REQUEST_BUCKETS,
            registry=self.registry,
        )
        self._commits = Histogram(
            "meta_gwangju_ledger_commit_seconds",
            "Time that one transaction of the ledger took, until it was on disk.",
            buckets=_COMMIT_BUCKETS,
            registry=self.registry,
        )
        self._read = _Read()
        self.registry.register(self._read)
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def stepped(self, seconds: float) -> None:
        """Count a step of the world."""
        self._ticks.observe(seconds)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an HTTP request, by the route's template."""
        self._requests.labels(route, method, str(status)).inc()
        self._latency.labels(route, method).observe(seconds)

    def committed(self, seconds: float) -> None:
        """Count a transaction of the ledger."""
        self._commits.observe(seconds)

    def read(self, source: Callable[[], Iterable[Metric]]) -> None:
        """Ask for these, too, whenever somebody reads; they take the place of an earlier source."""
        self._read.source = source

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)


class _Read(Collector):
    """Numbers that are read when they are asked for."""

    def __init__(self) -> None:
        self.source: Callable[[], Iterable[Metric]] = tuple

    def collect(self) -> Iterable[Metric]:
        """Read them."""
        return self.source()

    def describe(self) -> Iterable[Metric]:
        """Return nothing: what there is is known when it is read."""
        return ()


class TimedBooks:
    """Books whose transactions are timed."""

    def __init__(self, books: Books, committed: Callable[[float], None]) -> None:
        self._books = books
        self._committed = committed

    async def post(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        """Do a batch; see :class:`municipality.ledger.Books`. Idle looks for expired holds are not timed."""
        began = time.perf_counter()
        outcomes = await self._books.post(commands, now)
        if commands:
            self._committed(time.perf_counter() - began)
        return outcomes

    async def close(self) -> None:
        """Let go of the database."""
        await self._books.close()


def gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    """Return one number that goes up and down."""
    return GaugeMetricFamily(f"meta_gwangju_{name}", meaning, value=value)


def counter(name: str, meaning: str, value: float) -> CounterMetricFamily:
    """Return one number that only rises."""
    return CounterMetricFamily(f"meta_gwangju_{name}", meaning, value=value)


def counters(name: str, meaning: str, label: str, values: Iterable[tuple[str, float]]) -> CounterMetricFamily:
    """Return numbers that only rise, one a label."""
    family = CounterMetricFamily(f"meta_gwangju_{name}", meaning, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family


def info(name: str, meaning: str, values: dict[str, str]) -> InfoMetricFamily:
    """Return facts that do not change while the program runs."""
    return InfoMetricFamily(f"meta_gwangju_{name}", meaning, value=values)
