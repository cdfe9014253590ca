"""Chromium publishes its fake camera to a booth's screen; another page of it watches with our viewer."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.interop.whip.booths import OTHER_TOKEN, TOKEN, VISITOR, BoothCity
from tests.interop.whip.pages import LOOK, PUBLISH, STATS, UNPUBLISH, WATCH
from tests.support.chromium import ChromiumPage
from tests.support.deadline import eventually
from tests.support.namespaces import Machine

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left_over(city: BoothCity) -> Iterator[None]:
    """What a page held that went without a word is given up after seconds, in which other tests run."""
    yield
    eventually(lambda: not city.live._sessions, 20, "sessions are left over")


@pytest.fixture
def pages(browser: Browser, city: BoothCity) -> Iterator[Any]:
    opened: list[ChromiumPage] = []

    def make() -> ChromiumPage:
        page = ChromiumPage(browser, microphone=True)
        page._context.grant_permissions(["camera", "microphone"])
        page.open(city.origin)
        opened.append(page)
        return page

    yield make
    for page in opened:
        page.close()


def _publish(
    page: ChromiumPage, city: BoothCity, token: str = TOKEN, codec: str = "VP8", booth: str = "a1"
) -> Any:
    asked = {"url": city.url(booth, "whip"), "token": token, "codec": codec, "sound": True}
    return page.page.evaluate(PUBLISH, asked)


def _watch(page: ChromiumPage, city: BoothCity, booth: str = "a1") -> None:
    page.page.evaluate(WATCH, {"url": city.url(booth, "whep"), "token": VISITOR})


def _sees_motion(page: ChromiumPage) -> dict[str, Any]:
    """Wait until the picture is there and changes; returns it."""
    first = eventually(lambda: page.page.evaluate(LOOK), 15, lambda: page.page.evaluate("window.states"))

    def moved() -> Any:
        now = page.page.evaluate(LOOK)
        change = max(abs(a - b) for a, b in zip(first["fields"], now["fields"], strict=True))
        return now if change > 8 else None

    picture: dict[str, Any] = eventually(moved, 10, "the picture stands still")
    return picture


def test_moving_pixels_arrive_and_somebody_late_sees_them_too(pages: Any, city: BoothCity) -> None:
    exhibitor, visitor = pages(), pages()
    assert _publish(exhibitor, city)["status"] == 201
    eventually(lambda: city.live.lit() == {"a1"}, 10)
    _watch(visitor, city)
    picture = _sees_motion(visitor)
    assert picture["width"] / picture["height"] == pytest.approx(16 / 9, rel=0.01)
    late = pages()
    _watch(late, city)
    _sees_motion(late)
    eventually(lambda: visitor.page.evaluate("window.viewer.state") == "live", 10)
    assert visitor.page.evaluate(STATS)["lost"] == 0
    assert exhibitor.page.evaluate(UNPUBLISH) == 200
    eventually(lambda: city.live.lit() == set(), 5)
    eventually(lambda: visitor.page.evaluate("window.viewer.state") == "dark", 10)


def test_a_picture_of_h264_passes_as_well_where_the_browser_has_it(pages: Any, city: BoothCity) -> None:
    exhibitor, visitor = pages(), pages()
    published = _publish(exhibitor, city, token=OTHER_TOKEN, codec="H264", booth="a2")
    assert published["status"] == 201
    eventually(lambda: city.live.lit() == {"a2"}, 10)
    codec = city.screen("a2").relay.codec
    assert codec.value == ("H264" if published["codecs"] else "VP8")
    _watch(visitor, city, "a2")
    _sees_motion(visitor)
    # Both pages go without a word: what they held is given up all the same, while others use another booth.


def test_a_publisher_who_comes_back_is_seen_on_the_same_connection(pages: Any, city: BoothCity) -> None:
    first, visitor = pages(), pages()
    _publish(first, city)
    _watch(visitor, city)
    _sees_motion(visitor)
    second = pages()
    _publish(second, city)
    eventually(lambda: first.page.evaluate("window.publisher.connectionState") != "connected", 15)
    _sees_motion(visitor)
    assert visitor.page.evaluate("window.states.includes('lost')") is False
    assert second.page.evaluate(UNPUBLISH) == 200


@contextmanager
def _every_twentieth_is_lost(machine: Machine) -> Iterator[None]:
    """Drop every twentieth datagram in each direction."""
    pattern = [
        "-p",
        "udp",
        "-m",
        "statistic",
        "--mode",
        "nth",
        "--every",
        "20",
        "--packet",
        "0",
        "-j",
        "DROP",
    ]
    for chain in ("INPUT", "OUTPUT"):
        subprocess.run(machine.command("iptables", "-A", chain, *pattern), check=True, capture_output=True)
    try:
        yield
    finally:
        for chain in ("INPUT", "OUTPUT"):
            subprocess.run(machine.command("iptables", "-F", chain), check=True, capture_output=True)


def test_losses_in_both_directions_are_made_good(pages: Any, city: BoothCity, away: Machine) -> None:
    exhibitor, visitor = pages(), pages()
    _publish(exhibitor, city)
    _watch(visitor, city)
    _sees_motion(visitor)
    with _every_twentieth_is_lost(away):
        before = visitor.page.evaluate(STATS)

        def goes_on() -> bool:
            now = visitor.page.evaluate(STATS)
            return bool(now["frames"] - before["frames"] > 60 and now["asked"] > before["asked"])

        eventually(goes_on, 20, lambda: visitor.page.evaluate(STATS))
        _sees_motion(visitor)
    assert exhibitor.page.evaluate(UNPUBLISH) == 200


def test_another_booths_token_publishes_nothing(pages: Any, city: BoothCity) -> None:
    exhibitor = pages()
    refused = _publish(exhibitor, city, token=OTHER_TOKEN)
    assert refused["status"] == 403
    assert refused["problem"]["code"] == "not_this_booth"
    assert "a1" not in city.live.lit()
