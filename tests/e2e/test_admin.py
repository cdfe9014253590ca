"""The administration in the page: a role is given, somebody is muted, appeals, and is heard again."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.support.axe import complaints
from tests.support.chromium import chromium
from tests.support.deadline import eventually, holds
from tests.support.layout import outside, scrolls_sideways
from tests.support.resident import PATIENCE, Resident, at_home
from tests.support.server import PROGRAM, PROJECT, Server
from tests.support.small_city import hall_city

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]

#: A code from the command line.
CODE = re.compile(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5})+\b")
#: What the unknown payee of a visitor's card is answered; the page asks, and says so in words.
NO_WALLET = r"422.*wallet/payee"


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with at_home(hall_city(), folder) as server:
        # The card of a visitor asks whether they have a wallet.
        server.expected.append("code=no_citizen|code=not_a_citizen|route=/api/v1/wallet/payee")
        yield server


@pytest.fixture(scope="module")
def browser(driver: Playwright, server: Server, folder: Path) -> Iterator[Browser]:
    with chromium(driver, folder, server.origin) as browser:
        yield browser


@pytest.fixture(scope="module")
def loud_browser(driver: Playwright, server: Server, folder: Path, tone: Path) -> Iterator[Browser]:
    """Whose microphone never stops."""
    with chromium(driver, folder, server.origin, microphone=tone) as browser:
        yield browser


@pytest.fixture(autouse=True, scope="module")
def _patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def operator(browser: Browser, server: Server, folder: Path) -> Iterator[Resident]:
    """Made by the command line; comes in by a code."""
    command = [*PROGRAM, "operator", "무등", "--data", str(folder / "data")]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT, timeout=60)
    code = CODE.search(answer.stdout)
    assert code is not None, answer.stdout
    one = Resident(browser, server)
    one.come_in_by(code[0])
    yield one
    one.close()


def _administration(one: Resident) -> None:
    one.open("&admin=1")
    expect(one.sheet.get_by_role("heading", name="관리")).to_be_visible()


def test_a_visitor_finds_no_administration(browser: Browser, server: Server) -> None:
    visitor = Resident(browser, server)
    _administration(visitor)
    visitor.says("담당자와 운영자만 볼 수 있어요")
    expect(visitor.sheet.get_by_role("button", name="사람")).to_have_count(0)
    visitor.close()


def test_an_officer_is_made_mutes_somebody_who_appeals_and_is_heard_again(
    operator: Resident, browser: Browser, loud_browser: Browser, server: Server
) -> None:
    officer = Resident(browser, server)
    officer.join("온누리")
    officer.rest()
    _gives_a_role(operator, "온누리")
    operator.rest()
    loud = Resident(loud_browser, server, microphone=True)
    loud.enter("&name=두루")
    officer.enter()
    person = loud.visitor.id
    eventually(lambda: _speaks(officer, person), 60, lambda: officer.visitor.look().people)
    _says(loud, "여러분 안녕하세요")
    eventually(lambda: _heard(officer, person) == ["여러분 안녕하세요"], 30)
    _mutes(officer, "두루")
    told = loud.page.locator(".sanction-slip")
    expect(told).to_contain_text("대화를 방해해서")
    expect(told).to_contain_text("까지")
    eventually(lambda: not _speaks(officer, person), 30)
    _says(loud, "그래도 말할래요")
    loud.tab.evaluate("document.querySelector('.dock .talk').click()")
    holds(lambda: not _speaks(officer, person) and len(_heard(officer, person)) == 1, 4)
    told.get_by_role("button", name="자세히 보고 이의 내기").click()
    loud.write("하고 싶은 말", "마이크가 고장 났어요.")
    loud.press("이의 내기")
    loud.says("답을 기다리고 있어요")
    assert not complaints(loud.page)
    _answers(operator, "마이크가 고장 났어요.")
    loud.says("처분을 거두었어요")
    loud.says("확인했어요")
    loud.page.keyboard.press("Escape")
    _says(loud, "고마워요")
    eventually(lambda: _heard(officer, person) == ["여러분 안녕하세요", "고마워요"], 30)
    loud.close()
    officer.close()


def _gives_a_role(operator: Resident, name: str) -> None:
    _administration(operator)
    operator.press("사람", exact=False)
    operator.sheet.get_by_role("searchbox").fill(name)
    operator.sheet.locator(".things .opener").filter(has_text=name).click()
    operator.press("역할 주기")
    operator.says(f"{name} 시민에게")
    operator.press("역할 주기")
    expect(operator.page.locator(".things")).to_contain_text("담당자 · 도시 전체")


def _mutes(officer: Resident, name: str) -> None:
    officer.page.keyboard.press("p")
    with officer.refused(NO_WALLET):
        officer.sheet.get_by_role("button", name=name).click()
        officer.press("처분하기")
        officer.says("말 막기")
        officer.press("다음")
        officer.says("적어 주세요")
        officer.write("있었던 일", "계속 소리를 냈어요.")
        officer.press("다음")
        officer.says("이대로 처분할까요?")
        officer.press("처분하기")
        officer.says("처분했어요")
        officer.says("대화를 방해해서")
    officer.page.keyboard.press("Escape")


def _answers(operator: Resident, words: str) -> None:
    _administration(operator)
    operator.press("이의", exact=False)
    operator.says(words)
    operator.sheet.get_by_role("radio", name="처분을 거둬요").check()
    operator.write("본인에게 하는 답", "확인했어요. 미안해요.")
    operator.press("답하기")
    operator.says("기다리는 이의가 없어요")


def _speaks(one: Resident, person: int) -> bool:
    return any(someone.id == person and someone.speaking for someone in one.visitor.look().people)


def _says(one: Resident, words: str) -> None:
    chat = one.page.locator(".chat input")
    chat.fill(words)
    chat.press("Enter")


def _heard(one: Resident, person: int) -> list[str]:
    return [line.text for line in one.visitor.look().chat if line.person == person]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_every_page_is_for_everybody(operator: Resident, language: str, width: int, height: int) -> None:
    page = operator.page
    page.set_viewport_size({"width": width, "height": height})
    _administration(operator)
    page.evaluate(f"document.querySelector('.language [lang={language}]').click()")
    doors = operator.sheet.locator(".movements button")
    expect(doors).to_have_count(6)
    assert not complaints(page)
    for door in range(6):
        name = doors.nth(door).inner_text()
        doors.nth(door).click()
        expect(operator.sheet.locator(".loading")).to_have_count(0)
        assert not complaints(page), name
        assert not outside(operator.tab), name
        assert not scrolls_sideways(operator.tab), name
        operator.press("뒤로" if language == "ko" else "Back")
