import pytest

from municipality import journal
from municipality.access import EXPO, Actor, Role
from municipality.errors import ConflictError, NotAllowedError, NotFoundError, TextRefusedError
from municipality.moderation import Act, Appeals, Category, Kind, Moderation
from municipality.moderation.act import DAY
from tests.unit.municipality.moderation.town import NOW, Town, about

PLEA = "저는 아무 말도 하지 않았어요. <script>alert(1)</script>"


@pytest.fixture
def officer(town: Town) -> Actor:
    return town.citizen(Role.OFFICER)


@pytest.fixture
def other(town: Town) -> Actor:
    """Another officer."""
    return town.citizen(Role.OFFICER)


@pytest.fixture
def muted(town: Town) -> Actor:
    return town.citizen()


@pytest.fixture
def act(moderation: Moderation, officer: Actor, muted: Actor) -> Act:
    return moderation.act(officer, about(muted), NOW)[0]


def test_who_was_sanctioned_objects_and_another_officer_lifts_it(
    moderation: Moderation, appeals: Appeals, act: Act, muted: Actor, officer: Actor, other: Actor
) -> None:
    sent = appeals.appeal(muted, act.id, PLEA, NOW + 60)
    assert (sent.text, sent.outcome, sent.answer) == (PLEA, None, None)
    assert [waiting.id for waiting in appeals.queue(officer)] == [sent.id]
    appeals.answer(other, act.id, "lifted", "살펴보니 맞는 말씀이에요.", NOW + 120)
    found, appeal = appeals.of(muted, act.id)
    assert found.lifted_at == NOW + 120
    assert appeal is not None
    assert (appeal.outcome, appeal.answer) == ("lifted", "살펴보니 맞는 말씀이에요.")
    assert appeals.queue(officer) == []
    assert not moderation.register.denials_of(muted.citizen or 0, NOW + 121)
    assert [line.appeal for line in moderation.register.log()[0]] == ["lifted"]


def test_a_kept_sanction_holds_on(
    moderation: Moderation, appeals: Appeals, act: Act, muted: Actor, other: Actor
) -> None:
    appeals.appeal(muted, act.id, PLEA, NOW)
    appeals.answer(other, act.id, "kept", "기록을 보았어요.", NOW)
    assert moderation.register.denials_of(muted.citizen or 0, NOW)
    with pytest.raises(ConflictError):
        appeals.answer(other, act.id, "lifted", "다시", NOW)


def test_whoever_acted_does_not_judge_the_appeal(
    appeals: Appeals, act: Act, muted: Actor, officer: Actor
) -> None:
    appeals.appeal(muted, act.id, PLEA, NOW)
    with pytest.raises(NotAllowedError):
        appeals.answer(officer, act.id, "kept", "제가 맞아요.", NOW)
    assert appeals.of(muted, act.id)[1] == appeals.queue(officer)[0]


def test_a_sanctioned_officer_does_not_judge_their_own_appeal(
    town: Town, moderation: Moderation, appeals: Appeals, officer: Actor
) -> None:
    act, _ = moderation.act(town.citizen(Role.OPERATOR), about(officer), NOW)
    appeals.appeal(officer, act.id, PLEA, NOW)
    with pytest.raises(NotAllowedError):
        appeals.answer(officer, act.id, "lifted", "풀려라", NOW)


def test_an_appeal_is_answered_by_who_may_do_such_acts_there(
    town: Town, moderation: Moderation, appeals: Appeals, act: Act, muted: Actor, other: Actor
) -> None:
    appeals.appeal(muted, act.id, PLEA, NOW)
    for nobody in (town.citizen(), town.citizen(Role.OFFICER, EXPO), muted, Actor()):
        with pytest.raises(NotAllowedError):
            appeals.answer(nobody, act.id, "lifted", "네", NOW)
    banned, _ = moderation.act(
        town.citizen(Role.OPERATOR), about(muted, Kind.BAN, category=Category.DANGER), NOW
    )
    appeals.appeal(muted, banned.id, PLEA, NOW)
    with pytest.raises(NotAllowedError):
        appeals.answer(other, banned.id, "lifted", "네", NOW)


def test_nobody_else_sees_or_makes_an_appeal(town: Town, appeals: Appeals, act: Act, other: Actor) -> None:
    for nobody in (town.citizen(), other, Actor()):
        with pytest.raises(NotFoundError):
            appeals.appeal(nobody, act.id, PLEA, NOW)
        with pytest.raises(NotFoundError):
            appeals.of(nobody, act.id)
        with pytest.raises(NotFoundError):
            appeals.of(nobody, 999)


def test_there_is_one_appeal_an_act(appeals: Appeals, act: Act, muted: Actor) -> None:
    appeals.appeal(muted, act.id, PLEA, NOW)
    with pytest.raises(ConflictError):
        appeals.appeal(muted, act.id, "한 번 더", NOW)


def test_an_appeal_comes_within_thirty_days(appeals: Appeals, act: Act, muted: Actor) -> None:
    with pytest.raises(ConflictError):
        appeals.appeal(muted, act.id, PLEA, NOW + 31 * DAY)
    assert appeals.appeal(muted, act.id, PLEA, NOW + 29 * DAY)


def test_an_expired_sanction_can_be_appealed_against(appeals: Appeals, act: Act, muted: Actor) -> None:
    assert not act.holds(NOW + DAY)
    assert appeals.appeal(muted, act.id, PLEA, NOW + DAY)


@pytest.mark.parametrize("text", ["", "x" * 2_001, "\u202e"])
def test_an_appeal_needs_words(appeals: Appeals, act: Act, muted: Actor, text: str) -> None:
    with pytest.raises(TextRefusedError):
        appeals.appeal(muted, act.id, text, NOW)
    assert appeals.of(muted, act.id)[1] is None


def test_a_visitor_objects_with_the_code_they_were_told(
    moderation: Moderation, appeals: Appeals, officer: Actor, other: Actor
) -> None:
    act, code = moderation.act(officer, about(7, Kind.TIMEOUT), NOW)
    assert code is not None
    for wrong in (None, "", "AAAAA-AAAAA-AAAAA"):
        with pytest.raises(NotFoundError):
            appeals.appeal(Actor(), act.id, PLEA, NOW, wrong)
    assert appeals.appeal(Actor(), act.id, PLEA, NOW, code.lower().replace("-", " ")).text == PLEA
    appeals.answer(other, act.id, "kept", "기록이 있어요.", NOW)
    found = appeals.of(Actor(), act.id, code)[1]
    assert found is not None
    assert found.answer == "기록이 있어요."


def test_a_visitors_code_opens_no_act_about_a_citizen(appeals: Appeals, act: Act) -> None:
    with pytest.raises(NotFoundError):
        appeals.appeal(Actor(), act.id, PLEA, NOW, "AAAAA-AAAAA-AAAAA")


def test_what_was_said_is_gone_when_the_citizen_is_erased_and_never_in_the_journal(
    town: Town, appeals: Appeals, act: Act, muted: Actor, officer: Actor
) -> None:
    appeals.appeal(muted, act.id, PLEA, NOW)
    assert [appeal.text for appeal in appeals.queue(officer)] == [PLEA]
    town.citizens.erase(muted, NOW)
    assert [appeal.text for appeal in appeals.queue(officer)] == [None]
    with town.store.engine.connect() as connection:
        assert journal.verify(connection, "moderation") == []
        assert all("저는" not in entry.body for entry in journal.entries(connection, "moderation"))
