"""In a headset: pins and booths are read with a laser, and a press counts at the server as on the page."""

import math
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.support.chromium import chromium
from tests.support.citizen import Citizen
from tests.support.deadline import eventually
from tests.support.laser import HAND_HEIGHT, Laser
from tests.support.neighbour import Neighbour, neighbour
from tests.support.panel import SCRIPT, PaintedPanel
from tests.support.resident import at_home
from tests.support.server import PROGRAM, PROJECT, Server
from tests.support.small_city import hall_city
from tests.support.webxr import webxr_script

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

BOOTH, OTHER_BOOTH = "kdj_center-a4", "kdj_center-b1"
PHONE = "010-1234-5678"
CODE = re.compile(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5})+\b")
HANGUL = re.compile(r"[가-힣]")
#: Pins stand so far from the wearer, metres, and so far to either side, radians.
AWAY, ASIDE = 5.0, math.radians(35)


def _says(number: int) -> dict[str, Any]:
    return {
        "title_ko": f"종이로 만든 빛 {number}",
        "title_en": f"Light made of paper {number}",
        "summary_ko": "한지로 접은 등을 함께 켜요.",
        "summary_en": "Lanterns from hanji.",
        "description_ko": "스무 해째 등을 접어 왔어요. " * 12,
        "description_en": "We have folded lanterns for twenty years. " * 12,
        "link": None,
    }


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with at_home(hall_city(), folder) as server:
        yield server


@pytest.fixture(scope="module")
def browser(driver: Playwright, server: Server, folder: Path) -> Iterator[Browser]:
    with chromium(driver, folder, server.origin) as browser:
        yield browser


@pytest.fixture(scope="module")
def exhibitor(server: Server) -> Iterator[Neighbour]:
    """Somebody with two open booths."""
    with neighbour(server.origin, "나리") as one:
        names = {"name_ko": "빛고을 공방", "name_en": "Bitgoeul Workshop"}
        number = one.change("POST", "organisations", names)["id"]
        for at, booth in enumerate((BOOTH, OTHER_BOOTH)):
            one.change("PUT", f"booths/{booth}", {"organisation": number, **_says(at)})
            one.change("POST", f"booths/{booth}/open")
        yield one


class Wearer:
    """A citizen with a headset on before a booth, who left a contact at another one."""

    def __init__(self, browser: Browser, server: Server, me: Neighbour) -> None:
        self.citizen = Citizen(browser, server, scripts=[webxr_script(), SCRIPT])
        self.me = me
        self.panel = PaintedPanel(self.citizen.page)
        self.laser = Laser(self.citizen, patience=2)
        self.citizen.page.context.add_cookies(me.cookies(server.origin))
        self.citizen.visitor.enter("소라", spot="kdj_center")
        self.citizen.page.keyboard.press("x")
        floor = self.citizen.sheet.locator(".hall-floor")
        floor.get_by_role("button", name=re.compile("^A4")).click()
        self.citizen.press("부스로 가기")
        self.citizen.page.locator(".walk-up", has_text="종이로 만든 빛").wait_for()
        self.citizen.visitor.settled()
        # Drawn in software: the smaller the picture, the sooner the next one.
        self.citizen.page.set_viewport_size({"width": 320, "height": 240})
        self.laser.wear()

    def beside(self, side: float) -> dict[str, float]:
        """Return a place for a pin, to the left (1) or to the right (-1) of straight ahead."""
        pose = self.citizen.visitor.look().pose
        heading = pose.yaw + side * ASIDE
        x, z = pose.position[0] - AWAY * math.sin(heading), pose.position[2] - AWAY * math.cos(heading)
        return {"x": x, "z": z}

    def opens(self, what: str, x: float, y: float | None, z: float) -> None:
        """Point at something in the city and press, until the panel says that it is there."""
        pose = self.citizen.visitor.look().pose
        east, south = x - pose.position[0], z - pose.position[2]
        up = 0.0 if y is None else y - pose.position[1] - HAND_HEIGHT
        bearing = math.atan2(-east, -south) - pose.yaw
        self.laser.aim_at(math.remainder(bearing, math.tau), math.atan2(up, math.hypot(east, south)))

        def pressed() -> bool:
            self.laser.press()
            return what in self.panel.text()

        eventually(pressed, 20, self.panel.text, every=0.3)

    def presses(self, name: str) -> None:
        """Press what has this name on the panel."""

        def found() -> tuple[int, int] | None:
            named = [one for one in self.panel.words() if one.text.startswith(name)]
            # A title may say the same above its button.
            lowest = max(named, key=lambda one: one.y, default=None)
            return lowest and (round((lowest.left + lowest.right) / 2), round(lowest.y))

        self.laser.point(eventually(found, 15, self.panel.text))
        self.laser.press()

    def reads(self, *names: str) -> None:
        """Wait until the panel says all of this; nothing of it is cut off or stands in something else."""
        eventually(lambda: all(name in self.panel.text() for name in names), 15, self.panel.text)
        assert not self.panel.faults()

    def menu(self) -> None:
        """Press the hand's menu button: the panel comes with its first page, or goes."""
        self.laser.press("b-button")


@pytest.fixture(scope="module")
def wearer(browser: Browser, server: Server, exhibitor: Neighbour) -> Iterator[Wearer]:
    assert exhibitor.get(f"booths/{OTHER_BOOTH}")["state"] == "open"
    with neighbour(server.origin, "소라") as me:
        left = {"name": "소라", "phone": PHONE, "message": "안녕하세요", "consent": True}
        me.change("POST", f"booths/{OTHER_BOOTH}/contacts", left)
        one = Wearer(browser, server, me)
        yield one
        one.citizen.tab.close()
        assert not one.citizen.tab.problems


def _contacts(exhibitor: Neighbour) -> list[Any]:
    found = exhibitor.get(f"booths/{BOOTH}/contacts")
    return [(one["state"], one["contact"] and one["contact"]["phone"]) for one in found]


def test_a_booth_is_read_and_a_contact_left_there_and_taken_back(
    wearer: Wearer, exhibitor: Neighbour
) -> None:
    slots = wearer.me.get("halls")["halls"][0]["slots"]
    [slot] = [one for one in slots if one["id"] == BOOTH]
    wearer.opens("빛고을 공방", *slot["screen"]["position"])
    wearer.reads("A4 칸", "종이로 만든 빛 0", "한지로", "자리를 비웠어요", "스무 해째")
    wearer.presses("지난 연락처")
    wearer.reads(PHONE, "90일 동안")
    assert _contacts(exhibitor) == []
    wearer.presses("동의하고")
    wearer.reads("내 연락처를 남겼어요")
    assert _contacts(exhibitor) == [("given", PHONE)]
    wearer.presses("연락처 거두기")
    wearer.presses("거두기")
    wearer.reads("지난 연락처 남기기")
    assert _contacts(exhibitor) == [("withdrawn", None)]
    wearer.menu()


def test_pins_are_read_and_a_proposal_is_supported(wearer: Wearer, exhibitor: Neighbour) -> None:
    left, right = wearer.beside(1), wearer.beside(-1)
    proposal = exhibitor.change(
        "POST",
        "proposals",
        {"title": "그늘 벤치", "text": "앉을 곳이 없어요.", "category": "environment", "place": left},
    )["id"]
    service = wearer.me.get("reports/services")[0]
    words = {"service": service["code"], "description": "차도에 구멍이 나 있어요.", **right}
    exhibitor.change("POST", "reports", words)
    wearer.opens("앉을 곳이 없어요", left["x"], None, left["z"])
    wearer.presses("공감하기")
    wearer.reads("그늘 벤치", "공감 1/", "공감 거두기")
    assert wearer.me.get(f"proposals/{proposal}")["supports"] == 1
    wearer.menu()
    wearer.opens("차도에 구멍이", right["x"], None, right["z"])
    wearer.reads("민원", service["name_ko"], "신고됨", "처리 과정")
    wearer.menu()


def test_a_ballot_is_cast_from_the_hall_and_the_panel_speaks_english(
    wearer: Wearer, server: Server, folder: Path
) -> None:
    command = [*PROGRAM, "operator", "담당 김", "--role", "officer", "--data", str(folder / "data")]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True, text=True, timeout=60)
    code = CODE.search(said.stdout)
    assert code is not None, said.stdout
    options = [{"ko": "그늘 벤치", "en": "Benches"}, {"ko": "작은 무대", "en": "A stage"}]
    question = {"ko": "무엇을 먼저 놓을까요?", "en": "What first?"}
    with neighbour(server.origin, code=code[0]) as officer:
        body = {"title": question, "options": options, "closes": int(time.time()) + 3600}
        vote = officer.change("POST", "votes", body)["id"]
    wearer.menu()
    wearer.presses("English")
    wearer.reads("Close", "Wallet")
    assert not HANGUL.search(wearer.panel.text().replace("한국어", ""))
    wearer.presses("Expo")
    wearer.reads("Slot A4", "Bitgoeul Workshop", "Leave my last contact", "twenty years")
    assert not HANGUL.search(wearer.panel.text())
    wearer.presses("Back")
    wearer.presses("Back")
    wearer.presses("City Hall")
    wearer.presses("What first?")
    wearer.presses("A stage")
    wearer.presses("Look it over")
    wearer.reads("A stage")
    assert "Benches" not in wearer.panel.text()
    wearer.presses("Cast")
    wearer.reads("receipt")
    assert wearer.me.get(f"votes/{vote}")["turnout"] == 1
    assert wearer.me.get(f"votes/{vote}")["has_voted"]
