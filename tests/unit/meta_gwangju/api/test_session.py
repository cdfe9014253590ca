"""Becoming a citizen, coming back, and what keeps others from being taken for one, over real HTTP."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from meta_gwangju.api.cookies import COOKIE
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from tests.unit.meta_gwangju.browsers import Open, browsers


@pytest.fixture
def run(node: CityNode, settings: Settings) -> Callable[[Callable[[Open], Awaitable[None]]], None]:
    def with_browsers(act: Callable[[Open], Awaitable[None]]) -> None:
        async def go() -> None:
            async with browsers(node, settings) as another:
                await act(another)

        asyncio.run(go())

    return with_browsers


Run = Callable[[Callable[[Open], Awaitable[None]]], None]


def problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told["status"]) == (code, status)
    assert any("가" <= sign <= "힣" for sign in told["ko"])
    assert told["en"].isascii()


def test_somebody_becomes_a_citizen_and_comes_back(run: Run) -> None:
    async def act(another: Open) -> None:
        page = await another()
        assert (await page.me())["citizen"] is None
        made = await page.join("나은")
        assert len(made["recovery_codes"]) == 10
        assert made["me"]["citizen"]["name"] == "나은"
        assert "pay" in made["me"]["may"]
        await page.ask("DELETE", "/session")
        assert COOKIE not in page.client.cookies
        assert (await page.me())["citizen"] is None
        assert (await page.sign_in()).status_code == 200
        assert (await page.me())["citizen"]["number"] == made["me"]["citizen"]["number"]

    run(act)


def test_the_cookie_is_for_http_alone_and_the_token_stands_in_no_database(
    run: Run, settings: Settings
) -> None:
    async def act(another: Open) -> None:
        page = await another()
        begun = (await page.ask("POST", "/passkeys/options", json={"name": "나은"})).json()
        body = {
            "ceremony": begun["ceremony"],
            "credential": page.device.create(begun["options"]),
            "name": "나은",
        }
        cookie = (await page.ask("POST", "/passkeys", json=body)).headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        token = page.client.cookies[COOKIE].encode()
        files = [path for path in settings.data.iterdir() if path.is_file()]
        assert files
        assert not any(token in path.read_bytes() for path in files)

    run(act)


def test_a_second_device_comes_in_by_a_code_once(run: Run) -> None:
    async def act(another: Open) -> None:
        page, phone, thief = await another(), await another(), await another()
        await page.join("나은")
        code = (await page.ask("POST", "/device-codes")).json()["code"]
        answer = await phone.ask("POST", "/session/code", json={"code": code.lower()})
        assert answer.json()["citizen"]["name"] == "나은"
        problem(await thief.ask("POST", "/session/code", json={"code": code}), 401, "sign_in")
        lines = (await page.ask("GET", "/sessions")).json()
        assert [line["here"] for line in lines].count(True) == 1
        assert len(lines) == 2

    run(act)


def test_a_session_that_was_ended_opens_nothing(run: Run) -> None:
    async def act(another: Open) -> None:
        page, phone = await another(), await another()
        await page.join("나은")
        code = (await page.ask("POST", "/device-codes")).json()["code"]
        phone.csrf = (await phone.ask("POST", "/session/code", json={"code": code})).json()["csrf"]
        stolen = next(line for line in (await page.ask("GET", "/sessions")).json() if not line["here"])
        assert (await page.ask("DELETE", f"/sessions/{stolen['id']}")).status_code == 204
        assert (await phone.me())["citizen"] is None
        problem(await phone.ask("GET", "/wallet"), 403, "not_allowed")

    run(act)


def test_nobody_ends_somebody_elses_session(run: Run) -> None:
    async def act(another: Open) -> None:
        page, other = await another(), await another()
        await page.join("나은")
        await other.join("보라")
        mine = (await page.ask("GET", "/sessions")).json()[0]["id"]
        problem(await other.ask("DELETE", f"/sessions/{mine}"), 404, "not_found")
        assert (await page.me())["citizen"]["name"] == "나은"

    run(act)


def test_a_page_of_another_site_changes_nothing(run: Run) -> None:
    async def act(another: Open) -> None:
        page = await another()
        await page.join("나은")
        forged = {"name": "x", "colour": 1, "language": "ko"}
        for headers in (
            {"origin": "https://evil.example"},
            {"sec-fetch-site": "cross-site"},
            {"origin": "null"},
        ):
            answer = await page.ask("PUT", "/session/profile", json=forged, headers=headers)
            problem(answer, 403, "foreign_page")
        for token in ("", "x" * 32):
            headers = {"x-csrf-token": token}
            answer = await page.ask("PUT", "/session/profile", json=forged, headers=headers)
            problem(answer, 403, "csrf")
        assert (await page.me())["citizen"]["name"] == "나은"

    run(act)


def test_a_page_of_another_site_may_publish_with_a_booths_key(run: Run) -> None:
    async def act(another: Open) -> None:
        page = await another()
        headers = {"origin": "https://studio.example", "content-type": "application/sdp"}
        answer = await page.ask("POST", "/booths/kdj_center-a1/whip", content=b"v=0", headers=headers)
        assert answer.status_code == 401  # it is its key that is missing, not its origin
        assert answer.headers["access-control-allow-origin"] == "*"

    run(act)


def test_too_many_changes_are_slowed_down_and_others_are_not(run: Run) -> None:
    async def act(another: Open) -> None:
        page, other = await another(), await another()
        await page.join("나은")
        await other.join("보라")
        body = {"name": "나은", "colour": 1, "language": "ko"}
        codes = [(await page.ask("PUT", "/session/profile", json=body)).status_code for _ in range(60)]
        assert codes[:30] == [200] * 30
        assert 429 in codes
        answer = await page.ask("PUT", "/session/profile", json=body)
        problem(answer, 429, "too_often")
        assert answer.headers["retry-after"]
        assert (await other.ask("PUT", "/session/profile", json=body)).status_code == 200

    run(act)


def test_guessing_codes_is_slowed_down_by_address(run: Run) -> None:
    async def act(another: Open) -> None:
        guesser, other = await another(), await another()
        far = {"x-forwarded-for": "203.0.113.9"}
        codes = [
            (
                await guesser.ask("POST", "/session/code", json={"code": f"AAAAA-{n:05d}"}, headers=far)
            ).status_code
            for n in range(40)
        ]
        assert set(codes) == {401, 429}
        near = {"x-forwarded-for": "203.0.113.10"}
        answer = await other.ask("POST", "/session/code", json={"code": "AAAAA-AAAAA"}, headers=near)
        problem(answer, 401, "sign_in")

    run(act)


def test_erased_means_gone(run: Run) -> None:
    async def act(another: Open) -> None:
        page, other = await another(), await another()
        number = (await page.join("나은"))["me"]["citizen"]["wallet_number"]
        await other.join("보라")
        assert (await page.ask("DELETE", "/citizen")).status_code == 204
        assert (await page.me())["citizen"] is None
        problem(await page.sign_in(), 401, "sign_in")
        problem(await other.ask("GET", "/wallet/payee", params={"number": number}), 422, "account_unknown")

    run(act)


@pytest.mark.parametrize("name", ["' OR 1=1 --", "<script>", "{{7*7}}"])
def test_a_name_is_text_whatever_it_looks_like(run: Run, name: str) -> None:
    async def act(another: Open) -> None:
        page = await another()
        assert (await page.join(name))["me"]["citizen"]["name"] == name

    run(act)


def test_an_invitation_link_works_once_over_http(run: Run) -> None:
    async def act(another: Open) -> None:
        owner, guest, late = await another(), await another(), await another()
        for page, name in ((owner, "대표"), (guest, "직원"), (late, "지각")):
            await page.join(name)
        names = {"name_ko": "빛고을 로봇", "name_en": "Bitgoeul Robotics"}
        key = {"idempotency-key": "0190aaaa-bbbb"}
        made = await owner.ask("POST", "/organisations", json=names, headers=key)
        again = await owner.ask("POST", "/organisations", json=names, headers=key)
        assert made.json() == again.json()
        number = made.json()["id"]
        token = (await owner.ask("POST", f"/organisations/{number}/invitations", json={})).json()["token"]
        assert (await guest.ask("POST", "/invitations/accept", json={"token": token})).status_code == 200
        problem(await late.ask("POST", "/invitations/accept", json={"token": token}), 401, "sign_in")
        members = (await guest.ask("GET", f"/organisations/{number}/members")).json()
        assert [member["name"] for member in members] == ["대표", "직원"]
        problem(await late.ask("GET", f"/organisations/{number}/members"), 403, "not_allowed")

    run(act)
