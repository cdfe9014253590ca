"""City Hall in the page: a proposal, a vote and a report from the first word to the last, and their pins."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, Playwright, expect

from tests.support.authenticator import Authenticator
from tests.support.axe import complaints
from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.layout import outside, scrolls_sideways, texts
from tests.support.ports import free_port
from tests.support.server import PROGRAM, PROJECT, Server, serving
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

#: Nothing slides: what is looked at has arrived.
CALM = {"reduced_motion": "reduce"}
#: A code from the command line.
CODE = re.compile(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5})+\b")
#: Somebody answers, ms: two pages are drawn in software here, beside the server.
PATIENCE = 30_000
QUESTION = ("광장에 무엇을 먼저 놓을까요?", "What should the square get first?")
OPTIONS = (("그늘 벤치", "Shaded benches"), ("작은 무대", "A small stage"), ("안내 지도", "A guide map"))
UNTRANSLATED = re.compile(r"^[a-z]+\.[a-z0-9_]+$|\{[a-z]+\}")
HANGUL = re.compile(r"[가-힣]")


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Whatever is expected of a page may take this long; other modules keep their own measure."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def server(city: Path, folder: Path) -> Iterator[Server]:
    """Passkeys belong to names: this city is served at localhost, not on a machine that has only a number."""
    data = folder / "data"
    data.mkdir()
    (data / "city").symlink_to(city)
    with serving(data, folder / "server.log", port=free_port()) as server:
        server.origin = server.origin.replace("127.0.0.1", "localhost")
        yield server


@pytest.fixture(scope="module")
def browser(driver: Playwright, server: Server, folder: Path) -> Iterator[Browser]:
    with chromium(driver, folder, server.origin) as browser:
        yield browser


@pytest.fixture(scope="module")
def other_browser(driver: Playwright, server: Server, folder: Path) -> Iterator[Browser]:
    with chromium(driver, folder, server.origin) as browser:
        yield browser


class Townsperson:
    """Somebody in the city, with a device of their own that keeps passkeys."""

    def __init__(self, browser: Browser, server: Server, **look: Any) -> None:
        self.tab = ChromiumPage(browser, **{"width": 900, "height": 700, **CALM, **look})
        self.page: Page = self.tab.page
        self.page.set_default_timeout(PATIENCE)
        self.visitor = Visitor(self.tab, server.origin)
        self.device = Authenticator(self.page)
        self._origin = server.origin

    @property
    def sheet(self) -> Locator:
        return self.page.locator(".sheet")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def enter(self, language: str = "ko") -> None:
        self.tab.open(f"{self._origin}/?enter=1&mic=0&lang={language}&quality=low&save=1")
        eventually(self.visitor.connected, 60, lambda: self.tab.problems)

    def press(self, name: str) -> None:
        self.sheet.get_by_role("button", name=name, exact=True).click()

    def write(self, field: str, words: str) -> None:
        self.sheet.get_by_role("textbox", name=field).fill(words)

    def join(self, name: str) -> None:
        """Become a citizen in the citizen's sheet, which is open."""
        self.press("시민 되기")
        self.write("이름", name)
        self.press("패스키 만들기")
        self.sheet.get_by_role("checkbox", name="보관했어요").check()
        self.press("다음")

    def sign_in_by_code(self, code: str) -> None:
        self.page.keyboard.press("c")
        self.press("코드로 들어오기")
        self.write("코드", code)
        self.press("들어오기")
        expect(self.sheet.locator(".id-card")).to_be_visible()

    def counter(self, name: str) -> None:
        """Open one of City Hall's three counters."""
        self.close()
        self.page.keyboard.press("l")
        self.sheet.get_by_role("tab", name=name, exact=True).click()

    def close(self) -> None:
        if self.sheet.count() > 0:
            self.page.keyboard.press("Escape")
        expect(self.sheet).to_have_count(0)


@pytest.fixture(scope="module")
def nari(browser: Browser, server: Server) -> Iterator[Townsperson]:
    """A citizen. She becomes one where she first needs it: on sending her proposal."""
    one = Townsperson(browser, server)
    one.enter()
    yield one
    one.tab.close()
    assert not one.tab.problems


@pytest.fixture(scope="module")
def officer(other_browser: Browser, server: Server, folder: Path) -> Iterator[Townsperson]:
    """An officer in a Chromium of their own, named from the command line."""
    command = [*PROGRAM, "operator", "담당 김", "--role", "officer", "--data", str(folder / "data")]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True, text=True, timeout=60)
    found = CODE.search(said.stdout)
    assert found is not None, said.stdout
    one = Townsperson(other_browser, server)
    one.enter()
    one.sign_in_by_code(found[0])
    yield one
    one.tab.close()
    assert not one.tab.problems


def test_a_proposal_is_made_supported_answered_and_walked_up_to(
    nari: Townsperson, officer: Townsperson
) -> None:
    title = "광장 둘레에 그늘 벤치를 놓아 주세요"
    nari.counter("제안")
    nari.press("제안하기")
    nari.write("제목", title)
    nari.write("내용", "여름이면 앉을 곳이 없어요.\n나무 아래 여섯 개면 돼요.")
    nari.press("제안 올리기")
    # Only citizens may: she becomes one, and comes back to what she wrote.
    nari.join("나리")
    expect(nari.sheet.get_by_role("textbox", name="제목")).to_have_value(title)
    nari.press("제안 올리기")
    expect(nari.sheet.get_by_role("heading", name=title)).to_be_visible()
    nari.press("공감하기")
    expect(nari.sheet.get_by_text("공감 1명")).to_be_visible()
    nari.write("의견 쓰기", "<b>겨울</b>에는 햇볕도 좋아요.")
    nari.press("의견 남기기")
    expect(nari.sheet.get_by_text("<b>겨울</b>에는 햇볕도 좋아요.")).to_be_visible()

    officer.counter("제안")
    officer.sheet.get_by_role("button", name=re.compile(title)).first.click()
    officer.press("공감하기")
    expect(nari.sheet.get_by_text("공감 2명")).to_be_visible()
    officer.press("답변 보내기")
    expect(nari.sheet.locator(".chip", has_text="검토 중").first).to_be_visible()
    officer.sheet.get_by_label("다음 상태").select_option("accepted")
    officer.write("답변", "올봄에 놓을게요.")
    officer.press("답변 보내기")
    expect(nari.sheet.get_by_text("올봄에 놓을게요.")).to_be_visible()
    assert not complaints(nari.page)
    assert not complaints(officer.page)

    # Its pin stands ahead of her: she walks up, and reads it with one key.
    nari.close()
    prompt = nari.page.get_by_role("button", name=re.compile("제안 보기"))
    nari.tab.key_down("w")
    expect(prompt).to_be_visible()
    nari.tab.key_up("w")
    expect(prompt).to_contain_text(title)
    nari.page.keyboard.press("e")
    expect(nari.sheet.get_by_role("heading", name=title)).to_be_visible()


def _open_vote(officer: Townsperson) -> None:
    officer.counter("투표")
    officer.press("투표 열기")
    officer.write("질문(한국어)", QUESTION[0])
    officer.write("질문(영어)", QUESTION[1])
    officer.press("선택지 더하기")
    for number, (korean, english) in enumerate(OPTIONS, 1):
        officer.sheet.get_by_label(f"선택지 {number}, 한국어").fill(korean)
        officer.sheet.get_by_label(f"선택지 {number}, 영어").fill(english)
    officer.sheet.get_by_label("얼마 동안").select_option("1")
    officer.press("투표 열기")
    officer.dialog.get_by_role("button", name="투표 열기", exact=True).click()
    expect(officer.sheet.get_by_text("투표 중")).to_be_visible()


def test_a_vote_is_opened_and_cast_and_its_receipt_kept(nari: Townsperson, officer: Townsperson) -> None:
    """The vote is open for a minute, during which the tests that follow do other things."""
    nari.counter("투표")
    _open_vote(officer)
    nari.sheet.get_by_role("button", name=re.compile(re.escape(QUESTION[0]))).click()
    nari.press("투표하기")
    nari.sheet.get_by_label(OPTIONS[0][0]).check()
    nari.sheet.get_by_label(OPTIONS[2][0]).check()
    nari.press("다음: 살펴보기")
    nari.press("표 내기")
    expect(nari.sheet.get_by_role("article", name="투표 영수증")).to_contain_text("그늘 벤치, 안내 지도")
    # Kept on the device only because she says so.
    assert not nari.tab.evaluate("Object.keys(localStorage).filter((key) => key.includes('receipt')).length")
    nari.sheet.get_by_role("switch", name="이 기기에 두기").check()
    assert not complaints(nari.page)
    nari.press("뒤로")
    expect(nari.sheet.get_by_text("이 투표에 참여했어요.")).to_be_visible()


def _picture(folder: Path) -> Path:
    """Return a picture drawn for the test."""
    picture = np.full((360, 480, 3), 140, np.uint8)
    cv2.ellipse(picture, (240, 260), (120, 40), 0, 0, 360, (30, 30, 30), -1)
    path = folder / "hole.png"
    assert cv2.imwrite(str(path), picture)
    return path


def test_a_report_with_a_photo_is_answered_and_reopened(
    nari: Townsperson, officer: Townsperson, folder: Path
) -> None:
    words = "차도에 구멍이 나 있어요."
    nari.counter("민원")
    nari.press("신고하기")
    nari.sheet.get_by_role("radio", name=re.compile("도로 파손")).check()
    nari.write("내용", words)
    nari.sheet.locator("#report-photo-file").set_input_files(_picture(folder))
    expect(nari.sheet.get_by_role("img", name="보낼 사진")).to_be_visible()
    assert not complaints(nari.page)
    nari.press("신고 보내기")
    photo = nari.sheet.get_by_role("img", name="신고한 사람이 보낸 사진")
    expect(photo).to_be_visible()
    eventually(lambda: photo.evaluate("(image) => image.naturalWidth") > 0, 20, "the photo does not load")

    officer.counter("민원")
    officer.press("처리할 것")
    officer.sheet.get_by_role("button", name=re.compile(words)).first.click()
    officer.press("처리하기")
    expect(officer.sheet.locator(".steps li")).to_have_count(2)
    expect(nari.sheet.locator(".steps li")).to_have_count(2)
    step = officer.sheet.get_by_label("처리", exact=True)
    step.select_option("answer")
    officer.write("알릴 말(한국어)", "메웠어요.")
    officer.press("내가 맡기")
    expect(officer.sheet.get_by_text("내가 맡았어요.")).to_be_visible()
    expect(step).to_have_value("answer")  # the form was drawn anew, and stands as it was left
    officer.press("처리하기")
    expect(nari.sheet.locator(".steps li", has_text="메웠어요.")).to_be_visible()
    assert not complaints(officer.page)

    nari.write("다시 신청하기", "비가 오니 다시 패였어요.")
    nari.press("다시 신청")
    kinds = nari.sheet.locator(".steps li .chip")
    expect(kinds).to_have_text(["신고", "접수", "답변", "다시 신청"])
    expect(officer.sheet.locator(".chip", has_text="다시 신청됨").first).to_be_visible()


def test_what_was_written_survives_the_sheet_and_a_reload(nari: Townsperson) -> None:
    nari.counter("제안")
    nari.press("제안하기")
    nari.write("제목", "아직 다 쓰지 못한 제안")
    nari.close()
    nari.enter()
    nari.counter("제안")
    nari.press("제안하기")
    title = nari.sheet.get_by_role("textbox", name="제목")
    expect(title).to_have_value("아직 다 쓰지 못한 제안")
    nari.press("쓰던 글 지우기")
    nari.dialog.get_by_role("button", name="그대로 두기").click()
    expect(title).to_have_value("아직 다 쓰지 못한 제안")
    nari.press("쓰던 글 지우기")
    nari.dialog.get_by_role("button", name="쓰던 글 지우기").click()
    nari.press("제안하기")
    expect(title).to_have_value("")


def _assert_sound(one: Townsperson, language: str) -> None:
    """Nothing keeps people from using what is shown, nothing is cut off, nothing is left untranslated."""
    assert not complaints(one.page)
    assert not outside(one.tab)
    assert not scrolls_sideways(one.tab)
    assert not [found for found in texts(one.tab) if UNTRANSLATED.search(found.strip())]
    if language == "en":
        # What people wrote stays as they wrote it; what the page says is English.
        said = one.sheet.locator("button:not(.opener), .chip, label, .note, .soft").all_inner_texts()
        assert not [words for words in said if HANGUL.search(words)]


def _reads_everything_on_a_phone(browser: Browser, server: Server, language: str) -> Townsperson:
    """Come in, look at all that City Hall shows to everybody, and stay at its counters."""
    visitor = Townsperson(browser, server, width=390, height=844, has_touch=True, is_mobile=True)
    visitor.enter(language)
    menu, hall = {"ko": ("메뉴", "시청"), "en": ("Menu", "City Hall")}[language]
    visitor.page.get_by_role("button", name=menu).click()
    visitor.press(hall)
    back = {"ko": "뒤로", "en": "Back"}[language]
    for number in range(3):
        visitor.sheet.get_by_role("tab").nth(number).click()
        expect(visitor.sheet.locator(".loading")).to_have_count(0)
        _assert_sound(visitor, language)
        # Writing, and checking a receipt, are open to everybody.
        visitor.sheet.locator(".sheet-foot button").last.click()
        expect(visitor.sheet.locator("form")).to_be_visible()
        _assert_sound(visitor, language)
        visitor.press(back)
    return visitor


def test_a_visitor_reads_everything_on_a_phone_and_watches_the_vote_close(
    browser: Browser, server: Server
) -> None:
    visitor = _reads_everything_on_a_phone(browser, server, "ko")
    visitor.sheet.get_by_role("tab", name="투표", exact=True).click()
    visitor.sheet.get_by_role("button", name=re.compile(re.escape(QUESTION[0]))).click()
    # It comes by itself: nobody touches the page.
    expect(visitor.sheet.get_by_role("button", name="결과 다시 세어 보기")).to_be_visible(timeout=120_000)
    _assert_sound(visitor, "ko")
    visitor.press("뒤로")
    expect(visitor.sheet.get_by_role("tab")).to_have_count(3)
    _assert_sound(visitor, "ko")
    visitor.tab.close()
    assert not visitor.tab.problems


def _outcomes(one: Townsperson) -> dict[str, str]:
    """Have the page check what stands in its fields, and return how each step went."""
    one.press("확인하기")
    expect(one.sheet.locator(".city-verdict")).to_be_visible()
    expect(one.sheet.get_by_role("button", name="확인하기", exact=True)).not_to_have_attribute(
        "aria-busy", "true"
    )
    steps = one.sheet.locator(".checks li")
    found: list[tuple[str, str]] = steps.evaluate_all("list => list.map((one) => Object.values(one.dataset))")
    return dict(found)


def test_a_vote_that_has_closed_is_counted_and_verified(nari: Townsperson) -> None:
    """Of the vote above: she has reloaded the page since, and her device has kept the receipt."""
    nari.counter("투표")
    nari.sheet.get_by_role("button", name=re.compile(re.escape(QUESTION[0]))).click()
    again = nari.sheet.get_by_role("button", name="결과 다시 세어 보기")
    expect(nari.sheet.get_by_role("row", name="그늘 벤치 1 100%")).to_be_visible()
    expect(nari.sheet.get_by_role("row", name="작은 무대 0 0%")).to_be_visible()
    again.click()
    steps = ("read", "signed", "key", "now", "recount")
    assert _outcomes(nari) == dict.fromkeys(steps, "passed")
    expect(nari.sheet.locator(".city-verdict")).to_have_text("모두 맞아요.")
    assert not complaints(nari.page)

    _assert_a_flipped_byte_fails(nari)


def _assert_a_flipped_byte_fails(nari: Townsperson) -> None:
    receipt = nari.sheet.get_by_role("textbox", name="영수증")
    honest = receipt.input_value()
    salt = json.loads(honest)["salt"]
    receipt.fill(honest.replace(salt, ("1" if salt[0] == "0" else "0") + salt[1:]))
    found = _outcomes(nari)
    assert found["signed"] == "failed"
    assert found["recount"] == "failed"
    receipt.fill(honest)
    number = json.loads(honest)["vote"]
    log = nari.tab.evaluate(f"fetch('/api/v1/votes/{number}/export').then((answer) => answer.text())")
    at = log.index('"choices":5') + len('"choices":')
    spoilt = (log[:at] + "3" + log[at + 1 :]).encode()
    file = FilePayload(name="vote.jsonl", mimeType="application/jsonl", buffer=spoilt)
    nari.sheet.locator("#check-export-file").set_input_files(file)
    assert _outcomes(nari)["recount"] == "failed"
    expect(nari.sheet.locator(".city-verdict")).to_contain_text("맞지 않는 것이 있어요.")


def test_a_visitor_reads_everything_on_a_phone_when_the_vote_is_counted(
    browser: Browser, server: Server
) -> None:
    visitor = _reads_everything_on_a_phone(browser, server, "en")
    visitor.tab.close()
    assert not visitor.tab.problems
