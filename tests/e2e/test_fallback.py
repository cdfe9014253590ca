"""Visits over the socket alone: behind a firewall that drops UDP, and only to look."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from streaming.client import Citizen, Identity, standing
from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.namespaces import Machine, Network
from tests.support.server import Server
from tests.support.visitor import Visitor
from world.limits import STRIDE

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

#: Seconds until the page helps itself: it waits five for the peer connection.
PATIENCE = 30.0
#: It tries again after eight seconds, then after sixteen more.
RENEWAL = 90.0


class Walker:
    """A citizen on another machine, over WebRTC, in a thread of their own.

    Attributes:
        east: Where they stand, metres east of where they arrived; a leap is a teleport.
        texts: What they are to say, or have said.
    """

    def __init__(self, citizen: Citizen) -> None:
        self.citizen = citizen
        self.east = 0.0
        self.texts: list[str] = []
        self.done = threading.Event()

    async def walk(self) -> None:
        (x, y, z), yaw = self.citizen.place
        texts = 0
        while not self.done.is_set():
            # Asked again until it is done: not every moment allows one.
            if abs(x + self.east - self.citizen.place[0][0]) > STRIDE:
                self.citizen.teleport(position=(x + self.east, y, z))
            self.citizen.send_pose(standing((x + self.east, y, z), yaw))
            while texts < len(self.texts):
                self.citizen.say(self.texts[texts])
                texts += 1
            await asyncio.sleep(0.05)

    def heard(self) -> list[str]:
        return [line["text"] for line in self.citizen.inspect()["chat"]]


@contextmanager
def walking(machine: Machine, origin: str) -> Iterator[Walker]:
    ready = threading.Event()
    walkers: list[Walker] = []

    async def visit() -> None:
        async with Citizen(origin, Identity("민호")) as citizen:
            walkers.append(Walker(citizen))
            ready.set()
            await walkers[0].walk()

    thread = threading.Thread(target=lambda: machine.call(lambda: asyncio.run(visit())))
    thread.start()
    assert ready.wait(30.0)
    yield walkers[0]
    walkers[0].done.set()
    thread.join()


def test_where_udp_is_blocked_people_see_and_write_and_hear_again_when_it_is_not(
    driver: Playwright, network: Network, server: Server, folder: Path
) -> None:
    office, home = network.machine("office"), network.machine("home")
    office.block_udp()
    with (
        walking(home, server.origin) as minho,
        chromium(driver, folder, server.origin, machine=office) as browser,
    ):
        tab = ChromiumPage(browser, width=480, height=360)
        naeun = Visitor(tab, server.origin)
        naeun.enter("나은")
        assert naeun.look().connection.link == "socket"
        banner = tab.page.get_by_role("alert")
        expect(banner).to_contain_text("목소리를 주고받을 수 없어요", timeout=10_000)

        minho_id = minho.citizen.person
        assert minho_id is not None
        eventually(lambda: naeun.sees(minho_id), PATIENCE, "not shown")
        before = naeun.look().person(minho_id).pose.position[0]
        minho.east = 2.0
        eventually(lambda: naeun.look().person(minho_id).pose.position[0] > before + 1.9, PATIENCE)
        start = naeun.look().pose.position
        naeun.hold("w", lambda: naeun.look().pose.position != start)
        there = naeun.settled().position
        eventually(
            lambda: any(abs(p.pose.position[2] - there[2]) < 0.1 for p in minho.citizen.people), PATIENCE
        )

        minho.texts.append("글로 이야기해요")
        eventually(lambda: [line.text for line in naeun.look().chat] == ["글로 이야기해요"], PATIENCE)
        tab.page.keyboard.press("Enter")
        tab.page.keyboard.insert_text("네, 여긴 소리가 안 돼요")
        tab.page.keyboard.press("Enter")
        eventually(lambda: "네, 여긴 소리가 안 돼요" in minho.heard(), PATIENCE)
        tab.page.keyboard.press("Escape")

        office.allow_udp()
        eventually(lambda: naeun.look().connection.link == "peer", RENEWAL, "sound did not return")
        expect(banner).not_to_contain_text("목소리를", timeout=10_000)
        look = naeun.look()
        assert (look.connection.state, look.connection.reconnects) == ("connected", 0)
        minho.east = 0.0
        eventually(lambda: naeun.look().person(minho_id).pose.position[0] < before + 0.1, PATIENCE)
        assert not tab.problems
        tab.close()


def test_who_only_looks_sees_people_and_is_seen_by_nobody(
    driver: Playwright, network: Network, server: Server, folder: Path
) -> None:
    with (
        walking(network.machine("square"), server.origin) as minho,
        chromium(driver, folder, server.origin, machine=network.machine("screen")) as browser,
    ):
        tab = ChromiumPage(browser, width=480, height=360)
        onlooker = Visitor(tab, server.origin)
        tab.open(f"{server.origin}/?lang=ko&quality=low")
        tab.page.get_by_role("button", name="구경하기").click()
        eventually(onlooker.connected, 45, lambda: onlooker.look().connection)
        expect(tab.page.get_by_role("alert")).to_contain_text(
            "아무도 당신을 보거나 듣지 못하고", timeout=10_000
        )

        minho_id = minho.citizen.person
        assert minho_id is not None
        eventually(lambda: onlooker.sees(minho_id), PATIENCE, "not shown")
        before = onlooker.look().person(minho_id).pose.position[0]
        minho.east = 2.0
        eventually(lambda: onlooker.look().person(minho_id).pose.position[0] > before + 1.9, PATIENCE)
        # Beyond the nearest they are one of the crowd: known by name, where they are within a step.
        for _ in range(3):
            east = minho.citizen.place[0][0]
            minho.east += 24.0
            eventually(lambda east=east: minho.citizen.place[0][0] > east + 23.9, PATIENCE)  # type: ignore[misc]
        eventually(
            lambda: abs(onlooker.look().person(minho_id).pose.position[0] - before - 74.0) < 0.2, PATIENCE
        )
        eventually(lambda: onlooker.look().counts.city == 1, PATIENCE)
        assert onlooker.look().person(minho_id).name == "민호"
        assert minho.citizen.people == []
        expect(tab.page.get_by_role("region", name="대화")).to_be_hidden()
        assert not tab.problems
        tab.close()
