import json

import pytest
import sqlalchemy as sa

from municipality import journal
from municipality.access import CITY, EXPO, Action, Actor, Denial, Grant, Role
from municipality.errors import (
    ConflictError,
    KeyReusedError,
    NotAllowedError,
    NotFoundError,
    TextRefusedError,
)
from municipality.moderation import Category, Kind, Moderation, Target
from municipality.moderation.act import DAY, FORBIDS, HOUR
from municipality.schema import moderation_acts
from tests.unit.municipality.moderation.town import NOISY, NOW, Town, about


def nothing_done(town: Town) -> bool:
    with town.store.engine.connect() as connection:
        rows = connection.execute(sa.select(sa.func.count()).select_from(moderation_acts)).scalar_one()
        return not rows and not list(journal.entries(connection, "moderation"))


# --- what an act does -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "denied"), [(kind, actions) for kind, actions in FORBIDS.items() if actions]
)
def test_a_sanction_forbids_what_it_says_while_it_holds(
    town: Town, moderation: Moderation, kind: Kind, denied: tuple[Action, ...]
) -> None:
    operator, citizen = town.citizen(Role.OPERATOR), town.citizen()
    town.actors.denial_sources.append(moderation.register.denials_of)
    town.actors.grant_sources.append(lambda _: [Grant(Role.EXHIBITOR)])
    citizen = town.again(citizen.citizen)
    moderation.act(operator, about(citizen, kind, category=Category.DANGER), NOW)
    now = town.again(citizen.citizen)
    assert {action for action in Action if citizen.may(action) and not now.may(action)} == set(denied)
    assert moderation.register.denials_of(citizen.citizen or 0, NOW + HOUR) == frozenset()
    assert moderation.register.denials_of(citizen.citizen or 0, NOW - 1) == frozenset()


def test_no_sanction_takes_away_what_is_everybodys() -> None:
    forbidden = {action for actions in FORBIDS.values() for action in actions}
    assert not forbidden & {Action.VOTE, Action.REPORT, Action.PAY, Action.SUPPORT}


def test_a_mute_at_a_place_forbids_nothing_elsewhere(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER, EXPO), town.citizen()
    town.actors.denial_sources.append(moderation.register.denials_of)
    moderation.act(officer, about(citizen, place=EXPO), NOW)
    now = town.again(citizen.citizen)
    assert not now.may(Action.CHAT, f"{EXPO}/a1")
    assert now.may(Action.CHAT, CITY)
    assert now.may(Action.CHAT, f"{EXPO}x")


def test_a_kick_forbids_nothing_afterwards(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER), town.citizen()
    act, _ = moderation.act(officer, about(citizen, Kind.KICK), NOW)
    assert act.shuts_out
    assert moderation.register.denials_of(citizen.citizen or 0, NOW) == frozenset()
    assert moderation.register.at_door(Target(citizen=citizen.citizen), "192.0.2.7", NOW) is None


def test_a_lifted_sanction_forbids_nothing(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER), town.citizen()
    act, _ = moderation.act(officer, about(citizen), NOW)
    lifted = moderation.lift(town.citizen(Role.OFFICER), act.id, "잘못 알았어요.", NOW + 60)
    assert lifted.lifted_at == NOW + 60
    assert moderation.register.denials_of(citizen.citizen or 0, NOW + 61) == frozenset()
    with pytest.raises(ConflictError):
        moderation.lift(officer, act.id, "다시", NOW + 62)


def test_they_are_told_why_until_when_and_how_to_appeal(town: Town, moderation: Moderation) -> None:
    act, code = moderation.act(town.citizen(Role.OFFICER), about(7, Kind.TIMEOUT), NOW)
    ko, en = act.told(code)
    assert "방해해서" in ko
    assert "2025-11-23 22:13" in ko
    assert f"처분 번호({act.id}, {code})" in ko
    assert "disturbing others" in en
    assert "2025-11-23 22:13 KST" in en
    assert f"({act.id}, {code})" in en
    assert NOISY not in ko + en


# --- who may do what to whom ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "place", "kind", "where", "allowed"),
    [
        (None, CITY, Kind.MUTE, CITY, False),
        (Role.OFFICER, CITY, Kind.MUTE, CITY, True),
        (Role.OFFICER, CITY, Kind.KICK, EXPO, True),
        (Role.OFFICER, CITY, Kind.TIMEOUT, CITY, True),
        (Role.OFFICER, CITY, Kind.BAN, CITY, False),
        (Role.OFFICER, EXPO, Kind.MUTE, EXPO, True),
        (Role.OFFICER, EXPO, Kind.MUTE, f"{EXPO}/a1", True),
        (Role.OFFICER, EXPO, Kind.MUTE, CITY, False),
        (Role.OFFICER, EXPO, Kind.MUTE, "city/city_hall", False),
        (Role.OFFICER, EXPO, Kind.MUTE, f"{EXPO}2", False),
        (Role.OPERATOR, CITY, Kind.BAN, CITY, True),
        (Role.OPERATOR, EXPO, Kind.BAN, CITY, False),
    ],
)
def test_an_act_needs_its_capability_at_its_place(
    town: Town,
    moderation: Moderation,
    role: Role | None,
    place: str,
    kind: Kind,
    where: str,
    allowed: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    actor, citizen = town.citizen(role, place), town.citizen()
    order = about(citizen, kind, where, category=Category.DANGER)
    if allowed:
        assert moderation.act(actor, order, NOW)[0].officer == actor.citizen
        return
    with pytest.raises(NotAllowedError):
        moderation.act(actor, order, NOW)
    assert nothing_done(town)


def test_a_visitor_moderates_nobody(town: Town, moderation: Moderation) -> None:
    with pytest.raises(NotAllowedError):
        moderation.act(Actor(), about(town.citizen()), NOW)
    granted = Actor(grants=frozenset({Grant(Role.OFFICER)}))  # without a number nobody would have acted
    with pytest.raises(NotAllowedError):
        moderation.act(granted, about(town.citizen()), NOW)
    assert nothing_done(town)


def test_nobody_moderates_an_operator(town: Town, moderation: Moderation) -> None:
    operator = town.citizen(Role.OPERATOR)
    for actor in (town.citizen(Role.OFFICER), town.citizen(Role.OPERATOR)):
        with pytest.raises(NotAllowedError):
            moderation.act(actor, about(operator), NOW)
    assert nothing_done(town)


def test_only_an_operator_moderates_an_officer(town: Town, moderation: Moderation) -> None:
    officer = town.citizen(Role.OFFICER, EXPO)
    with pytest.raises(NotAllowedError):
        moderation.act(town.citizen(Role.OFFICER), about(officer), NOW)
    assert nothing_done(town)
    assert moderation.act(town.citizen(Role.OPERATOR), about(officer), NOW)


def test_nobody_moderates_themselves_or_lifts_what_was_done_to_them(
    town: Town, moderation: Moderation
) -> None:
    officer = town.citizen(Role.OFFICER)
    with pytest.raises(NotAllowedError):
        moderation.act(officer, about(officer), NOW)
    assert nothing_done(town)
    act, _ = moderation.act(town.citizen(Role.OPERATOR), about(officer), NOW)
    with pytest.raises(NotAllowedError):
        moderation.lift(officer, act.id, "나는 괜찮아요", NOW)
    assert moderation.register.denials_of(officer.citizen or 0, NOW)


def test_a_ban_is_lifted_by_whoever_may_ban(town: Town, moderation: Moderation) -> None:
    operator = town.citizen(Role.OPERATOR)
    act, _ = moderation.act(operator, about(town.citizen(), Kind.BAN, category=Category.DANGER), NOW)
    with pytest.raises(NotAllowedError):
        moderation.lift(town.citizen(Role.OFFICER), act.id, "풀어 줄게요", NOW)
    assert moderation.lift(operator, act.id, "풀어 줄게요", NOW).lifted_at == NOW


def test_who_is_not_there_is_not_kicked(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER), town.citizen()
    for order in (
        about(citizen, Kind.KICK, standing=None),
        about(citizen, Kind.KICK, EXPO, standing="city/city_hall"),
        about(9, standing=None),
    ):
        with pytest.raises(ConflictError):
            moderation.act(officer, order, NOW)
    assert nothing_done(town)
    assert moderation.act(officer, about(citizen, standing=None), NOW)  # a mute waits for who is away


def test_who_does_not_exist_is_not_sanctioned(town: Town, moderation: Moderation) -> None:
    gone = town.citizen()
    town.citizens.erase(gone, NOW)
    for target in (gone, Actor(citizen=999)):
        with pytest.raises(NotFoundError):
            moderation.act(town.citizen(Role.OFFICER), about(target), NOW)
    assert nothing_done(town)


# --- how long, and why ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        (Kind.MUTE, DAY + 1),
        (Kind.MUTE, 0.0),
        (Kind.MUTE, -5.0),
        (Kind.MUTE, float("nan")),
        (Kind.TIMEOUT, DAY + 1),
        (Kind.BAN, 366 * DAY),
        (Kind.BAN, float("inf")),
    ],
)
def test_no_act_is_longer_or_shorter_than_its_kind(
    town: Town, moderation: Moderation, kind: Kind, seconds: float
) -> None:
    order = about(town.citizen(), kind, seconds=seconds, category=Category.DANGER)
    with pytest.raises(ConflictError):
        moderation.act(town.citizen(Role.OPERATOR), order, NOW)
    assert nothing_done(town)


def test_nothing_about_a_visitor_lasts_longer_than_a_day(town: Town, moderation: Moderation) -> None:
    operator = town.citizen(Role.OPERATOR)
    with pytest.raises(ConflictError):
        moderation.act(operator, about(7, Kind.BAN, seconds=DAY + 1, category=Category.DANGER), NOW)
    moderation.act(operator, about(7, Kind.BAN, seconds=DAY, category=Category.DANGER), NOW)
    assert moderation.register.denials_of_person(7, NOW + DAY - 1)
    assert not moderation.register.denials_of_person(8, NOW)


def test_a_ban_follows_something_milder_unless_somebody_is_in_danger(
    town: Town, moderation: Moderation
) -> None:
    operator, citizen = town.citizen(Role.OPERATOR), town.citizen()
    with pytest.raises(ConflictError):
        moderation.act(operator, about(citizen, Kind.BAN), NOW)
    moderation.act(operator, about(citizen, Kind.MUTE), NOW)
    with pytest.raises(ConflictError):
        moderation.act(operator, about(citizen, Kind.BAN), NOW)
    timeout, _ = moderation.act(operator, about(citizen, Kind.TIMEOUT), NOW)
    assert moderation.act(operator, about(citizen, Kind.BAN), NOW + 1)
    other = town.citizen()
    lifted, _ = moderation.act(operator, about(other, Kind.TIMEOUT), NOW)
    moderation.lift(operator, lifted.id, "잘못", NOW)
    with pytest.raises(ConflictError):
        moderation.act(operator, about(other, Kind.BAN), NOW)
    assert timeout.kind is Kind.TIMEOUT


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 1_001, "a\u202eb", "\x00"])
def test_a_reason_is_needed(town: Town, moderation: Moderation, reason: str) -> None:
    with pytest.raises(TextRefusedError):
        moderation.act(town.citizen(Role.OFFICER), about(town.citizen(), reason=reason), NOW)
    assert nothing_done(town)


def test_asked_twice_it_is_done_once(town: Town, moderation: Moderation) -> None:
    officer = town.citizen(Role.OFFICER)
    first, code = moderation.act(officer, about(7), NOW, "key-00001")
    again, none = moderation.act(officer, about(7), NOW + 5, "key-00001")
    assert (again.id, none) == (first.id, None)
    assert code is not None
    with pytest.raises(KeyReusedError):
        moderation.act(officer, about(8), NOW, "key-00001")


# --- networks -------------------------------------------------------------------------------------------


def test_a_ban_holds_for_its_network_for_a_day_and_is_forgotten_then(
    town: Town, moderation: Moderation
) -> None:
    operator, citizen = town.citizen(Role.OPERATOR), town.citizen()
    order = about(citizen, Kind.BAN, seconds=30 * DAY, category=Category.DANGER, network="192.0.2.7")
    act, _ = moderation.act(operator, order, NOW)
    at_door = moderation.register.at_door
    assert at_door(None, "192.0.2.7", NOW + DAY - 1) == act
    assert at_door(None, "192.0.2.8", NOW) is None
    assert at_door(None, "", NOW) is None
    assert at_door(None, None, NOW) is None
    assert at_door(None, "192.0.2.7", NOW + DAY) is None
    assert at_door(Target(citizen=citizen.citizen), None, NOW + 2 * DAY) == act
    moderation.forget(NOW + DAY)
    with town.store.engine.connect() as connection:
        row = connection.execute(sa.select(moderation_acts)).one()
    assert (row.salt, row.network, row.network_until) == (None, None, None)


def test_no_network_is_kept_of_anything_milder_and_none_in_clear(town: Town, moderation: Moderation) -> None:
    operator = town.citizen(Role.OPERATOR)
    moderation.act(operator, about(7, Kind.TIMEOUT, network="192.0.2.7"), NOW)
    moderation.act(operator, about(8, Kind.BAN, category=Category.DANGER, network="192.0.2.8"), NOW)
    moderation.act(operator, about(9, Kind.BAN, category=Category.DANGER, network="192.0.2.8"), NOW)
    with town.store.engine.connect() as connection:
        mild, first, second = connection.execute(sa.select(moderation_acts.c.network)).scalars()
        told = str(connection.execute(sa.text("SELECT * FROM journal_entries")).all())
    assert mild is None
    assert first != second
    assert b"192.0.2.8" not in first
    assert "192.0.2" not in told


# --- what is kept ---------------------------------------------------------------------------------------


def test_each_act_stands_in_the_journal_without_its_text(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER), town.citizen()
    act, _ = moderation.act(officer, about(citizen), NOW)
    moderation.lift(officer, act.id, "끝났어요", NOW)
    with town.store.engine.connect() as connection:
        done, lifted = journal.entries(connection, "moderation")
        assert journal.verify(connection, "moderation") == []
    assert (done.kind, done.actor, lifted.kind) == ("muted", officer.citizen, "lifted")
    body = json.loads(done.body)
    assert body["reason"] == journal.digest_of(NOISY)
    assert (body["act"], body["citizen"], body["seconds"], body["place"]) == (
        act.id,
        citizen.citizen,
        3600,
        CITY,
    )
    assert "소리" not in done.body


def test_a_reason_about_a_citizen_is_gone_when_they_are_erased(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER), town.citizen()
    moderation.act(officer, about(citizen), NOW)
    assert [told.reason for told in moderation.register.acts(officer)] == [NOISY]
    town.citizens.erase(citizen, NOW)
    assert [told.reason for told in moderation.register.acts(officer)] == [None]


def test_words_about_a_visitor_are_deleted_after_half_a_year(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER), town.citizen()
    moderation.act(officer, about(7), NOW)
    moderation.act(officer, about(citizen), NOW)
    moderation.forget(NOW + 181 * DAY)
    assert [told.reason for told in moderation.register.acts(officer)] == [NOISY, None]


def test_officers_see_the_acts_of_their_places(town: Town, moderation: Moderation) -> None:
    everywhere, expo = town.citizen(Role.OFFICER), town.citizen(Role.OFFICER, EXPO)
    citizen = town.citizen()
    city_wide, _ = moderation.act(everywhere, about(citizen), NOW)
    at_expo, _ = moderation.act(expo, about(citizen, place=f"{EXPO}/a1"), NOW)
    assert [told.act.id for told in moderation.register.acts(everywhere)] == [at_expo.id, city_wide.id]
    assert [told.act.id for told in moderation.register.acts(expo)] == [at_expo.id]
    assert moderation.register.acts(everywhere, before=city_wide.id) == []
    assert moderation.register.acts(everywhere, holding_at=NOW + HOUR) == []
    for nobody in (citizen, Actor()):
        with pytest.raises(NotAllowedError):
            moderation.register.acts(nobody)


def test_everybody_sees_what_was_done_about_themselves(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER), town.citizen()
    act, _ = moderation.act(officer, about(citizen), NOW)
    assert moderation.register.about(citizen) == [act]
    assert moderation.register.about(officer) == []
    with pytest.raises(NotAllowedError):
        moderation.register.about(Actor())


def test_the_public_log_names_nobody(town: Town, moderation: Moderation) -> None:
    officer, citizen = town.citizen(Role.OFFICER), town.citizen()
    moderation.act(officer, about(citizen), NOW + 61)
    moderation.act(officer, about(7, Kind.KICK), NOW + 62)
    (kicked, muted), more = moderation.register.log()
    assert more is None
    assert (muted.kind, muted.category, muted.seconds, muted.visitor) == (
        Kind.MUTE,
        Category.NOISE,
        3600.0,
        False,
    )
    assert kicked.visitor
    assert muted.at % 3600 == 0
    assert muted.appeal is None
    assert not {"citizen", "person", "officer", "reason", "id"} & set(type(muted).__slots__)


def test_it_is_known_when_the_next_sanction_ends(town: Town, moderation: Moderation) -> None:
    officer = town.citizen(Role.OFFICER)
    assert moderation.register.next_end(NOW) is None
    moderation.act(officer, about(town.citizen(), seconds=120.0), NOW)
    moderation.act(officer, about(town.citizen(), seconds=90.0), NOW)
    assert moderation.register.next_end(NOW) == NOW + 90
    assert moderation.register.next_end(NOW + 90) == NOW + 120


def test_denials_name_the_place(town: Town, moderation: Moderation) -> None:
    citizen = town.citizen()
    moderation.act(town.citizen(Role.OFFICER), about(citizen, place=EXPO), NOW)
    assert moderation.register.denials_of(citizen.citizen or 0, NOW) == {
        Denial(Action.SPEAK, EXPO),
        Denial(Action.CHAT, EXPO),
    }
