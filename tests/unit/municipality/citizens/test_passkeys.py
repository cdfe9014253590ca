import pytest

from municipality.access import Actor, Grant, Role
from municipality.citizens import Citizens, EntryCodes, Passkeys, RelyingParty, Sessions
from municipality.citizens.passkeys import CEREMONY_SECONDS, MOST, Newcomer
from municipality.errors import ConflictError, NameRefusedError, NotFoundError, SignInError
from tests.support.passkey import Authenticator

NOON = 1_800_000_000.0
CITY = RelyingParty("city.example", "https://city.example")
NAEUN = Newcomer("나은", 3, "ko")


def device(**changes: object) -> Authenticator:
    return Authenticator(CITY.origin, **changes)  # type: ignore[arg-type]


def signed_in(number: int) -> Actor:
    return Actor(number, grants=frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN)}))


def register(passkeys: Passkeys, one: Authenticator, actor: Actor | None = None, now: float = NOON) -> int:
    actor = actor or Actor()
    token, options = passkeys.begin_registration(actor, CITY, NAEUN.name, now)
    return passkeys.finish_registration(
        actor, CITY, token, one.create(options), NAEUN, device="Chrome", now=now
    )


def sign_in(passkeys: Passkeys, one: Authenticator, now: float = NOON) -> int:
    token, options = passkeys.begin_sign_in(CITY, now)
    return passkeys.finish_sign_in(CITY, token, one.get(options), now)


def test_a_passkey_makes_a_citizen_and_brings_them_back(passkeys: Passkeys, people: Citizens) -> None:
    phone = device()
    number = register(passkeys, phone)
    found = people.find(number)
    assert (found.name, found.colour, found.language) == ("나은", 3, "ko")
    assert sign_in(passkeys, phone) == number
    assert sign_in(passkeys, phone, NOON + 60.0) == number
    assert passkeys.of(signed_in(number))[0].used_at == NOON + 60.0


def test_another_device_is_added_and_removed_but_not_the_last(passkeys: Passkeys) -> None:
    phone, desk = device(), device()
    number = register(passkeys, phone)
    actor = signed_in(number)
    assert register(passkeys, desk, actor) == number
    assert sign_in(passkeys, desk) == number
    first, second = passkeys.of(actor)
    passkeys.remove(actor, first.id, NOON)
    with pytest.raises(SignInError):
        sign_in(passkeys, phone)
    with pytest.raises(ConflictError):
        passkeys.remove(actor, second.id, NOON)
    with pytest.raises(NotFoundError):
        passkeys.remove(signed_in(register(passkeys, device())), second.id, NOON)


def test_an_answer_is_taken_once(passkeys: Passkeys) -> None:
    phone = device()
    register(passkeys, phone)
    token, options = passkeys.begin_sign_in(CITY, NOON)
    answer = phone.get(options)
    passkeys.finish_sign_in(CITY, token, answer, NOON)
    with pytest.raises(SignInError):
        passkeys.finish_sign_in(CITY, token, answer, NOON)
    fresh, _ = passkeys.begin_sign_in(CITY, NOON)
    with pytest.raises(SignInError):  # the challenge is another one
        passkeys.finish_sign_in(CITY, fresh, answer, NOON)


def test_a_failed_answer_ends_its_ceremony(passkeys: Passkeys) -> None:
    phone = device()
    register(passkeys, phone)
    token, options = passkeys.begin_sign_in(CITY, NOON)
    with pytest.raises(SignInError):
        passkeys.finish_sign_in(CITY, token, {"id": "AAAA"}, NOON)
    with pytest.raises(SignInError):
        passkeys.finish_sign_in(CITY, token, phone.get(options), NOON)


def test_an_answer_that_comes_too_late_is_refused(passkeys: Passkeys) -> None:
    phone = device()
    register(passkeys, phone)
    token, options = passkeys.begin_sign_in(CITY, NOON)
    with pytest.raises(SignInError):
        passkeys.finish_sign_in(CITY, token, phone.get(options), NOON + CEREMONY_SECONDS)


def test_a_page_that_looks_like_ours_gets_nothing(passkeys: Passkeys) -> None:
    phone = device()
    register(passkeys, phone)
    token, options = passkeys.begin_sign_in(CITY, NOON)
    phone.origin = "https://city.example.evil"
    with pytest.raises(SignInError):
        passkeys.finish_sign_in(CITY, token, phone.get(options), NOON)


def test_the_owner_must_be_asked(passkeys: Passkeys, people: Citizens) -> None:
    with pytest.raises(SignInError):
        register(passkeys, device(verifies=False))
    assert people.names([1]) == {}
    phone = device()
    register(passkeys, phone)
    phone.verifies = False
    with pytest.raises(SignInError):
        sign_in(passkeys, phone)


def test_a_copied_passkey_is_noticed(passkeys: Passkeys) -> None:
    phone = device()
    register(passkeys, phone)
    sign_in(passkeys, phone)
    sign_in(passkeys, phone)
    phone.counter = 0  # as a clone that was used less
    with pytest.raises(SignInError):
        sign_in(passkeys, phone)


def test_somebody_elses_ceremony_adds_no_device(passkeys: Passkeys) -> None:
    one, two = register(passkeys, device()), register(passkeys, device())
    token, options = passkeys.begin_registration(signed_in(one), CITY, "나은", NOON)
    answer = device().create(options)
    for actor in (signed_in(two), Actor()):
        with pytest.raises(SignInError):
            passkeys.finish_registration(actor, CITY, token, answer, NAEUN, device="x", now=NOON)


def test_a_sign_in_ceremony_registers_nothing(passkeys: Passkeys) -> None:
    _, options = passkeys.begin_registration(Actor(), CITY, "나은", NOON)
    token, _ = passkeys.begin_sign_in(CITY, NOON)
    with pytest.raises(SignInError):
        passkeys.finish_registration(
            Actor(), CITY, token, device().create(options), NAEUN, device="x", now=NOON
        )


def test_the_same_passkey_belongs_to_one_citizen(passkeys: Passkeys) -> None:
    phone = device()
    register(passkeys, phone)
    with pytest.raises(SignInError):
        register(passkeys, phone)


def test_a_name_that_may_not_be_shown_makes_nobody(passkeys: Passkeys) -> None:
    with pytest.raises(NameRefusedError):
        passkeys.begin_registration(Actor(), CITY, "\u200b", NOON)


def test_there_are_only_so_many_passkeys(passkeys: Passkeys) -> None:
    number = register(passkeys, device())
    for _ in range(MOST - 1):
        register(passkeys, device(), signed_in(number))
    with pytest.raises(ConflictError):
        register(passkeys, device(), signed_in(number))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": None},
        {"id": "é"},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": "text"},
    ],
)
def test_what_is_no_answer_is_refused(passkeys: Passkeys, answer: dict[str, object]) -> None:
    token, _ = passkeys.begin_sign_in(CITY, NOON)
    with pytest.raises(SignInError):
        passkeys.finish_sign_in(CITY, token, answer, NOON)
    token, _ = passkeys.begin_registration(Actor(), CITY, "나은", NOON)
    with pytest.raises(SignInError):
        passkeys.finish_registration(Actor(), CITY, token, answer, NAEUN, device="x", now=NOON)


def test_what_was_under_way_when_somebody_was_erased_lets_nobody_in(
    passkeys: Passkeys, people: Citizens, codes: EntryCodes, sessions: Sessions
) -> None:
    late = device()
    number = register(passkeys, device())
    actor = signed_in(number)  # as each of these requests found it when it began
    token, options = passkeys.begin_registration(actor, CITY, NAEUN.name, NOON)
    people.erase(actor, NOON)
    for act in (
        lambda: passkeys.finish_registration(
            actor, CITY, token, late.create(options), NAEUN, device="Chrome", now=NOON
        ),
        lambda: codes.new_device(actor, NOON),
        lambda: codes.new_recovery(actor, NOON),
        lambda: sessions.open(number, "Chrome", NOON),
        lambda: people.erase(actor, NOON),
    ):
        with pytest.raises(SignInError):
            act()
    with pytest.raises(SignInError):
        sign_in(passkeys, late)
