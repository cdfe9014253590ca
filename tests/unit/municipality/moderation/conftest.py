import secrets

import pytest

from municipality.moderation import Appeals, Moderation, Words
from municipality.store import Store
from municipality.vault import Vault
from tests.unit.municipality.moderation.town import Town


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, Vault(secrets.token_bytes(32)))


@pytest.fixture
def moderation(town: Town) -> Moderation:
    return Moderation(town.store, Words(town.vault), town.grants.of)


@pytest.fixture
def appeals(town: Town) -> Appeals:
    return Appeals(town.store, Words(town.vault))
