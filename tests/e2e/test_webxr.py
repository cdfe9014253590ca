"""A browser with an (emulated) WebXR headset enters VR by the page's button; others see head and hands."""

import math
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.inspect import assert_same_place
from tests.support.namespaces import Network
from tests.support.server import Server
from tests.support.visitor import Visitor
from tests.support.webxr import EmulatedHeadset, webxr_script

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

TILTED = (math.sin(math.radians(20)), 0.0, 0.0, math.cos(math.radians(20)))
TURNED = (0.0, math.sin(math.radians(25)), 0.0, math.cos(math.radians(25)))


def _sees_where_it_is(viewer: Visitor, seen: Visitor) -> bool:
    assert_same_place(viewer.look().person(seen.id).pose, seen.look().pose)
    return True


def _hand_is_seen(viewer: Visitor, person: int, height: float) -> bool:
    pose = viewer.look().person(person).pose
    assert pose.left_hand is not None, "no left hand"
    above = pose.left_hand.position[1] - pose.position[1]
    assert abs(above - height) <= 0.05, f"left hand seen {above:.3f} m above the ground, is at {height} m"
    head = pose.head.position[1] - pose.position[1]
    assert abs(head - 1.7) <= 0.05, f"head seen at {head:.3f} m"
    return True


def test_a_hand_moved_in_vr_is_seen_in_another_browser(
    driver: Playwright, network: Network, server: Server, folder: Path
) -> None:
    machine = network.machine("xr")
    with (
        chromium(driver, folder, server.origin, machine=machine) as wearing,
        chromium(driver, folder, server.origin, machine=machine) as watching,
    ):
        tab = ChromiumPage(wearing, scripts=[webxr_script()])
        sora, minh = Visitor(tab, server.origin), Visitor(ChromiumPage(watching), server.origin)
        sora.enter("소라")
        minh.enter("Minh")
        eventually(lambda: (vr := sora.look().vr) and vr.supported, 10, "no WebXR")
        headset = EmulatedHeadset(tab.page)
        headset.move_head((0.0, 1.7, 0.0))
        tab.page.get_by_role("button", name="VR").first.click()
        eventually(lambda: (vr := sora.look().vr) and vr.presenting, 20, lambda: tab.problems)

        for height in (1.2, 1.9):
            headset.move_hand("left", (-0.35, height, -0.4), TILTED)
            eventually(partial(_hand_is_seen, minh, sora.id, height), 15)
        headset.move_head((0.3, 1.7, -0.2), TURNED)
        eventually(partial(_sees_where_it_is, minh, sora), 15)
        assert not tab.problems
        assert not minh.tab.problems
