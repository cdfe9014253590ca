"""Citizens, their names under their own keys, their sessions, codes and roles."""

import pytest
import sqlalchemy as sa

from municipality import journal
from municipality.access import CITY, CITY_HALL, Action, Actor, Denial, Grant, Role
from municipality.citizens import Actors, Citizens, EntryCodes, Grants, Sessions
from municipality.citizens.codes import DEVICE_SECONDS, RECOVERY_CODES
from municipality.citizens.sessions import IDLE, LIFETIME, MOST
from municipality.errors import (
    ConflictError,
    NameRefusedError,
    NotAllowedError,
    NotFoundError,
    SignInError,
    VaultError,
)
from municipality.schema import citizens as citizens_table
from municipality.store import Store
from municipality.vault import Vault

NOON = 1_800_000_000.0


def join(store: Store, people: Citizens, name: str = "보라") -> Actor:
    with store.write() as connection:
        number = people.join(connection, name, now=NOON)
    return Actor(number, grants=frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN)}))


def acts(store: Store, name: str) -> list[str]:
    with store.engine.connect() as connection:
        assert journal.verify(connection, name) == []
        return [entry.kind for entry in journal.entries(connection, name)]


# --- the roll -------------------------------------------------------------------------------------------


def test_a_name_is_shown_and_never_stands_in_the_clear(store: Store, people: Citizens) -> None:
    actor = join(store, people, "나은 <b>")
    assert people.find(actor.of_citizen()).name == "나은 <b>"
    with store.engine.connect() as connection:
        sealed = connection.execute(sa.select(citizens_table.c.name)).scalar_one()
        bodies = [entry.body for entry in journal.entries(connection, "citizens")]
    assert "나은".encode() not in sealed
    assert bodies == ["{}"]


def test_a_name_that_may_not_be_shown_makes_no_citizen(store: Store, people: Citizens) -> None:
    with pytest.raises(NameRefusedError):
        join(store, people, "\u202e")
    assert people.names([1]) == {}
    assert acts(store, "citizens") == []


def test_erasing_destroys_the_key_and_every_way_in(
    store: Store, people: Citizens, vault: Vault, sessions: Sessions, codes: EntryCodes
) -> None:
    actor, other = join(store, people), join(store, people, "이웃")
    number = actor.of_citizen()
    with store.write() as connection:
        copy = vault.seal(connection, number, "contact", b"010-0000-0000")
    _, token = sessions.open(number, "Chrome", NOON)
    code = codes.new_recovery(actor, NOON)[0]
    people.erase(actor, NOON + 1.0)
    assert people.names([number, other.of_citizen()]) == {number: None, other.of_citizen(): "이웃"}
    assert sessions.find(token, NOON + 2.0) is None
    with pytest.raises(SignInError):
        codes.use(code, NOON + 2.0, "page")
    with store.engine.connect() as connection, pytest.raises(VaultError):
        vault.unseal(connection, number, "contact", copy)
    assert acts(store, "citizens")[-1] == "erased"


def test_what_is_sealed_opens_for_its_owner_its_purpose_and_its_master_key_alone(
    store: Store, people: Citizens, vault: Vault
) -> None:
    one, two = join(store, people).of_citizen(), join(store, people, "이웃").of_citizen()
    with store.write() as connection:
        sealed = vault.seal(connection, one, "contact", b"secret")
        assert vault.unseal(connection, one, "contact", sealed) == b"secret"
        flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
        for attempt in ((one, "name", sealed), (two, "contact", sealed), (one, "contact", flipped)):
            with pytest.raises(VaultError):
                vault.unseal(connection, *attempt)
        with pytest.raises(VaultError):
            Vault(b"x" * 32).unseal(connection, one, "contact", sealed)


# --- sessions -------------------------------------------------------------------------------------------


def test_a_session_opens_with_its_token_until_its_time_is_over(
    store: Store, people: Citizens, sessions: Sessions
) -> None:
    number = join(store, people).of_citizen()
    session, token = sessions.open(number, "Chrome · Linux", NOON)
    assert sessions.find(token, NOON + 1.0) == session
    assert sessions.find(token[:-1] + ("y" if token.endswith("x") else "x"), NOON + 1.0) is None
    assert sessions.find(token, NOON + IDLE) is None
    at = NOON
    while at + IDLE / 2 < NOON + LIFETIME:
        at += IDLE / 2
        assert sessions.find(token, at) is not None
    assert sessions.find(token, NOON + LIFETIME) is None


def test_sessions_are_listed_and_ended_by_their_owner_alone(
    store: Store, people: Citizens, sessions: Sessions
) -> None:
    one, two = join(store, people), join(store, people, "이웃")
    mine, token = sessions.open(one.of_citizen(), "phone", NOON)
    other, _ = sessions.open(two.of_citizen(), "desk", NOON)
    assert [session.id for session in sessions.of(one)] == [mine.id]
    with pytest.raises(NotFoundError):
        sessions.end(one, other.id)
    sessions.end(one, mine.id)
    assert sessions.find(token, NOON + 1.0) is None


def test_the_oldest_session_ends_when_there_are_too_many(
    store: Store, people: Citizens, sessions: Sessions
) -> None:
    actor = join(store, people)
    tokens = [sessions.open(actor.of_citizen(), "x", NOON + number)[1] for number in range(MOST + 1)]
    assert len(sessions.of(actor)) == MOST
    assert sessions.find(tokens[0], NOON + 60.0) is None
    assert sessions.find(tokens[1], NOON + 60.0) is not None


def test_a_visitor_has_no_sessions_to_list(sessions: Sessions) -> None:
    with pytest.raises(NotAllowedError):
        sessions.of(Actor())


# --- codes ----------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_once_however_it_is_typed(
    store: Store, people: Citizens, codes: EntryCodes
) -> None:
    actor = join(store, people)
    made = codes.new_recovery(actor, NOON)
    assert len(set(made)) == RECOVERY_CODES
    sloppy = made[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.use(sloppy, NOON, "plain") == actor.citizen
    assert codes.recovery_left(actor.of_citizen()) == RECOVERY_CODES - 1
    with pytest.raises(SignInError):
        codes.use(made[0], NOON, "plain")


def test_new_recovery_codes_end_the_old_ones(store: Store, people: Citizens, codes: EntryCodes) -> None:
    actor = join(store, people)
    old = codes.new_recovery(actor, NOON)
    codes.new_recovery(actor, NOON)
    with pytest.raises(SignInError):
        codes.use(old[0], NOON, "page")


def test_a_code_for_a_device_is_good_for_five_minutes(
    store: Store, people: Citizens, codes: EntryCodes
) -> None:
    actor = join(store, people)
    code, until = codes.new_device(actor, NOON)
    assert until == NOON + DEVICE_SECONDS
    with pytest.raises(SignInError):
        codes.use(code, until, "page")
    with pytest.raises(SignInError):  # gone, even if the clock goes back
        codes.use(code, NOON, "page")
    assert codes.use(codes.new_device(actor, NOON)[0], until - 0.1, "page") == actor.citizen


# --- roles ----------------------------------------------------------------------------------------------


def operator_of(store: Store, people: Citizens, grants: Grants) -> Actor:
    actor = join(store, people, "운영자")
    with store.write() as connection:
        grants.hand_out(connection, Actor(door="program"), actor.of_citizen(), Grant(Role.OPERATOR), NOON)
    return Actor(actor.citizen, grants=actor.grants | {Grant(Role.OPERATOR)})


def test_a_role_is_given_where_it_is_given_and_taken_again(
    store: Store, people: Citizens, grants: Grants, actors: Actors
) -> None:
    operator, number = operator_of(store, people, grants), join(store, people).of_citizen()
    grants.give(operator, number, Grant(Role.OFFICER, CITY_HALL), NOON)
    grants.give(operator, number, Grant(Role.OFFICER, CITY_HALL), NOON)
    officer = actors.citizen(number, "page", NOON)
    assert officer.may(Action.OPEN_VOTE, CITY_HALL)
    assert not officer.may(Action.OPEN_VOTE, CITY)
    grants.take(operator, number, Grant(Role.OFFICER, CITY_HALL), NOON)
    assert not actors.citizen(number, "page", NOON).may(Action.OPEN_VOTE, CITY_HALL)
    assert acts(store, "access") == ["given", "given", "taken"]


def test_nobody_else_gives_roles_and_only_roles_that_are_given(
    store: Store, people: Citizens, grants: Grants
) -> None:
    operator, citizen = operator_of(store, people, grants), join(store, people)
    with pytest.raises(NotAllowedError):
        grants.give(citizen, citizen.of_citizen(), Grant(Role.OPERATOR), NOON)
    with pytest.raises(NotFoundError):
        grants.give(operator, citizen.of_citizen(), Grant(Role.EXHIBITOR, CITY_HALL), NOON)
    with pytest.raises(NotFoundError):
        grants.give(operator, 999, Grant(Role.OFFICER), NOON)


def test_the_last_operator_stays(store: Store, people: Citizens, grants: Grants) -> None:
    operator = operator_of(store, people, grants)
    with pytest.raises(ConflictError):
        grants.take(operator, operator.of_citizen(), Grant(Role.OPERATOR), NOON)
    assert Grant(Role.OPERATOR) in grants.of(operator.of_citizen())


def test_other_rooms_add_roles_and_sanctions(store: Store, people: Citizens, actors: Actors) -> None:
    number = join(store, people).of_citizen()
    actors.grant_sources.append(lambda citizen: [Grant(Role.EXHIBITOR, f"city/booth{citizen}")])
    actors.denial_sources.append(lambda _, now: [Denial(Action.CHAT)] if now < NOON else [])
    assert actors.citizen(number, "page", NOON).may(Action.EDIT_BOOTH, f"city/booth{number}")
    assert not actors.citizen(number, "page", NOON - 1.0).may(Action.CHAT)
    assert actors.citizen(number, "page", NOON).may(Action.CHAT)
