from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest

from municipality.access import Actor
from municipality.errors import KeyReusedError
from municipality.requests import KEPT_SECONDS, forget_old, once
from municipality.store import Store

NOON = 1_800_000_000.0
ANNA, BORAM, VISITOR = Actor(citizen=1), Actor(citizen=2), Actor(session=1)


def ask(store: Store, actor: Actor, key: str | None, numbers: "count[int]", **content: object) -> int:
    with store.write() as connection:
        return once(connection, actor, key, content, now=NOON, act=lambda: next(numbers))


def test_asked_twice_done_once(store: Store) -> None:
    numbers = count(1)
    assert [ask(store, ANNA, "key-0001", numbers, act="say") for _ in range(3)] == [1, 1, 1]
    assert next(numbers) == 2


def test_without_a_key_everything_is_done(store: Store) -> None:
    numbers = count(1)
    assert [ask(store, ANNA, None, numbers, act="say") for _ in range(2)] == [1, 2]


def test_nobodys_keys_meet_anothers(store: Store) -> None:
    numbers = count(1)
    assert [ask(store, who, "key-0001", numbers, act="say") for who in (ANNA, BORAM, VISITOR)] == [1, 2, 3]


def test_a_key_for_another_content_is_refused(store: Store) -> None:
    numbers = count(1)
    ask(store, ANNA, "key-0001", numbers, act="say", text="가")
    with pytest.raises(KeyReusedError):
        ask(store, ANNA, "key-0001", numbers, act="say", text="나")
    assert next(numbers) == 2


def test_what_failed_may_be_asked_again(store: Store) -> None:
    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.write() as connection:
        once(connection, ANNA, "key-0001", {}, now=NOON, act=fail)
    assert ask(store, ANNA, "key-0001", count(7)) == 7


def test_of_many_who_ask_at_once_one_does_it(store: Store) -> None:
    numbers, ready = count(1), Barrier(6)

    def go() -> int:
        ready.wait()
        return ask(store, ANNA, "key-0001", numbers, act="say")

    with ThreadPoolExecutor(6) as threads:
        answers = [one.result() for one in [threads.submit(go) for _ in range(6)]]
    assert answers == [1] * 6


def test_old_answers_are_forgotten(store: Store) -> None:
    numbers = count(1)
    ask(store, ANNA, "key-0001", numbers)
    with store.write() as connection:
        forget_old(connection, NOON + KEPT_SECONDS)
    assert ask(store, ANNA, "key-0001", numbers) == 1
    with store.write() as connection:
        forget_old(connection, NOON + KEPT_SECONDS + 1.0)
    assert ask(store, ANNA, "key-0001", numbers) == 2
