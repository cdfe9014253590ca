"""Two browsers and a headset in Gwangju see and hear each other: the path through the whole house.

The tests of this file share one meeting; each leaves everybody in the city and standing still.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.conftest import TONE_HERTZ
from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually, holds
from tests.support.ears import expected_difference, heard_difference
from tests.support.headset import Headset, wearing
from tests.support.inspect import Ears, Pose, assert_same_place, distance
from tests.support.monado import running_monado
from tests.support.namespaces import Machine, Network
from tests.support.server import Server
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SPOT = "may18_square"
#: Turned 30 degrees to the left about +Y, and the left hand pointing up.
HEAD_TURN = (0.0, math.sin(math.radians(15)), 0.0, math.cos(math.radians(15)))
HAND_TURN = (math.sin(math.radians(45)), 0.0, 0.0, math.cos(math.radians(45)))
#: Seconds to wait for what should happen at once, when two pages are drawn in software beside the server.
PATIENCE = 20.0
CUT_SECONDS = 5.0
#: The avatar of somebody who vanished without a word stays this long, and a little.
GRACE = 15.0


@dataclass(frozen=True, slots=True)
class Meeting:
    """Minh has a tone for a microphone, Naeun listens, Sora wears the headset."""

    server: Server
    minh: Visitor
    naeun: Visitor
    sora: Headset
    naeun_machine: Machine

    @property
    def everybody(self) -> tuple[Visitor | Headset, ...]:
        return (self.minh, self.naeun, self.sora)


def _small(browser: Browser, *, microphone: bool = False) -> ChromiumPage:
    return ChromiumPage(browser, width=400, height=300, microphone=microphone)


@pytest.fixture(scope="module")
def meeting(
    driver: Playwright, network: Network, server: Server, folder: Path, tone: Path
) -> Iterator[Meeting]:
    ours, theirs, hers = (network.machine(name) for name in ("minh", "naeun", "sora"))
    with (
        running_monado() as monado,
        chromium(driver, folder, server.origin, machine=ours, microphone=tone) as speaking,
        chromium(driver, folder, server.origin, machine=theirs) as listening,
        wearing(monado, folder, server.origin, "소라", hers) as sora,
    ):
        minh = Visitor(_small(speaking, microphone=True), server.origin)
        naeun = Visitor(_small(listening), server.origin)
        minh.enter("Minh", spot=SPOT, mic=1)
        # She listens and looks about; what is drawn for her seldom leaves the processor to the others.
        naeun.enter("나은", spot=SPOT, save=1)
        yield Meeting(server, minh, naeun, sora, theirs)
        assert not minh.tab.problems
        # A browser says itself that it tried without a link.
        assert not [problem for problem in naeun.tab.problems if "net::ERR_" not in problem]


def _sees_where_it_is(viewer: Visitor | Headset, seen: Visitor | Headset) -> bool:
    assert_same_place(viewer.look().person(seen.id).pose, seen.look().pose)
    return True


def _press(visitor: Visitor, key: str) -> None:
    visitor.tab.key_down(key)
    visitor.tab.key_up(key)


def _page(visitor: Visitor) -> Page:
    assert isinstance(visitor.tab, ChromiumPage)
    return visitor.tab.page


def _bearing(origin: Pose, target: Pose) -> float:
    """Return the heading under which a target stands, radians."""
    return math.atan2(origin.position[0] - target.position[0], origin.position[2] - target.position[2])


def test_each_of_the_three_sees_the_other_two_where_they_are(meeting: Meeting) -> None:
    remote = meeting.sora.remote
    remote.move_head((0.25, 1.52, -0.15), HEAD_TURN)
    remote.move_hand("left", (-0.1, 1.15, -0.45), HAND_TURN)
    remote.move_hand("right", (0.45, 0.95, -0.4))
    start = meeting.minh.look().pose
    meeting.minh.hold("w", lambda: distance(meeting.minh.look().pose.position, start.position) > 1.0)
    meeting.naeun.turn_to(start.yaw + 2.0)
    for person in (meeting.minh, meeting.naeun):
        person.settled()

    for viewer, seen in permutations(meeting.everybody, 2):
        who = f"{viewer.look().myself.name} looks at {seen.look().myself.name}:"
        eventually(partial(_sees_where_it_is, viewer, seen), PATIENCE, who)


def _held_as_scripted(meeting: Meeting, height: float) -> bool:
    """Check the headset's head and left hand, as Minh sees them, against what the script says."""
    pose = meeting.minh.look().person(meeting.sora.id).pose
    assert pose.left_hand is not None
    head, hand, ground = pose.head.position, pose.left_hand.position, pose.position[1]
    assert abs(head[1] - ground - height) <= 0.05, f"head at {head}, ground {ground}"
    assert abs(hand[1] - ground - 1.30) <= 0.05, f"hand at {hand}, ground {ground}"
    across = math.hypot(hand[0] - head[0], hand[2] - head[2])
    assert abs(across - math.hypot(0.3, 0.3)) <= 0.05, f"hand {across:.3f} m from the head"
    return True


def test_the_headset_is_seen_as_the_script_holds_it(meeting: Meeting) -> None:
    meeting.sora.remote.move_hand("left", (-0.3, 1.30, -0.3), HAND_TURN)
    for height in (1.10, 1.60):
        meeting.sora.remote.move_head((0.0, height, 0.0))

        eventually(partial(_held_as_scripted, meeting, height), PATIENCE)


def _median_difference(listener: Visitor) -> float:
    """Return by how much the left ear is louder, decibels: the middle of many looks."""
    heard: list[float] = []

    def enough() -> bool:
        difference = heard_difference(listener.look().ears)
        if difference is not None:
            heard.append(difference)
        return len(heard) >= 11

    eventually(enough, 2 * PATIENCE, lambda: listener.look().ears, every=0.15)
    return median(heard)


def _assert_ears_agree(listener: Visitor, speaker: Visitor) -> float:
    """Check the ears' difference against the measured one for where the speaker is shown; tolerance 2 dB."""
    seen = listener.look()
    expected = expected_difference(seen.pose.head, seen.person(speaker.id).pose.head, TONE_HERTZ)
    heard = _median_difference(listener)
    assert abs(heard - expected) <= 2.0, f"left louder by {heard:.1f} dB, measured ears say {expected:.1f} dB"
    return heard


def test_a_person_five_metres_to_the_left_is_louder_in_the_left_ear_and_swaps_on_turning_round(
    meeting: Meeting,
) -> None:
    minh, naeun = meeting.minh, meeting.naeun
    speaker = minh.settled()
    away = _bearing(speaker, naeun.look().pose)
    naeun.turn_to(away)
    listener = naeun.walk_to_distance(speaker.position, 5.0, tolerance=0.4)

    naeun.turn_to(_bearing(listener, speaker) - math.pi / 2)
    eventually(lambda: naeun.look().person(minh.id).speaking, PATIENCE, "Minh is not shown as speaking")
    assert _assert_ears_agree(naeun, minh) > 3.0

    naeun.turn_to(_bearing(listener, speaker) + math.pi / 2)
    assert _assert_ears_agree(naeun, minh) < -3.0
    eventually(lambda: meeting.sora.look().ears.left_db is not None, PATIENCE, "the headset hears nothing")


def test_a_muted_microphone_is_heard_by_nobody(meeting: Meeting) -> None:
    minh, naeun = meeting.minh, meeting.naeun
    eventually(lambda: naeun.look().ears.left_db is not None, PATIENCE, "nothing to mute")
    _press(minh, "m")
    eventually(lambda: minh.look().myself.microphone == "muted", PATIENCE)
    eventually(lambda: naeun.look().ears == Ears(None, None), PATIENCE, lambda: naeun.look().ears)
    _press(minh, "m")
    eventually(lambda: minh.look().myself.microphone == "live", PATIENCE)
    eventually(lambda: naeun.look().ears.left_db is not None, PATIENCE)


def _was_told(person: Visitor | Headset, speaker: int, text: str) -> bool:
    return [line.text for line in person.look().chat if line.person == speaker] == [text]


def _waves_back(waver: Visitor, viewer: Visitor) -> bool:
    """Wave, and look a few times: a wave is short beside a frame drawn in software."""
    _press(waver, "h")
    return any(viewer.look().person(waver.id).waving for _ in range(5))


def test_text_and_a_wave_arrive(meeting: Meeting) -> None:
    text = "안녕하세요, 충장로 갈까요?"
    page = _page(meeting.naeun)
    page.keyboard.press("Enter")
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")
    for person in (meeting.minh, meeting.sora):
        eventually(partial(_was_told, person, meeting.naeun.id, text), PATIENCE, "not told")
    page.keyboard.press("Escape")
    eventually(partial(_waves_back, meeting.minh, meeting.naeun), PATIENCE)


def _shown_once_where(viewer: Visitor | Headset, person: int, pose: Pose) -> bool:
    assert_same_place(viewer.look().person(person).pose, pose)
    return viewer.look().counts.city == 3


def test_a_browser_whose_link_is_cut_for_five_seconds_comes_back_as_the_same_person(meeting: Meeting) -> None:
    naeun = meeting.naeun
    place, before = naeun.settled(), naeun.look()
    meeting.naeun_machine.cut()
    since = time.monotonic()
    eventually(lambda: naeun.look().connection.state == "reconnecting", PATIENCE)
    eventually(lambda: time.monotonic() - since >= CUT_SECONDS, 2 * CUT_SECONDS)
    meeting.naeun_machine.mend()

    eventually(naeun.connected, PATIENCE, lambda: naeun.look().connection)
    after = naeun.look()
    assert after.connection.resumed
    assert after.connection.reconnects == before.connection.reconnects + 1
    assert after.connection.session == before.connection.session
    assert after.myself.id == before.myself.id
    for viewer in (meeting.minh, meeting.sora):
        eventually(partial(_shown_once_where, viewer, naeun.id, place), PATIENCE)
    holds(lambda: meeting.minh.look().names().count("나은") == 1, during=3.0)
    eventually(lambda: naeun.look().ears.left_db is not None, PATIENCE, "no sound after coming back")


def _is_gone(viewer: Visitor | Headset, person: int) -> bool:
    return not viewer.sees(person) and viewer.look().counts.city == 2


def test_leaving_removes_the_avatar_for_everyone(meeting: Meeting) -> None:
    """Naeun closes the tab: the last test of the file, since she does not come back."""
    gone = meeting.naeun.id
    _page(meeting.naeun).close()
    for viewer in (meeting.minh, meeting.sora):
        eventually(partial(_is_gone, viewer, gone), GRACE, "still shown")
    _press(meeting.minh, "p")
    people = _page(meeting.minh).get_by_role("dialog")
    expect(people).to_contain_text("소라", timeout=PATIENCE * 1000)
    expect(people).not_to_contain_text("나은", timeout=PATIENCE * 1000)
