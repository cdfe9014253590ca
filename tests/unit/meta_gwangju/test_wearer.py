"""The wearer between a scripted headset and a recorded city."""

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any, cast

import numpy as np
import pytest

from meta_gwangju.wearer import Wearer
from spatial import quaternion as q
from spatial.pose import Pose
from streaming.client import Citizen
from streaming.messages import Moved, Notice
from world.commands import BodyPose
from xr_runtime import Actions, Hand, HeadsetLoop, LoopState, RuntimeLostError, XrFrame

START = ((100.0, 5.0, 200.0), 0.0)
GONE = Hand(None, None, select=False)


class City:
    """Records what a citizen is asked, and says what a test tells it to."""

    def __init__(self) -> None:
        self.place: tuple[tuple[float, float, float], float] = START
        self.person = 7
        self.reconnects = 0
        self.state = "connected"
        self.poses: list[BodyPose] = []
        self.asked: list[tuple[str, Any]] = []
        self.coming: list[Moved | Notice] = []
        self.has_microphone = True

    def send_pose(self, pose: BodyPose) -> None:
        self.poses.append(pose)

    def wave(self) -> bool:
        self.asked.append(("wave", None))
        return True

    def teleport(self, position: tuple[float, float, float], yaw: float) -> bool:
        self.asked.append(("teleport", (position, yaw)))
        return True

    def microphone(self, *, live: bool) -> bool:
        self.asked.append(("microphone", live))
        return True

    async def events(self) -> AsyncIterator[Moved | Notice]:
        for event in self.coming:
            yield event
        self.coming = []

    def inspect(self) -> dict[str, Any]:
        return {"self": {"microphone": "live" if self.has_microphone else "none"}}


class Room:
    """A headset loop that gives the frames a test hands it."""

    def __init__(self) -> None:
        self.state = LoopState.RUNNING
        self.trouble: RuntimeLostError | None = None
        self.frames: list[XrFrame] = []
        self.pulses: list[str] = []
        self.silence = 0.0
        self._number = 0

    def drain(self) -> list[XrFrame]:
        frames, self.frames = self.frames, []
        return frames

    def silent_for(self) -> float:
        return self.silence

    def pulse(self, side: str) -> None:
        self.pulses.append(side)

    def show(
        self, x: float = 0.0, z: float = 0.0, yaw: float = 0.0, actions: Actions | None = None
    ) -> XrFrame:
        self._number += 1
        head = Pose.of((x, 1.6, z), q.from_yaw(yaw))
        frame = XrFrame(
            number=self._number,
            time=self._number / 72.0,
            focused=True,
            head=head,
            left=GONE,
            right=GONE,
            actions=actions or Actions(),
        )
        self.frames.append(frame)
        return frame


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def wearer(city: City, room: Room, told: list[str]) -> Wearer:
    room.show()
    (first,) = room.drain()
    return Wearer(
        cast("Citizen", city), cast("HeadsetLoop", room), first, lambda _, en: told.append(en), live=True
    )


def look(wearer: Wearer) -> None:
    """Let the wearer look at the headset once."""

    async def once() -> None:
        looking = asyncio.create_task(wearer.follow_frames())
        await asyncio.sleep(0)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)

    asyncio.run(once())


def near(actual: object, expected: object) -> bool:
    return bool(np.allclose(np.asarray(actual), np.asarray(expected), atol=1e-9))


def told_by_the_city(wearer: Wearer, city: City, *events: Moved | Notice) -> None:
    city.coming = list(events)
    asyncio.run(wearer.follow_events())


def test_the_person_enters_where_the_city_put_them_with_the_microphone_as_wanted(
    city: City, wearer: Wearer
) -> None:
    assert near(city.poses[-1].position, START[0])
    assert city.asked == [("microphone", True)]
    del wearer


def test_every_frame_counts_and_the_newest_is_sent(city: City, room: Room, wearer: Wearer) -> None:
    """The snap turn is in a frame that is no longer the newest when the wearer looks."""
    room.show(actions=Actions(turn=(-1.0, 0.0)))
    room.show(x=0.5)
    sent = len(city.poses)
    look(wearer)
    assert len(city.poses) == sent + 1
    assert city.poses[-1].yaw == pytest.approx(math.radians(30.0))


def test_the_ground_is_where_the_city_says(city: City, room: Room, wearer: Wearer) -> None:
    city.place = ((100.0, 9.5, 200.0), 0.0)
    room.show()
    look(wearer)
    assert city.poses[-1].position[1] == 9.5


def test_a_refused_step_takes_the_person_back_and_leaves_their_gaze(
    city: City, room: Room, wearer: Wearer
) -> None:
    room.show(x=1.0, yaw=0.4)
    look(wearer)
    told_by_the_city(wearer, city, Moved(position=(99.0, 5.0, 200.0), yaw=2.0, reason="too_fast"))
    room.show(x=1.0, yaw=0.4)
    look(wearer)
    assert near(city.poses[-1].position, (99.0, 5.0, 200.0))
    assert city.poses[-1].yaw == pytest.approx(0.4)
    assert room.pulses == ["left", "right"]


def test_an_own_teleport_keeps_the_gaze_and_anothers_turns_it(city: City, room: Room, wearer: Wearer) -> None:
    room.show(actions=Actions(teleport=True))
    look(wearer)
    assert city.asked[-1][0] == "teleport"
    assert near(city.asked[-1][1][0], (100.0, 5.0, 195.0))
    room.show(yaw=0.2)
    look(wearer)
    there = (100.0, 5.0, 195.0)
    told_by_the_city(wearer, city, Moved(position=there, yaw=0.0, reason="teleport"))
    room.show(yaw=0.2)
    look(wearer)
    assert near(city.poses[-1].position, there)
    assert city.poses[-1].yaw == pytest.approx(0.2)
    told_by_the_city(wearer, city, Moved(position=there, yaw=-1.0, reason="teleport"))
    room.show(yaw=0.2)
    look(wearer)
    assert city.poses[-1].yaw == pytest.approx(-1.0)


def test_a_refused_teleport_is_told_and_forgotten(
    city: City, room: Room, wearer: Wearer, told: list[str]
) -> None:
    room.show(actions=Actions(teleport=True))
    look(wearer)
    refusal = Notice(code="too_far", ko="너무 멉니다.", en="Too far.")
    told_by_the_city(wearer, city, refusal, Moved(position=START[0], yaw=1.5, reason="teleport"))
    room.show()
    look(wearer)
    assert told == ["Too far."]
    assert city.poses[-1].yaw == pytest.approx(1.5)


def test_buttons_wave_and_mute(city: City, room: Room, wearer: Wearer, told: list[str]) -> None:
    room.show(actions=Actions(wave=True, menu=True))
    look(wearer)
    assert city.asked[1:] == [("wave", None), ("microphone", False)]
    assert told == ["microphone muted."]


def test_without_a_microphone_there_is_nothing_to_mute(city: City, room: Room, wearer: Wearer) -> None:
    city.has_microphone = False
    room.show(actions=Actions(menu=True))
    look(wearer)
    assert city.asked[1:] == []


def test_somebody_who_came_back_stands_where_they_went_meanwhile(
    city: City, room: Room, wearer: Wearer
) -> None:
    city.reconnects, city.place = 1, ((100.1, 5.0, 200.0), 1.0)
    room.show(x=0.2)
    look(wearer)
    assert near(city.poses[-1].position, (100.2, 5.0, 200.0))


def test_somebody_whom_the_city_holds_elsewhere_is_taken_there_and_looks_where_they_look(
    city: City, room: Room, wearer: Wearer
) -> None:
    city.reconnects, city.place = 1, ((103.0, 5.0, 200.0), 1.0)
    room.show()
    look(wearer)
    assert near(city.poses[-1].position, (103.0, 5.0, 200.0))
    assert city.poses[-1].yaw == pytest.approx(0.0)


def test_somebody_who_came_back_as_another_person_arrives_anew(
    city: City, room: Room, wearer: Wearer
) -> None:
    city.reconnects, city.person, city.place = 1, 8, ((50.0, 5.0, 60.0), 1.0)
    room.show()
    look(wearer)
    assert near(city.poses[-1].position, (50.0, 5.0, 60.0))
    assert city.poses[-1].yaw == pytest.approx(1.0)


def test_trouble_is_told_once_and_its_end_too(
    city: City, room: Room, wearer: Wearer, told: list[str]
) -> None:
    def looks() -> list[str]:
        look(wearer)
        look(wearer)
        heard, told[:] = list(told), []
        return heard

    room.state, room.trouble = LoopState.LOST, RuntimeLostError("SessionLostError")
    assert looks() == [room.trouble.en]
    room.state = LoopState.RUNNING
    assert looks() == ["the headset is back."]
    room.silence = 3.0
    assert looks() == ["the OpenXR runtime does not answer; restart it if this lasts."]
    room.silence = 0.0
    assert looks() == ["the headset is back."]
    city.state = "reconnecting"
    (line,) = looks()
    assert "connection to the city was lost" in line
    city.state = "connected"
    assert looks() == ["back in the city."]


def test_leaving_from_inside_the_headset_ends_it(room: Room, wearer: Wearer) -> None:
    room.state = LoopState.ENDED
    asyncio.run(asyncio.wait_for(wearer.follow_frames(), 1.0))
