"""The same acts through both doors, in two cities alike: the records differ in the door's name alone."""

import asyncio
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.node import CityNode
from meta_gwangju.offices import make_offices, open_offices
from meta_gwangju.places import Places
from municipality import journal
from municipality.access import CITY_HALL, Actor, Grant, Role
from municipality.ballot import Draft, Text
from municipality.schema import ledger_entries, vote_voters
from municipality.store import Store
from municipality.wallet import wallet_number
from tests.unit.meta_gwangju.callers import Caller, citizen
from tests.unit.meta_gwangju.land import Flat
from tests.unit.meta_gwangju.plain.browser import Browser

PROPOSAL = {
    "title": "골목에 가로등을",
    "text": "밤길이 어두워요.\n두 개 더 세워 주세요.",
    "category": "safety",
}
REPORT = {"service": "streetlight", "description": "가로등이 꺼졌어요."}
#: Of a vote that is open while the tests run, the same in both cities.
OPENS = int(time.time()) - 60


class Hands(Protocol):
    """Somebody who does things by one of the doors."""

    async def propose(self) -> None: ...
    async def edit(self, title: str) -> None: ...
    async def support(self, *, wanted: bool) -> None: ...
    async def comment(self, text: str) -> None: ...
    async def withdraw_comment(self) -> None: ...
    async def answer(self, state: str, text: str) -> None: ...
    async def hide(self, reason: str | None) -> None: ...
    async def withdraw(self, number: int) -> None: ...
    async def report(self) -> None: ...
    async def step(self, step: str, note: str) -> None: ...
    async def vote(self, *choices: int) -> None: ...
    async def pay(self, payee: int, amount: int) -> None: ...


class AtTheApi:
    """By the page's door: HTTP and JSON."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    async def ask(self, method: str, path: str, body: Any = None) -> None:
        headers = {"idempotency-key": "one-key-for-one-act"} if "ballots" in path or "pay" in path else {}
        answer = await self.caller.send(method, f"/api/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text

    async def propose(self) -> None:
        await self.ask("POST", "/proposals", PROPOSAL | {"place": {"x": 120.0, "z": -60.0}})

    async def edit(self, title: str) -> None:
        await self.ask("PUT", "/proposals/1", PROPOSAL | {"title": title})

    async def support(self, *, wanted: bool) -> None:
        await self.ask("PUT" if wanted else "DELETE", "/proposals/1/support")

    async def comment(self, text: str) -> None:
        await self.ask("POST", "/proposals/1/comments", {"text": text})

    async def withdraw_comment(self) -> None:
        await self.ask("DELETE", "/proposals/1/comments/1")

    async def answer(self, state: str, text: str) -> None:
        await self.ask("POST", "/proposals/1/answer", {"state": state, "text": text})

    async def hide(self, reason: str | None) -> None:
        if reason is None:
            await self.ask("DELETE", "/proposals/1/hide")
        else:
            await self.ask("POST", "/proposals/1/hide", {"reason": reason})

    async def withdraw(self, number: int) -> None:
        await self.ask("DELETE", f"/proposals/{number}")

    async def report(self) -> None:
        await self.ask("POST", "/reports", REPORT | {"x": 120.0, "z": -60.0})

    async def step(self, step: str, note: str) -> None:
        await self.ask("POST", "/reports/1/steps", {"step": step} | ({"note_ko": note} if note else {}))

    async def vote(self, *choices: int) -> None:
        await self.ask("POST", "/votes/1/ballots", {"choices": list(choices)})

    async def pay(self, payee: int, amount: int) -> None:
        await self.ask("POST", "/wallet/payments", {"wallet_number": wallet_number(payee), "amount": amount})


class AtThePlainDoor:
    """Without JavaScript: pages and their forms."""

    def __init__(self, caller: Caller) -> None:
        self.browser = Browser(caller)

    async def fill(self, path: str, action: str, **values: str | list[str]) -> None:
        await self.browser.go(f"/plain{path}")
        await self.browser.send(f"/plain{action}", **values)
        assert self.browser.answer.is_success, self.browser.answer.text

    async def propose(self) -> None:
        await self.fill("/proposals/new", "/proposals/new", **PROPOSAL, place="hall")

    async def edit(self, title: str) -> None:
        await self.fill("/proposals/1/edit", "/proposals/1/edit", title=title)

    async def support(self, *, wanted: bool) -> None:
        await self.fill("/proposals/1", "/proposals/1/support", wanted=str(int(wanted)))

    async def comment(self, text: str) -> None:
        await self.fill("/proposals/1", "/proposals/1/comments", comment=text)

    async def withdraw_comment(self) -> None:
        await self.fill("/proposals/1", "/proposals/1/comments/1/withdraw")

    async def answer(self, state: str, text: str) -> None:
        await self.fill("/proposals/1", "/proposals/1/answer", state=state, answer=text)

    async def hide(self, reason: str | None) -> None:
        more = {} if reason is None else {"reason": reason}
        await self.fill("/proposals/1", "/proposals/1/hide", **more)

    async def withdraw(self, number: int) -> None:
        await self.fill(f"/proposals/{number}/withdraw", f"/proposals/{number}/withdraw")

    async def report(self) -> None:
        await self.fill("/reports/new", "/reports/new", **REPORT, place="hall")

    async def step(self, step: str, note: str) -> None:
        await self.fill("/reports/1", "/reports/1/step", step=step, note_ko=note)

    async def vote(self, *choices: int) -> None:
        await self.fill("/votes/1", "/votes/1/review", choices=[str(choice) for choice in choices])
        await self.browser.send("/plain/votes/1/cast")
        assert "영수증" in self.browser.page.title

    async def pay(self, payee: int, amount: int) -> None:
        await self.fill("/wallet/pay", "/wallet/pay", number=wallet_number(payee), amount=f"{amount:,}")
        await self.browser.send("/plain/wallet/pay/confirm")
        assert "영수증" in self.browser.page.title


async def live(door: type[AtTheApi | AtThePlainDoor], app: FastAPI, node: CityNode) -> None:
    """Let an officer, an author and a neighbour do one of everything."""
    people = [
        citizen(app, node.offices, "담당", Role.OFFICER, place=CITY_HALL),
        citizen(app, node.offices, "보라"),
        citizen(app, node.offices, "이웃"),
    ]
    officer, author, neighbour = (door(person) for person in people)
    program = Actor(1, door="program", grants=frozenset({Grant(Role.OFFICER)}))
    options = (Text("공원", "Park"), Text("시장", "Market"), Text("그대로", "As it is"))
    node.offices.votes.open(
        program, Draft(Text("광장", "Square"), options, OPENS, OPENS + 86_400), now=float(OPENS)
    )
    async with open_offices(node.offices):
        await author.propose()
        await author.edit("골목에 가로등 두 개를")
        await neighbour.support(wanted=True)
        await neighbour.support(wanted=False)
        await neighbour.support(wanted=True)
        await neighbour.comment("저도요.")
        await neighbour.withdraw_comment()
        await officer.hide("전화번호가 있어요.")
        await officer.hide(None)
        await officer.answer("under_review", "")
        await officer.answer("declined", "예산이 없어요.\n내년에 다시 봐요.")
        await author.report()
        await officer.step("start", "")
        await officer.step("answer", "고쳤어요.")
        await author.step("reopen", "아직 깜박여요.")
        await author.vote(0, 2)
        await neighbour.vote()
        await author.pay(3, 1200)
        await author.propose()
        await author.withdraw(2)


def record(node: CityNode) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that was written down for good, without time, hash and door."""
    with node.offices.store.engine.connect() as connection:
        found: dict[str, list[tuple[object, ...]]] = {}
        for name in journal.names(connection):
            assert journal.verify(connection, name) == []
            found[name] = [
                (entry.seq, entry.actor, entry.kind, json.loads(entry.body))
                for entry in journal.entries(connection, name)
            ]
        money = ledger_entries.c
        columns = (money.seq, money.kind, money.debit, money.credit, money.amount, money.refers)
        found["ledger"] = [tuple(row) for row in connection.execute(sa.select(*columns).order_by(money.seq))]
        voters = sa.select(vote_voters.c.vote, vote_voters.c.citizen).order_by(vote_voters.c.citizen)
        found["voters"] = [tuple(row) for row in connection.execute(voters)]
        return found


def doors(node: CityNode, name: str) -> set[str]:
    with node.offices.store.engine.connect() as connection:
        if name == "voters":
            return set(connection.execute(sa.select(vote_voters.c.door)).scalars())
        return {entry.door for entry in journal.entries(connection, name)}


@pytest.fixture
def twins(settings: Settings, tmp_path: Path) -> Iterator[tuple[CityNode, CityNode]]:
    """Two cities with the same keys."""
    second = replace(settings, data=tmp_path / "twin", database=tmp_path / "twin" / "city.sqlite3")
    with ExitStack() as stack:
        nodes = []
        for one in (settings, second):
            store = stack.enter_context(Store(one.database))
            if one is second:
                shutil.copytree(settings.cities, one.cities)
                shutil.copytree(settings.keys, one.keys)
            land = CityLand.load(one.city, Flat())
            offices = make_offices(store, one, land)
            nodes.append(CityNode(one, offices, Places.load(one.city), Flat()))
        yield nodes[0], nodes[1]


def test_the_record_differs_in_the_doors_name_alone(
    twins: tuple[CityNode, CityNode], settings: Settings
) -> None:
    page, plain = twins
    for door, node in ((AtTheApi, page), (AtThePlainDoor, plain)):
        asyncio.run(live(door, create_app(node, settings), node))
    assert record(plain) == record(page)
    assert {kind for _, _, kind, _ in record(plain)["proposals"]} == {
        *("proposed", "edited", "supported", "support_withdrawn", "commented", "comment_withdrawn"),
        *("hidden", "shown", "answered", "withdrawn"),
    }
    assert [len(record(plain)[name]) for name in ("voters", "reports")] == [2, 4]
    for name in ("proposals", "reports", "voters"):
        assert (doors(page, name), doors(plain, name)) == ({"page"}, {"plain"})
