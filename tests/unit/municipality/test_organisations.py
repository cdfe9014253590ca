import pytest

from municipality import journal
from municipality.access import Actor, Grant, Role
from municipality.citizens import Citizens
from municipality.errors import (
    ConflictError,
    KeyReusedError,
    NotAllowedError,
    NotFoundError,
    SignInError,
    TextRefusedError,
)
from municipality.organisations import INVITATION_SECONDS, Organisations
from municipality.store import Store
from municipality.vault import Vault

NOON = 1_800_000_000.0


@pytest.fixture
def office(store: Store) -> Organisations:
    return Organisations(store)


@pytest.fixture
def three(store: Store) -> tuple[Actor, Actor, Actor]:
    people = Citizens(store, Vault(bytes(32)))
    with store.write() as connection:
        numbers = [people.join(connection, name, now=NOON) for name in ("가", "나", "다")]
    grants = frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN)})
    one, two, other = (Actor(number, grants=grants) for number in numbers)
    return one, two, other


def found(office: Organisations, actor: Actor, key: str | None = None) -> int:
    return office.found(actor, "빛고을 로봇", "Bitgoeul Robotics", NOON, key)


def test_whoever_founds_an_organisation_owns_it(
    store: Store, office: Organisations, three: tuple[Actor, Actor, Actor]
) -> None:
    number = found(office, three[0])
    assert office.find(number).name_en == "Bitgoeul Robotics"
    assert [(one.id, rank) for one, rank in office.of(three[0].of_citizen())] == [(number, "owner")]
    with store.engine.connect() as connection:
        assert journal.verify(connection, "organisations") == []


def test_an_invitation_makes_one_member_once(
    office: Organisations, three: tuple[Actor, Actor, Actor]
) -> None:
    owner, guest, other = three
    number = found(office, owner)
    _, token, _ = office.invite(owner, number, "staff", NOON)
    assert office.accept(guest, token, NOON + 1.0) == number
    assert office.rank(number, guest.citizen) == "staff"
    with pytest.raises(SignInError):
        office.accept(other, token, NOON + 2.0)
    assert [member.citizen for member in office.members(guest, number)] == [owner.citizen, guest.citizen]


def test_an_invitation_ends(office: Organisations, three: tuple[Actor, Actor, Actor]) -> None:
    owner, guest, _ = three
    number = found(office, owner)
    invitation, token, until = office.invite(owner, number, "staff", NOON)
    assert until == NOON + INVITATION_SECONDS
    with pytest.raises(SignInError):
        office.accept(guest, token, until)
    office.withdraw(owner, number, invitation, NOON)
    with pytest.raises(SignInError):
        office.accept(guest, token, NOON + 1.0)
    with pytest.raises(NotFoundError):
        office.withdraw(owner, number, invitation, NOON)


def test_only_owners_invite_and_only_members_look(
    office: Organisations, three: tuple[Actor, Actor, Actor]
) -> None:
    owner, staff, other = three
    number = found(office, owner)
    office.accept(staff, office.invite(owner, number, "staff", NOON)[1], NOON)
    with pytest.raises(NotAllowedError):
        office.invite(staff, number, "owner", NOON)
    with pytest.raises(NotAllowedError):
        office.members(other, number)
    with pytest.raises(NotAllowedError):
        office.leave(staff, number, owner.of_citizen(), NOON)
    with pytest.raises(NotAllowedError):
        office.accept(Actor(), "x" * 32, NOON)


def test_the_last_owner_stays_and_others_go(office: Organisations, three: tuple[Actor, Actor, Actor]) -> None:
    owner, staff, _ = three
    number = found(office, owner)
    office.accept(staff, office.invite(owner, number, "staff", NOON)[1], NOON)
    with pytest.raises(ConflictError):
        office.leave(owner, number, owner.of_citizen(), NOON)
    assert office.rank(number, owner.citizen) == "owner"
    office.leave(owner, number, staff.of_citizen(), NOON)
    assert office.rank(number, staff.citizen) is None


def test_whoever_is_erased_leaves_all_organisations_but_not_others_alone(
    store: Store, office: Organisations, three: tuple[Actor, Actor, Actor]
) -> None:
    owner, staff, _ = three
    alone, shared = found(office, owner), found(office, owner)
    office.accept(staff, office.invite(owner, shared, "staff", NOON)[1], NOON)
    left: list[int] = []
    office.leaving.append(lambda _connection, _actor, organisation, _now: left.append(organisation))
    with pytest.raises(ConflictError), store.write() as connection:
        office.end(connection, owner, NOON)
    assert [office.rank(number, owner.citizen) for number in (alone, shared)] == ["owner", "owner"]
    left.clear()
    office.leave(owner, shared, staff.of_citizen(), NOON)
    with store.write() as connection:
        office.end(connection, owner, NOON)
    assert office.of(owner.of_citizen()) == []
    assert sorted(left) == sorted([shared, alone, shared])
    with store.engine.connect() as connection:
        assert journal.verify(connection, "organisations") == []


def test_founding_twice_under_one_key_founds_once(
    office: Organisations, three: tuple[Actor, Actor, Actor]
) -> None:
    owner, other, _ = three
    number = found(office, owner, "0190-key")
    assert found(office, owner, "0190-key") == number
    assert found(office, other, "0190-key") != number  # nobody's keys meet another's
    with pytest.raises(KeyReusedError):
        office.found(owner, "다른 이름", "Other", NOON, "0190-key")
    assert len(office.of(owner.of_citizen())) == 1


def test_a_member_does_not_join_twice(office: Organisations, three: tuple[Actor, Actor, Actor]) -> None:
    owner, _, _ = three
    number = found(office, owner)
    _, token, _ = office.invite(owner, number, "staff", NOON)
    with pytest.raises(ConflictError):
        office.accept(owner, token, NOON)
    assert office.invitations(owner, number)[0].used_by is None


@pytest.mark.parametrize("name", ["", "   ", "\u202eabc", "a" * 61])
def test_a_name_that_may_not_be_shown_founds_nothing(
    office: Organisations, three: tuple[Actor, Actor, Actor], name: str
) -> None:
    with pytest.raises(TextRefusedError):
        office.found(three[0], name, "Name", NOON)
    assert office.of(three[0].of_citizen()) == []
