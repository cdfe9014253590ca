from math import cos, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial import quaternion as q
from spatial.pose import Pose
from world.commands import BodyPose
from xr_runtime.frame import Actions, Hand, XrFrame
from xr_runtime.rig import DEAD_ZONE, LONGEST_FRAME, RUN_SPEED, SNAP, WALK_SPEED, Rig, Wish, heading_of, stick

GONE = Hand(None, None, select=False)
ANGLE = st.floats(-pi, pi)
PITCH = st.floats(-1.3, 1.3)
#: (x, z) on a room's floor, metres.
ROOM = st.tuples(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0))
#: (x, z, yaw) in the city.
PLACE = st.tuples(st.floats(-9000.0, 9000.0), st.floats(-9000.0, 9000.0), ANGLE)


def about(axis: tuple[float, float, float], angle: float) -> np.ndarray:
    return np.array([*(np.array(axis) * sin(angle / 2)), cos(angle / 2)])


def head(x: float = 0.0, y: float = 1.6, z: float = 0.0, yaw: float = 0.0) -> Pose:
    return Pose.of((x, y, z), q.from_yaw(yaw))


def hand(x: float, y: float, z: float) -> Hand:
    pose = Pose.of((x, y, z))
    return Hand(pose, pose, select=False)


def frame(
    time: float = 0.0,
    head: Pose | None = None,
    left: Hand = GONE,
    right: Hand = GONE,
    actions: Actions | None = None,
) -> XrFrame:
    return XrFrame(1, time, True, head, left, right, actions or Actions())  # noqa: FBT003 - in order, as declared


def near(actual: object, expected: object, within: float = 1e-9) -> bool:
    return bool(np.allclose(np.asarray(actual), np.asarray(expected), rtol=0.0, atol=within))


def test_somebody_in_the_middle_of_their_room_stands_where_the_server_put_them() -> None:
    rig = Rig((10.0, 2.0, -30.0), 0.0)
    rig.step(frame(head=head()))
    body = rig.body(frame(head=head()))
    assert near(body.position, (10.0, 2.0, -30.0))
    assert body.yaw == pytest.approx(0.0)
    assert near(body.parts[0], (0.0, 1.6, 0.0))


def test_a_step_in_the_room_is_a_step_in_the_city_by_the_heading_of_the_room() -> None:
    """The room looks west (yaw 90°): a step forward in it goes west, a step to the right north."""
    rig = Rig((100.0, 0.0, 50.0), pi / 2)
    rig.step(frame(head=head(x=2.0, z=-1.0)))
    assert near(rig.position, (99.0, 0.0, 48.0))
    assert rig.yaw == pytest.approx(pi / 2)


def test_hands_are_given_in_the_body_frame() -> None:
    """The head faces left in the room; a hand half a metre ahead of the room's middle is to its right."""
    rig = Rig((0.0, 0.0, 0.0), 0.0)
    moment = frame(head=head(yaw=pi / 2), left=hand(0.0, 1.0, -0.5), right=GONE)
    rig.step(moment)
    body = rig.body(moment)
    assert near(body.parts[1], (0.5, 1.0, 0.0))
    assert near(body.orientations[1], q.from_yaw(-pi / 2))
    assert near(body.orientations[0], q.IDENTITY)
    assert (body.has_left, body.has_right) == (True, False)
    assert near(body.parts[2], (0.0, 0.0, 0.0))


@pytest.mark.parametrize(("run", "speed"), [(False, WALK_SPEED), (True, RUN_SPEED)])
def test_the_stick_walks_where_the_person_faces(run: bool, speed: float) -> None:  # noqa: FBT001 - a case
    rig = Rig((0.0, 0.0, 0.0), pi)  # the room looks south, the head to its left: east
    actions = Actions(move=(0.0, 1.0), run=run)
    for tick in range(51):
        rig.step(frame(time=tick / 50, head=head(yaw=pi / 2), actions=actions))
    assert near(rig.position, (speed, 0.0, 0.0), 1e-6)


def test_a_stick_pushed_into_the_corner_is_not_faster() -> None:
    assert np.linalg.norm(stick((1.0, 1.0))) == pytest.approx(1.0)
    assert near(stick((DEAD_ZONE, 0.0)), (0.0, 0.0))
    assert near(stick((0.0, -1.0)), (0.0, -1.0))


def test_a_stalled_runtime_flings_nobody() -> None:
    rig = Rig((0.0, 0.0, 0.0), 0.0)
    push = Actions(move=(0.0, 1.0))
    rig.step(frame(time=0.0, head=head(), actions=push))
    rig.step(frame(time=60.0, head=head(), actions=push))
    assert near(rig.position, (0.0, 0.0, -WALK_SPEED * LONGEST_FRAME))


def test_a_clock_that_steps_back_moves_nobody_back() -> None:
    rig = Rig((0.0, 0.0, 0.0), 0.0)
    push = Actions(move=(0.0, 1.0))
    rig.step(frame(time=5.0, head=head(), actions=push))
    rig.step(frame(time=4.0, head=head(), actions=push))
    assert near(rig.position, (0.0, 0.0, 0.0))


def test_a_held_stick_snaps_once_and_again_after_it_came_back() -> None:
    rig = Rig((0.0, 0.0, 0.0), 0.0)
    for tilt in (0.0, 1.0, 1.0, 0.5, 1.0, 0.0, 1.0):
        rig.step(frame(head=head(), actions=Actions(turn=(tilt, 0.0))))
    assert rig.yaw == pytest.approx(-2 * SNAP)
    rig.step(frame(head=head(), actions=Actions()))
    rig.step(frame(head=head(), actions=Actions(turn=(-1.0, 0.0))))
    assert rig.yaw == pytest.approx(-SNAP)


def test_buttons_wish_once_for_each_press() -> None:
    rig = Rig((0.0, 0.0, 0.0), 0.0)
    down = Actions(teleport=True, wave=True, menu=True)
    assert rig.step(frame(actions=down)) == [Wish.TELEPORT, Wish.WAVE, Wish.MICROPHONE]
    assert rig.step(frame(actions=down)) == []
    assert rig.step(frame()) == []
    assert rig.step(frame(actions=Actions(wave=True))) == [Wish.WAVE]


def test_a_teleport_goes_five_metres_where_the_person_faces() -> None:
    rig = Rig((10.0, 3.0, 10.0), 0.0)
    rig.step(frame(head=head(x=1.0, yaw=-pi / 2)))  # faces east
    assert near(rig.ahead(), (16.0, 3.0, 10.0))


def test_a_lost_head_leaves_the_person_where_they_were() -> None:
    rig = Rig((0.0, 0.0, 0.0), 0.0)
    rig.step(frame(head=head(x=1.0, y=1.2, yaw=1.0)))
    rig.step(frame(head=None))
    body = rig.body(frame(head=None))
    assert near(body.position, (1.0, 0.0, 0.0))
    assert near(body.parts[0], (0.0, 1.2, 0.0))
    assert body.yaw == pytest.approx(1.0)


def test_the_server_sets_the_ground() -> None:
    rig = Rig((5.0, 1.0, 5.0), 0.3)
    rig.step(frame(head=head(x=0.5)))
    before = rig.position
    rig.ground(21.5)
    assert near(rig.position, (before[0], 21.5, before[2]))


@pytest.mark.parametrize("pitch", [-90.0, -89.0, -80.0, -60.0, 0.0, 60.0, 80.0, 89.0, 90.0])
def test_somebody_who_looks_at_their_feet_or_the_sky_keeps_their_heading(pitch: float) -> None:
    for yaw in (-2.0, 0.0, 0.7):
        look = q.multiply(q.from_yaw(yaw), about((1.0, 0.0, 0.0), radians(pitch)))
        assert heading_of(look) == pytest.approx(yaw)


def world_from(body: BodyPose, part: int) -> np.ndarray:
    return body.position + q.rotate(q.from_yaw(body.yaw), body.parts[part])


@given(PLACE, ROOM, ANGLE, PITCH, ROOM)
def test_the_body_says_the_same_as_the_stage(
    place: tuple[float, float, float],
    at: tuple[float, float],
    yaw: float,
    pitch: float,
    reach: tuple[float, float],
) -> None:
    """Composed through the body frame, every part is where the stage frame has it, turned as it is turned."""
    x, z, room = place
    rig = Rig((x, 7.0, z), room)
    look = q.multiply(q.from_yaw(yaw), about((1.0, 0.0, 0.0), pitch))
    moment = frame(head=Pose.of((at[0], 1.5, at[1]), look), left=hand(reach[0], 0.9, reach[1]))
    rig.step(moment)
    body = rig.body(moment)
    world_from_stage = Pose.of((x, 7.0, z), q.from_yaw(room))
    assert near(world_from(body, 0), world_from_stage.apply(np.array([at[0], 1.5, at[1]])), 1e-6)
    assert near(world_from(body, 1), world_from_stage.apply(np.array([reach[0], 0.9, reach[1]])), 1e-6)
    turned = q.multiply(q.from_yaw(body.yaw), body.orientations[0])
    assert q.angle_between(turned, q.multiply(q.from_yaw(room), look)) < 1e-6
    assert near(body.parts[0][[0, 2]], (0.0, 0.0), 1e-6)
    assert near(np.linalg.norm(body.orientations, axis=1), 1.0)


@given(PLACE, ROOM, ANGLE, PLACE)
def test_a_relocated_person_stands_and_faces_where_they_are_told(
    place: tuple[float, float, float],
    at: tuple[float, float],
    yaw: float,
    to: tuple[float, float, float],
) -> None:
    rig = Rig((place[0], 0.0, place[1]), place[2])
    rig.step(frame(head=head(at[0], 1.6, at[1], yaw)))
    faced = rig.yaw
    there = (to[0], 4.0, to[1])
    rig.relocate(there, None)
    assert near(rig.position, there, 1e-6)
    assert abs(np.angle(np.exp(1j * (rig.yaw - faced)))) < 1e-9
    rig.relocate(there, to[2])
    assert near(rig.position, there, 1e-6)
    assert abs(np.angle(np.exp(1j * (rig.yaw - to[2])))) < 1e-9


@given(st.lists(ROOM, min_size=1, max_size=20), ANGLE)
def test_snap_turns_keep_the_person_on_their_feet(walk: list[tuple[float, float]], room: float) -> None:
    rig = Rig((0.0, 0.0, 0.0), room)
    for x, z in walk:
        rig.step(frame(head=head(x, 1.6, z)))
        before = rig.position
        rig.step(frame(head=head(x, 1.6, z), actions=Actions(turn=(1.0, 0.0))))
        assert near(rig.position, before, 1e-9)
