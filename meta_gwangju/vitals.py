"""The state of a running city: read when somebody asks for metrics, or whether it is well."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from prometheus_client.core import Metric
from sqlalchemy.exc import DBAPIError

from meta_gwangju import __version__
from meta_gwangju.metrics import counter, counters, gauge, info
from meta_gwangju.node import CityNode
from municipality.store import Store, known_revisions

#: An answer of the database's probe holds this long, seconds.
_PROBED_SECONDS = 2.0
#: Changes when another connection commits (sqlite.org/pragma, data_version); looked at twice, seconds apart.
_DATA_VERSION, _LOOK_SECONDS = sa.text("PRAGMA data_version"), 0.3


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether the database took a write, and when it was asked, monotonic seconds."""

    writable: bool
    at: float


class DatabaseProbe:
    """Asks the database to write something, not more often than every two seconds, whoever asks."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._last: Probe | None = None

    def is_writable(self) -> bool:
        """Tell whether a change can be committed. For threads: it waits for other writers."""
        with self._lock:
            now = self._clock()
            if self._last is None or now - self._last.at >= _PROBED_SECONDS:
                self._last = Probe(self._probe(), now)
            return self._last.writable

    def _probe(self) -> bool:
        """Commit a row that changes nothing: only that tells of a full disk, and of one that is read-only."""
        try:
            with self._store.write() as connection:
                connection.execute(sa.text("UPDATE alembic_version SET version_num = version_num"))
        except DBAPIError as error:
            return "locked" in str(error.orig) and self.others_commit()
        return True

    def others_commit(self) -> bool:
        """Tell whether somebody else gets changes into an SQLite file at which we only wait.

        The ledger at full load leaves no gap for others; that is no sign of a database that takes nothing.
        """
        with suppress(DBAPIError), self._store.engine.connect() as connection:
            before = connection.execute(_DATA_VERSION).scalar_one()
            connection.rollback()  # within one transaction everything stays as it is
            time.sleep(_LOOK_SECONDS)
            return bool(connection.execute(_DATA_VERSION).scalar_one() != before)
        return False


def database_bytes(store: Store) -> int:
    """Return the size of the database, its log included; 0 when it cannot be had."""
    if store.url.get_backend_name() == "sqlite":
        file = Path(str(store.url.database))
        size = 0
        for part in (file, file.with_name(f"{file.name}-wal")):
            with suppress(OSError):
                size += part.stat().st_size
        return size
    with suppress(DBAPIError), store.engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
    return 0


def vitals(node: CityNode, probe: DatabaseProbe) -> Iterator[Metric]:
    """Yield what can be read of a city at this moment."""
    offices = node.offices
    yield info("build", "What runs.", {"version": __version__, "schema": max(known_revisions())})
    yield gauge("up", "1 while the world steps.", node.is_alive())
    yield gauge("people", "People in the city.", node.world.count)
    yield gauge("connections", "Connections to people.", node.bridge.connections)
    yield gauge("waiting", "People in the queue of the full city.", node.bridge.waiting)
    yield gauge("spectators", "Those who only look.", node.bridge.spectators)
    yield counter("ticks", "Steps of the world.", node.world.tick)
    yield counter("late_ticks", "Steps left out because the machine was too busy.", node.late_ticks)
    yield counter("lost_audio_frames", "Frames of 20 ms that were not mixed in time.", node.media.lost_frames)
    yield counters(
        "refusals",
        "Clients turned away, by close code or HTTP status.",
        "code",
        ((str(code), count) for code, count in sorted(node.refusals.counts.items())),
    )
    yield gauge("ledger_waiting", "Commands that wait for the ledger.", offices.ledger.waiting)
    yield gauge("ledger_alive", "1 while the ledger's writer goes on.", offices.ledger.is_alive)
    yield gauge("database_writable", "1 while the database takes changes.", probe.is_writable())
    yield gauge("database_bytes", "Size of the database, its log included.", database_bytes(offices.store))
