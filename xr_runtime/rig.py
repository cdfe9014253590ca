"""The rig: where in the city the person's room stands, and how sticks and buttons carry it about. Pure.

The rig is `world_from_stage`: the STAGE space's floor point in the world frame and its heading. Walking in
the room moves the head inside the stage; sticks move the stage. The server has the last word: `relocate`
and `ground` put the stage where it says.
"""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from spatial import quaternion as q
from spatial.pose import Pose
from spatial.quaternion import FloatArray
from world.commands import BodyPose
from xr_runtime.frame import XrFrame

#: Metres per second: a person's pace, and a runner's.
WALK_SPEED = 1.4
RUN_SPEED = 4.0
#: A snap turn, radians; where the stick must go for one, and back to before the next.
SNAP = np.radians(30.0)
SNAP_AT = 0.7
SNAP_AGAIN = 0.3
#: Sticks at rest are not quite at zero.
DEAD_ZONE = 0.15
#: How far forward a teleport goes, metres.
TELEPORT_REACH = 5.0
#: Below this horizontal share of the gaze (78° up or down), the crown of the head says where a person faces.
STEEP = 0.2
#: The longest time one frame may move a person for, seconds: a stalled runtime must not fling them.
LONGEST_FRAME = 0.1


class Wish(Enum):
    """What a person asked for with a button."""

    TELEPORT = auto()
    WAVE = auto()
    MICROPHONE = auto()


@dataclass(frozen=True, slots=True)
class _Buttons:
    teleport: bool = False
    wave: bool = False
    menu: bool = False
    snapped: bool = False


def heading_of(orientation: FloatArray) -> float:
    """Return the heading of a head in radians about +Y: 0 along −Z, positive to the left.

    The gaze says it. Somebody who looks at their feet or at the sky faces where the crown of their head
    points, or away from there.
    """
    gaze = q.rotate(orientation, np.array([0.0, 0.0, -1.0]))
    if np.hypot(gaze[0], gaze[2]) < STEEP:
        crown = q.rotate(orientation, np.array([0.0, 1.0, 0.0]))
        gaze = crown if gaze[1] < 0.0 else -crown
    return float(np.arctan2(-gaze[0], -gaze[2]))


def stick(tilt: tuple[float, float]) -> FloatArray:
    """Return a stick's tilt (2,) without its dead zone, never longer than one."""
    vector = np.asarray(tilt, dtype=float)
    length = float(np.linalg.norm(vector))
    if length <= DEAD_ZONE:
        return np.zeros(2)
    return np.asarray(vector / length * min(1.0, (length - DEAD_ZONE) / (1.0 - DEAD_ZONE)))


class Rig:
    """Carries a person through the city.

    Args:
        position: (3,) metres, world frame: where the floor of the person's room stands.
        yaw: Heading of the room, radians.
    """

    def __init__(self, position: tuple[float, float, float], yaw: float) -> None:
        self._stage = Pose(np.asarray(position, dtype=float), q.from_yaw(yaw))
        self._head = Pose.of((0.0, 1.6, 0.0))
        self._time: float | None = None
        self._buttons = _Buttons()

    @property
    def position(self) -> FloatArray:
        """(3,) the ground point below the person, world frame."""
        feet = self._head.position * np.array([1.0, 0.0, 1.0])
        return self._stage.apply(feet)

    @property
    def yaw(self) -> float:
        """Where the person faces, radians."""
        return heading_of(q.multiply(self._stage.orientation, self._head.orientation))

    def step(self, frame: XrFrame) -> list[Wish]:
        """Take in a frame: move and turn as the sticks say; returns what buttons asked for.

        A frame without a tracked head leaves the person where they were. Every frame counts once, in order.
        """
        seconds = 0.0 if self._time is None else min(max(frame.time - self._time, 0.0), LONGEST_FRAME)
        self._time = frame.time
        if frame.head is not None:
            self._head = frame.head
        self._walk(frame, seconds)
        return self._press(frame)

    def ahead(self, distance: float = TELEPORT_REACH) -> tuple[float, float, float]:
        """Return the point `distance` metres in front of the person, on their level, world frame."""
        x, y, z = self.position + q.rotate(q.from_yaw(self.yaw), np.array([0.0, 0.0, -distance]))
        return float(x), float(y), float(z)

    def relocate(self, position: tuple[float, float, float], yaw: float | None) -> None:
        """Put the person on this ground point; with a yaw, facing there, else turned as they are."""
        if yaw is not None:
            self._turn(yaw - self.yaw)
        shift = np.asarray(position, dtype=float) - self.position
        self._stage = Pose(self._stage.position + shift, self._stage.orientation)

    def ground(self, height: float) -> None:
        """Set the floor to the ground's height, metres: the server knows the ground."""
        x, _, z = self._stage.position
        self._stage = Pose(np.array([x, height, z]), self._stage.orientation)

    def body(self, frame: XrFrame) -> BodyPose:
        """Return the person as the world knows them: ground point, heading, head and hands in the body frame.

        Hands that are not tracked are at zero, with the flag down.
        """
        yaw = self.yaw
        world_from_body = Pose(self.position, q.from_yaw(yaw))
        body_from_stage = world_from_body.inverse() @ self._stage
        hands = (frame.left.grip, frame.right.grip)
        parts, orientations = np.zeros((3, 3)), np.tile(q.IDENTITY, (3, 1))
        for row, stage_from_part in enumerate((self._head, *hands)):
            if stage_from_part is not None:
                part = body_from_stage @ stage_from_part
                parts[row], orientations[row] = part.position, q.normalise(part.orientation)
        return BodyPose(
            world_from_body.position, yaw, parts, orientations, hands[0] is not None, hands[1] is not None
        )

    def _walk(self, frame: XrFrame, seconds: float) -> None:
        side, ahead = stick(frame.actions.move)
        speed = RUN_SPEED if frame.actions.run else WALK_SPEED
        step = q.rotate(q.from_yaw(self.yaw), np.array([side, 0.0, -ahead])) * speed * seconds
        self._stage = Pose(self._stage.position + step, self._stage.orientation)

    def _press(self, frame: XrFrame) -> list[Wish]:
        actions, before = frame.actions, self._buttons
        tilt = actions.turn[0]
        snapped = abs(tilt) > (SNAP_AGAIN if before.snapped else SNAP_AT)
        if snapped and not before.snapped:
            self._turn(-SNAP if tilt > 0.0 else SNAP)
        self._buttons = _Buttons(actions.teleport, actions.wave, actions.menu, snapped)
        return [
            wish
            for wish, down, was in (
                (Wish.TELEPORT, actions.teleport, before.teleport),
                (Wish.WAVE, actions.wave, before.wave),
                (Wish.MICROPHONE, actions.menu, before.menu),
            )
            if down and not was
        ]

    def _turn(self, angle: float) -> None:
        """Turn the stage about the person, so that they stay where they stand."""
        feet = self.position
        turn = q.from_yaw(angle)
        self._stage = Pose(
            feet + q.rotate(turn, self._stage.position - feet),
            q.normalise(q.multiply(turn, self._stage.orientation)),
        )
