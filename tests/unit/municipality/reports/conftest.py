from pathlib import Path

import pytest

from municipality.citizens import Actors, Citizens, Grants
from municipality.reports import Reports
from municipality.store import Store
from municipality.vault import Vault, load_master_key
from tests.unit.municipality.reports.town import Town


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Town:
    vault = Vault(load_master_key(tmp_path / "keys" / "master.key"))
    citizens, grants = Citizens(store, vault), Grants(store)
    return Town(store, citizens, grants, Actors(citizens, grants), Reports(store, vault))
