"""Contacts: sealed, for one organisation, taken back whenever their giver wants."""

import pytest

from municipality.access import Action, Actor, Denial
from municipality.errors import ConflictError, NotAllowedError, NotFoundError, TextRefusedError
from municipality.expo import Contact, ContactState
from municipality.expo.contacts import LIFETIME
from tests.unit.municipality.expo.exhibitors import A1, A2, SAYS, VISITOR, Expo

BORA = Contact("보라", "bora@example.org", "+82 62-123-4567", "로봇을 써 보고 싶어요")


@pytest.fixture
def opened(expo: Expo, exhibitor: Actor) -> Actor:
    expo.booths.open(exhibitor, A1, now=20.0)
    return exhibitor


def test_the_organisation_reads_what_was_left_and_nobody_else_does(
    expo: Expo, opened: Actor, rival: Actor, rivals: int
) -> None:
    giver = expo.citizen()
    expo.contacts.leave(giver, A1, BORA, now=100.0)
    expo.contacts.leave(VISITOR, A1, Contact("나은", phone="010"), now=101.0)
    found = expo.contacts.at(opened, A1, now=102.0)
    assert [left.contact for left in found] == [Contact("나은", phone="010"), BORA]
    assert {left.state for left in found} == {ContactState.GIVEN}
    expo.booths.put(rival, A2, rivals, SAYS, now=103.0)
    for actor in (rival, expo.now(rival), expo.officer(), VISITOR, giver):
        with pytest.raises(NotAllowedError):
            expo.contacts.at(actor, A1, now=104.0)
    assert expo.contacts.at(expo.now(rival), A2, now=105.0) == []


@pytest.mark.usefixtures("opened")
def test_what_is_kept_is_sealed_and_the_journal_knows_no_giver(expo: Expo) -> None:
    giver = expo.citizen()
    expo.contacts.leave(giver, A1, BORA, now=100.0)
    _, token = expo.contacts.leave(VISITOR, A1, BORA, now=100.0)
    assert token is not None
    kept = expo.everything_kept(["contacts", "journal_entries", "booths", "booth_visits"])
    for secret in ("보라", "bora@example.org", "123-4567", "써 보고", token):
        assert secret not in kept
        assert repr(secret.encode())[2:-1] not in kept
    assert expo.kinds() == ["take", "open", "contact", "contact"]
    journal = expo.everything_kept(["journal_entries"])
    assert f"['expo', 3, 100000000, {giver.citizen}," not in journal
    assert "['expo', 3, 100000000, None," in journal


def test_a_citizen_takes_back_what_they_left(expo: Expo, opened: Actor) -> None:
    giver, other = expo.citizen(), expo.citizen()
    number, token = expo.contacts.leave(giver, A1, BORA, now=100.0)
    assert token is None
    assert [(left.id, left.slot, left.contact) for left in expo.contacts.of(giver, now=101.0)] == [
        (number, A1, BORA)
    ]
    assert expo.contacts.of(other, now=101.0) == []
    for actor, key in ((other, None), (VISITOR, None), (VISITOR, "x" * 32), (opened, None)):
        with pytest.raises(NotFoundError):
            expo.contacts.withdraw(actor, number, key, now=102.0)
    expo.contacts.withdraw(giver, number, None, now=103.0)
    (seen,) = expo.contacts.at(opened, A1, now=104.0)
    assert (seen.state, seen.contact) == (ContactState.WITHDRAWN, None)
    with pytest.raises(NotFoundError):
        expo.contacts.withdraw(giver, number, None, now=105.0)
    assert expo.kinds()[-1] == "contact_withdrawn"


def test_a_visitor_takes_theirs_back_with_the_key_that_they_got(expo: Expo, opened: Actor) -> None:
    number, token = expo.contacts.leave(VISITOR, A1, BORA, now=100.0)
    _, another = expo.contacts.leave(VISITOR, A1, BORA, now=100.0)
    for wrong in (None, "", "wrong", another):
        with pytest.raises(NotFoundError):
            expo.contacts.withdraw(VISITOR, number, wrong, now=101.0)
    expo.contacts.withdraw(Actor(session=99), number, token, now=102.0)
    assert [left.contact for left in expo.contacts.at(opened, A1, now=103.0)] == [BORA, None]
    with pytest.raises(NotAllowedError):
        expo.contacts.of(VISITOR, now=104.0)


def test_leaving_again_replaces(expo: Expo, opened: Actor) -> None:
    giver = expo.citizen()
    expo.contacts.leave(giver, A1, BORA, now=100.0)
    expo.contacts.leave(giver, A1, Contact("보라", "new@example.org"), now=101.0)
    assert [left.contact for left in expo.contacts.at(opened, A1, now=102.0)] == [
        Contact("보라", "new@example.org")
    ]


def test_an_erased_citizen_leaves_nothing_readable(expo: Expo, opened: Actor) -> None:
    giver = expo.citizen()
    expo.contacts.leave(giver, A1, BORA, now=100.0)
    with expo.store.write() as connection:
        expo.vault.erase(connection, giver.of_citizen())
    (seen,) = expo.contacts.at(opened, A1, now=101.0)
    assert (seen.state, seen.contact) == (ContactState.WITHDRAWN, None)


def test_contacts_end_after_ninety_days(expo: Expo, opened: Actor) -> None:
    expo.contacts.leave(VISITOR, A1, BORA, now=100.0)
    expo.contacts.leave(VISITOR, A1, BORA, now=200.0)
    end = 100.0 + LIFETIME
    assert end == 100.0 + 90 * 86_400
    assert len(expo.contacts.at(opened, A1, now=end - 1.0)) == 2
    assert len(expo.contacts.at(opened, A1, now=end)) == 1
    assert expo.contacts.forget_expired(end) == 1
    assert expo.contacts.forget_expired(end) == 0
    assert len(expo.contacts.at(opened, A1, now=end - 1.0)) == 1
    assert expo.kinds()[-1] == "contacts_expired"


def test_contacts_end_with_the_booth_they_were_left_for(
    expo: Expo, opened: Actor, rival: Actor, rivals: int
) -> None:
    giver = expo.citizen()
    expo.contacts.leave(giver, A1, BORA, now=100.0)
    expo.booths.free(opened, A1, None, now=101.0)
    expo.booths.put(rival, A1, rivals, SAYS, now=102.0)
    assert expo.contacts.at(expo.now(rival), A1, now=103.0) == []
    assert expo.contacts.of(giver, now=103.0) == []
    assert expo.everything_kept(["contacts"]) == ""


@pytest.mark.usefixtures("exhibitor")
def test_a_booth_that_is_not_open_takes_none(expo: Expo) -> None:
    for slot in (A1, A2):
        with pytest.raises(ConflictError):
            expo.contacts.leave(VISITOR, slot, BORA, now=100.0)
    assert expo.everything_kept(["contacts"]) == ""


@pytest.mark.usefixtures("opened")
def test_a_sanction_forbids_it(expo: Expo) -> None:
    barred = Actor(denials=frozenset({Denial(Action.LEAVE_CONTACT, "city/kdj_center")}))
    with pytest.raises(NotAllowedError):
        expo.contacts.leave(barred, A1, BORA, now=100.0)


@pytest.mark.usefixtures("opened")
def test_a_booth_is_not_flooded(expo: Expo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipality.expo.contacts.MOST", 2)
    expo.contacts.leave(VISITOR, A1, BORA, now=100.0)
    expo.contacts.leave(VISITOR, A1, BORA, now=100.0)
    with pytest.raises(ConflictError):
        expo.contacts.leave(VISITOR, A1, BORA, now=100.0)


@pytest.mark.parametrize(
    "contact",
    [
        Contact("", "a@example.org"),
        Contact("보라"),
        Contact("보라", message="전화 주세요"),
        Contact("보라", "no address"),
        Contact("보라", "a@b"),
        Contact("보라", "a@example.org\nBcc: everybody@example.org"),
        Contact("보라", phone="<script>"),
        Contact("가" * 41, "a@example.org"),
        Contact("보라", "a@example.org", message="가" * 501),
        Contact("보라\u202e", "a@example.org"),
    ],
)
@pytest.mark.usefixtures("opened")
def test_what_reaches_nobody_or_may_not_be_kept_is_refused(expo: Expo, contact: Contact) -> None:
    with pytest.raises(TextRefusedError):
        expo.contacts.leave(VISITOR, A1, contact, now=100.0)
    assert expo.everything_kept(["contacts"]) == ""
