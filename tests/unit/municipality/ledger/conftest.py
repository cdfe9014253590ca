from collections.abc import Iterator
from pathlib import Path

import pytest

from municipality.store import Store
from tests.support.postgres import Postgres, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The same tests hold on both databases."""
    if request.param == "sqlite":
        database: Path | str = tmp_path / "city.sqlite3"
    else:
        database = request.getfixturevalue("postgres_server").database()
    with Store(database) as opened:
        yield opened
