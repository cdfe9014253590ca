"""Citizens in the page: coming in by passkey and by code, the wallet, and paying whoever stands in front."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.support.authenticator import Authenticator
from tests.support.axe import complaints
from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.layout import outside, scrolls_sideways
from tests.support.server import Server, serving
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

#: Nothing slides: what is looked at has arrived.
CALM = {"reduced_motion": "reduce"}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def server(city: Path, folder: Path) -> Iterator[Server]:
    """Passkeys belong to names: this city is served at localhost, not on a machine that has only a number."""
    data = folder / "data"
    data.mkdir()
    (data / "city").symlink_to(city)
    with serving(data, folder / "server.log", port=_free_port()) as server:
        server.origin = server.origin.replace("127.0.0.1", "localhost")
        yield server


@pytest.fixture(scope="module")
def browser(driver: Playwright, server: Server, folder: Path) -> Iterator[Browser]:
    with chromium(driver, folder, server.origin) as browser:
        yield browser


class Citizen:
    """A page with a device of its own that keeps passkeys."""

    def __init__(self, browser: Browser, server: Server, **look: object) -> None:
        self.tab = ChromiumPage(browser, **{"width": 900, "height": 700, **CALM, **look})
        self.page: Page = self.tab.page
        self.visitor = Visitor(self.tab, server.origin)
        self.device = Authenticator(self.page)
        self._origin = server.origin

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")

    def land(self, query: str = "") -> None:
        self.tab.open(f"{self._origin}/?lang=ko&quality=low{query}")

    def press(self, name: str, exact: bool = True) -> None:
        self.sheet.get_by_role("button", name=name, exact=exact).click()

    def join(self, name: str) -> list[str]:
        """Become a citizen on the landing card; returns the recovery codes."""
        self.land()
        self.page.get_by_role("button", name="시민으로 들어오기").click()
        self.press("시민 되기")
        self.sheet.get_by_role("textbox", name="이름").fill(name)
        self.press("패스키 만들기")
        expect(self.sheet.get_by_role("heading", name="복구 코드")).to_be_visible()
        codes = self.sheet.get_by_role("list").get_by_role("listitem").all_inner_texts()
        self.sheet.get_by_role("checkbox", name="보관했어요").check()
        self.press("다음")
        expect(self.card).to_contain_text(name)
        return codes

    @property
    def card(self) -> Locator:
        return self.sheet.locator(".id-card")

    @property
    def is_citizen(self) -> bool:
        return bool(self.tab.evaluate("fetch('/api/v1/session').then((a) => a.json())")["citizen"])

    def enter(self) -> None:
        """Walk in as who I am."""
        self.tab.open(f"{self._origin}/?enter=1&mic=0&lang=ko&quality=low")
        eventually(self.visitor.connected, 45, lambda: self.tab.problems)

    def balance(self) -> str:
        """Open the wallet and read it."""
        if self.sheet.count() == 0:
            self.page.keyboard.press("o")
        expect(self.sheet.locator(".balance")).to_contain_text("빛")
        return self.sheet.locator(".balance").inner_text()


Maker = Callable[..., Citizen]


@pytest.fixture
def citizen(browser: Browser, server: Server) -> Iterator[Maker]:
    made: list[Citizen] = []

    def make(**look: object) -> Citizen:
        made.append(Citizen(browser, server, **look))
        return made[-1]

    yield make
    for one in made:
        one.tab.close()
        assert not one.tab.problems


@contextmanager
def _refusals(one: Citizen, *expected: str) -> Iterator[None]:
    """The browser notes refused requests in its console: those that a test asks for are no problem."""
    before = len(one.tab.problems)
    yield
    new = one.tab.problems[before:]
    assert all(any(re.search(pattern, line) for pattern in expected) for line in new), new
    del one.tab.problems[before:]


def test_a_visitor_becomes_a_citizen_and_comes_back_by_passkey(citizen: Maker) -> None:
    nari = citizen()
    codes = nari.join("나리")
    assert len(set(codes)) == 10
    assert len(nari.device.passkeys()) == 1
    assert nari.is_citizen
    nari.press("시민에서 나가기")
    expect(nari.sheet.get_by_role("button", name="시민 되기")).to_be_visible()
    assert not nari.is_citizen
    nari.press("패스키로 들어오기")
    expect(nari.card).to_contain_text("나리")
    nari.press("지갑")
    assert nari.balance() == "10,000빛"
    nari.land()
    expect(nari.page.get_by_role("button", name="나리 시민")).to_be_visible()


def test_the_codes_stay_until_they_are_kept(citizen: Maker) -> None:
    nari = citizen()
    nari.land()
    nari.page.get_by_role("button", name="시민으로 들어오기").click()
    nari.press("시민 되기")
    nari.press("패스키 만들기")
    codes = nari.sheet.get_by_role("list").get_by_role("listitem")
    expect(codes).to_have_count(10)
    first = codes.first.inner_text()
    nari.press("다음")
    expect(nari.sheet.get_by_role("alert")).to_contain_text("보관")
    nari.page.get_by_role("button", name="English").click()
    expect(nari.sheet.get_by_role("heading", name="Recovery codes")).to_be_visible()
    nari.page.keyboard.press("Escape")
    expect(nari.sheet).to_be_hidden()
    nari.page.locator(".as-citizen").click()
    expect(codes.first).to_have_text(first)


def test_another_device_comes_in_by_a_code_and_can_be_sent_out(citizen: Maker, server: Server) -> None:
    desk, phone = citizen(), citizen(width=390, height=844, has_touch=True, is_mobile=True)
    desk.join("다온")
    desk.press("로그인과 기기")
    desk.press("다른 기기용 코드")
    code = desk.sheet.locator(".big-code")
    expect(code).to_have_text(re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$"))
    expect(desk.sheet).to_contain_text("한 번만")
    phone.land()
    phone.page.get_by_role("button", name="시민으로 들어오기").click()
    phone.press("코드로 들어오기")
    phone.sheet.get_by_role("textbox", name="코드").fill(code.inner_text().lower())
    phone.press("들어오기")
    expect(phone.card).to_contain_text("다온")
    assert not outside(phone.tab)
    assert not scrolls_sideways(phone.tab)
    phone.press("로그인과 기기")
    phone.press("이 기기에 패스키 더하기")
    expect(phone.sheet.get_by_role("button", name="지우기")).to_have_count(2)
    # The desk sends the phone out: there it is a visitor again, told so, and may come back.
    desk.press("뒤로")
    server.expected.append("code=not_allowed")
    with _refusals(phone, "403"):
        desk.sheet.get_by_role("button", name="내보내기").click()
        expect(desk.sheet.get_by_role("button", name="내보내기")).to_have_count(0)
        phone.press("새 복구 코드 받기", exact=False)
        expect(phone.page.get_by_text("로그인이 끝났어요")).to_be_visible()
        assert not phone.is_citizen
        phone.press("패스키로 들어오기")
        expect(phone.card).to_contain_text("다온")


def test_a_code_works_once(citizen: Maker, server: Server) -> None:
    saebom, thief = citizen(), citizen()
    codes = saebom.join("새봄")
    saebom.press("시민에서 나가기")
    saebom.press("코드로 들어오기")
    saebom.sheet.get_by_role("textbox", name="코드").fill(codes[3])
    saebom.press("들어오기")
    expect(saebom.card).to_contain_text("새봄")
    thief.land()
    thief.page.get_by_role("button", name="시민으로 들어오기").click()
    thief.press("코드로 들어오기")
    server.expected.append("code=sign_in")
    with _refusals(thief, "401"):
        thief.sheet.get_by_role("textbox", name="코드").fill(codes[3])
        thief.press("들어오기")
        expect(thief.sheet.get_by_role("alert")).to_contain_text("이 코드로는 들어올 수 없어요")
        assert not thief.is_citizen


def test_a_device_that_nobody_confirms_makes_no_citizen(citizen: Maker) -> None:
    shy = citizen()
    shy.device.agree(willing=False)
    shy.land()
    shy.page.get_by_role("button", name="시민으로 들어오기").click()
    shy.press("시민 되기")
    shy.press("패스키 만들기")
    expect(shy.sheet.get_by_role("alert").filter(has_text="패스키를 쓰지 않았어요")).to_be_visible()
    assert not shy.is_citizen


def test_the_person_in_front_is_paid_and_both_have_the_receipt(citizen: Maker) -> None:
    naeun, minh = citizen(), citizen()
    naeun.join("나은")
    minh.join("민")
    minh.enter()
    naeun.enter()
    number = minh.visitor.id
    eventually(lambda: naeun.visitor.sees(number), 20, "they do not see each other")
    naeun.page.keyboard.press("f")
    expect(naeun.sheet).to_contain_text("민")
    expect(naeun.sheet).to_contain_text("시민이에요")
    naeun.press("보내기")
    naeun.sheet.get_by_role("textbox", name="금액").fill("50,000")
    naeun.press("다음")
    expect(naeun.sheet.get_by_role("alert")).to_contain_text("10,000빛만")
    naeun.sheet.get_by_role("textbox", name="금액").fill("1,250")
    naeun.press("다음")
    expect(naeun.sheet).to_contain_text("8,750빛")
    naeun.press("보내기")
    ticket = naeun.sheet.get_by_role("article", name="영수증")
    expect(ticket).to_contain_text("1,250빛")
    came = minh.page.get_by_role("region", name="받은 돈")
    expect(came).to_contain_text("나은님이 1,250빛을 보냈어요")
    came.get_by_text("영수증 보기").click()
    assert _hash(came) == _hash(ticket), "the two receipts name different entries"
    naeun.page.keyboard.press("Escape")
    for one, held in ((naeun, "8,750빛"), (minh, "11,250빛")):
        one.page.reload()
        eventually(one.visitor.connected, 45, lambda one=one: one.tab.problems)
        assert one.balance() == held
        expect(one.sheet.get_by_role("listitem")).to_have_count(2)


def _hash(place: Locator) -> str:
    return place.locator(".hash").inner_text()
