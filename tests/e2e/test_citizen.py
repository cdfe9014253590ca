"""Citizens in the page: coming in by passkey and by code, the wallet, and paying whoever stands in front."""

import math
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, Route, expect

from tests.support import passkey
from tests.support.authenticator import Authenticator
from tests.support.axe import complaints
from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.layout import outside, scrolls_sideways
from tests.support.server import Server, serving
from tests.support.visitor import Visitor
from tests.support.webxr import EmulatedHeadset, webxr_script

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

HANGUL = re.compile(r"[가-힣]")
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


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """Two or three cities drawn in software share the machine: an answer may take its time."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


class Citizen:
    """A page with a device of its own that keeps passkeys."""

    def __init__(self, browser: Browser, server: Server, **look: Any) -> None:
        self.tab = ChromiumPage(browser, **{"width": 760, "height": 640, **CALM, **look})
        self.page: Page = self.tab.page
        self.visitor = Visitor(self.tab, server.origin)
        self.device = Authenticator(self.page)
        self._origin = server.origin

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")

    def land(self, query: str = "") -> None:
        language = "" if "lang=" in query else "&lang=ko"
        self.tab.open(f"{self._origin}/?quality=low{language}{query}")

    def knock(self, query: str = "") -> None:
        """Open the landing card, and the citizen's sheet on it."""
        self.land(query)
        self.page.locator(".as-citizen").click()

    def press(self, name: str, *, exact: bool = True) -> None:
        self.sheet.get_by_role("button", name=name, exact=exact).click()

    def join(self, name: str) -> list[str]:
        """Become a citizen on the landing card; returns the recovery codes."""
        self.knock()
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

    def is_citizen(self) -> bool:
        """Ask the city whether whoever holds this page is a citizen."""
        return bool(self.tab.evaluate("fetch('/api/v1/session').then((a) => a.json())")["citizen"])

    def enter(self, name: str) -> None:
        """Walk in as somebody who has become a citizen elsewhere, and is signed in here."""
        device = passkey.Authenticator(self._origin)
        with httpx.Client(base_url=f"{self._origin}/api/v1") as client:
            begun = client.post("/passkeys/options", json={"name": name}).json()
            credential = device.create(begun["options"])
            body = {"ceremony": begun["ceremony"], "credential": credential, "name": name}
            assert client.post("/passkeys", json=body).status_code == httpx.codes.CREATED
            ((key, value),) = client.cookies.items()
        self.page.context.add_cookies([{"name": key, "value": value, "url": self._origin}])
        self.visitor.enter(name)

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

    def make(**look: Any) -> Citizen:
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


def test_another_device_comes_in_by_a_code_and_can_be_sent_out(citizen: Maker, server: Server) -> None:
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
    server.expected.append("code=not_allowed")
    with _refusals(phone, "403"):
        desk.sheet.get_by_role("button", name="내보내기").click()
        expect(desk.sheet.get_by_role("button", name="내보내기")).to_have_count(0)
        phone.press("새 복구 코드 받기", exact=False)
        expect(phone.page.get_by_text("로그인이 끝났어요")).to_be_visible()
        assert not phone.is_citizen()
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
    thief.knock()
    thief.press("코드로 들어오기")
    server.expected.append("code=sign_in")
    with _refusals(thief, "401"):
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


def test_an_ended_session_opens_nothing_whoever_holds_its_cookie(citizen: Maker, server: Server) -> None:
    bora = citizen()
    bora.join("보라")
    cookies = {one["name"]: one["value"] for one in bora.page.context.cookies()}
    server.expected.append("code=not_allowed")
    with httpx.Client(base_url=server.origin, cookies=cookies) as stolen:
        assert stolen.get("/api/v1/wallet").status_code == httpx.codes.OK
        # A cookie alone changes nothing: the page's token is missing.
        server.expected.append("reason=csrf")
        assert stolen.post("/api/v1/device-codes").json()["code"] == "csrf"
        bora.press("시민에서 나가기")
        expect(bora.sheet.get_by_role("button", name="시민 되기")).to_be_visible()
        assert stolen.get("/api/v1/wallet").json()["code"] == "not_allowed"


def test_an_organisation_is_founded_and_joined_by_a_link_that_works_once(
    citizen: Maker, server: Server
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
    server.expected.append(r"route=/api/v1/invitations/accept")
    with _refusals(thief, "40[0-9]"):
        thief.press("함께하기")
        expect(thief.sheet.get_by_role("alert").filter(has_text=HANGUL)).to_be_visible()


def test_a_payment_whose_answer_is_lost_is_paid_once(citizen: Maker) -> None:
    sora, jun = citizen(), citizen()
    sora.join("소라")
    jun.join("준")
    jun.press("지갑")
    number = jun.sheet.locator(".my-number b")
    expect(number).to_have_text(re.compile(r"^\d{6}-\d\d$"))
    sora.press("지갑")
    sora.press("지갑 번호로 보내기")
    sora.sheet.get_by_role("textbox", name="받는 사람의 지갑 번호").fill(number.inner_text())
    sora.press("받는 사람 확인")
    expect(sora.sheet).to_contain_text("준*")
    sora.sheet.get_by_role("button", name="500", exact=True).click()
    sora.press("다음")
    keys: list[str | None] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) > 1:
            route.continue_()
            return
        assert route.fetch().status == httpx.codes.CREATED
        route.abort()

    sora.page.route("**/api/v1/wallet/payments", lose)
    with _refusals(sora, "ERR_FAILED"):
        sora.press("보내기")
        expect(sora.sheet.get_by_role("alert")).to_contain_text("서버에 닿지 못했어요")
        sora.press("보내기")
        expect(sora.sheet.get_by_role("article", name="영수증")).to_contain_text("500빛")
    assert keys[0] is not None
    assert keys[0] == keys[1]
    sora.sheet.locator(".sheet-page").get_by_role("button", name="닫기").click()
    expect(sora.sheet.locator(".balance")).to_have_text("9,500빛")
    expect(sora.sheet.locator(".movements li")).to_have_count(2)


def test_whoever_stops_being_a_citizen_is_gone(citizen: Maker, server: Server) -> None:
    dal = citizen()
    dal.join("달")
    dal.press("시민 그만두기")
    dal.sheet.get_by_role("textbox").fill("해")
    dal.press("모두 지우고 그만두기")
    expect(dal.sheet.get_by_role("alert")).to_contain_text("같지 않아요")
    dal.sheet.get_by_role("textbox").fill("달")
    dal.press("모두 지우고 그만두기")
    expect(dal.sheet.get_by_role("button", name="시민 되기")).to_be_visible()
    server.expected.append("code=sign_in")
    with _refusals(dal, "401"):
        dal.press("패스키로 들어오기")
        expect(dal.sheet.get_by_role("alert").filter(has_text="패스키를 확인하지 못했어요")).to_be_visible()


def test_at_an_address_of_numbers_the_page_leads_to_a_name(citizen: Maker, server: Server) -> None:
    lost = citizen()
    lost.tab.open(f"{server.origin.replace('localhost', '127.0.0.1')}/?lang=ko&quality=low")
    lost.page.locator(".as-citizen").click()
    expect(lost.sheet.get_by_role("button", name="시민 되기")).to_be_disabled()
    link = lost.sheet.get_by_role("link", name="localhost")
    assert str(link.get_attribute("href")).startswith(server.origin)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
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


def test_the_person_in_front_is_paid_and_both_have_the_receipt(citizen: Maker) -> None:
    naeun, minh = citizen(), citizen()
    minh.enter("민")
    naeun.enter("나은")
    number = minh.visitor.id
    eventually(lambda: naeun.visitor.sees(number), 20, "they do not see each other")
    naeun.page.keyboard.press("f")
    expect(naeun.sheet).to_contain_text("민")
    naeun.page.keyboard.press("Escape")
    naeun.visitor.turn_to(_bearing(naeun.visitor, number), within_degrees=6.0)
    # In the middle of the picture, under where I look: whoever stands before me.
    naeun.page.mouse.click(380, 400)
    expect(naeun.sheet).to_contain_text("시민이에요")
    assert complaints(naeun.page) == []
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
    assert complaints(minh.page) == []
    naeun.page.keyboard.press("Escape")
    for one, held in ((naeun, "8,750빛"), (minh, "11,250빛")):
        one.page.reload()
        eventually(one.visitor.connected, 45, "the page did not come back")
        assert one.balance() == held
        expect(one.sheet.locator(".movements li")).to_have_count(2)


def test_in_a_headset_the_laser_pays_whom_it_points_at(citizen: Maker) -> None:
    sora, minh = citizen(scripts=[webxr_script()]), citizen()
    minh.enter("민")
    sora.enter("소라")
    number = minh.visitor.id
    eventually(lambda: sora.visitor.sees(number), 20, "they do not see each other")
    laser = Laser(sora)
    laser.wear()
    laser.aim_at(_bearing(sora.visitor, number) - sora.visitor.look().pose.yaw)
    with sora.page.expect_response("**/wallet/payee?*"):
        laser.press()
    laser.point(AMOUNT_OF_1000)
    laser.press()
    laser.point(PAY)
    with sora.page.expect_response("**/wallet/payments"):
        laser.press()
    expect(minh.page.get_by_role("region", name="받은 돈")).to_contain_text("소라님이 1,000빛을 보냈어요")


#: Middles of two buttons of the panel, pixels of its canvas (web/src/xr/panel_layout.ts).
AMOUNT_OF_1000 = (269, 470)
PAY = (755, 682)
#: The panel before the wearer: distance and width in metres, tilt in radians; its canvas in pixels.
_AWAY, _WIDTH, _TILT, _CANVAS = 1.2, 0.78, math.radians(10), (1024, 780)
_HEAD = 1.7
_HAND = (0.2, 1.2, 0.0)


class Laser:
    """The right hand of a headset, and what it points at."""

    def __init__(self, wearer: Citizen) -> None:
        self._wearer = wearer
        self._headset = EmulatedHeadset(wearer.page)

    def wear(self) -> None:
        """Put the headset on and look straight ahead."""
        self._headset.move_head((0.0, _HEAD, 0.0))
        self._headset.move_hand("right", _HAND)
        self._wearer.page.get_by_role("button", name="VR").first.click()
        eventually(lambda: (vr := self._wearer.visitor.look().vr) and vr.presenting, 20)
        self._frames()

    def aim_at(self, angle: float) -> None:
        """Point level, so far to the left of straight ahead, radians."""
        turned = (0.0, math.sin(angle / 2), 0.0, math.cos(angle / 2))
        self._headset.move_hand("right", (0.0, _HAND[1], 0.0), turned)

    def point(self, pixel: tuple[int, int]) -> None:
        """Point at a pixel of the panel."""
        across = (pixel[0] / _CANVAS[0] - 0.5) * _WIDTH
        up = (0.5 - pixel[1] / _CANVAS[1]) * _WIDTH * _CANVAS[1] / _CANVAS[0]
        x = across - _HAND[0]
        y = _HEAD - math.sin(_TILT) * _AWAY + up * math.cos(_TILT) - _HAND[1]
        z = -math.cos(_TILT) * _AWAY - up * math.sin(_TILT) - _HAND[2]
        yaw, pitch = math.atan2(-x, -z), math.atan2(y, math.hypot(x, z))
        sine, cosine = math.sin(yaw / 2), math.cos(yaw / 2)
        tilted, level = math.sin(pitch / 2), math.cos(pitch / 2)
        turned = (cosine * tilted, sine * level, -sine * tilted, cosine * level)
        self._headset.move_hand("right", _HAND, turned)

    def press(self) -> None:
        """Pull the trigger and let it go, some frames apart: a headset reads its hands once a frame."""
        for down in (True, False):
            self._frames()
            self._headset.press("right", down=down)
        self._frames()

    def _frames(self, count: int = 4) -> None:
        """Wait until the headset has drawn some frames more."""
        self._wearer.tab.evaluate(
            f"""new Promise((done) => {{
              let left = {count};
              const next = () => (--left < 0 ? done(null) : window.emulatedHeadset.activeSession
                .requestAnimationFrame(next));
              next();
            }})"""
        )


def _bearing(visitor: Visitor, person: int) -> float:
    """Return which way somebody is, as a heading in radians."""
    eventually(lambda: visitor.sees(person), 20, "they are out of sight")
    here = visitor.look().pose.position
    there = next(one.pose.position for one in visitor.look().people if one.id == person)
    return math.atan2(here[0] - there[0], here[2] - there[2])


def _hash(place: Locator) -> str:
    return place.locator(".hash").inner_text()
