"""The plain door in Chromium: a whole journey with JavaScript switched off, and axe-core over every page."""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from meta_gwangju.city import load_ground
from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.offices import Offices, make_offices
from municipality.access import CITY_HALL, Actor, Grant, Role
from municipality.ballot import Draft, Text
from municipality.participation import Draft as Wish
from municipality.reports import Draft as Report
from municipality.store import Store
from municipality.wallet import wallet_number
from tests.support.axe import complaints
from tests.support.chromium import ChromiumPage, chromium
from tests.support.namespaces import Network
from tests.support.server import Server

pytestmark = pytest.mark.e2e

#: For a citizen.
PAGES = (
    *("/", "/sign-in", "/sessions", "/proposals", "/proposals/new", "/proposals/1", "/proposals/1/withdraw"),
    *("/votes", "/votes/1", "/votes/2", "/votes/verify", "/reports", "/reports/new", "/reports/1"),
    *("/wallet", "/wallet/pay", "/nothing"),
)
#: Those that look otherwise to visitors, and to officers.
VISITORS_PAGES = ("/", "/sign-in", "/proposals/1", "/votes/1", "/wallet")
OFFICERS_PAGES = ("/proposals", "/proposals/1", "/reports", "/reports/1")


@dataclass
class Town:
    """A running city, and what its office knows.

    Attributes:
        server: It.
        browser: On a desk of its own.
        offices: Over the same database, to name people and give them codes.
        people: Numbers of a citizen, a neighbour and an officer.
    """

    server: Server
    browser: Browser
    offices: Offices
    people: tuple[int, int, int]

    def code(self, number: int) -> str:
        """Return a fresh code for somebody."""
        return self.offices.codes.new_device(Actor(number), time.time())[0]

    def enter(self, number: int | None, **context: object) -> Page:
        """Open the plain door in a fresh browser, and sign somebody in."""
        page = ChromiumPage(self.browser, **{"width": 1440, "height": 900, "locale": "ko-KR"} | context).page
        page.goto(f"{self.server.origin}/plain/sign-in")
        if number is not None:
            page.fill("#code", self.code(number))
            page.keyboard.press("Enter")
            expect(page.get_by_role("status")).to_be_visible()
        return page


@pytest.fixture(scope="module")
def town(server: Server, folder: Path, driver: Playwright, network: Network) -> Iterator[Town]:
    settings = Settings(data=folder / "data")
    now = time.time()
    with Store(settings.database) as store:
        land = CityLand.load(settings.city, load_ground(settings.city))
        offices = make_offices(store, settings, land)
        with store.write() as connection:
            citizen, neighbour, officer = (
                offices.citizens.join(connection, name, now=now) for name in ("김나은", "박도윤", "시청 담당")
            )
            grant = Grant(Role.OFFICER, CITY_HALL)
            offices.grants.hand_out(connection, Actor(door="program"), officer, grant, now)
        options = (Text("나무 그늘", "Shady trees"), Text("장터", "A market"), Text("그대로", "As it is"))
        square = Text("광장을 어떻게 쓸까요?", "How should the square be used?")
        for opens in (int(now) - 60, int(now) + 3600):
            offices.votes.open(
                offices.actors.citizen(officer, "page", now),
                Draft(square, options, opens, opens + 7200),
                now=now,
            )
        _live(offices, neighbour, now)
        server.expected.append(r"refused status=4\d\d")
        desk = network.machine("plain-desk")
        with chromium(driver, folder, server.origin, machine=desk) as browser:
            yield Town(server, browser, offices, (citizen, neighbour, officer))


def _live(offices: Offices, number: int, now: float) -> None:
    """Let somebody propose, comment and report."""
    actor = offices.actors.citizen(number, "page", now)
    wish = Wish("광주천 자전거길을 이어 주세요", "중간에 300 m가 끊겨 있어요.", "transport")
    offices.comments.comment(actor, offices.proposals.propose(actor, wish, now=now), "꼭이요.", now=now)
    spot = offices.surveyor.at_world(*offices.land.city_hall)
    offices.reports.submit(actor, Report("waste", spot, "버려진 소파가 길을 막아요."), now)


def photo() -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (320, 240), "#9a7433").save(packed, "JPEG")
    return packed.getvalue()


class Visitor:
    """Somebody at the plain door with JavaScript switched off."""

    def __init__(self, town: Town, number: int) -> None:
        self.page = town.enter(number, java_script_enabled=False)
        self._door = f"{town.server.origin}/plain"
        self.reads("들어왔어요")

    def open(self, path: str) -> None:
        self.page.goto(self._door + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)

    @property
    def path(self) -> str:
        return self.page.url.partition("?")[0].removeprefix(self._door)

    def propose(self) -> str:
        self.open("/proposals/new")
        self.page.get_by_label("제목").fill("골목에 가로등을 더 세워 주세요")
        self.page.get_by_label("내용").fill("밤 9시가 지나면 너무 어두워요.")
        self.page.get_by_label("분야").select_option("안전")
        self.page.get_by_label("자리").select_option("acc")
        self.press("제안 올리기")
        self.reads("제안을 올렸어요")
        return self.path

    def vote(self) -> bytes:
        """Cast a ballot; returns the receipt's file."""
        self.open("/votes/1")
        self.page.get_by_label("나무 그늘").check()
        self.page.get_by_label("장터").check()
        self.press("표 확인하기")
        self.reads("이 표를 던질까요?")
        self.reads("나무 그늘")
        self.press("표 던지기")
        self.reads("표를 던졌어요")
        with self.page.expect_download() as saved:
            self.press("파일로 받기")
        return saved.value.path().read_bytes()

    def verify(self, receipt: bytes) -> None:
        self.open("/votes/verify")
        self.page.get_by_label("파일").set_input_files(
            {"name": "receipt.json", "mimeType": "application/json", "buffer": receipt}
        )
        self.press("확인하기")

    def report(self) -> str:
        self.open("/reports/new")
        self.page.get_by_label("종류").select_option("가로등 고장")
        self.page.get_by_label("내용").fill("가로등이 꺼졌어요.")
        self.page.get_by_label("가까운 곳").select_option("acc")
        self.page.get_by_label("사진").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        self.press("신고 올리기")
        self.reads("신고를 받았어요")
        return self.path

    def pay(self, number: int) -> None:
        self.open("/wallet/pay")
        self.page.get_by_label("지갑 번호").fill(wallet_number(number))
        self.page.get_by_label("금액").fill("1,200")
        self.press("확인하러 가기")
        self.reads("이대로 보낼까요?")
        self.press("보내기")
        self.reads("-1,200빛")


def test_everything_is_done_without_javascript(town: Town) -> None:
    citizen, officer = Visitor(town, town.people[0]), Visitor(town, town.people[2])
    proposal, receipt, report = citizen.propose(), citizen.vote(), citizen.report()
    assert json.loads(receipt)["choices"] == [0, 1]
    citizen.verify(receipt)
    citizen.reads("영수증이 맞아요")
    citizen.verify(receipt.replace(b'"choices":[0,1]', b'"choices":[0]'))
    citizen.reads("영수증을 읽을 수 없습니다")
    citizen.pay(town.people[1])
    officer.open(proposal)
    officer.press("공감하기")
    officer.reads("시민 1명이 공감해요")
    officer.page.get_by_label("의견 남기기").last.fill("현장을 봤어요.")
    officer.press("의견 올리기")
    officer.reads("의견 1")
    officer.press("답변 올리기")
    officer.reads("검토 중")
    officer.open(report)
    officer.page.get_by_label("처리").last.select_option("answer")
    officer.page.get_by_label("한국어 글").fill("고쳤어요.")
    officer.press("처리 올리기")
    officer.reads("고쳤어요.")
    citizen.open(report)
    photo_shown = citizen.page.get_by_alt_text("신고한 사람이 올린 사진")
    assert photo_shown.evaluate("one => one.decode().then(() => one.naturalWidth)") == 320
    citizen.page.get_by_label("무엇이 남았는지").fill("아직 깜박여요.")
    citizen.press("다시 열기")
    citizen.reads("다시 열림")
    citizen.press("나가기")
    citizen.reads("나갔어요")


def test_the_keyboard_alone_is_enough(town: Town) -> None:
    page = town.enter(None, java_script_enabled=False)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "code"
    page.keyboard.type("AAAAA-AAAAA")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("코드")).to_be_focused()
    page.keyboard.type(town.code(town.people[0]))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("들어왔어요")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing_on_any_page(town: Town, language: str) -> None:
    found: dict[str, list[str]] = {}
    citizen, _, officer = town.people
    for number, paths in ((None, VISITORS_PAGES), (citizen, PAGES), (officer, OFFICERS_PAGES)):
        page = town.enter(number)
        page.goto(f"{town.server.origin}/plain/language/{language}?to=/plain/")
        for path in paths:
            page.goto(f"{town.server.origin}/plain{path}")
            assert page.evaluate("document.documentElement.lang") == language
            found[f"{number} {path}"] = complaints(page)
        if number == citizen:
            page.goto(f"{town.server.origin}/plain/proposals/new")
            page.get_by_role("main").get_by_role("button").click()
            expect(page.get_by_role("alert")).to_be_visible()
            found["refused"] = complaints(page)
            found |= _once(town, page)
        page.context.close()
    assert {where: what for where, what in found.items() if what} == {}


def _once(town: Town, page: Page) -> dict[str, list[str]]:
    """Return what is wrong with the pages that are shown once, after something was done."""
    found, main = dict[str, list[str]](), page.get_by_role("main")
    page.goto(f"{town.server.origin}/plain/sessions")
    main.get_by_role("button").last.click()
    expect(main.locator("code")).to_have_count(10)
    found["codes"] = complaints(page)
    page.goto(f"{town.server.origin}/plain/wallet/pay")
    page.locator("#number").fill(wallet_number(town.people[2]))
    page.locator("#amount").fill("1")
    main.get_by_role("button").click()
    expect(main.locator("dl")).to_be_visible()
    found["before paying"] = complaints(page)
    main.get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    found["paid"] = complaints(page)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_on_a_narrow_screen(town: Town, scheme: str) -> None:
    page = town.enter(town.people[2], width=320, height=640, color_scheme=scheme)
    for path in PAGES:
        page.goto(f"{town.server.origin}/plain{path}")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320, path
        assert [one for one in complaints(page) if "contrast" in one] == []
