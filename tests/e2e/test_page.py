"""The page as people meet it: both languages, keyboard alone, a phone, and everything that may go wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.inspect import distance
from tests.support.layout import outside, scrolls_sideways, texts
from tests.support.loop import LoopThread
from tests.support.namespaces import Machine, Network
from tests.support.raw_peer import RawPeer
from tests.support.server import Server, serving
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

#: `hud.people_near`, or a hole such as `{count}`: what a text looks like that nobody translated or filled in.
UNTRANSLATED = re.compile(r"^[a-z]+\.[a-z0-9_]+$|\{[a-z]+\}")
HANGUL = re.compile(r"[가-힣]")
#: 23 characters, and markup that would speak up if it were taken for markup.
HOSTILE_NAME = "<img src=x onerror=a()>"

#: Holds `places.json` back until the test lets it come.
LATE_PLACES = """
const gate = new Promise((resolve) => { window.letPlacesCome = resolve; });
const fetchNow = window.fetch;
window.fetch = async (...request) => {
  if (String(request[0]?.url ?? request[0]).includes("places.json")) await gate;
  return fetchNow(...request);
};
"""

#: A browser that hides a page stops its frames and holds its timers back; this stops both. Counts poses sent.
STILL = """
window.still = { now: false, poses: 0 };
for (const name of ["requestAnimationFrame", "setInterval", "setTimeout"]) {
  const begin = window[name].bind(window);
  window[name] = (callback, ...rest) =>
    begin((...values) => window.still.now || callback(...values), ...rest);
}
const send = RTCDataChannel.prototype.send;
RTCDataChannel.prototype.send = function (data) {
  if (typeof data !== "string") window.still.poses += 1;
  return send.call(this, data);
};
"""

#: Counts pictures of the city: each begins by clearing the canvas.
COUNTED = """
window.pictures = 0;
const clear = WebGL2RenderingContext.prototype.clear;
WebGL2RenderingContext.prototype.clear = function (what) {
  window.pictures += 1;
  return clear.call(this, what);
};
window.picturesIn = async (seconds) => {
  const before = window.pictures;
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  return window.pictures - before;
};
"""

#: Somebody pressed Block when the browser asked for the microphone.
BLOCKED = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("blocked", "NotAllowedError"); };
"""

#: Of the texts in the page (web/src/i18n).
ENTER = {"ko": "입장하기", "en": "Enter the city"}
SHEETS = {"t": {"ko": "명소", "en": "Places"}, "p": {"ko": "사람", "en": "People"}}


@pytest.fixture(scope="module")
def visitors_machine(network: Network) -> Machine:
    return network.machine("visitor")


@pytest.fixture(scope="module")
def browser(driver: Playwright, server: Server, folder: Path, visitors_machine: Machine) -> Iterator[Browser]:
    with chromium(driver, folder, server.origin, machine=visitors_machine) as browser:
        yield browser


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[ChromiumPage]:
    tab = ChromiumPage(browser)
    yield tab
    tab.close()
    assert not tab.problems
    strangers = [url for url in tab.requests if not url.startswith((server.origin, "blob:", "data:"))]
    assert not strangers, "the page asked other hosts"


def _assert_translated(tab: ChromiumPage, language: str) -> None:
    found = texts(tab)
    assert not [text for text in found if UNTRANSLATED.search(text.strip())]
    if language == "en":
        korean = [text for text in found if HANGUL.search(text)]
        assert not [text for text in korean if text.strip() not in {"한국어", "한", "가"}], (
            "Korean left in the English page"
        )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_landing_says_what_this_is(tab: ChromiumPage, server: Server, language: str) -> None:
    tab.open(f"{server.origin}/?lang={language}&quality=low")
    expect(tab.page.get_by_role("button", name=ENTER[language])).to_be_visible()
    expect(tab.page.locator("html")).to_have_attribute("lang", language)
    visitor = Visitor(tab, server.origin)
    eventually(lambda: (city := visitor.look().city) and city.complete, 30, "the city was never drawn")
    assert visitor.look().connection.state == "landing"
    assert visitor.look().language == language
    _assert_translated(tab, language)
    assert not outside(tab)


def test_one_click_changes_the_language(tab: ChromiumPage, server: Server) -> None:
    tab.open(f"{server.origin}/?lang=ko&quality=low")
    tab.page.get_by_role("button", name="EN").or_(
        tab.page.get_by_role("button", name="English")
    ).first.click()
    expect(tab.page.get_by_role("button", name=ENTER["en"])).to_be_visible()
    _assert_translated(tab, "en")


def test_the_keyboard_alone_is_enough_to_enter_and_open_everything(tab: ChromiumPage, server: Server) -> None:
    tab.open(f"{server.origin}/?lang=en&quality=low")
    keyboard = tab.page.keyboard
    name = tab.page.get_by_role("textbox", name="Name")
    expect(name).to_be_visible()
    expect(tab.page.get_by_role("img", name="A three-dimensional model of Gwangju")).to_be_visible()
    for _ in range(15):
        if name.evaluate("(input) => input === document.activeElement"):
            break
        keyboard.press("Tab")
    keyboard.press("Control+A")
    keyboard.insert_text("Suji")
    keyboard.press("Enter")
    visitor = Visitor(tab, server.origin)
    eventually(visitor.connected, 45, lambda: tab.problems)
    assert visitor.look().myself.name == "Suji"
    keyboard.press("Escape")
    for key, title in SHEETS.items():
        keyboard.press(key)
        sheet = tab.page.get_by_role("dialog", name=title["en"])
        expect(sheet).to_be_visible()
        assert sheet.evaluate("(sheet) => sheet.contains(document.activeElement)"), "focus stayed outside"
        _assert_translated(tab, "en")
        # Screen readers count what a list holds.
        expect(sheet.get_by_role("list").get_by_role("listitem").first).to_be_visible()
        keyboard.press("Escape")
        expect(sheet).to_be_hidden()
    keyboard.press("g")
    expect(tab.page.get_by_role("dialog")).to_be_visible()
    keyboard.press("Escape")
    start = visitor.look().pose.position
    visitor.hold("ArrowUp", lambda: visitor.look().pose.position != start)


def test_a_place_chosen_from_the_list_is_where_one_stands(
    tab: ChromiumPage, server: Server, city: Path
) -> None:
    visitor = Visitor(tab, server.origin)
    visitor.enter("수지", lang="ko")
    tab.page.keyboard.press("t")
    sheet = tab.page.get_by_role("dialog", name="명소")
    sheet.get_by_role("searchbox").or_(sheet.get_by_role("textbox")).first.fill("금남로4가역")
    sheet.get_by_role("button", name=re.compile("이동")).first.click()
    places = json.loads((city / "gwangju" / "places.json").read_text(encoding="utf-8"))
    (arrival,) = [spot["arrival"] for spot in places["spots"] if spot["name"]["ko"] == "금남로4가역"]

    def arrived() -> bool:
        # People arrive beside each other, a few steps apart.
        return distance(visitor.look().pose.position, arrival["position"]) < 4.0

    eventually(arrived, 10, lambda: visitor.look().pose)


def test_a_list_of_places_opened_early_fills_when_the_data_arrives(browser: Browser, server: Server) -> None:
    tab = ChromiumPage(browser, scripts=[LATE_PLACES])
    try:
        Visitor(tab, server.origin).enter("수지")
        tab.page.keyboard.press("t")
        sheet = tab.page.get_by_role("dialog", name="명소")
        expect(sheet).to_contain_text("아직 불러오는 중")
        tab.evaluate("window.letPlacesCome()")
        expect(sheet.get_by_role("button", name=re.compile("이동")).first).to_be_visible()
    finally:
        tab.close()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_phone_shows_everything_inside_its_screen(browser: Browser, server: Server, language: str) -> None:
    tab = ChromiumPage(browser, width=390, height=844, has_touch=True, is_mobile=True)
    try:
        tab.open(f"{server.origin}/?lang={language}&quality=low")
        expect(tab.page.get_by_role("button", name=ENTER[language])).to_be_visible()
        assert not scrolls_sideways(tab)
        assert not outside(tab)
        Visitor(tab, server.origin).enter("수지", lang=language)
        eventually(lambda: not outside(tab), 5, lambda: outside(tab))
        assert not scrolls_sideways(tab)
        for key in SHEETS:
            tab.page.keyboard.press(key)
            expect(tab.page.get_by_role("dialog")).to_be_visible()
            eventually(lambda: not outside(tab), 3, lambda: outside(tab))
            assert not scrolls_sideways(tab)
            tab.page.keyboard.press("Escape")
        assert not tab.problems
    finally:
        tab.close()


def test_a_hostile_name_and_text_are_shown_as_text(
    tab: ChromiumPage, server: Server, network: Network
) -> None:
    visitor = Visitor(tab, server.origin)
    visitor.enter("수지")
    with LoopThread(network.machine("rascal")) as loop:

        async def make() -> RawPeer:
            rascal = RawPeer(server.signalling)
            await rascal.join(name=HOSTILE_NAME)
            rascal.channel.send('{"type": "say", "text": "<img src=x onerror=a()><script>a()</script>"}')
            return rascal

        rascal = loop.run(make())
        eventually(lambda: HOSTILE_NAME in visitor.look().names(), 10)
        eventually(lambda: visitor.look().chat, 10)
        tab.page.keyboard.press("p")
        expect(tab.page.get_by_role("dialog")).to_contain_text(HOSTILE_NAME)
        assert tab.evaluate("document.querySelectorAll('img[src=x], body script:not([src])').length") == 0
        loop.run(rascal.close())


def test_a_spot_that_is_not_there_is_refused_with_a_way_back(tab: ChromiumPage, server: Server) -> None:
    server.expected.append("refused code=4009")
    tab.open(f"{server.origin}/?enter=1&name=Suji&lang=en&mic=0&quality=low&spot=atlantis")
    visitor = Visitor(tab, server.origin)
    eventually(lambda: visitor.look().connection.state == "refused", 20, lambda: visitor.look().connection)
    expect(tab.page.get_by_text("There is no such place")).to_be_visible()
    tab.page.get_by_role("button", name="Back to the start").click()
    expect(tab.page.get_by_role("button", name=ENTER["en"])).to_be_visible()


def test_who_comes_to_a_full_city_is_told_their_place_and_comes_in_in_turn(
    driver: Playwright, network: Network, city: Path, tmp_path: Path
) -> None:
    machine = network.machine("small")
    (tmp_path / "city").symlink_to(city)
    with (
        serving(
            tmp_path, tmp_path / "log", machine=machine, environment={"META_GWANGJU_CAPACITY": "1"}
        ) as small,
        chromium(driver, tmp_path, small.origin, machine=network.machine("queue")) as browser,
        LoopThread(network.machine("first")) as loop,
    ):

        async def first() -> RawPeer:
            peer = RawPeer(small.signalling)
            await peer.join(name="첫째")
            return peer

        peer = loop.run(first())
        tab = ChromiumPage(browser)
        tab.open(f"{small.origin}/?enter=1&name=Suji&lang=ko&mic=0&quality=low")
        told = tab.page.get_by_role("alert")
        expect(told).to_contain_text("다음이 당신 차례예요", timeout=20_000)
        expect(told.get_by_role("button", name="기다리는 동안 글로 된 시청 보기")).to_be_visible()
        suji = Visitor(tab, small.origin)
        assert suji.look().connection.state == "waiting"
        loop.run(peer.send({"type": "bye"}))
        eventually(suji.connected, 30, lambda: suji.look().connection)
        expect(told).not_to_contain_text("가득")
        assert not tab.problems
        loop.run(peer.close())


def test_without_webgl_the_page_says_what_to_do(
    driver: Playwright, server: Server, folder: Path, visitors_machine: Machine
) -> None:
    with chromium(
        driver, folder, server.origin, machine=visitors_machine, flags=["--disable-3d-apis"]
    ) as browser:
        tab = ChromiumPage(browser)
        tab.open(f"{server.origin}/?lang=ko")
        expect(tab.page.get_by_text("이 기기에서는 도시를 그릴 수 없어요")).to_be_visible()
        assert not outside(tab)


def test_a_page_without_its_script_says_what_to_do(browser: Browser, server: Server) -> None:
    tab = ChromiumPage(browser)
    try:
        tab.page.route("**/assets/*.js", lambda route: route.abort())
        tab.open(f"{server.origin}/")
        expect(tab.page.get_by_text("Opening…")).to_be_visible()
        expect(tab.page.get_by_text("If it does not open, reload")).to_be_visible(timeout=15_000)
    finally:
        tab.close()


def test_an_error_in_the_page_is_told_once_with_a_way_on(browser: Browser, server: Server) -> None:
    tab = ChromiumPage(browser)
    try:
        Visitor(tab, server.origin).enter("수지", lang="en")
        fail = "void setTimeout(() => { throw new Error('on purpose'); })"
        tab.evaluate(fail)
        told = tab.page.get_by_text("Something went wrong in this page")
        expect(told).to_be_visible()
        alert = tab.page.get_by_role("alert").filter(has=told)
        alert.get_by_role("button", name="Close", exact=True).click()
        expect(told).to_be_hidden()
        assert tab.problems == ["uncaught: on purpose"]
    finally:
        tab.close()


def test_a_hidden_tab_goes_on_sending_its_pose(browser: Browser, server: Server) -> None:
    tab = ChromiumPage(browser, scripts=[STILL])
    try:
        Visitor(tab, server.origin).enter("수지")
        tab.evaluate("Object.assign(window.still, { now: true, poses: 0 })")
        eventually(lambda: tab.evaluate("window.still.poses") >= 3, 20, "a hidden tab fell silent")
    finally:
        tab.close()


def test_drawing_rests_while_somebody_stands_and_reads(tab: ChromiumPage, server: Server) -> None:
    visitor = Visitor(tab, server.origin)
    visitor.enter("수지", lang="en")
    assert not _is_resting(visitor)
    tab.page.get_by_role("button", name=re.compile("^(Settings|Menu)$")).locator("visible=true").click()
    eventually(lambda: _is_resting(visitor), 20, "the settings are open, and all is drawn as before")
    tab.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    eventually(lambda: not _is_resting(visitor), 20, "the settings are closed, and drawing rests")


def _is_resting(visitor: Visitor) -> bool:
    city = visitor.look().city
    assert city is not None
    return city.resting


def test_who_saves_power_gets_few_pictures_while_standing_still(browser: Browser, server: Server) -> None:
    tab = ChromiumPage(browser, scripts=[COUNTED])
    try:
        visitor = Visitor(tab, server.origin)
        visitor.enter("수지", lang="en", save=1)
        eventually(lambda: (city := visitor.look().city) and city.complete, 30, "the city was never drawn")
        # One a second; the sky may be painted anew beside them.
        eventually(lambda: tab.evaluate("window.picturesIn(3)") <= 5, 20, "drawn as if no power were saved")
        tab.page.get_by_role("button", name=re.compile("^(Settings|Menu)$")).locator("visible=true").click()
        saving = tab.page.get_by_role("switch", name="Save power")
        expect(saving).to_be_checked()
        saving.uncheck()
        tab.page.get_by_role("dialog").get_by_role("button", name="Close").click()
        eventually(lambda: tab.evaluate("window.picturesIn(3)") > 6, 30, "power is saved all the same")
        assert not tab.problems
    finally:
        tab.close()


def test_a_blocked_microphone_leaves_hearing_and_writing(browser: Browser, server: Server) -> None:
    tab = ChromiumPage(browser, microphone=True, scripts=[BLOCKED])
    try:
        visitor = Visitor(tab, server.origin)
        visitor.enter("수지", lang="en", mic=1)
        told = tab.page.get_by_role("alert").filter(has_text="blocked")
        expect(told).to_be_visible()
        assert visitor.look().myself.microphone == "none"
        assert not outside(tab)
        told.get_by_role("button", name="Close", exact=True).click()
        expect(told).to_be_hidden()
    finally:
        tab.close()


def test_leaving_by_the_menu_frees_the_place(tab: ChromiumPage, server: Server) -> None:
    visitor = Visitor(tab, server.origin)
    visitor.enter("수지", lang="en")
    page: Page = tab.page
    # The wide layout says Settings, the narrow one Menu.
    page.get_by_role("button", name=re.compile("^(Settings|Menu)$")).locator("visible=true").click()
    page.get_by_role("button", name="Leave the city").click()
    eventually(lambda: visitor.look().connection.state in {"closed", "landing"}, 10)
