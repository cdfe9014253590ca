from collections.abc import Iterator
from pathlib import Path

import pytest

from municipality.citizens import Citizens
from municipality.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "city.sqlite3") as opened:
        yield opened


@pytest.fixture
def citizens(store: Store) -> Citizens:
    return Citizens(store)
