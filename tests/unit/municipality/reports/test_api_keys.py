import pytest
import sqlalchemy as sa

from municipality.errors import NotFoundError, SignInError, TextRefusedError
from municipality.reports import ApiKeys
from municipality.schema import api_keys
from tests.unit.municipality.reports.town import NOW, Town


def test_a_key_acts_for_its_citizen_until_it_is_revoked(town: Town) -> None:
    keys, citizen = ApiKeys(town.store), town.citizen("앱 계정").of_citizen()
    made, text = keys.issue(citizen, "걷기 앱", NOW)
    assert keys.citizen_of(text) == citizen
    keys.revoke(made.id, NOW + 1)
    with pytest.raises(SignInError):
        keys.citizen_of(text)
    with pytest.raises(NotFoundError):
        keys.revoke(made.id, NOW + 2)
    assert [(key.name, key.revoked_at) for key in keys.all()] == [("걷기 앱", NOW + 1)]


def test_only_the_hash_of_a_key_is_kept(town: Town) -> None:
    _, text = ApiKeys(town.store).issue(town.citizen("앱").of_citizen(), "앱", NOW)
    with town.store.engine.connect() as connection:
        row = connection.execute(sa.select(api_keys)).one()
    assert text.encode() not in b" ".join(str(value).encode() for value in row)


@pytest.mark.parametrize("text", ["", "x" * 100_000, "' OR 1=1 --", "\x00", "\udc80"])
def test_what_is_no_key_opens_nothing(town: Town, text: str) -> None:
    ApiKeys(town.store).issue(town.citizen("앱").of_citizen(), "앱", NOW)
    with pytest.raises(SignInError):
        ApiKeys(town.store).citizen_of(text)


def test_a_key_ends_with_its_citizen(town: Town) -> None:
    citizen = town.citizen("앱")
    _, text = ApiKeys(town.store).issue(citizen.of_citizen(), "앱", NOW)
    town.citizens.erase(citizen, NOW)
    with pytest.raises(SignInError):
        ApiKeys(town.store).citizen_of(text)
    with pytest.raises(NotFoundError):
        ApiKeys(town.store).issue(citizen.of_citizen(), "앱", NOW)


def test_a_key_needs_a_name_and_somebody(town: Town) -> None:
    with pytest.raises(TextRefusedError):
        ApiKeys(town.store).issue(town.citizen("앱").of_citizen(), " ", NOW)
    with pytest.raises(NotFoundError):
        ApiKeys(town.store).issue(999, "앱", NOW)
