"""Controllers as data: which input of which hand means what (OpenXR 1.1, section 6.4, interaction profiles).

An action is a word of this product (`move`, `wave`, …); a profile says which input of one kind of controller
carries it. A runtime maps a controller that has no profile here to the nearest one that has.
"""

from dataclasses import dataclass
from enum import Enum


class Action(Enum):
    """What a person can do with their hands. Values are OpenXR action names."""

    MOVE = "move"
    """Walk: a stick, x to the right, y forward."""
    TURN = "turn"
    """Turn by steps: a stick, x to the right."""
    RUN = "run"
    """Held: walk faster."""
    TELEPORT = "teleport"
    """Pressed: go a few metres forward at once."""
    SELECT = "select"
    """Pressed, each hand for itself: take what the hand points at."""
    MENU = "menu"
    """Pressed: microphone on or off."""
    WAVE = "wave"
    """Pressed: wave to the people around."""
    GRIP = "grip"
    """Where each hand is."""
    AIM = "aim"
    """Where each hand points."""
    HAPTIC = "haptic"
    """A short vibration in each hand."""


class Kind(Enum):
    """Type of an action (XrActionType)."""

    BOOLEAN = "boolean"
    STICK = "stick"
    POSE = "pose"
    VIBRATION = "vibration"


KINDS = {
    Action.MOVE: Kind.STICK,
    Action.TURN: Kind.STICK,
    Action.RUN: Kind.BOOLEAN,
    Action.TELEPORT: Kind.BOOLEAN,
    Action.SELECT: Kind.BOOLEAN,
    Action.MENU: Kind.BOOLEAN,
    Action.WAVE: Kind.BOOLEAN,
    Action.GRIP: Kind.POSE,
    Action.AIM: Kind.POSE,
    Action.HAPTIC: Kind.VIBRATION,
}

#: Actions that each hand has for itself; the others have one value, wherever it comes from.
PER_HAND = frozenset({Action.SELECT, Action.GRIP, Action.AIM, Action.HAPTIC})

LEFT = "/user/hand/left"
RIGHT = "/user/hand/right"


@dataclass(frozen=True, slots=True)
class Binding:
    """One input (or output) that carries an action.

    Attributes:
        action: What it means.
        path: Full OpenXR path, hand and component.
    """

    action: Action
    path: str


@dataclass(frozen=True, slots=True)
class InteractionProfile:
    """One kind of controller.

    Attributes:
        path: OpenXR interaction profile path.
        name: What people call it.
        extension: OpenXR extension that must be enabled before the profile may be named, or None.
        bindings: What its inputs mean.
    """

    path: str
    name: str
    extension: str | None
    bindings: tuple[Binding, ...]


def _both(action: Action, component: str) -> tuple[Binding, Binding]:
    return Binding(action, LEFT + component), Binding(action, RIGHT + component)


_POSES = (*_both(Action.GRIP, "/input/grip/pose"), *_both(Action.AIM, "/input/aim/pose"))
_HAPTIC = _both(Action.HAPTIC, "/output/haptic")

#: Every runtime accepts it: two buttons a hand. Select stays on the left, the right hand teleports and waves.
SIMPLE = InteractionProfile(
    "/interaction_profiles/khr/simple_controller",
    "Khronos simple controller",
    None,
    (
        *_POSES,
        *_HAPTIC,
        Binding(Action.SELECT, f"{LEFT}/input/select/click"),
        Binding(Action.TELEPORT, f"{RIGHT}/input/select/click"),
        Binding(Action.MENU, f"{LEFT}/input/menu/click"),
        Binding(Action.WAVE, f"{RIGHT}/input/menu/click"),
    ),
)

TOUCH = InteractionProfile(
    "/interaction_profiles/oculus/touch_controller",
    "Oculus Touch",
    None,
    (
        *_POSES,
        *_HAPTIC,
        *_both(Action.SELECT, "/input/trigger/value"),
        Binding(Action.MOVE, f"{LEFT}/input/thumbstick"),
        Binding(Action.RUN, f"{LEFT}/input/thumbstick/click"),
        Binding(Action.TURN, f"{RIGHT}/input/thumbstick"),
        Binding(Action.TELEPORT, f"{RIGHT}/input/a/click"),
        Binding(Action.WAVE, f"{RIGHT}/input/b/click"),
        Binding(Action.MENU, f"{LEFT}/input/menu/click"),
    ),
)

INDEX = InteractionProfile(
    "/interaction_profiles/valve/index_controller",
    "Valve Index",
    None,
    (
        *_POSES,
        *_HAPTIC,
        *_both(Action.SELECT, "/input/trigger/click"),
        Binding(Action.MOVE, f"{LEFT}/input/thumbstick"),
        Binding(Action.RUN, f"{LEFT}/input/thumbstick/click"),
        Binding(Action.TURN, f"{RIGHT}/input/thumbstick"),
        Binding(Action.TELEPORT, f"{RIGHT}/input/a/click"),
        Binding(Action.WAVE, f"{RIGHT}/input/b/click"),
        Binding(Action.MENU, f"{LEFT}/input/b/click"),
    ),
)

#: A wand with a trackpad: a press of the left one runs, a press of the right one teleports.
VIVE = InteractionProfile(
    "/interaction_profiles/htc/vive_controller",
    "HTC Vive",
    None,
    (
        *_POSES,
        *_HAPTIC,
        *_both(Action.SELECT, "/input/trigger/click"),
        Binding(Action.MOVE, f"{LEFT}/input/trackpad"),
        Binding(Action.RUN, f"{LEFT}/input/trackpad/click"),
        Binding(Action.TURN, f"{RIGHT}/input/trackpad"),
        Binding(Action.TELEPORT, f"{RIGHT}/input/trackpad/click"),
        Binding(Action.WAVE, f"{RIGHT}/input/menu/click"),
        Binding(Action.MENU, f"{LEFT}/input/menu/click"),
    ),
)

#: Bare hands (XR_EXT_hand_interaction). Hands have no stick and nobody need press a button to wave with them.
HANDS = InteractionProfile(
    "/interaction_profiles/ext/hand_interaction_ext",
    "Tracked hands",
    "XR_EXT_hand_interaction",
    (
        *_POSES,
        Binding(Action.SELECT, f"{LEFT}/input/pinch_ext/value"),
        Binding(Action.SELECT, f"{RIGHT}/input/pinch_ext/value"),
        Binding(Action.TELEPORT, f"{RIGHT}/input/aim_activate_ext/value"),
    ),
)

PROFILES = (SIMPLE, TOUCH, INDEX, VIVE, HANDS)
