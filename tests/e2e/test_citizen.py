"""Citizens in the page: coming in by passkey and by code, devices, organisations, and leaving for good."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Maker
from tests.support.axe import complaints
from tests.support.citizen import refusals
from tests.support.layout import outside, scrolls_sideways
from tests.support.server import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

HANGUL = re.compile(r"[가-힣]")


def test_a_visitor_becomes_a_citizen_and_comes_back_by_passkey(citizen: Maker) -> None:
    nari = citizen()
    codes = nari.join("나리")
    assert len(set(codes)) == 10
    assert len(nari.device.passkeys()) == 1
    assert nari.is_citizen()
    nari.press("시민에서 나가기")
    expect(nari.sheet.get_by_role("button", name="시민 되기")).to_be_visible()
    assert not nari.is_citizen()
    nari.press("패스키로 들어오기")
    expect(nari.card).to_contain_text("나리")
    nari.press("지갑")
    assert nari.balance() == "10,000빛"
    nari.land()
    expect(nari.page.get_by_role("button", name="나리 시민")).to_be_visible()


def test_the_codes_stay_until_they_are_kept(citizen: Maker) -> None:
    nari = citizen()
    nari.knock()
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


def test_another_device_comes_in_by_a_code_and_can_be_sent_out(citizen: Maker, localhost: Server) -> None:
    desk, phone = citizen(), citizen(width=390, height=844, has_touch=True, is_mobile=True)
    desk.join("다온")
    desk.press("로그인과 기기")
    desk.press("다른 기기용 코드")
    code = desk.sheet.locator(".big-code")
    expect(code).to_have_text(re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$"))
    expect(desk.sheet).to_contain_text("한 번만")
    phone.knock()
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
    localhost.expected.append("code=not_allowed")
    with refusals(phone, "403"):
        desk.sheet.get_by_role("button", name="내보내기").click()
        expect(desk.sheet.get_by_role("button", name="내보내기")).to_have_count(0)
        phone.press("새 복구 코드 받기", exact=False)
        expect(phone.page.get_by_text("로그인이 끝났어요")).to_be_visible()
        assert not phone.is_citizen()
        phone.press("패스키로 들어오기")
        expect(phone.card).to_contain_text("다온")


def test_a_code_works_once(citizen: Maker, localhost: Server) -> None:
    saebom, thief = citizen(), citizen()
    codes = saebom.join("새봄")
    saebom.press("시민에서 나가기")
    saebom.press("코드로 들어오기")
    saebom.sheet.get_by_role("textbox", name="코드").fill(codes[3])
    saebom.press("들어오기")
    expect(saebom.card).to_contain_text("새봄")
    thief.knock()
    thief.press("코드로 들어오기")
    localhost.expected.append("code=sign_in")
    with refusals(thief, "401"):
        thief.sheet.get_by_role("textbox", name="코드").fill(codes[3])
        thief.press("들어오기")
        expect(thief.sheet.get_by_role("alert")).to_contain_text("이 코드로는 들어올 수 없어요")
        assert not thief.is_citizen()


def test_a_device_that_nobody_confirms_makes_no_citizen(citizen: Maker) -> None:
    shy = citizen()
    shy.device.agree(willing=False)
    shy.knock()
    shy.press("시민 되기")
    shy.press("패스키 만들기")
    expect(shy.sheet.get_by_role("alert").filter(has_text="패스키를 쓰지 않았어요")).to_be_visible()
    assert not shy.is_citizen()


def test_an_ended_session_opens_nothing_whoever_holds_its_cookie(citizen: Maker, localhost: Server) -> None:
    bora = citizen()
    bora.join("보라")
    cookies = {one["name"]: one["value"] for one in bora.page.context.cookies()}
    localhost.expected.append("code=not_allowed")
    with httpx.Client(base_url=localhost.origin, cookies=cookies) as stolen:
        assert stolen.get("/api/v1/wallet").status_code == httpx.codes.OK
        # A cookie alone changes nothing: the page's token is missing.
        localhost.expected.append("reason=csrf")
        assert stolen.post("/api/v1/device-codes").json()["code"] == "csrf"
        bora.press("시민에서 나가기")
        expect(bora.sheet.get_by_role("button", name="시민 되기")).to_be_visible()
        assert stolen.get("/api/v1/wallet").json()["code"] == "not_allowed"


def test_an_organisation_is_founded_and_joined_by_a_link_that_works_once(
    citizen: Maker, localhost: Server
) -> None:
    haneul, garam = citizen(), citizen()
    haneul.join("하늘")
    haneul.press("단체")
    haneul.press("단체 만들기")
    haneul.sheet.get_by_role("textbox", name="한국어 이름").fill("빛고을 협동조합")
    haneul.sheet.get_by_role("textbox", name="영어 이름").fill("Bitgoeul Cooperative")
    haneul.press("단체 만들기")
    haneul.press("빛고을 협동조합", exact=False)
    haneul.press("초대 링크 만들기")
    link = haneul.sheet.locator(".link-once").inner_text()
    garam.tab.open(f"{link}&lang=ko&quality=low")
    expect(garam.sheet).to_contain_text("초대를 받으셨어요")
    assert "invitation" not in garam.page.url
    garam.press("시민 되기")
    garam.sheet.get_by_role("textbox", name="이름").fill("가람")
    garam.press("패스키 만들기")
    garam.sheet.get_by_role("checkbox", name="보관했어요").check()
    garam.press("다음")
    expect(garam.sheet.get_by_role("heading", name="단체 초대")).to_be_visible()
    garam.press("함께하기")
    expect(garam.sheet.get_by_role("button", name="빛고을 협동조합")).to_contain_text("직원")
    haneul.press("뒤로")
    haneul.press("빛고을 협동조합", exact=False)
    expect(haneul.sheet.get_by_role("listitem").filter(has_text="가람")).to_be_visible()
    for member in (haneul, garam):
        member.page.goto("about:blank")
    thief = citizen()
    thief.join("도둑")
    thief.tab.open(f"{link}&lang=ko&quality=low")
    localhost.expected.append(r"route=/api/v1/invitations/accept")
    with refusals(thief, "40[0-9]"):
        thief.press("함께하기")
        expect(thief.sheet.get_by_role("alert").filter(has_text=HANGUL)).to_be_visible()


def test_whoever_stops_being_a_citizen_is_gone(citizen: Maker, localhost: Server) -> None:
    dal = citizen()
    dal.join("달")
    dal.press("시민 그만두기")
    dal.sheet.get_by_role("textbox").fill("해")
    dal.press("모두 지우고 그만두기")
    expect(dal.sheet.get_by_role("alert")).to_contain_text("같지 않아요")
    dal.sheet.get_by_role("textbox").fill("달")
    dal.press("모두 지우고 그만두기")
    expect(dal.sheet.get_by_role("button", name="시민 되기")).to_be_visible()
    localhost.expected.append("code=sign_in")
    with refusals(dal, "401"):
        dal.press("패스키로 들어오기")
        expect(dal.sheet.get_by_role("alert").filter(has_text="패스키를 확인하지 못했어요")).to_be_visible()


def test_at_an_address_of_numbers_the_page_leads_to_a_name(citizen: Maker, localhost: Server) -> None:
    lost = citizen()
    lost.tab.open(f"{localhost.origin.replace('localhost', '127.0.0.1')}/?lang=ko&quality=low")
    lost.page.locator(".as-citizen").click()
    expect(lost.sheet.get_by_role("button", name="시민 되기")).to_be_disabled()
    link = lost.sheet.get_by_role("link", name="localhost")
    assert str(link.get_attribute("href")).startswith(localhost.origin)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 720)])
def test_every_sheet_can_be_used_by_everybody(citizen: Maker, language: str, size: tuple[int, int]) -> None:
    one = citizen(width=size[0], height=size[1])

    def look() -> None:
        assert complaints(one.page) == []
        assert not outside(one.tab)
        assert not scrolls_sideways(one.tab)

    def walk(*numbers: int) -> None:
        """Open pages from the citizen's card by their place in the list."""
        for number in numbers:
            one.sheet.locator(".movements button").nth(number).click()
            expect(one.sheet.locator(".page-title")).to_be_visible()
            look()
            one.sheet.locator(".page-title button").click()

    one.knock(f"&lang={language}")
    look()
    one.sheet.locator(".enter").click()
    look()
    one.sheet.locator(".enter").click()
    expect(one.sheet.locator(".codes li")).to_have_count(10)
    look()
    one.sheet.locator("#codes-kept").check()
    one.sheet.locator(".enter").click()
    expect(one.card).to_be_visible()
    look()
    walk(1, 2, 3)
    one.sheet.locator(".movements button").first.click()
    expect(one.sheet.locator(".balance")).to_contain_text("10,000")
    look()
    walk(0)
