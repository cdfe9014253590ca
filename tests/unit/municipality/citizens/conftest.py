import pytest

from municipality.citizens import Actors, Citizens, EntryCodes, Grants, Passkeys, Sessions
from municipality.store import Store
from municipality.vault import Vault


@pytest.fixture
def vault() -> Vault:
    return Vault(b"m" * 32)


@pytest.fixture
def people(store: Store, vault: Vault) -> Citizens:
    return Citizens(store, vault)


@pytest.fixture
def sessions(store: Store) -> Sessions:
    return Sessions(store)


@pytest.fixture
def codes(store: Store) -> EntryCodes:
    return EntryCodes(store)


@pytest.fixture
def grants(store: Store) -> Grants:
    return Grants(store)


@pytest.fixture
def actors(people: Citizens, grants: Grants) -> Actors:
    return Actors(people, grants)


@pytest.fixture
def passkeys(store: Store, people: Citizens) -> Passkeys:
    return Passkeys(store, people)
