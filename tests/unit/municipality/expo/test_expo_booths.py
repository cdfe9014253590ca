"""Slots: first come, first served; what is in a booth is its organisation's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from municipality.access import CITY, EXPO, Action, Actor, Denial, Grant, Role
from municipality.errors import (
    ConflictError,
    MunicipalityError,
    NotAllowedError,
    NotFoundError,
    TextRefusedError,
)
from municipality.expo import Model, Slot, State
from tests.unit.municipality.expo.exhibitors import A1, A2, B1, SAYS, SLOTS, VISITOR, Expo

MODEL = Model("a" * 64, '{"figures": {}}')


def test_a_free_slot_is_taken_by_writing_it_up(expo: Expo, owner: Actor, robots: int) -> None:
    booth = expo.booths.put(owner, A1, robots, SAYS, now=10.0)
    assert (booth.slot, booth.organisation[0], booth.state) == (A1, robots, State.DRAFT)
    assert booth.says == SAYS
    assert expo.booths.find(A1) == booth
    assert expo.booths.find(A2) is None
    assert expo.booths.all() == [booth]
    assert expo.kinds() == ["take"]


def test_taking_it_makes_exhibitors_of_the_organisation_there_and_nowhere_else(
    expo: Expo, exhibitor: Actor
) -> None:
    for action in (Action.EDIT_BOOTH, Action.PUBLISH, Action.ENTER_STAFF, Action.READ_CONTACTS):
        assert exhibitor.may(action, f"{EXPO}/a1")
        assert not exhibitor.may(action, f"{EXPO}/a2")
        assert not exhibitor.may(action, CITY)
    assert expo.booths.grants_of(exhibitor.of_citizen()) == [Grant(Role.EXHIBITOR, f"{EXPO}/a1")]


@pytest.mark.usefixtures("exhibitor")
def test_whoever_comes_second_gets_another_slot(expo: Expo, rival: Actor, rivals: int) -> None:
    with pytest.raises(ConflictError):
        expo.booths.put(rival, A1, rivals, SAYS, now=11.0)
    assert expo.booths.put(rival, A2, rivals, SAYS, now=11.0).organisation[0] == rivals
    assert expo.kinds() == ["take", "take"]


def test_three_slots_asked_for_at_once_are_two(expo: Expo, rivals: int, rival: Actor) -> None:
    def take(slot: str) -> bool:
        try:
            expo.booths.put(rival, slot, rivals, SAYS, now=10.0)
        except ConflictError:
            return False
        return True

    # The same organisation in all three slots at once: its limit of two holds as well.
    with ThreadPoolExecutor(3) as threads:
        assert sorted(threads.map(take, [A1, A2, B1])) == [False, True, True]
    assert len(expo.booths.all()) == 2


def test_of_two_who_come_at_once_one_gets_the_slot(
    expo: Expo, owner: Actor, robots: int, rival: Actor, rivals: int
) -> None:
    def take(who: tuple[Actor, int]) -> bool:
        try:
            expo.booths.put(who[0], A1, who[1], SAYS, now=10.0)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(take, [(owner, robots), (rival, rivals)])) == [False, True]
    assert expo.kinds() == ["take"]


def test_an_organisation_holds_two_slots_at_most(expo: Expo, exhibitor: Actor, robots: int) -> None:
    expo.booths.put(exhibitor, A2, robots, SAYS, now=11.0)
    partner = expo.citizen()
    expo.belong(partner, robots)
    with pytest.raises(ConflictError, match="organisation may hold 2 slots"):
        expo.booths.put(partner, B1, robots, SAYS, now=12.0)
    assert len(expo.booths.all()) == 2


def test_nobody_takes_the_whole_hall_with_organisations_of_their_own(
    expo: Expo, exhibitor: Actor, robots: int, rivals: int
) -> None:
    expo.booths.put(exhibitor, A2, robots, SAYS, now=11.0)
    expo.belong(exhibitor, rivals)
    with pytest.raises(ConflictError, match="You have taken 2 slots"):
        expo.booths.put(exhibitor, B1, rivals, SAYS, now=12.0)
    expo.booths.free(expo.now(exhibitor), A2, None, now=13.0)
    expo.booths.put(exhibitor, B1, rivals, SAYS, now=14.0)


def test_staff_may_write_but_not_take(expo: Expo, owner: Actor, robots: int) -> None:
    clerk = expo.citizen()
    expo.belong(clerk, robots, "staff")
    with pytest.raises(NotAllowedError):
        expo.booths.put(clerk, A1, robots, SAYS, now=10.0)
    expo.booths.put(owner, A1, robots, SAYS, now=10.0)
    changed = expo.booths.put(expo.now(clerk), A1, robots, replace(SAYS, title_en="Robots"), now=11.0)
    assert changed.says.title_en == "Robots"
    assert expo.kinds() == ["take", "write"]


ACTS: list[Callable[[Expo, Actor], object]] = [
    lambda expo, actor: expo.booths.set_model(actor, A1, MODEL, 20.0),
    lambda expo, actor: expo.booths.may_edit(actor, A1),
    lambda expo, actor: expo.booths.open(actor, A1, 20.0),
    lambda expo, actor: expo.booths.close(actor, A1, 20.0),
    lambda expo, actor: expo.booths.free(actor, A1, None, 20.0),
    lambda expo, actor: expo.publishing.issue(actor, A1, 20.0),
    lambda expo, actor: expo.publishing.revoke(actor, A1, 20.0),
    lambda expo, actor: expo.visits.figures(actor, A1, 20.0),
    lambda expo, actor: expo.contacts.at(actor, A1, 20.0),
]


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_touches_a_booth(
    expo: Expo, exhibitor: Actor, rival: Actor, robots: int, rivals: int, act: Callable[[Expo, Actor], object]
) -> None:
    expo.booths.put(rival, A2, rivals, SAYS, now=11.0)
    left = expo.citizen()
    expo.belong(left, robots, "staff")
    stale = expo.now(left)
    expo.leave(left, robots)
    barred = replace(exhibitor, denials=frozenset(Denial(action) for action in Action))
    before = expo.kinds(), expo.booths.all()
    for actor in (VISITOR, expo.citizen(), expo.now(rival), stale, barred):
        with pytest.raises(NotAllowedError):
            act(expo, actor)
    assert (expo.kinds(), expo.booths.all()) == before


def test_a_slot_that_is_free_or_none_is_not_found(expo: Expo, exhibitor: Actor, robots: int) -> None:
    for name in ("kdj_center-z9", "../etc/passwd", "", "a1'; DROP TABLE booths"):
        with pytest.raises(NotFoundError):
            expo.booths.put(exhibitor, name, robots, SAYS, now=20.0)
        with pytest.raises(NotFoundError):
            expo.booths.find(name)
    with pytest.raises(NotFoundError):
        expo.booths.open(exhibitor, A2, now=20.0)


def test_only_members_take_for_an_organisation(expo: Expo, owner: Actor, rivals: int) -> None:
    for actor, organisation in ((owner, rivals), (owner, 10**9), (VISITOR, rivals)):
        with pytest.raises(NotAllowedError):
            expo.booths.put(actor, A1, organisation, SAYS, now=10.0)
    assert expo.booths.all() == []


def test_opening_and_closing_decide_who_sees_it(expo: Expo, exhibitor: Actor, rival: Actor) -> None:
    def seen() -> list[bool]:
        (booth,) = expo.booths.all()
        return [expo.booths.sees(actor, booth) for actor in (exhibitor, VISITOR, rival)]

    assert seen() == [True, False, False]
    assert not expo.booths.is_open(A1)
    assert expo.booths.open(exhibitor, A1, now=20.0).state is State.OPEN
    assert expo.booths.is_open(A1)
    assert seen() == [True, True, True]
    with pytest.raises(ConflictError):
        expo.booths.open(exhibitor, A1, now=21.0)
    assert expo.booths.close(exhibitor, A1, now=22.0).state is State.CLOSED
    assert seen() == [True, False, False]
    with pytest.raises(ConflictError):
        expo.booths.close(exhibitor, A1, now=23.0)
    assert expo.kinds() == ["take", "open", "close"]


def test_open_booths_are_known_after_a_restart(expo: Expo, exhibitor: Actor) -> None:
    expo.booths.open(exhibitor, A1, now=20.0)
    assert Expo.over(expo.store).booths.is_open(A1)


def test_an_owner_gives_a_slot_back(
    expo: Expo, exhibitor: Actor, robots: int, rival: Actor, rivals: int
) -> None:
    clerk = expo.citizen()
    expo.belong(clerk, robots, "staff")
    with pytest.raises(NotAllowedError):
        expo.booths.free(expo.now(clerk), A1, None, now=20.0)
    token, _ = expo.publishing.issue(exhibitor, A1, now=20.0)
    expo.booths.open(exhibitor, A1, now=20.0)
    expo.booths.free(exhibitor, A1, None, now=21.0)
    assert expo.booths.find(A1) is None
    assert not expo.booths.is_open(A1)
    assert expo.publishing.publisher(token) is None
    assert expo.booths.grants_of(exhibitor.of_citizen()) == []
    assert expo.booths.put(rival, A1, rivals, SAYS, now=22.0).organisation[0] == rivals
    assert expo.kinds() == ["take", "key", "open", "free", "take"]


@pytest.mark.usefixtures("exhibitor")
def test_an_officer_frees_a_slot_with_a_reason(expo: Expo) -> None:
    officer = expo.officer()
    for reason in (None, "", "   ", "x" * 301):
        with pytest.raises(TextRefusedError):
            expo.booths.free(officer, A1, reason, now=20.0)
    assert expo.booths.find(A1) is not None
    expo.booths.free(officer, A1, "오래 비어 있었어요", now=21.0)
    assert expo.booths.find(A1) is None
    assert "오래 비어" in expo.everything_kept(["booths"])
    assert "오래 비어" not in expo.everything_kept(["journal_entries"])


@pytest.mark.usefixtures("exhibitor")
def test_an_officer_of_another_place_frees_nothing(expo: Expo) -> None:
    elsewhere = expo.citizen(Grant(Role.OFFICER, "city/city_hall"))
    with pytest.raises(NotAllowedError):
        expo.booths.free(elsewhere, A1, "이유", now=20.0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title_ko", ""),
        ("title_en", " \u200b "),
        ("title_ko", "가" * 61),
        ("summary_en", "x" * 201),
        ("summary_ko", "이름\u202e뒤집기"),
        ("description_ko", "가" * 4001),
        ("description_en", "\x00"),
        ("link", "http://example.org/"),
        ("link", "javascript:alert(1)"),
        ("link", 'https://example.org/"onmouseover=alert(1)'),
        ("link", "https://user:pass@example.org/"),
        ("link", "https://example.org:8443/"),
        ("link", "https://localhost/"),
        ("link", "https://127.0.0.1/"),
        ("link", "https://[::1]/"),
        ("link", "https://[/"),
        ("link", "https://example.org/ a"),
        ("link", "https://예.한국/"),
        ("link", "https://example.org/" + "a" * 300),
        ("link", "//example.org"),
    ],
)
def test_texts_and_links_that_may_not_be_shown_are_refused(
    expo: Expo, owner: Actor, robots: int, field: str, value: str
) -> None:
    with pytest.raises(TextRefusedError) as refused:
        expo.booths.put(owner, A1, robots, replace(SAYS, **{field: value}), now=10.0)
    assert any("가" <= letter <= "힣" for letter in refused.value.ko)
    assert expo.booths.all() == []
    assert expo.kinds() == []


def test_html_is_text_and_stays_what_it_is(expo: Expo, owner: Actor, robots: int) -> None:
    html = "<script>alert('x')</script>\n\n\n\n<b>굵게</b>"
    booth = expo.booths.put(owner, A1, robots, replace(SAYS, description_ko=html), now=10.0)
    assert booth.says.description_ko == "<script>alert('x')</script>\n\n<b>굵게</b>"


def test_a_replaced_model_is_needed_as_long_as_some_booth_shows_it(
    expo: Expo, exhibitor: Actor, robots: int
) -> None:
    expo.booths.put(exhibitor, A2, robots, SAYS, now=11.0)
    both = expo.now(exhibitor)
    other = Model("b" * 64, "{}")
    assert expo.booths.set_model(both, A1, MODEL, now=20.0) is None
    assert expo.booths.set_model(both, A2, MODEL, now=21.0) is None
    assert expo.booths.set_model(both, A1, other, now=22.0) is None, "a2 still shows it"
    assert expo.booths.set_model(both, A2, other, now=23.0) == MODEL.sha256
    assert expo.booths.set_model(both, A2, other, now=24.0) is None, "the same again"
    assert expo.booths.set_model(both, A1, None, now=25.0) is None
    assert expo.booths.free(both, A2, None, now=26.0) == other.sha256


@pytest.mark.usefixtures("exhibitor")
def test_the_journal_holds_digests_and_no_words(expo: Expo) -> None:
    kept = expo.everything_kept(["journal_entries"])
    assert "로봇" not in kept
    assert "example.org" not in kept


def test_a_slot_knows_what_lies_in_it() -> None:
    assert SLOTS[0].holds(3.0, 3.0)
    assert not SLOTS[0].holds(8.0, 3.0)
    assert SLOTS[1].holds(10.0, 6.0)
    turned = Slot("x", "y", tuple(reversed(SLOTS[0].corners)))
    assert turned.holds(1.0, 1.0)
    assert not turned.holds(-1.0, 1.0)
    assert not Slot("x", "y").holds(0.0, 0.0)


@pytest.mark.usefixtures("exhibitor")
def test_every_refusal_speaks_both_languages(expo: Expo, rival: Actor, rivals: int) -> None:
    with pytest.raises(MunicipalityError) as refused:
        expo.booths.put(rival, A1, rivals, SAYS, now=11.0)
    assert any("가" <= letter <= "힣" for letter in refused.value.ko)
    assert refused.value.en.isascii()
