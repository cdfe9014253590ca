from collections.abc import Iterator
from pathlib import Path

import pytest

from meta_gwangju.asking import Asking, asking
from meta_gwangju.door import CityDoor
from meta_gwangju.places import Places
from meta_gwangju.presence import Presence
from municipality.citizens import Actors, Citizens, Grants
from municipality.store import Store
from municipality.vault import Vault
from municipality.visitors import RESUME_SECONDS, Place, Visitors
from streaming.errors import AdmissionRefused
from streaming.messages import PROTOCOL_VERSION, Close, Hello
from world.entity import Appearance

SQUARE, HALL = Place((0.0, 30.0, 0.0), 0.25), Place((500.0, 30.0, 0.0), 2.0)
NOON = 1_800_000_000.0


@pytest.fixture
def door(tmp_path: Path) -> Iterator[CityDoor]:
    with Store(tmp_path / "city.sqlite3") as store:
        places = Places("gwangju", SQUARE, {"square": SQUARE, "hall": HALL})
        people = Citizens(store, Vault(bytes(32)))
        yield CityDoor(Visitors(store), places, 2, Presence(Actors(people, Grants(store))))


def hello(**changes: object) -> Hello:
    values: dict[str, object] = {
        "protocol": PROTOCOL_VERSION,
        "name": "나은",
        "colour": 4,
        "language": "ko",
        "kind": "browser",
    }
    return Hello(**(values | changes))  # type: ignore[arg-type]


def refusal(door: CityDoor, greeting: Hello) -> AdmissionRefused:
    with pytest.raises(AdmissionRefused) as refused:
        door.admit(greeting, NOON)
    assert refused.value.ko
    assert refused.value.en
    return refused.value


def test_a_newcomer_arrives_at_the_start_with_a_session_of_their_own(door: CityDoor) -> None:
    first, second = door.admit(hello(), NOON), door.admit(hello(name="Minh", kind="headset"), NOON)
    assert first.appearance == Appearance("나은", 4, "browser")
    assert second.appearance == Appearance("Minh", 4, "headset")
    assert first.person != second.person
    assert first.session != second.session
    assert not first.resumed
    assert first.position == SQUARE.position
    assert first.yaw == SQUARE.yaw


def test_people_who_arrive_together_stand_beside_each_other(door: CityDoor) -> None:
    one, other = door.admit(hello(spot="hall"), NOON), door.admit(hello(spot="hall"), NOON)
    apart = [a - b for a, b in zip(one.position, other.position, strict=True)]
    assert 0.5 < (apart[0] ** 2 + apart[2] ** 2) ** 0.5 < 6.0
    assert all(abs(entry.position[0] - HALL.position[0]) < 3.0 for entry in (one, other))


def test_a_session_resumes_the_same_person_at_the_same_place(door: CityDoor) -> None:
    before = door.admit(hello(), NOON)
    door.left(before.person, (77.0, 31.0, -5.0), 1.5, NOON + 10.0, for_good=False)
    after = door.admit(hello(session=before.session, spot="hall"), NOON + 10.0 + RESUME_SECONDS)
    assert (after.person, after.session, after.resumed) == (before.person, before.session, True)
    assert (after.position, after.yaw) == ((77.0, 31.0, -5.0), 1.5)


def test_after_two_minutes_the_session_is_a_new_one(door: CityDoor) -> None:
    before = door.admit(hello(), NOON)
    door.left(before.person, before.position, 0.0, NOON, for_good=False)
    after = door.admit(hello(session=before.session), NOON + RESUME_SECONDS + 1.0)
    assert not after.resumed
    assert after.person != before.person
    assert after.session != before.session


def test_who_says_bye_does_not_come_back_as_the_same_person(door: CityDoor) -> None:
    before = door.admit(hello(), NOON)
    door.left(before.person, before.position, 0.0, NOON, for_good=True)
    assert not door.admit(hello(session=before.session), NOON + 1.0).resumed


def test_two_logins_with_one_token_are_one_person(door: CityDoor) -> None:
    before = door.admit(hello(), NOON)
    again = door.admit(hello(session=before.session), NOON + 1.0)
    assert (again.person, again.session, again.resumed) == (before.person, before.session, True)
    assert door.inside == {before.person}


def test_a_full_city_refuses_newcomers_and_lets_those_inside_reconnect(door: CityDoor) -> None:
    one, _ = door.admit(hello(), NOON), door.admit(hello(), NOON)
    assert refusal(door, hello()).close is Close.FULL
    assert door.admit(hello(session=one.session), NOON).person == one.person


def test_who_comes_back_to_a_full_city_is_refused_and_keeps_their_session(door: CityDoor) -> None:
    one = door.admit(hello(), NOON)
    door.left(one.person, (7.0, 30.0, 7.0), 0.0, NOON, for_good=False)
    two, _ = door.admit(hello(), NOON), door.admit(hello(), NOON)
    assert refusal(door, hello(session=one.session)).close is Close.FULL
    door.left(two.person, two.position, 0.0, NOON, for_good=True)
    back = door.admit(hello(session=one.session), NOON + 5.0)
    assert (back.person, back.position) == (one.person, (7.0, 30.0, 7.0))


@pytest.mark.parametrize("name", ["\u202eevil", "a\x07b", "   "])
def test_a_hostile_name_is_refused(door: CityDoor, name: str) -> None:
    refused = refusal(door, hello(name=name))
    assert (refused.close, refused.code) == (Close.BAD_NAME, "bad_name")
    assert door.inside == set()


def test_html_is_a_name_like_any_other(door: CityDoor) -> None:
    assert door.admit(hello(name="<b>x</b>"), NOON).appearance.name == "<b>x</b>"


def test_an_unknown_spot_and_an_unknown_protocol_are_refused(door: CityDoor) -> None:
    assert refusal(door, hello(spot="atlantis")).close is Close.UNKNOWN_SPOT
    assert refusal(door, hello(protocol=PROTOCOL_VERSION + 1)).close is Close.UNSUPPORTED_PROTOCOL


def test_the_way_to_a_landmark_is_known(door: CityDoor) -> None:
    spot = door.spot("hall")
    assert spot is not None
    assert spot[1] == HALL.yaw
    assert door.spot("atlantis") is None


def read_only(door: CityDoor, switch: str) -> None:
    with door._visitors._engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA query_only = {switch}")


def test_a_database_that_takes_nothing_refuses_newcomers_and_lets_people_leave(
    door: CityDoor, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = door.admit(hello(), NOON), door.admit(hello(name="Minh"), NOON)
    caplog.set_level("INFO")
    read_only(door, "ON")
    door.left(one.person, one.position, one.yaw, NOON, for_good=True)
    door.left(other.person, other.position, other.yaw, NOON, for_good=False)
    door.forget_expired(NOON)
    door.close({int(other.person): SQUARE}, NOON)
    for greeting in (hello(), hello(session=other.session)):
        refused = refusal(door, greeting)
        assert (refused.close, refused.code) == (Close.GOING_DOWN, "not_recorded")
    assert not door.inside
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    read_only(door, "OFF")
    assert door.admit(hello(session=other.session), NOON).resumed
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


def test_who_waits_comes_after_those_before_them_and_who_is_in_has_room(door: CityDoor) -> None:
    assert door.has_room(hello(), 1, NOON)
    assert not door.has_room(hello(), 2, NOON)
    one = door.admit(hello(), NOON)
    assert not door.has_room(hello(), 1, NOON)
    door.admit(hello(), NOON)
    assert not door.has_room(hello(), 0, NOON)
    assert door.has_room(hello(session=one.session), 5, NOON)


def test_the_place_of_a_lost_connection_is_kept_for_half_a_minute_and_a_farewell_gives_it_up(
    door: CityDoor,
) -> None:
    one, two = door.admit(hello(), NOON), door.admit(hello(), NOON)
    door.left(one.person, SQUARE.position, 0.0, NOON, for_good=False)
    assert not door.has_room(hello(), 0, NOON + 29.0)
    assert door.has_room(hello(session=one.session), 5, NOON + 29.0)
    assert door.has_room(hello(), 0, NOON + 31.0)
    door.left(two.person, SQUARE.position, 0.0, NOON + 31.0, for_good=True)
    assert door.has_room(hello(), 1, NOON + 31.0)


def test_the_last_places_are_kept_for_those_who_keep_order(door: CityDoor) -> None:
    door._reserved = 1
    door.admit(hello(), NOON)
    assert not door.has_room(hello(), 0, NOON)
    token = asking.set(Asking(citizen=1, staff=True))
    assert door.has_room(hello(), 7, NOON)
    door.admit(hello(), NOON)
    assert not door.has_room(hello(), 0, NOON)
    asking.reset(token)


def test_who_could_not_come_in_need_not_wait_to_hear_it(door: CityDoor) -> None:
    for greeting, close in ((hello(name="\u202e"), Close.BAD_NAME), (hello(spot="x"), Close.UNKNOWN_SPOT)):
        with pytest.raises(AdmissionRefused) as refused:
            door.has_room(greeting, 0, NOON)
        assert refused.value.close is close
