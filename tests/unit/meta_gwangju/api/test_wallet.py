import asyncio
import sqlite3
from typing import Any

import httpx
import pytest

from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from municipality.wallet import WELCOME
from streaming.client import Citizen, Identity
from streaming.messages import Changed
from tests.unit.meta_gwangju.api.test_session import Run, problem, run
from tests.unit.meta_gwangju.browsers import Browser, Open, browsers

__all__ = ["run"]


async def pay(page: Browser, key: str, **body: Any) -> httpx.Response:
    return await page.ask("POST", "/wallet/payments", json=body, headers={"idempotency-key": key})


async def balance(page: Browser) -> int:
    return int((await page.ask("GET", "/wallet")).json()["balance"])


def test_one_citizen_pays_another_by_wallet_number(run: Run) -> None:
    async def act(another: Open) -> None:
        one, two = await another(), await another()
        await one.join("나은")
        number = (await two.join("보라"))["me"]["citizen"]["wallet_number"]
        payee = await one.ask("GET", "/wallet/payee", params={"number": number})
        assert payee.json() == {"name": "보*", "wallet_number": number}
        first = await pay(one, "0190-0001", wallet_number=number, amount=700)
        assert first.status_code == 201
        assert (first.json()["amount"], first.json()["with_name"]) == (-700, "보라")
        assert (await pay(one, "0190-0001", wallet_number=number, amount=700)).json() == first.json()
        problem(await pay(one, "0190-0001", wallet_number=number, amount=701), 409, "key_reused")
        assert (await balance(one), await balance(two)) == (WELCOME - 700, WELCOME + 700)
        got = (await two.ask("GET", "/wallet/movements")).json()["movements"][0]
        assert (got["number"], got["hash"], got["with_name"]) == (
            first.json()["number"], first.json()["hash"], "나은",
        )  # fmt: skip

    run(act)


@pytest.mark.parametrize("amount", [0, -5, 1.5, "7", True, 10**40, None])
def test_what_is_no_amount_is_refused(run: Run, amount: object) -> None:
    async def act(another: Open) -> None:
        one, two = await another(), await another()
        await one.join("나은")
        number = (await two.join("보라"))["me"]["citizen"]["wallet_number"]
        problem(await pay(one, "0190-0001", wallet_number=number, amount=amount), 422, "unprocessable_entity")
        assert await balance(one) == WELCOME

    run(act)


def test_without_a_key_nothing_is_paid(run: Run) -> None:
    async def act(another: Open) -> None:
        one, two = await another(), await another()
        await one.join("나은")
        number = (await two.join("보라"))["me"]["citizen"]["wallet_number"]
        body = {"wallet_number": number, "amount": 5}
        answer = await one.ask("POST", "/wallet/payments", json=body)
        assert answer.status_code == 422
        problem(
            await pay(one, "0190-0001", wallet_number=number, amount=WELCOME + 1), 409, "insufficient_funds"
        )
        assert await balance(one) == WELCOME

    run(act)


def test_the_person_in_front_is_paid_and_hears_of_it(node: CityNode, settings: Settings) -> None:
    """Two citizens of the client library in the city; one pays the other by the person that they see."""

    async def act() -> None:
        async with browsers(node, settings) as another:
            one, two, stranger = await another(), await another(), await another()
            await one.join("나은")
            await two.join("보라")
            async with (
                Citizen(one.origin, Identity("나은")) as here,
                Citizen(one.origin, Identity("보라")) as there,
            ):
                for page, citizen in ((one, here), (two, there)):
                    linked = await page.ask("PUT", "/session/presence", json={"session": citizen.session})
                    assert linked.status_code == 204, linked.text
                problem(await pay(one, "0190-0009", person=999, amount=5), 422, "account_unknown")
                payee = await one.ask("GET", "/wallet/payee", params={"person": there.person})
                assert payee.json()["name"] == "보라"
                paid = await pay(one, "0190-0001", person=there.person, amount=250)
                assert paid.status_code == 201, paid.text
                async with asyncio.timeout(10.0):
                    async for event in there.events():
                        if event == Changed(topic="wallet"):
                            break
                assert await balance(two) == WELCOME + 250
                problem(await pay(stranger, "0190-0002", person=there.person, amount=5), 403, "not_allowed")

    asyncio.run(act())


def test_a_locked_database_refuses_and_works_again(node: CityNode, settings: Settings) -> None:
    async def act() -> None:
        async with browsers(node, settings) as another:
            one, two = await another(), await another()
            await one.join("나은")
            number = (await two.join("보라"))["me"]["citizen"]["wallet_number"]
            assert await balance(one) == WELCOME
            assert await balance(two) == WELCOME
            holder = sqlite3.connect(settings.database, isolation_level=None)
            holder.execute("BEGIN EXCLUSIVE")
            problem(await pay(one, "0190-0001", wallet_number=number, amount=5), 503, "not_recorded")
            holder.execute("ROLLBACK")
            holder.close()
            assert (await pay(one, "0190-0001", wallet_number=number, amount=5)).status_code == 201
            assert await balance(one) == WELCOME - 5

    asyncio.run(act())
