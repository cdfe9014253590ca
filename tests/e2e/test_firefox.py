"""Two browsers of different make, Chromium and Debian's Firefox ESR, see and hear each other."""

from functools import partial
from itertools import permutations
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.firefox import firefox
from tests.support.inspect import assert_same_place, distance
from tests.support.namespaces import Network
from tests.support.server import Server
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def _sees_where_it_is(viewer: Visitor, seen: Visitor) -> bool:
    assert_same_place(viewer.look().person(seen.id).pose, seen.look().pose)
    return True


def test_chromium_and_firefox_see_and_hear_each_other(
    driver: Playwright, network: Network, server: Server, folder: Path, tone: Path
) -> None:
    # Firefox tries https first and falls back: a TLS hello on the plain port.
    server.expected.append("Invalid HTTP request received")
    with (
        chromium(driver, folder, server.origin, machine=network.machine("minh"), microphone=tone) as browser,
        firefox(folder, server.origin, network.machine("fox")) as fox,
    ):
        fox.resize(480, 320)
        minh = Visitor(ChromiumPage(browser, microphone=True, width=480, height=320), server.origin)
        hana = Visitor(fox, server.origin)
        minh.enter("Minh", mic=1)
        hana.enter("하나", mic=1)

        start = hana.look().pose
        hana.hold("w", lambda: distance(hana.look().pose.position, start.position) > 1.0)
        minh.turn_to(start.yaw + 1.0)
        for person in (minh, hana):
            person.settled()
        for viewer, seen in permutations((minh, hana), 2):
            eventually(partial(_sees_where_it_is, viewer, seen), 10)
            eventually(lambda viewer=viewer: viewer.look().ears.left_db is not None, 15, "hears nothing")  # type: ignore[misc]

        gone = hana.id
        fox.open("about:blank")
        eventually(lambda: not minh.sees(gone), 15, "still shown after leaving")
        assert not minh.tab.problems
        assert not fox.problems
