import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipality.access import Action, Actor, Denial, Grant, Role
from municipality.citizens import Citizens
from municipality.errors import (
    AccountUnknownError,
    AmountRefusedError,
    InsufficientFundsError,
    KeyReusedError,
    NotAllowedError,
    NotFoundError,
)
from municipality.ledger import BooksWhenNeeded, Ledger, Statements
from municipality.store import Store
from municipality.vault import Vault
from municipality.wallet import MOST_PAID, WELCOME, Wallet, citizen_of, wallet_number

NOON = 1_800_000_000


def with_wallet(store: Store, act: Callable[[Wallet, Actor, Actor], Awaitable[None]]) -> None:
    people = Citizens(store, Vault(bytes(32)))
    with store.write() as connection:
        numbers = [people.join(connection, name, now=NOON) for name in ("나은", "보라")]
    grants = frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN)})
    one, two = (Actor(number, grants=grants) for number in numbers)

    async def run() -> None:
        async with Ledger(BooksWhenNeeded(store), lambda: NOON * 1_000_000) as ledger:
            await act(Wallet(ledger, Statements(store), people), one, two)

    asyncio.run(run())


def test_a_new_citizen_has_welcome_money_once(store: Store) -> None:
    async def act(wallet: Wallet, one: Actor, _: Actor) -> None:
        assert await asyncio.gather(*(wallet.balance(one) for _ in range(8))) == [WELCOME] * 8
        history = await wallet.history(one)
        assert [(line.amount, line.kind, line.with_citizen) for line in history] == [
            (WELCOME, "welcome", None)
        ]

    with_wallet(store, act)


def test_both_see_a_payment(store: Store) -> None:
    async def act(wallet: Wallet, one: Actor, two: Actor) -> None:
        paid = await wallet.pay(one, two.of_citizen(), 300, "key-00001")
        assert (paid.amount, paid.with_citizen) == (-300, two.citizen)
        assert await wallet.balance(one) == WELCOME - 300
        assert await wallet.balance(two) == WELCOME + 300
        got = (await wallet.history(two))[0]
        assert (got.number, got.amount, got.with_citizen, got.hash) == (
            paid.number, 300, one.citizen, paid.hash,
        )  # fmt: skip
        assert await wallet.receipt(two, paid.number) == got

    with_wallet(store, act)


def test_asked_twice_paid_once_and_never_something_else(store: Store) -> None:
    async def act(wallet: Wallet, one: Actor, two: Actor) -> None:
        first = await wallet.pay(one, two.of_citizen(), 300, "key-00001")
        assert await wallet.pay(one, two.of_citizen(), 300, "key-00001") == first
        with pytest.raises(KeyReusedError):
            await wallet.pay(one, two.of_citizen(), 301, "key-00001")
        assert await wallet.balance(one) == WELCOME - 300

    with_wallet(store, act)


@pytest.mark.parametrize("amount", [0, -1, MOST_PAID + 1, 10**30])
def test_what_is_no_amount_moves_nothing(store: Store, amount: int) -> None:
    async def act(wallet: Wallet, one: Actor, two: Actor) -> None:
        with pytest.raises(AmountRefusedError):
            await wallet.pay(one, two.of_citizen(), amount, "key-00001")
        assert await wallet.balance(one) == WELCOME

    with_wallet(store, act)


def test_nobody_pays_more_than_they_have_nor_themselves_nor_nobody(store: Store) -> None:
    async def act(wallet: Wallet, one: Actor, two: Actor) -> None:
        with pytest.raises(InsufficientFundsError):
            await wallet.pay(one, two.of_citizen(), WELCOME + 1, "key-00001")
        for nobody in (one.of_citizen(), 999):
            with pytest.raises(AccountUnknownError):
                await wallet.pay(one, nobody, 1, "key-00002")
        assert await wallet.balance(one) == WELCOME

    with_wallet(store, act)


def test_a_visitor_and_a_citizen_under_sanction_do_not_pay(store: Store) -> None:
    async def act(wallet: Wallet, one: Actor, two: Actor) -> None:
        held = Actor(one.citizen, grants=one.grants, denials=frozenset({Denial(Action.PAY)}))
        for actor in (Actor(), held):
            with pytest.raises(NotAllowedError):
                await wallet.pay(actor, two.of_citizen(), 1, "key-00001")
        with pytest.raises(NotAllowedError):
            await wallet.balance(Actor())

    with_wallet(store, act)


def test_a_receipt_is_seen_by_its_parties_alone(store: Store) -> None:
    async def act(wallet: Wallet, one: Actor, two: Actor) -> None:
        await wallet.open(two.of_citizen())
        welcome = (await wallet.history(one))[0]
        for number in (welcome.number, 1, 10**6):
            with pytest.raises(NotFoundError):
                await wallet.receipt(two, number)

    with_wallet(store, act)


def test_history_comes_in_pages(store: Store) -> None:
    async def act(wallet: Wallet, one: Actor, two: Actor) -> None:
        for number in range(5):
            await wallet.pay(one, two.of_citizen(), number + 1, f"key-0000{number}")
        first = await wallet.history(one, limit=3)
        rest = await wallet.history(one, before=first[-1].number, limit=10)
        assert [line.amount for line in first] == [-5, -4, -3]
        assert [line.amount for line in rest] == [-2, -1, WELCOME]

    with_wallet(store, act)


@given(st.integers(1, 10**12))
def test_a_wallet_number_leads_back_to_its_citizen(citizen: int) -> None:
    number = wallet_number(citizen)
    assert citizen_of(number) == citizen
    assert citizen_of(number.replace("-", " ")) == citizen


@given(st.integers(1, 999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(citizen: int, place: int, change: int) -> None:
    digits = wallet_number(citizen).replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    with pytest.raises(AccountUnknownError):
        citizen_of(wrong)


@pytest.mark.parametrize("number", ["", "12", "abc", "１２３４５", "-1", "9" * 40, "000001-00"])
def test_what_is_no_wallet_number_is_refused(number: str) -> None:
    with pytest.raises(AccountUnknownError):
        citizen_of(number)
