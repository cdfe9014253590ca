import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI

from meta_gwangju.node import CityNode
from meta_gwangju.offices import open_offices
from municipality.access import Actor, Grant, Role
from municipality.ballot import Draft, Text
from municipality.wallet import wallet_number
from tests.unit.meta_gwangju.callers import Caller
from tests.unit.meta_gwangju.plain.browser import Browser

OFFICER = Actor(1, door="program", grants=frozenset({Grant(Role.OFFICER)}))


def during(node: CityNode, visit: Callable[[], Awaitable[None]]) -> None:
    """Do something while money moves and ballots are taken."""

    async def run() -> None:
        async with open_offices(node.offices), asyncio.timeout(30.0):
            await visit()

    asyncio.run(run())


# --- coming in -------------------------------------------------------------------------------------------


def test_a_citizen_comes_in_with_a_code_and_goes_out(app: FastAPI, node: CityNode, author: Browser) -> None:
    code, _ = node.offices.codes.new_device(Actor(author.caller.number), time.time())
    browser = Browser(Caller(app))
    browser.open("/plain/sign-in?next=/plain/proposals")
    (form,) = [one for one in browser.page.forms if one.action == "/plain/sign-in"]
    data = {name: value[0] for name, value in form.fields.items()} | {"code": f" {code.lower()} "}
    answer = browser.caller.ask("POST", "/plain/sign-in", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, "/plain/proposals?done=signed-in")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    browser.caller.headers["cookie"] = cookie.partition(";")[0]
    page = browser.open("/plain/sessions")
    assert "보라" in page.text
    browser.fill("/plain/sign-out")
    assert browser.open("/plain/sessions")
    assert browser.answer.status_code == 403


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "x" * 500, "<script>", "' OR 1=1 --", "가"])
def test_a_code_that_opens_nothing_is_refused(visitor: Browser, code: str) -> None:
    visitor.open("/plain/sign-in")
    page = visitor.fill("/plain/sign-in", code=code)
    assert visitor.answer.status_code == 401
    assert "set-cookie" not in visitor.answer.headers
    assert ("a", {"href": "#code"}) in page.tags


def test_another_device_is_signed_out(node: CityNode, author: Browser) -> None:
    other, _ = node.offices.sessions.open(author.caller.number, "Firefox · Android", time.time())
    page = author.open("/plain/sessions")
    assert "Firefox · Android" in page.text
    author.fill(f"/plain/sessions/{other.id}/end")
    assert "Firefox · Android" not in author.page.text


def test_codes_for_other_devices_are_made_here_too(app: FastAPI, author: Browser) -> None:
    author.open("/plain/sessions")
    author.fill("/plain/sessions/recovery")
    codes = re.findall(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", author.page.text)
    assert len(codes) == 10
    author.open("/plain/sessions")
    assert "10개" in author.page.text
    author.fill("/plain/sessions/code")
    assert author.answer.headers["cache-control"] == "no-store"
    for code in (codes[0], re.findall(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", author.page.text)[0]):
        other = Browser(Caller(app))
        other.open("/plain/sign-in")
        answer = other.caller.ask("POST", "/plain/sign-in", data={"code": code})
        assert answer.status_code == 303


def test_nobody_signs_others_out(node: CityNode, author: Browser, neighbour: Browser) -> None:
    author.open("/plain/sessions")
    own = author.page.forms[0].fields["csrf"]
    theirs, _ = node.offices.sessions.open(neighbour.caller.number, "Safari", time.time())
    answer = author.caller.ask("POST", f"/plain/sessions/{theirs.id}/end", data={"csrf": own})
    assert answer.status_code == 404


# --- the wallet ------------------------------------------------------------------------------------------


def test_money_moves_after_it_was_looked_at(node: CityNode, author: Browser, neighbour: Browser) -> None:
    payee = wallet_number(neighbour.caller.number or 0)

    async def visit() -> None:
        await author.go("/plain/wallet/pay")
        page = await author.send("/plain/wallet/pay", number=payee, amount="1,200")
        assert "1,200빛" in page.text
        assert "이*" in page.text
        assert "이웃" not in page.text
        (form,) = [one for one in page.forms if one.action == "/plain/wallet/pay/confirm"]
        data = {name: value[0] for name, value in form.fields.items()}
        sent = [
            (await author.caller.send("POST", form.action, data=data)).headers["location"] for _ in range(2)
        ]
        assert sent[0] == sent[1]
        receipt = await author.go(sent[0])
        assert "meta-gwangju audit --receipt" in receipt.text
        assert "-1,200빛" in receipt.text
        assert "8,800빛" in (await author.go("/plain/wallet")).text
        assert "11,200빛" in (await neighbour.go("/plain/wallet")).text
        await neighbour.go(sent[0])
        assert neighbour.answer.status_code == 200
        others = sent[0].replace(sent[0].rpartition("/")[2], "1")
        await neighbour.go(others)
        assert neighbour.answer.status_code == 404

    during(node, visit)


@pytest.mark.parametrize(
    ("number", "amount", "status", "field"),
    [
        ("000000-00", "100", 422, "number"),
        ("999999-99", "100", 422, "number"),
        ("보라", "100", 422, "number"),
        ("own", "100", 422, "number"),
        ("payee", "0", 422, "amount"),
        ("payee", "-100", 422, "amount"),
        ("payee", "1.5", 422, "amount"),
        ("payee", "1e3", 422, "amount"),
        ("payee", "1000001", 422, "amount"),
        ("payee", "9" * 400, 422, "amount"),
        ("payee", "１００", 422, "amount"),
        ("payee", "10001", 409, ""),
    ],
)
def test_money_that_cannot_move_does_not(
    node: CityNode, author: Browser, neighbour: Browser, number: str, amount: str, status: int, field: str
) -> None:
    known = {"own": author.caller.number or 0, "payee": neighbour.caller.number or 0}
    typed = wallet_number(known[number]) if number in known else number

    async def visit() -> None:
        await author.go("/plain/wallet/pay")
        page = await author.send("/plain/wallet/pay", number=typed, amount=amount)
        if author.answer.status_code == 200:
            page = await author.send("/plain/wallet/pay/confirm")
        assert author.answer.status_code == status
        (form,) = [one for one in page.forms if one.action == "/plain/wallet/pay"]
        assert form.fields["amount"] == [amount]
        if field:
            assert ("a", {"href": f"#{field}"}) in page.tags
        assert "10,000빛" in (await author.go("/plain/wallet")).text

    during(node, visit)


# --- votes -----------------------------------------------------------------------------------------------


def a_vote(node: CityNode, opens: int, closes: int) -> str:
    options = (Text("공원", "Park"), Text("시장", "Market"))
    draft = Draft(Text("광장", "Square"), options, opens, closes)
    return f"/plain/votes/{node.offices.votes.open(OFFICER, draft, now=float(opens)).definition.vote}"


def test_a_receipt_is_kept_and_checked_and_one_flipped_byte_fails(
    node: CityNode, author: Browser, neighbour: Browser
) -> None:
    now = int(time.time())
    path = a_vote(node, now - 60, now + 3600)

    async def visit() -> None:
        for browser, choices in ((author, ["1"]), (neighbour, [])):
            await browser.go(path)
            await browser.send(f"{path}/review", choices=list(choices))
            await browser.send(f"{path}/cast", own="my-own-letters")
        (form,) = [one for one in author.page.forms if one.action == "/plain/votes/receipt"]
        text = form.fields["receipt"][0].strip()
        assert json.loads(text)["key"].endswith("my-own-letters")
        saved = await author.caller.send(
            "POST", form.action, data={name: value[0] for name, value in form.fields.items()}
        )
        assert saved.headers["content-disposition"].startswith("attachment")
        assert json.loads(saved.text) == json.loads(text)
        await check(text, "The receipt holds")
        flipped = text.replace('"index":0', '"index":1')
        assert flipped != text
        await check(flipped, "does not hold")

    async def check(text: str, says: str) -> None:
        author.caller.headers["accept-language"] = "en"
        await author.go("/plain/votes/verify")
        page = await author.send("/plain/votes/verify", files={"file": ("r.json", text.encode())})
        assert (author.answer.status_code, says in page.title) == (200, True)
        await author.go("/plain/votes/verify")
        assert says in (await author.send("/plain/votes/verify", files={"file": b""}, receipt=text)).title

    during(node, visit)


@pytest.mark.parametrize("text", ["", "{}", "[" * 9000, "가", '{"format":"meta-gwangju receipt 1"}', "\x00"])
def test_what_is_no_receipt_is_refused(visitor: Browser, text: str) -> None:
    visitor.open("/plain/votes/verify")
    visitor.fill("/plain/votes/verify", files={"file": text.encode()}, receipt="")
    assert visitor.answer.status_code == 422
    answer = visitor.caller.ask("POST", "/plain/votes/receipt", data={"receipt": text})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")


def test_nobody_votes_twice(node: CityNode, author: Browser) -> None:
    now = int(time.time())
    path = a_vote(node, now - 60, now + 3600)

    async def visit() -> None:
        await author.go(path)
        review = await author.send(f"{path}/review", choices=["0"])
        (form,) = [one for one in review.forms if one.action == f"{path}/cast"]
        await author.send(f"{path}/cast")
        first = author.page.text
        data = {name: value[0] for name, value in form.fields.items()}
        again = await author.caller.send("POST", form.action, data=data)
        assert again.status_code == 200  # the same form gets the same receipt
        assert json.loads(_receipt(first))["index"] == 0
        other = await author.caller.send(
            "POST", form.action, data=data | {"key": "another-key", "choices": "1"}
        )
        assert other.status_code == 409
        page = await author.go(path)
        assert "이미 표를 던졌어요" in page.text
        assert f"{path}/review" not in [one.action for one in page.forms]

    during(node, visit)
    assert node.offices.votes.get(1, now=time.time()).turnout == 1


def _receipt(text: str) -> str:
    return text[text.index('{"choices"') : text.rindex("}") + 1]


@pytest.mark.parametrize(
    ("opens", "choices", "status"),
    [(-60, ["7"], 422), (-60, ["x"], 422), (-60, ["0", "0"], 422), (3600, ["0"], 409)],
)
def test_a_ballot_that_is_none_is_refused(
    node: CityNode, author: Browser, opens: int, choices: list[str], status: int
) -> None:
    now = int(time.time())
    path = a_vote(node, now + opens, now + 7200)

    async def visit() -> None:
        page = await author.go(path)
        token = page.forms[0].fields["csrf"][0]
        answer = await author.caller.send(
            "POST", f"{path}/cast", data={"csrf": token, "key": "a-key-of-mine", "choices": choices}
        )
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"

    during(node, visit)
    assert node.offices.votes.get(1, now=time.time()).turnout == 0


def test_a_result_is_shown_when_the_vote_is_over(node: CityNode, visitor: Browser) -> None:
    now = int(time.time())
    path = a_vote(node, now - 7200, now - 3600)

    async def visit() -> None:
        counted = asyncio.Event()
        node.offices.news.attach(asyncio.get_running_loop(), lambda _topic, _citizens: counted.set())
        await counted.wait()
        page = await visitor.go(path)
        assert "결과" in page.text
        assert "백지" in page.text

    during(node, visit)


# --- reports ---------------------------------------------------------------------------------------------


def test_a_report_goes_its_way(author: Browser, officer: Browser, visitor: Browser) -> None:
    author.open("/plain/reports/new")
    author.fill(
        "/plain/reports/new",
        service="streetlight",
        description="가로등이 꺼졌어요.",
        place="hall",
        contact_phone="010-0000-0000",
    )
    path = author.answer.url.path
    assert "010-0000-0000" in author.page.text
    assert "010-0000-0000" in officer.open(path).text
    assert "010-0000-0000" not in visitor.open(path).text
    officer.open(path)
    officer.fill(f"{path}/step", step="answer", note_ko=" ")
    assert officer.answer.status_code == 422
    officer.open(path)
    officer.fill(f"{path}/step", step="answer", note_ko="고쳤어요.", note_en="Repaired.")
    assert "고쳤어요." in author.open(path).text
    author.fill(f"{path}/step", note_ko="아직 깜박여요.")
    assert "다시 열림" in visitor.open(path).text
    assert visitor.page.forms == []
    assert "가로등 고장" in officer.open("/plain/reports?which=queue").text


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"description": ""}, 422),
        ({"description": "가" * 4001}, 422),
        ({"service": "magic"}, 404),
        ({"place": ""}, 422),
        ({"position": "37.5, 127.0"}, 422),
        ({"position": "north"}, 422),
        ({"position": "999, 999"}, 422),
        ({"contact_email": "no address"}, 422),
    ],
)
def test_a_report_that_cannot_be_taken_comes_back(
    author: Browser, values: dict[str, str], status: int
) -> None:
    author.open("/plain/reports/new")
    whole = {"service": "road", "description": "구멍", "place": "hall", "address": "시청 앞"} | values
    page = author.fill("/plain/reports/new", **whole)
    assert author.answer.status_code == status
    (form,) = [one for one in page.forms if one.action == "/plain/reports/new"]
    assert form.fields["address"] == ["시청 앞"]
    assert form.fields["description"][0] == whole["description"]


def test_a_file_that_is_no_photo_is_refused(author: Browser) -> None:
    author.open("/plain/reports/new")
    page = author.fill(
        "/plain/reports/new",
        files={"photo": ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")},
        service="road",
        description="구멍",
        place="hall",
    )
    assert author.answer.status_code == 422
    assert ("a", {"href": "#photo"}) in page.tags
