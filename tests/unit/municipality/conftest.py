from collections.abc import Iterator
from pathlib import Path

import pytest

from municipality.store import Store
from municipality.visitors import Visitors
from tests.support.databases import postgres_city, sqlite_city
from tests.support.postgres import Postgres, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    with Store(sqlite_city(tmp_path / "city.sqlite3")) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The same tests hold on both databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_store")
        return
    with Store(postgres_city(request.getfixturevalue("postgres_server"))) as opened:
        yield opened


@pytest.fixture
def visitors(store: Store) -> Visitors:
    return Visitors(store)
