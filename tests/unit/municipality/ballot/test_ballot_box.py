import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
import sqlalchemy as sa

from municipality import journal
from municipality.access import Action, Actor, Denial
from municipality.ballot import BallotBox, CityKey, State, Text, read_receipt
from municipality.ballot.ballot import nonce_of
from municipality.errors import (
    AlreadyVotedError,
    BallotBoxBusyError,
    BallotBoxUnavailableError,
    BallotRefusedError,
    ConflictError,
    KeyReusedError,
    MunicipalityError,
    NotAllowedError,
    NotFoundError,
    TextRefusedError,
    VoteNotOpenError,
    VoteRefusedError,
)
from municipality.schema import vote_ballots, vote_voters
from municipality.store import Store
from tests.support.voters import KEY, OPTIONS, START, Clock, admit, citizen, draft, officer, polls


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_a_ballot_is_receipted_counted_and_published(store: Store) -> None:
    async def body() -> None:
        async with polls(store) as city:
            vote = city.open().definition.vote
            receipts = [
                await city.cast(1, vote, 0, 2),
                await city.cast(2, vote, 2),
                await city.cast(3, vote),
            ]
            for index, receipt in enumerate(receipts):
                receipt.check()
                assert receipt.index == index
                assert read_receipt(receipt.text()) == receipt
            seen = city.votes.get(vote, now=city.clock.now)
            assert (seen.state, seen.turnout, seen.ending) == (State.OPEN, 3, None)
            city.clock.now += 3600
            assert city.votes.get(vote, now=city.clock.now).state is State.COUNTING
            with pytest.raises(VoteNotOpenError):
                await city.cast(4, vote, 1)  # what comes late makes the box count
            ended = city.votes.get(vote, now=city.clock.now)
            assert ended.state is State.CLOSED
            assert ended.ending is not None
            assert (ended.ending.blank, ended.ending.approvals) == (1, (1, 0, 2))
            assert ended.ending.root == receipts[-1].head.root
            assert city.closed == [vote]

    run(body())


def test_a_vote_that_opens_or_closes_by_time_alone_is_told_of_once(sqlite_store: Store) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            later = city.open(opens=START + 100, closes=START + 200).definition.vote
            city.open(opens=START + 5000, closes=START + 6000)
            await city.box.cast(citizen(1), city.open().definition.vote, [0], "a-key-of-mine")
            assert city.turned == []
            city.clock.now += 100
            await city.has_turned.wait()
            await city.cast(2, later, 1)
            assert city.turned == [later]
            city.clock.now += 100
            await city.has_closed.wait()
            assert city.turned == [later, later]
            assert city.closed == [later]

    run(body())


def test_a_vote_is_closed_by_time_alone(sqlite_store: Store) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open().definition.vote
            city.clock.now += 3600
            await city.has_closed.wait()
            assert city.closed == [vote]
            assert city.votes.get(vote, now=city.clock.now).state is State.CLOSED

    run(body())


def test_the_same_ballot_under_the_same_key_gets_the_same_receipt_even_after_the_end(store: Store) -> None:
    async def body() -> None:
        async with polls(store) as city:
            vote = city.open().definition.vote
            first, twin = await asyncio.gather(city.cast(1, vote, 1), city.cast(1, vote, 1))
            assert first == twin
            await city.cast(2, vote, 0)
            assert await city.cast(1, vote, 1) == first
            city.clock.now += 7200
            assert await city.cast(1, vote, 1) == first
            assert city.votes.get(vote, now=city.clock.now).turnout == 2

    run(body())


def test_nobody_votes_twice(store: Store) -> None:
    async def body() -> None:
        async with polls(store) as city:
            vote = city.open().definition.vote
            together = await asyncio.gather(
                *(city.cast(1, vote, number % 3, key=f"another-{number}") for number in range(30)),
                return_exceptions=True,
            )
            refused = [one for one in together if isinstance(one, AlreadyVotedError)]
            assert len(refused) == 29
            for choices, key in (((1,), "another-0"), ((0,), "a-new-one"), ((), "another-0")):
                with pytest.raises(AlreadyVotedError):
                    await city.cast(1, vote, *choices, key=key)
            assert city.votes.get(vote, now=city.clock.now).turnout == 1
            assert city.votes.voted(citizen(1), [vote, vote + 1]) == {vote}
            assert city.votes.voted(citizen(2), [vote]) == frozenset()
            assert city.votes.voted(Actor(), [vote]) == frozenset()

    run(body())


def test_a_citizen_has_a_ballot_in_each_vote(store: Store) -> None:
    async def body() -> None:
        async with polls(store) as city:
            votes = [city.open().definition.vote for _ in range(3)]
            receipts = await asyncio.gather(
                *(city.cast(number, vote, 0) for number in range(1, 11) for vote in votes)
            )
            assert [receipt.vote for receipt in receipts] == votes * 10
            for receipt in receipts:
                receipt.check()
            # One key, one choice, yet nothing tells that the three ballots are one person's.
            assert len({receipt.ballot.nonce for receipt in receipts}) == 30

    run(body())


@pytest.mark.parametrize(
    "choices",
    [(3,), (-1,), (0, 0), (True,), ("0",), (0.0,), (None,), (2**70,), tuple(range(21)), tuple(range(1000))],
)
def test_choices_that_are_none_are_refused(sqlite_store: Store, choices: tuple[object, ...]) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open().definition.vote
            with pytest.raises(BallotRefusedError):
                await city.cast(1, vote, *choices)
            assert city.votes.get(vote, now=city.clock.now).turnout == 0
            await city.cast(1, vote, 0)

    run(body())


@pytest.mark.parametrize("key", ["", " ", "a b", "열쇠", "k" * 129, "a\0", "a\n"])
def test_keys_that_are_none_are_refused(sqlite_store: Store, key: str) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open().definition.vote
            with pytest.raises(BallotRefusedError):
                await city.box.cast(citizen(1), vote, (), key)

    run(body())


@pytest.mark.parametrize("vote", [0, -1, 99, 2**63, 2**200])
def test_there_is_no_other_vote(store: Store, vote: int) -> None:
    async def body() -> None:
        async with polls(store) as city:
            with pytest.raises(NotFoundError):
                await city.cast(1, vote, 0)
            for ask in (city.votes.head, lambda number: city.votes.get(number, now=0.0)):
                with pytest.raises(NotFoundError):
                    ask(vote)

    run(body())


def test_ballots_are_taken_between_opening_and_closing_only(sqlite_store: Store) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open(opens=START + 10, closes=START + 100).definition.vote
            assert city.votes.get(vote, now=city.clock.now).state is State.SCHEDULED
            with pytest.raises(VoteNotOpenError, match="not begun"):
                await city.cast(1, vote, 0)
            city.clock.now = START + 10
            await city.cast(1, vote, 0)
            city.clock.now = START + 99.999
            await city.cast(2, vote, 0)
            city.clock.now = START + 100
            with pytest.raises(VoteNotOpenError, match="over"):
                await city.cast(3, vote, 0)
            city.clock.now = START + 50  # a clock that goes back opens nothing again
            with pytest.raises(VoteNotOpenError, match="over"):
                await city.cast(3, vote, 0)

    run(body())


def test_who_has_no_ballot_is_refused(sqlite_store: Store) -> None:
    strangers = {
        "a visitor": Actor(),
        "somebody who is an officer, not a citizen": Actor(citizen=5, grants=frozenset()),
        "under a sanction": Actor(
            citizen=6, grants=citizen(6).grants, denials=frozenset({Denial(Action.VOTE)})
        ),
    }

    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open().definition.vote
            for stranger in strangers.values():
                with pytest.raises(NotAllowedError):
                    await city.box.cast(stranger, vote, (0,), "key")
            assert city.votes.get(vote, now=city.clock.now).turnout == 0

    run(body())


def test_a_local_vote_asks_for_a_grant_of_its_place(sqlite_store: Store) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            place = "city/dong/chipyeong"
            vote = city.open(place=place, local=True).definition.vote
            for elsewhere in ("city", "city/dong/pungam", "city/dong/chipyeong/1"):
                with pytest.raises(NotAllowedError):
                    await city.box.cast(citizen(1, elsewhere), vote, (0,), "key")
            await city.box.cast(citizen(1, place), vote, (0,), "key")
            open_to_all = city.open(place=place).definition.vote
            await city.box.cast(citizen(1), open_to_all, (0,), "key")

    run(body())


def test_a_cancelled_vote_takes_and_shows_no_ballots(store: Store) -> None:
    async def body() -> None:
        async with polls(store) as city:
            vote = city.open().definition.vote
            await city.cast(1, vote, 0)
            with pytest.raises(NotAllowedError):
                city.votes.cancel(citizen(2), vote, "no reason", now=city.clock.now)
            with pytest.raises(TextRefusedError):
                city.votes.cancel(officer(), vote, "  ", now=city.clock.now)
            ended = city.votes.cancel(officer(), vote, "질문이 틀렸어요.", now=city.clock.now)
            assert ended.state is State.CANCELLED
            assert ended.ending is not None
            assert (ended.ending.reason, ended.ending.approvals) == ("질문이 틀렸어요.", None)
            with pytest.raises(VoteNotOpenError, match="cancelled"):
                await city.cast(2, vote, 0)
            with pytest.raises(ConflictError):
                city.votes.cancel(officer(), vote, "again", now=city.clock.now)
            city.clock.now += 7200
            with pytest.raises(VoteNotOpenError, match="cancelled"):
                await city.cast(2, vote, 0)
            assert [leaf.ballot for leaf in city.votes.leaves(vote, 0, 10, now=city.clock.now)] == [None]

    run(body())


def test_a_vote_that_is_over_cannot_be_cancelled(sqlite_store: Store) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open().definition.vote
            with pytest.raises(ConflictError):
                city.votes.cancel(officer(), vote, "too late", now=city.clock.now + 3600)

    run(body())


def test_official_acts_stand_in_the_journal_and_ballots_do_not(store: Store) -> None:
    async def body() -> None:
        async with polls(store) as city:
            counted, cancelled = city.open().definition.vote, city.open().definition.vote
            await city.cast(1, counted, 0)
            city.votes.cancel(officer(), cancelled, "a slip", now=city.clock.now)
            city.clock.now += 3600
            with pytest.raises(VoteNotOpenError):
                await city.cast(2, counted, 0)

    run(body())
    with store.engine.connect() as connection:
        assert journal.verify(connection, "votes") == []
        found = [(one.kind, one.actor, one.door) for one in journal.entries(connection, "votes")]
    assert found == [
        ("opened", 1, "page"),
        ("opened", 1, "page"),
        ("cancelled", 1, "page"),
        ("closed", None, "program"),
    ]


def test_nothing_joins_those_who_voted_to_their_ballots(store: Store) -> None:
    """In what is stored: the same people, voting in two orders, leave the same list behind."""

    async def body() -> None:
        async with polls(store) as city:
            for order in ([3, 1, 2], [2, 3, 1]):
                vote = city.open().definition.vote
                for number in order:
                    await city.box.cast(citizen(number, door="plain"), vote, (number % 3,), f"key {vote}"[:3])

    run(body())
    shared = {column.name for column in vote_voters.c} & {column.name for column in vote_ballots.c}
    assert shared == {"vote"}
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(vote_voters)).all()
        if store.engine.name == "sqlite":  # by its keys, not as they came
            assert [row.citizen for row in rows] == [1, 2, 3, 1, 2, 3]
        assert {row.door for row in rows} == {"plain"}
        nonces = connection.execute(sa.select(vote_ballots.c.nonce)).scalars().all()
    keyless = {nonce_of(bytes(16), "key"), nonce_of(KEY.salt(bytes(32), 1, "key"), "key")}
    assert len(set(nonces)) == 6
    assert not keyless & set(nonces)


def test_opening_asks_for_an_officer_and_is_done_once_a_key(store: Store) -> None:
    async def body() -> None:
        async with polls(store) as city:
            now = city.clock.now
            for stranger in (Actor(), citizen(1)):
                with pytest.raises(NotAllowedError):
                    city.votes.open(stranger, draft(), now=now)
            once = city.votes.open(officer(), draft(), key="first", now=now)
            assert city.votes.open(officer(), draft(), key="first", now=now) == once
            with pytest.raises(KeyReusedError):
                city.votes.open(officer(), draft(closes=START + 999), key="first", now=now)
            other = city.votes.open(officer(), draft(proposal=7), now=now)
            assert [vote.definition.vote for vote in city.votes.listed(now=now)] == [
                other.definition.vote,
                once.definition.vote,
            ]
            assert city.votes.listed(now=now, proposal=7) == [other]

    run(body())


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": Text("", "x")},
        {"title": Text("x" * 121, "x")},
        {"title": Text("\u202e뒤집힘", "x")},
        {"options": OPTIONS[:1]},
        {"options": tuple(Text(f"{n}", f"{n}") for n in range(21))},
        {"options": (Text("같다", "one"), Text("같다", "two"))},
        {"options": (Text("하나", "same"), Text("둘", "same"))},
        {"about": Text("설명", "")},
        {"about": Text("x" * 4001, "x")},
        {"closes": START + 59},
        {"closes": START},
        {"closes": START - 10},
        {"opens": -1},
        {"opens": START - 4000, "closes": START - 10},
        {"closes": START + 10**9},
        {"opens": START + 10**9, "closes": START + 10**9 + 100},
        {"place": "nowhere"},
        {"place": "city/../x"},
        {"place": "city", "local": True},
    ],
)
def test_a_vote_that_cannot_be_is_not_opened(sqlite_store: Store, wrong: dict[str, object]) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            with pytest.raises((VoteRefusedError, TextRefusedError)) as refused:
                city.votes.open(officer(), draft(**wrong), now=START)  # type: ignore[arg-type]
            assert refused.value.ko
            assert city.votes.listed(now=START) == []

    run(body())


def test_a_city_with_another_key_takes_no_ballots_and_says_why(sqlite_store: Store) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open().definition.vote
        clock = Clock()
        async with BallotBox(sqlite_store, CityKey(bytes(32)), clock) as box:
            with pytest.raises(BallotBoxUnavailableError, match="signing key"):
                await box.cast(citizen(1), vote, (0,), "key")
            clock.now += 3600
            with pytest.raises(VoteNotOpenError):
                await box.cast(citizen(1), vote, (0,), "key")
        assert city.votes.get(vote, now=clock.now).state is State.COUNTING

    run(body())


def test_a_database_that_fails_is_said_and_the_ballot_can_be_sent_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open().definition.vote
            with monkeypatch.context() as broken:
                fault = sa.exc.OperationalError("COMMIT", {}, OSError("disk full"))
                broken.setattr(type(sqlite_store), "write", lambda _self: (_ for _ in ()).throw(fault))
                with pytest.raises(BallotBoxUnavailableError, match="disk full"):
                    await city.cast(1, vote, 1)
            (await city.cast(1, vote, 1)).check()

    run(body())


def test_a_closed_box_takes_nothing(sqlite_store: Store) -> None:
    async def body() -> None:
        async with polls(sqlite_store) as city:
            vote = city.open().definition.vote
        with pytest.raises(BallotBoxBusyError):
            await city.cast(1, vote, 0)

    run(body())


def test_two_boxes_over_one_database_keep_one_log(store: Store) -> None:
    async def body() -> None:
        admit(store, range(101, 301))
        async with polls(store) as city, BallotBox(store, KEY, city.clock) as other:
            vote = city.open().definition.vote

            async def cast(box: BallotBox, number: int) -> object:
                try:
                    return await box.cast(citizen(number), vote, (number % 3,), f"key-{number}")
                except MunicipalityError as error:
                    return error

            found = await asyncio.gather(
                *(cast(box, number) for number in range(101, 301) for box in (city.box, other))
            )
            receipts = {one for one in found if not isinstance(one, MunicipalityError)}
            assert {receipt.index for receipt in receipts} == set(range(200))  # type: ignore[attr-defined]
            assert city.votes.get(vote, now=city.clock.now).turnout == 200

    run(body())
