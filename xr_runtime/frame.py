"""One frame of a headset session: an immutable snapshot of head, hands and what they do."""

from dataclasses import dataclass

from spatial.pose import Pose


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand.

    Attributes:
        grip: `stage_from_grip`, where the hand is; None while it is not tracked.
        aim: `stage_from_aim`, along whose −Z the hand points; None while it is not tracked.
        select: Whether the hand takes hold of what it points at.
    """

    grip: Pose | None
    aim: Pose | None
    select: bool


@dataclass(frozen=True, slots=True)
class Actions:
    """What the person does with buttons and sticks; everything is at rest while the session has no focus.

    Attributes:
        move: Stick to walk with: x to the right, y forward, −1 to 1.
        turn: Stick to turn with: x to the right, −1 to 1.
        run, teleport, menu, wave: Whether the button is down now.
    """

    move: tuple[float, float] = (0.0, 0.0)
    turn: tuple[float, float] = (0.0, 0.0)
    run: bool = False
    teleport: bool = False
    menu: bool = False
    wave: bool = False


@dataclass(frozen=True, slots=True)
class XrFrame:
    """What a headset knows at one moment. Poses are in the STAGE space: metres, y up, y = 0 on the floor.

    Attributes:
        number: Counts the frames of the loop, across sessions.
        time: Seconds, clock of :func:`devices.device.now`, of the moment that the poses are predicted for.
        focused: Whether the session has the person's input.
        head: `stage_from_head`, between the eyes; None while it is not tracked.
        left, right: The hands.
        actions: Buttons and sticks.
    """

    number: int
    time: float
    focused: bool
    head: Pose | None
    left: Hand
    right: Hand
    actions: Actions
