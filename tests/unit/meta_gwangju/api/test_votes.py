import asyncio
import io
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from meta_gwangju.node import CityNode
from meta_gwangju.offices import open_offices
from municipality.access import CITY_HALL, Role
from municipality.ballot import read_receipt, verify
from municipality.ballot.merkle import verify_consistency, verify_inclusion
from tests.unit.meta_gwangju.callers import ORIGIN, Caller, citizen

PATH = "/api/v1/votes"


def vote_of(**more: object) -> dict[str, object]:
    return {
        "title": {"ko": "무엇을 지을까요?", "en": "What shall we build?"},
        "options": [{"ko": "공원", "en": "Park"}, {"ko": "도서관", "en": "Library"}],
        "closes": int(time.time()) + 3600,
    } | more


class Person:
    """Somebody at work with the API, in the loop that the offices run in."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def ask(self, method: str, path: str = "", key: str | None = None, **more: Any) -> httpx.Response:
        headers = {} if key is None else {"idempotency-key": key}
        return await self._client.request(method, PATH + path, headers=headers, **more)

    async def vote(self, number: int, *choices: Any, key: str = "a-random-key") -> httpx.Response:
        return await self.ask("POST", f"/{number}/ballots", key, json={"choices": list(choices)})

    async def propose(self) -> int:
        proposal = {
            "title": "가로등",
            "text": "밤길이 어두워요.",
            "category": "safety",
            "place": {"x": 10, "z": -20},
        }
        answer = await self._client.post("/api/v1/proposals", json=proposal)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    async def open(self, **more: object) -> dict[str, Any]:
        answer = await self.ask("POST", json=vote_of(**more))
        assert answer.status_code == 201, answer.text
        opened: dict[str, Any] = answer.json()
        return opened


class Town:
    """An officer, two citizens and a visitor."""

    def __init__(self, app: FastAPI, node: CityNode, stack: list[httpx.AsyncClient]) -> None:
        officer = citizen(app, node.offices, "담당", Role.OFFICER, place=CITY_HALL)
        callers = (
            officer,
            citizen(app, node.offices, "보라"),
            citizen(app, node.offices, "민호"),
            Caller(app),
        )
        stack.extend(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers=caller.headers)
            for caller in callers
        )
        self.officer, self.bora, self.minho, self.visitor = map(Person, stack)
        self.box = node.offices.ballot_box


@pytest.fixture
def live(app: FastAPI, node: CityNode) -> Callable[[Callable[[Town], Awaitable[None]]], None]:
    """Runs a test's story while the offices are open."""

    @asynccontextmanager
    async def town() -> AsyncIterator[Town]:
        clients: list[httpx.AsyncClient] = []
        made = Town(app, node, clients)
        try:
            async with open_offices(node.offices):
                yield made
        finally:
            for client in clients:
                await client.aclose()

    def run(story: Callable[[Town], Awaitable[None]]) -> None:
        async def body() -> None:
            async with town() as made:
                await story(made)

        asyncio.run(body())

    return run


Live = Callable[[Callable[[Town], Awaitable[None]]], None]


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code
    assert any("가" <= sign <= "힣" for sign in body["ko"])
    assert body["en"].isascii()


def test_a_citizen_votes_and_anybody_checks_the_receipt(live: Live) -> None:
    async def story(town: Town) -> None:
        vote = await town.officer.open()
        number = vote["id"]
        assert (vote["state"], vote["turnout"], vote["ending"]) == ("open", 0, None)
        seen = (await town.bora.ask("GET", f"/{number}")).json()
        assert (seen["has_voted"], seen["may_vote"]) == (False, True)
        answer = await town.bora.vote(number, 1)
        assert answer.status_code == 201, answer.text
        receipt = read_receipt(answer.text)
        receipt.check()
        assert receipt.key == "a-random-key"
        await town.minho.vote(number)
        seen = (await town.bora.ask("GET", f"/{number}")).json()
        assert (seen["has_voted"], seen["may_vote"], seen["turnout"], seen["ending"]) == (
            True,
            False,
            2,
            None,
        )
        exported = await town.visitor.ask("GET", f"/{number}/export")
        assert exported.headers["content-type"] == "application/jsonl"
        found = verify(io.BytesIO(exported.content), [receipt], vote["fingerprint"])
        assert found.passed, found.faults
        assert found.counted is None

    live(story)


def test_the_log_and_its_proofs_are_public_and_the_ballots_sealed(live: Live) -> None:
    async def story(town: Town) -> None:
        number = (await town.officer.open())["id"]
        mine = (await town.bora.vote(number, 0)).json()
        await town.minho.vote(number, 1)
        head = (await town.visitor.ask("GET", f"/{number}/tree-head")).json()
        assert (head["vote"], head["size"]) == (number, 2)
        asked = {"leaf_hash": mine["leaf"]}
        found = (await town.visitor.ask("GET", f"/{number}/inclusion", params=asked)).json()
        proof = [bytes.fromhex(one) for one in found["proof"]]
        root = bytes.fromhex(found["head"]["root"])
        assert verify_inclusion(bytes.fromhex(mine["leaf"]), found["index"], 2, proof, root)
        sizes = {"first": mine["size"], "second": 2}
        between = (await town.visitor.ask("GET", f"/{number}/consistency", params=sizes)).json()["proof"]
        hashes = [bytes.fromhex(one) for one in between]
        assert verify_consistency(mine["size"], 2, bytes.fromhex(mine["root"]), root, hashes)
        log = (await town.visitor.ask("GET", f"/{number}/log", params={"from": 0, "to": 5})).json()["leaves"]
        assert log[0] == {"index": 0, "leaf": mine["leaf"], "choices": None, "nonce": None}
        assert len(log) == 2
        for path, params in (
            ("inclusion", {"leaf_hash": "00" * 32}),
            ("inclusion", {"leaf_hash": "zz"}),
            ("inclusion", {}),
            ("consistency", {"first": 2, "second": 9}),
            ("consistency", {"first": -1, "second": 1}),
            ("log", {"from": "x"}),
            ("log", {"from": 2**70}),
        ):
            answer = await town.visitor.ask("GET", f"/{number}/{path}", params=params)
            assert answer.status_code in {404, 422}, answer.text

    live(story)


def test_sent_again_a_ballot_is_the_same_and_another_is_refused(live: Live) -> None:
    async def story(town: Town) -> None:
        number = (await town.officer.open())["id"]
        first = await town.bora.vote(number, 0)
        again = await town.bora.vote(number, 0)
        assert (again.status_code, again.content) == (201, first.content)
        refused(await town.bora.vote(number, 1), 409, "already_voted")
        refused(await town.bora.vote(number, 0, key="another-key"), 409, "already_voted")
        assert (await town.bora.ask("GET", f"/{number}")).json()["turnout"] == 1

    live(story)


def test_who_may_do_what(live: Live) -> None:
    async def story(town: Town) -> None:
        for person in (town.bora, town.visitor):
            refused(await person.ask("POST", json=vote_of()), 403, "not_allowed")
        number = (await town.officer.open())["id"]
        refused(await town.visitor.vote(number, 0), 403, "not_allowed")
        refused(await town.bora.ask("POST", f"/{number}/cancel", json={"reason": "no"}), 403, "not_allowed")
        seen = (await town.visitor.ask("GET", f"/{number}")).json()
        assert (seen["has_voted"], seen["may_vote"]) == (False, False)

    live(story)


def test_a_cancelled_vote_says_why_and_takes_nothing(live: Live) -> None:
    async def story(town: Town) -> None:
        number = (await town.officer.open())["id"]
        await town.bora.vote(number, 0)
        answer = await town.officer.ask("POST", f"/{number}/cancel", json={"reason": "잘못 물었어요."})
        ending = answer.json()["ending"]
        assert (ending["state"], ending["reason"], ending["approvals"]) == (
            "cancelled",
            "잘못 물었어요.",
            None,
        )
        refused(await town.minho.vote(number, 0), 409, "vote_not_open")
        refused(
            await town.officer.ask("POST", f"/{number}/cancel", json={"reason": "again"}), 409, "conflict"
        )
        listed = await town.visitor.ask("GET", params={"status": "cancelled"})
        assert [line["id"] for line in listed.json()] == [number]
        assert (await town.visitor.ask("GET", params={"status": "open"})).json() == []

    live(story)


def test_the_result_is_shown_when_the_vote_is_over(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(town: Town) -> None:
        vote = await town.officer.open()
        number = vote["id"]
        receipt = read_receipt((await town.bora.vote(number, 0, 1)).text)
        await town.minho.vote(number, 1)
        over = time.time() + 7200
        monkeypatch.setattr(time, "time", lambda: over)
        monkeypatch.setattr(town.box, "_clock", lambda: over)
        refused(await town.bora.vote(number, 0, key="another-key"), 409, "already_voted")  # counts first
        seen = (await town.visitor.ask("GET", f"/{number}")).json()
        assert (seen["ending"]["approvals"], seen["ending"]["blank"]) == ([1, 2], 0)
        log = (await town.visitor.ask("GET", f"/{number}/log")).json()["leaves"]
        assert [leaf["choices"] for leaf in log] == [[0, 1], [1]]
        exported = (await town.visitor.ask("GET", f"/{number}/export")).content
        found = verify(io.BytesIO(exported), [receipt], vote["fingerprint"])
        assert found.passed, found.faults
        assert found.approvals == (1, 2)

    live(story)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": {"ko": "", "en": "x"}},
        {"title": {"ko": "x"}},
        {"title": "x"},
        {"options": [{"ko": "하나", "en": "one"}]},
        {"options": [{"ko": str(n), "en": str(n)} for n in range(21)]},
        {"options": [{"ko": "a", "en": "a"}, {"ko": "a", "en": "a"}]},
        {"closes": 1},
        {"closes": -1},
        {"closes": 1.5},
        {"closes": 2**80},
        {"closes": "soon"},
        {"opens": True},
        {"place": "../../etc"},
        {"place": "city", "local": True},
        {"proposal": 0},
        {"about": {"ko": "x" * 9000, "en": "x"}},
    ],
)
def test_a_vote_that_cannot_be_opened_so_is_refused(live: Live, wrong: dict[str, object]) -> None:
    async def story(town: Town) -> None:
        answer = await town.officer.ask("POST", json=vote_of(**wrong))
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert (await town.visitor.ask("GET")).json() == []

    live(story)


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [2]},
        {"choices": [-1]},
        {"choices": [0, 0]},
        {"choices": ["0"]},
        {"choices": [0.5]},
        {"choices": [True]},
        {"choices": [10**30]},
        {"choices": [None]},
        {"choices": 0},
        {"choices": list(range(500))},
        {},
        [],
        None,
    ],
)
def test_a_ballot_that_is_none_changes_nothing(live: Live, body: object) -> None:
    async def story(town: Town) -> None:
        number = (await town.officer.open())["id"]
        answer = await town.bora.ask("POST", f"/{number}/ballots", "a-random-key", json=body)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        for key in (None, "short", "k" * 65):
            answer = await town.bora.ask("POST", f"/{number}/ballots", key, json={"choices": [0]})
            assert answer.status_code == 422, answer.text
        assert (await town.bora.ask("GET", f"/{number}")).json()["turnout"] == 0
        assert (await town.bora.vote(99, 0)).status_code == 404

    live(story)


def test_texts_are_kept_as_they_were_written(live: Live) -> None:
    async def story(town: Town) -> None:
        hostile = {"ko": "<script>alert(1)</script>", "en": "'; DROP TABLE votes; --"}
        vote = await town.officer.open(title=hostile, about={"ko": "설명", "en": "About"})
        assert (await town.visitor.ask("GET", f"/{vote['id']}")).json()["title"] == hostile
        assert [line["title"] for line in (await town.visitor.ask("GET")).json()] == [hostile]

    live(story)


def test_a_vote_decides_on_a_proposal_that_there_is(live: Live) -> None:
    async def story(town: Town) -> None:
        missing = await town.officer.ask("POST", json=vote_of(proposal=99))
        assert missing.status_code == 404
        number = await town.bora.propose()
        vote = await town.officer.open(proposal=number)
        await town.officer.open()
        listed = await town.visitor.ask("GET", params={"proposal": number})
        assert [line["id"] for line in listed.json()] == [vote["id"]]

    live(story)
