"""The expo in the page: a booth from the free slot to its live screen, and a visitor who comes to it."""

import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Playwright, expect

from tests.support.axe import complaints
from tests.support.chromium import chromium
from tests.support.deadline import eventually
from tests.support.inspect import distance
from tests.support.layout import outside, scrolls_sideways
from tests.support.resident import PATIENCE, Resident, at_home
from tests.support.server import Server
from tests.support.small_city import hall_city

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]

SLOT = "A4"
BOOTH = "kdj_center-a4"
TITLE = "종이로 만든 빛"
OWNER = "빛고을 공방"
GLB = "model/gltf-binary"
SHA256 = re.compile(r"^[0-9a-f]{64}$")
#: A screen that went dark has ended its watchers' connections; a page that ends its own is told so.
GONE = r"404.*/wh[ei]p/"
#: What an exhibitor's page of a booth leads to; the last leads out of it.
PAGES = {
    "ko": ("글", "3D 모델", "화면", "다녀간 사람", "받은 연락처", "방문자에게"),
    "en": ("Words", "3D model", "Screen", "Visits", "Contacts received", "As visitors"),
}
#: Keeps the videos that the page makes and never puts into the document.
KEEP_VIDEOS = """
window.__videos = [];
const make = document.createElement.bind(document);
document.createElement = (tag, options) => {
  const one = make(tag, options);
  if (tag === "video") window.__videos.push(one);
  return one;
};
"""
#: The mean colour of the picture that a booth's screen receives, and a sum that changes when it moves.
PICTURE = """
(() => {
  const video = window.__videos.find((one) => one.readyState >= 2 && one.videoWidth > 0);
  if (!video) return null;
  const canvas = new OffscreenCanvas(64, 36);
  const painter = canvas.getContext("2d");
  painter.drawImage(video, 0, 0, 64, 36);
  return [...painter.getImageData(0, 0, 64, 36).data];
})()
"""


def _lantern() -> bytes:
    """A glb of two boxes: a foot and a lamp."""
    scene = trimesh.Scene()
    for size, height in ((1.6, 0.1), (0.8, 1.2)):
        box = trimesh.creation.box(extents=(size, 0.6, size))
        box.apply_translation((0.0, height, 0.0))
        scene.add_geometry(box)
    made: bytes = scene.export(file_type="glb")
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with at_home(hall_city(), folder) as server:
        # A page that closes ends its connection before it can say so; the server has noticed by then.
        server.expected.append("code=no_such_session")
        yield server


@pytest.fixture(scope="module")
def browser(driver: Playwright, server: Server, folder: Path, tone: Path) -> Iterator[Browser]:
    """The exhibitor's: its fake camera moves, its microphone plays a tone."""
    with chromium(driver, folder, server.origin, microphone=tone) as browser:
        yield browser


@pytest.fixture(scope="module")
def other_browser(driver: Playwright, server: Server, folder: Path) -> Iterator[Browser]:
    with chromium(driver, folder, server.origin) as browser:
        yield browser


@pytest.fixture(autouse=True, scope="module")
def _patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def exhibitor(browser: Browser, server: Server) -> Iterator[Resident]:
    """A citizen with an organisation, in the city, before an open booth of theirs."""
    one = Resident(browser, server)
    one.page.context.grant_permissions(["camera", "microphone"])
    one.join("나리")
    one.press("단체")
    one.press("단체 만들기")
    one.write("한국어 이름", OWNER)
    one.write("영어 이름", "Bitgoeul Workshop")
    one.press("단체 만들기")
    one.says(OWNER)
    one.enter()
    _open_slot(one)
    one.press("이 칸 맡기")
    for side, title, summary in (
        ("ko", TITLE, "한지로 접은 등을 함께 켜요."),
        ("en", "Light made of paper", "Lanterns from hanji."),
    ):
        one.page.locator(f"#booth-title_{side}").fill(title)
        one.page.locator(f"#booth-summary_{side}").fill(summary)
    one.page.locator("#booth-link").fill("https://example.org/light")
    expect(one.page.locator("#booth-preview")).to_contain_text(TITLE)
    one.press("맡기")
    one.press("3D 모델", exact=False)
    _upload(one, "lantern.glb", _lantern())
    expect(one.page.locator(".model-view")).to_have_attribute("data-shown", SHA256)
    one.press("뒤로")
    one.press("부스 열기")
    one.says("부스가 열려 있어요")
    yield one
    one.close(GONE)


def _open_slot(one: Resident) -> None:
    if one.page.get_by_role("dialog").count() == 0:
        one.page.keyboard.press("x")
    one.sheet.locator(".hall-floor").get_by_role("button", name=re.compile(f"^{SLOT}")).click()


def _upload(one: Resident, name: str, data: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": GLB, "buffer": data}
    one.page.locator("#model-file").set_input_files(file)


def _green(one: Resident) -> np.ndarray[Any, Any]:
    """How green the page is where it shows the fake camera's green; nothing else in the city wears that."""
    shot = Image.open(io.BytesIO(one.page.screenshot(timeout=120_000))).convert("RGB")
    pixels = np.asarray(shot, int)
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return np.where((green > 90) & (green > 2 * red) & (green > 2 * blue), green, 0)


def test_a_malformed_model_is_refused_in_words_and_the_old_one_stands(
    exhibitor: Resident, server: Server
) -> None:
    exhibitor.press("3D 모델", exact=False)
    server.expected.append("code=model_refused")
    with exhibitor.refused("422"):
        _upload(exhibitor, "cut.glb", _lantern()[:-40])
        exhibitor.says("이 모델은 받지 않았어요")
        found = exhibitor.sheet.locator(".findings.refused li")
        expect(found.first).to_be_visible()
        assert found.first.inner_text().strip()
    _upload(exhibitor, "note.glb", b"hello")
    exhibitor.says("glb 파일이 아니에요")
    expect(exhibitor.page.locator(".model-view")).to_be_visible()
    exhibitor.press("뒤로")


def test_a_visitor_sees_the_screen_move_hears_it_from_its_side_and_leaves_a_contact(
    exhibitor: Resident, other_browser: Browser, server: Server
) -> None:
    exhibitor.press("화면", exact=False)
    exhibitor.press("카메라")
    exhibitor.says("생방송 중이에요. 이 창을 닫아도 이어져요.")
    visitor = Resident(other_browser, server, scripts=[KEEP_VIDEOS])
    visitor.enter()
    _open_slot(visitor)
    visitor.says(TITLE)
    visitor.says("생방송")
    link = visitor.sheet.get_by_role("link")
    assert link.get_attribute("href") == "https://example.org/light"
    assert {"noopener", "noreferrer"} <= set((link.get_attribute("rel") or "").split())
    visitor.press("부스로 가기")
    expect(visitor.page.locator(".walk-up")).to_contain_text(TITLE)
    _sees(visitor)
    _hears(visitor)
    _leaves_a_contact(visitor, exhibitor)
    visitor.close(GONE)


def _sees(visitor: Resident) -> None:
    """The model is fetched; the picture arrives, moves, and covers part of the view."""
    eventually(lambda: any("/model?v=" in url for url in visitor.tab.requests), 30)
    first: list[Any] = []

    def shown() -> bool:
        pixels = visitor.tab.evaluate(PICTURE)
        if pixels is None:
            return False
        first.append(np.array(pixels).reshape(-1, 4)[:, :3])
        red, green, blue = first[-1].mean(axis=0)
        return bool(green > 60 and green > 2 * red and green > 2 * blue)

    eventually(shown, 60, lambda: visitor.tab.problems)
    eventually(
        lambda: shown() and bool(np.abs(first[-1] - first[0]).max() > 40), 30, lambda: "it does not move"
    )
    views: list[np.ndarray[Any, Any]] = []

    def moves() -> bool:
        views.append(_green(visitor))
        moved = np.abs(views[-1] - views[0]) > 40
        return bool((views[-1] > 0).sum() > 2000 and moved.sum() > 100)

    eventually(moves, 60, lambda: [int((view > 0).sum()) for view in views])


def _hears(visitor: Resident) -> None:
    """The tone comes from where the screen is: turned to its left, it is on the right, and the other way."""
    slots = visitor.tab.evaluate("fetch('/api/v1/halls').then((a) => a.json())")["halls"][0]["slots"]
    [slot] = [one for one in slots if one["id"] == BOOTH]
    pose = visitor.visitor.settled()
    assert distance(pose.position, tuple(slot["position"])) < 6.0

    def louder_right() -> float:
        ears = visitor.visitor.look().ears
        if ears.left_db is None or ears.right_db is None:
            return 0.0
        return ears.right_db - ears.left_db

    ahead = slot["yaw"] + np.pi
    _turn(visitor, ahead + np.pi / 2)
    eventually(lambda: louder_right() > 4.0, 40, louder_right)
    _turn(visitor, ahead - np.pi / 2)
    eventually(lambda: louder_right() < -4.0, 40, louder_right)


def _turn(visitor: Resident, yaw: float) -> None:
    """Turn by the arrow keys until the heading is within 30 degrees."""

    def left() -> float:
        return math.remainder(yaw - visitor.visitor.look().pose.yaw, math.tau)

    def turned() -> bool:
        key = "ArrowLeft" if left() > 0.0 else "ArrowRight"
        visitor.page.keyboard.press(key, delay=250)
        visitor.visitor.settled()
        return abs(left()) < math.radians(30.0)

    visitor.page.locator("canvas.city").focus()
    eventually(turned, 90, left)


def _leaves_a_contact(visitor: Resident, exhibitor: Resident) -> None:
    visitor.page.locator(".walk-up .opener").click()
    visitor.says("나리")  # the booth's people
    visitor.press("연락처 남기기")
    visitor.write("이름", "미르")
    visitor.press("남기기")
    visitor.says("전자우편이나 전화 가운데 하나를")
    visitor.write("전화", "010-1234-5678")
    visitor.write("남기는 말 (비워도 돼요)", "=1+1 등을 접어 보고 싶어요")
    visitor.press("남기기")
    visitor.says("동의해야 남길 수 있어요")
    visitor.sheet.get_by_role("checkbox").check()
    visitor.press("남기기")
    visitor.says("연락처를 남겼어요")
    exhibitor.press("뒤로")
    exhibitor.press("받은 연락처")
    exhibitor.says("010-1234-5678")
    with exhibitor.page.expect_download() as download:
        exhibitor.press("표로 받기 (CSV)")
    table = download.value.path().read_text(encoding="utf-8-sig")
    assert "미르" in table
    assert "'=1+1" in table
    visitor.press("내가 남긴 연락처")
    visitor.says(OWNER)
    visitor.press(f"거두기: {OWNER}")
    visitor.press("거두기")
    expect(visitor.page.get_by_text("연락처를 거두었어요.")).to_be_visible()
    visitor.says("남긴 연락처가 없어요")
    exhibitor.press("뒤로")
    exhibitor.press("받은 연락처")
    exhibitor.says("거두었어요")
    expect(exhibitor.sheet).not_to_contain_text("010-1234-5678")
    exhibitor.press("뒤로")
    exhibitor.press("다녀간 사람")
    exhibitor.says("지난 24시간")
    exhibitor.press("뒤로")


def test_a_screen_whose_key_is_revoked_goes_dark(exhibitor: Resident) -> None:
    exhibitor.press("화면", exact=False)
    exhibitor.press("열쇠 없애기")
    exhibitor.press("열쇠 없애기")
    exhibitor.says("지금은 제목이 걸려 있어요")
    live = "fetch('/api/v1/screens').then((a) => a.json())"
    eventually(lambda: exhibitor.tab.evaluate(live)["live"] == [], 30)
    if exhibitor.sheet.get_by_role("button", name="송출 끝내기").is_visible():
        exhibitor.press("송출 끝내기")
    exhibitor.press("뒤로")


@pytest.mark.parametrize("language", ["한국어", "English"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_every_page_is_for_everybody(exhibitor: Resident, language: str, width: int, height: int) -> None:
    page = exhibitor.page
    page.set_viewport_size({"width": width, "height": height})
    code = "ko" if language == "한국어" else "en"
    page.evaluate(f"document.querySelector('.tools [lang={code}]')?.click()")
    expect(page.locator(f"html[lang={code}]")).to_have_count(1)
    back = {"ko": "뒤로", "en": "Back"}[code]
    assert not complaints(page)
    for name in PAGES[code]:
        exhibitor.press(name, exact=False)
        assert not complaints(page), name
        assert not outside(exhibitor.tab), name
        assert not scrolls_sideways(exhibitor.tab), name
        if name == PAGES[code][-1]:
            break
        exhibitor.press(back)
    exhibitor.press(back)
    exhibitor.sheet.locator(".hall-floor").wait_for()
    assert not complaints(page)
    exhibitor.sheet.locator(".booth-rows .opener").first.click()
