"""What operators see and change, and that nobody else does."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from meta_gwangju import __version__
from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from municipality import journal
from municipality.access import CITY_HALL, EXPO, Role
from tests.unit.meta_gwangju.callers import Caller, citizen

PATH = "/api/v1/admin"


@pytest.fixture
def operator(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "운영", Role.OPERATOR)


@pytest.fixture
def naeun(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "나은 Naeun")


def told(node: CityNode) -> list[str]:
    with node.offices.store.engine.connect() as connection:
        assert journal.verify(connection, "access") == []
        return [entry.kind for entry in journal.entries(connection, "access")]


def found(caller: Caller, **params: object) -> list[str]:
    answer = caller.ask("GET", f"{PATH}/people", params=params)
    assert answer.status_code == 200, answer.text
    return [person["name"] for person in answer.json()["people"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/people"),
        ("PUT", "/people/1/roles"),
        ("DELETE", "/people/1/roles/operator"),
        ("DELETE", "/people/1/sessions"),
        ("GET", "/organisations"),
        ("GET", "/verification"),
        ("GET", "/facts"),
    ],
)
def test_only_operators_of_the_city_administer_it(
    app: FastAPI, node: CityNode, operator: Caller, naeun: Caller, method: str, path: str
) -> None:
    officer = citizen(app, node.offices, "담당", Role.OFFICER)
    of_a_part = citizen(app, node.offices, "전시", Role.OPERATOR, place=EXPO)
    before = told(node)
    more = {"json": {"role": "officer"}} if method == "PUT" else {}
    for caller in (Caller(app), naeun, officer, of_a_part):
        answer = caller.ask(method, PATH + path, **more)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert told(node) == before
    assert operator.number == 1


def test_people_are_found_by_name_number_and_role(
    app: FastAPI, node: CityNode, operator: Caller, naeun: Caller
) -> None:
    citizen(app, node.offices, "담당", Role.OFFICER, place=CITY_HALL)
    assert found(operator) == ["담당", "나은 Naeun", "운영"]
    assert found(operator, words="NAE") == ["나은 Naeun"]
    assert found(operator, words=naeun.number) == ["나은 Naeun"]
    assert found(operator, role="officer") == ["담당"]
    assert found(operator, words="없음") == []
    assert found(operator, words="9" * 60) == []
    assert found(operator, words="%' OR 1=1 --") == []
    assert found(operator, before=naeun.number) == ["운영"]
    for wrong in ({"words": "x" * 61}, {"role": "king"}, {"before": 0}):
        assert operator.ask("GET", f"{PATH}/people", params=wrong).status_code == 422


def test_a_person_is_shown_with_roles_devices_and_sanctions(operator: Caller, naeun: Caller) -> None:
    body = {"kind": "mute", "citizen": naeun.number, "category": "noise", "reason": "소란", "seconds": 600}
    assert operator.ask("POST", "/api/v1/moderation/acts", json=body).status_code == 201
    answer = operator.ask("GET", f"{PATH}/people", params={"words": "나은"}).json()
    (person,) = answer["people"]
    assert answer["before"] is None
    assert (person["sessions"], person["passkeys"], person["roles"]) == (1, 0, [])
    assert (person["sanctions"], person["here"], person["erased_at"]) == (["mute"], False, None)
    naeun.ask("DELETE", "/api/v1/citizen")
    (gone,) = operator.ask("GET", f"{PATH}/people", params={"words": naeun.number}).json()["people"]
    assert (gone["name"], gone["sessions"]) == (None, 0)
    assert gone["erased_at"] is not None


def test_the_last_operator_cannot_erase_themselves_before_there_is_another(
    node: CityNode, operator: Caller, naeun: Caller
) -> None:
    answer = operator.ask("DELETE", "/api/v1/citizen")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert found(operator, role="operator") == ["운영"]
    given = operator.ask("PUT", f"{PATH}/people/{naeun.number}/roles", json={"role": "operator"})
    assert given.status_code == 200, given.text
    assert operator.ask("DELETE", "/api/v1/citizen").status_code == 204
    assert told(node)[-1] == "taken"


def test_who_looked_somebody_up_is_noted_without_the_words(
    node: CityNode, operator: Caller, naeun: Caller
) -> None:
    found(operator, words="나은")
    with node.offices.store.engine.connect() as connection:
        *_, last = journal.entries(connection, "access")
    assert (last.kind, last.actor) == ("looked_up", operator.number)
    assert f'"found":[{naeun.number}]' in last.body
    assert "나은" not in last.body


def test_a_role_is_given_and_taken_and_counts_at_once(
    node: CityNode, operator: Caller, naeun: Caller
) -> None:
    path = f"{PATH}/people/{naeun.number}/roles"
    role = {"role": "officer", "place": CITY_HALL}
    given = operator.ask("PUT", path, json=role)
    assert (given.status_code, given.json()) == (200, [role])
    assert operator.ask("PUT", path, json=role).json() == [role]
    assert role in naeun.ask("GET", "/api/v1/session").json()["roles"]
    taken = operator.ask("DELETE", f"{path}/officer", params={"place": CITY_HALL})
    assert (taken.status_code, taken.json()) == (200, [])
    assert operator.ask("DELETE", f"{path}/officer", params={"place": CITY_HALL}).status_code == 404
    assert told(node)[1:] == ["given", "taken"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"role": "citizen"}, 422),
        ({"role": "exhibitor"}, 422),
        ({"role": "officer", "place": "moon"}, 422),
        ({"role": "officer", "place": "city/../x"}, 422),
        ({}, 422),
    ],
)
def test_other_roles_are_not_given(
    node: CityNode, operator: Caller, naeun: Caller, body: dict[str, str], status: int
) -> None:
    before = told(node)
    assert operator.ask("PUT", f"{PATH}/people/{naeun.number}/roles", json=body).status_code == status
    assert operator.ask("PUT", f"{PATH}/people/999/roles", json={"role": "officer"}).status_code == 404
    assert told(node) == before


def test_the_last_operator_stays(app: FastAPI, node: CityNode, operator: Caller) -> None:
    own = f"{PATH}/people/{operator.number}/roles/operator"
    assert operator.ask("DELETE", own).json()["code"] == "conflict"
    citizen(app, node.offices, "둘째", Role.OPERATOR)
    assert operator.ask("DELETE", own).status_code == 200
    assert operator.ask("GET", f"{PATH}/facts").status_code == 403


def test_a_citizen_is_signed_out_everywhere(node: CityNode, operator: Caller, naeun: Caller) -> None:
    path = f"{PATH}/people/{naeun.number}/sessions"
    assert naeun.ask("GET", "/api/v1/session").json()["citizen"] is not None
    assert operator.ask("DELETE", path).status_code == 204
    assert naeun.ask("GET", "/api/v1/session").json()["citizen"] is None
    assert operator.ask("DELETE", f"{PATH}/people/{operator.number}/sessions").status_code == 409
    assert operator.ask("DELETE", f"{PATH}/people/999/sessions").status_code == 404
    assert told(node)[-1] == "signed_out"


def test_organisations_are_listed_with_their_size(operator: Caller, naeun: Caller) -> None:
    body = {"name_ko": "빵집", "name_en": "Bakery"}
    assert naeun.ask("POST", "/api/v1/organisations", json=body).status_code == 201
    (line,) = operator.ask("GET", f"{PATH}/organisations").json()
    assert (line["name_ko"], line["name_en"], line["members"]) == ("빵집", "Bakery", 1)


def test_a_changed_journal_is_seen(node: CityNode, settings: Settings, operator: Caller) -> None:
    whole = operator.ask("GET", f"{PATH}/verification").json()
    assert whole["passed"]
    assert {"ledger", "ballots", "access", "citizens"} <= {one["what"] for one in whole["verdicts"]}
    with node.offices.store.write() as connection:
        connection.execute(
            sa.text("UPDATE journal_entries SET body = '{}' WHERE journal = 'access' AND seq = 1")
        )
    assert operator.ask("GET", f"{PATH}/verification").json() == whole  # for a minute
    changed = Caller(create_app(node, settings))
    changed.headers = operator.headers
    found = changed.ask("GET", f"{PATH}/verification").json()
    assert not found["passed"]
    assert [one["what"] for one in found["verdicts"] if not one["passed"]] == ["access"]


def test_the_system_tells_how_it_stands(operator: Caller, settings: Settings) -> None:
    facts = operator.ask("GET", f"{PATH}/facts").json()
    assert (facts["version"], facts["database"], facts["capacity"]) == (
        __version__,
        "sqlite",
        settings.capacity,
    )
    assert facts["schema_found"] == facts["schema_needed"]
    assert facts["database_bytes"] > 100_000
    assert facts["free_bytes"] > 0
