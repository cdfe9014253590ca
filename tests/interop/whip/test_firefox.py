"""Firefox publishes its fake camera to a booth's screen, and watches it with the page's viewer."""

import json
from pathlib import Path

import pytest

from tests.interop.whip.booths import TOKEN, VISITOR, BoothCity
from tests.interop.whip.pages import LOOK, PUBLISH, UNPUBLISH, WATCH
from tests.support.deadline import eventually
from tests.support.firefox import firefox
from tests.support.namespaces import Network

pytestmark = pytest.mark.e2e


def test_moving_pixels_go_from_firefox_to_firefox(city: BoothCity, network: Network, tmp_path: Path) -> None:
    publishing = {"url": city.url("a1", "whip"), "token": TOKEN, "codec": "VP8", "sound": True}
    watching = {"url": city.url("a1", "whep"), "token": VISITOR}
    with firefox(tmp_path, city.origin, network.machine("fox")) as page:
        page.open(city.origin)
        assert page.evaluate(f"({PUBLISH})({json.dumps(publishing)})")["status"] == 201
        eventually(lambda: city.live.lit() == {"a1"}, 20)
        page.evaluate(f"({WATCH})({json.dumps(watching)})")
        first = eventually(lambda: page.evaluate(f"({LOOK})()"), 20, lambda: page.evaluate("window.states"))

        def moved() -> bool:
            now = page.evaluate(f"({LOOK})()")
            return max(abs(a - b) for a, b in zip(first["fields"], now["fields"], strict=True)) > 8

        eventually(moved, 15, "the picture stands still")
        assert page.evaluate(f"({UNPUBLISH})()") == 200
        page.evaluate("window.viewer.close()")
    eventually(lambda: not city.live._sessions, 40, "sessions are left over")
