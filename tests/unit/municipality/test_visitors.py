import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from municipality.errors import NameRefusedError
from municipality.schema import visitor_sessions
from municipality.store import Store
from municipality.visitors import RESUME_SECONDS, Place, Visitor, Visitors

SQUARE = Place((10.0, 35.0, -20.0), 1.25)
BRIDGE = Place((400.0, 30.0, 80.0), 0.5)
NOON = 1_800_000_000.0


def rows(store: Store) -> list[sa.Row[tuple[object, ...]]]:
    with store.engine.connect() as connection:
        return list(connection.execute(sa.select(visitor_sessions).order_by(visitor_sessions.c.person)))


def receive(visitors: Visitors, name: str = "나은") -> tuple[Visitor, str]:
    return visitors.receive(name, 3, "ko", SQUARE, NOON)


def test_the_hash_of_a_token_is_kept(visitors: Visitors, store: Store) -> None:
    _, token = receive(visitors)
    assert [row.token_hash for row in rows(store)] == [hashlib.sha256(token.encode()).digest()]


def test_no_file_holds_a_token(sqlite_store: Store, tmp_path: Path) -> None:
    _, token = receive(Visitors(sqlite_store))
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert files
    assert not any(token.encode() in path.read_bytes() for path in files)


def test_every_token_is_another_one_and_fits_the_wire(visitors: Visitors) -> None:
    tokens = {receive(visitors)[1] for _ in range(10)}
    assert len(tokens) == 10
    assert all(16 <= len(token) <= 64 for token in tokens)


def test_a_visitor_resumes_as_the_same_person_where_they_stood(visitors: Visitors) -> None:
    visitor, token = receive(visitors)
    visitors.leave({visitor.person: BRIDGE}, NOON + 50.0)
    back = visitors.resume(token, "나은", 3, "ko", NOON + 50.0 + RESUME_SECONDS)
    assert back == Visitor(visitor.person, "나은", 3, "ko", BRIDGE)


def test_nobody_resumes_after_two_minutes(visitors: Visitors) -> None:
    visitor, token = receive(visitors)
    visitors.leave({visitor.person: BRIDGE}, NOON)
    assert visitors.resume(token, "나은", 3, "ko", NOON + RESUME_SECONDS + 0.01) is None


def test_a_visitor_who_never_left_resumes_at_any_time(visitors: Visitors) -> None:
    visitor, token = receive(visitors)
    back = visitors.resume(token, "나은", 3, "ko", NOON + 86_400.0)
    assert back is not None
    assert back.person == visitor.person


def test_coming_back_stops_the_two_minutes(visitors: Visitors) -> None:
    visitor, token = receive(visitors)
    visitors.leave({visitor.person: BRIDGE}, NOON)
    assert visitors.resume(token, "나은", 3, "ko", NOON + 1.0)
    assert visitors.forget_expired(NOON + 500.0) == 0
    assert visitors.resume(token, "나은", 3, "ko", NOON + 500.0)


def test_a_visitor_may_come_back_under_another_name_that_obeys_the_rules(visitors: Visitors) -> None:
    visitor, token = receive(visitors)
    back = visitors.resume(token, " 새   이름 ", 7, "en", NOON)
    assert back == Visitor(visitor.person, "새 이름", 7, "en", SQUARE)
    with pytest.raises(NameRefusedError):
        visitors.resume(token, "\u202e", 7, "en", NOON)


def test_an_unknown_token_opens_nothing(visitors: Visitors) -> None:
    receive(visitors)
    assert visitors.resume("x" * 32, "나은", 3, "ko", NOON) is None


def test_a_revoked_visitor_is_forgotten(visitors: Visitors, store: Store) -> None:
    visitor, token = receive(visitors)
    visitors.revoke(visitor.person)
    assert visitors.resume(token, "나은", 3, "ko", NOON) is None
    assert rows(store) == []


def test_ids_are_never_given_twice_even_when_everyone_is_forgotten_and_the_server_restarts(
    tmp_path: Path,
) -> None:
    seen = []
    for _ in range(3):
        with Store(tmp_path / "city.sqlite3") as store:
            visitors = Visitors(store)
            for _ in range(2):
                visitor, _ = receive(visitors)
                seen.append(visitor.person)
                visitors.revoke(visitor.person)
    assert seen == [1, 2, 3, 4, 5, 6]


def test_those_who_left_too_long_ago_are_forgotten(visitors: Visitors, store: Store) -> None:
    old, _ = receive(visitors, "old")
    recent, _ = receive(visitors, "recent")
    receive(visitors, "here")
    visitors.leave({old.person: BRIDGE}, NOON)
    visitors.leave({recent.person: BRIDGE}, NOON + 60.0)
    assert visitors.forget_expired(NOON + RESUME_SECONDS + 1.0) == 1
    assert [row.name for row in rows(store)] == ["recent", "here"]


def test_after_a_restart_those_who_were_in_have_two_minutes(tmp_path: Path) -> None:
    with Store(tmp_path / "city.sqlite3") as store:
        _, token = receive(Visitors(store))
    with Store(tmp_path / "city.sqlite3") as store:
        visitors = Visitors(store)
        visitors.reopen(NOON + 1000.0)
        assert visitors.resume(token, "나은", 3, "ko", NOON + 1000.0 + RESUME_SECONDS)
        visitors.reopen(NOON + 5000.0)
        assert visitors.resume(token, "나은", 3, "ko", NOON + 5001.0 + RESUME_SECONDS) is None


def test_leaving_of_nobody_and_of_people_who_are_not_known_changes_nothing(
    visitors: Visitors, store: Store
) -> None:
    visitors.leave({}, NOON)
    visitors.leave({99: BRIDGE}, NOON)
    assert rows(store) == []
