import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from municipality.errors import (
    AccountUnknownError,
    AmountRefusedError,
    HoldNotOpenError,
    InsufficientFundsError,
    KeyReusedError,
    LedgerBusyError,
)
from municipality.ledger import AccountId, Kind, OpenAccount
from municipality.ledger import ledger as writer
from municipality.schema import ledger_accounts
from municipality.store import Store
from tests.support.money import CAP, Clock, Till, run, till


def test_a_transfer_moves_money_and_both_sides_see_it(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            entry = await city.pay(bora, minh, 300)
            assert (entry.debit, entry.credit, entry.amount) == (bora, minh, 300)
            assert city.stands(bora) == (700, 0)
            assert city.stands(minh) == (300, 0)
            assert city.statements.history(minh)[0] == entry
            assert city.statements.history(bora)[0] == entry
            assert city.statements.entry(entry.seq) == entry

    run(body())


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1, 2**63, 0.5, 1.0, True, "7", None])
def test_what_is_no_amount_is_refused_and_changes_nothing(store: Store, amount: Any) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            with pytest.raises(AmountRefusedError, match="whole number"):
                await city.pay(bora, minh, amount)
            assert (city.stands(bora), city.stands(minh)) == ((1000, 0), (0, 0))

    run(body())


def test_nobody_spends_more_than_they_have_nor_what_is_held(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            await city.hold(bora, minh, 600)
            with pytest.raises(InsufficientFundsError, match="400 available"):
                await city.pay(bora, minh, 401)
            await city.pay(bora, minh, 400)
            assert city.stands(bora) == (600, 600)

    run(body())


def test_the_money_outstanding_never_exceeds_the_cap(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora = await city.open(CAP)
            with pytest.raises(InsufficientFundsError):
                await city.pay(city.issuer, bora, 1)
            assert city.stands(city.issuer) == (-CAP, 0)

    run(body())


def test_the_same_request_again_gets_the_same_answer_and_is_done_once(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            key = city.key("lunch")
            answers = await asyncio.gather(*(city.pay(bora, minh, 300, key) for _ in range(20)))
            assert len(set(answers)) == 1
            assert await city.pay(bora, minh, 300, key) == answers[0]
            assert city.stands(bora) == (700, 0)

    run(body())


def test_a_key_with_another_content_is_refused(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            key = city.key("lunch")
            await city.pay(bora, minh, 300, key)
            with pytest.raises(KeyReusedError):
                await city.pay(bora, minh, 301, key)
            with pytest.raises(KeyReusedError):
                await city.ledger.ask(OpenAccount(key))
            assert city.stands(bora) == (700, 0)

    run(body())


def test_unknown_accounts_and_oneself_cannot_be_paid(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora = await city.open(1000)
            with pytest.raises(AccountUnknownError, match="no account 999"):
                await city.pay(bora, AccountId(999), 1)
            with pytest.raises(AccountUnknownError, match="itself"):
                await city.pay(bora, bora, 1)

    run(body())


def test_a_part_of_a_hold_is_captured_and_the_rest_is_free(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            hold = await city.hold(bora, minh, 600)
            entry = await city.capture(hold, 250)
            assert (entry.kind, entry.refers) == (Kind.CAPTURE, hold.seq)
            assert (city.stands(bora), city.stands(minh)) == ((750, 0), (250, 0))
            for again in (city.capture(hold, 1), city.void(hold)):
                with pytest.raises(HoldNotOpenError):
                    await again

    run(body())


def test_more_than_was_held_cannot_be_captured(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            hold = await city.hold(bora, minh, 600)
            with pytest.raises(InsufficientFundsError):
                await city.capture(hold, 601)
            await city.void(hold)
            assert (city.stands(bora), city.stands(minh)) == ((1000, 0), (0, 0))

    run(body())


def test_a_hold_ends_by_itself_when_its_time_has_come(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            hold = await city.hold(bora, minh, 600, lifetime=5)
            city.clock.now += 4
            await city.open()
            assert city.stands(bora) == (1000, 600)
            city.clock.now += 1
            with pytest.raises(HoldNotOpenError):
                await city.capture(hold, 600)
            assert city.stands(bora) == (1000, 0)
            ended = city.statements.history(bora)[0]
            assert (ended.kind, ended.refers) == (Kind.EXPIRE, hold.seq)

    run(body())


def test_the_journal_does_not_go_back_in_time_when_the_clock_does(store: Store) -> None:
    async def body() -> None:
        async with till(store, Clock(1_000_000)) as city:
            await city.open()
            city.clock.now = 5
            later = await city.ledger.ask(OpenAccount(city.key()))
            assert later.at == 1_000_000

    run(body())


def test_history_is_read_a_page_at_a_time(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open(1000)
            paid = [await city.pay(*(pair), 1) for pair in [(bora, minh), (minh, bora)] * 5]
            first = city.statements.history(bora, limit=4)
            rest = city.statements.history(bora, before=first[-1].seq, limit=100)
            assert [*first, *rest][:10] == paid[::-1]
            assert rest[-1].kind == Kind.OPEN
            assert city.statements.history(AccountId(999)) == []

    run(body())


def test_what_is_asked_while_it_closes_is_still_done(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            pays = [asyncio.create_task(city.pay(bora, minh, 1)) for _ in range(50)]
            await asyncio.sleep(0)
        assert len({entry.seq for entry in await asyncio.gather(*pays)}) == 50
        with pytest.raises(LedgerBusyError):
            await city.pay(bora, minh, 1)

    run(body())


def test_when_too_much_waits_one_more_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MOST_WAITING", 5)

    async def body() -> None:
        async with till(store) as city:
            bora, minh = await city.open(1000), await city.open()
            answers = await asyncio.gather(
                *(city.pay(bora, minh, 1) for _ in range(50)), return_exceptions=True
            )
            refused = [answer for answer in answers if isinstance(answer, LedgerBusyError)]
            assert refused
            assert city.stands(minh)[0] == 50 - len(refused)

    run(body())


def test_two_writers_of_one_database_do_not_undo_each_other(store: Store) -> None:
    async def spend(city: Till, debit: AccountId, credit: AccountId) -> int:
        paid = 0
        for _ in range(40):
            try:
                await city.pay(debit, credit, 10)
            except InsufficientFundsError:
                continue
            paid += 1
        return paid

    async def body() -> None:
        async with till(store) as one, till(store) as other:
            other._keys = iter(range(10**6, 10**7))  # type: ignore[assignment]
            bora, minh = await one.open(500), await one.open()
            paid = await asyncio.gather(spend(one, bora, minh), spend(other, bora, minh))
            assert sum(paid) == 50
            assert (one.stands(bora), one.stands(minh)) == ((0, 0), (500, 0))

    run(body())


def test_the_database_itself_refuses_an_overdraft(store: Store) -> None:
    async def body() -> None:
        async with till(store) as city:
            await city.open(10)

    run(body())
    spent = sa.update(ledger_accounts).values(balance=-CAP - 1)
    with pytest.raises(sa.exc.IntegrityError), store.engine.begin() as connection:
        connection.execute(spent)
