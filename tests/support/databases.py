"""Databases that are at this version's tables already: migrated once, copied for each test."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from municipality.store import Store
from tests.support.postgres import Postgres


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "city.sqlite3"
        Store(file).close()
        return file.read_bytes()


def sqlite_city(file: Path) -> Path:
    """Make an SQLite file of a city in which nothing has happened."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_migrated())
    return file


def postgres_city(server: Postgres) -> str:
    """Return the URL of a PostgreSQL database of a city in which nothing has happened."""
    if server.template is None:
        url = server.database()
        Store(url).close()
        server.template = make_url(url).database
    return server.database(server.template or "")
