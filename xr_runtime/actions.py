"""The action set: which actions exist, and what each kind of controller suggests for them. Pure.

The facts stand in :mod:`devices.controller`; this module turns them into what OpenXR asks for.
"""

from collections.abc import Collection
from dataclasses import dataclass

from devices.controller import KINDS, PER_HAND, PROFILES, Action, InteractionProfile, Kind

#: Name and localised name of the action set.
ACTION_SET = ("meta_gwangju", "Meta Gwangju")

#: What a person reads in the runtime's own binding page; names must differ from each other.
LOCALISED = {
    Action.MOVE: "걷기 (Walk)",
    Action.TURN: "돌기 (Turn)",
    Action.RUN: "뛰기 (Run)",
    Action.TELEPORT: "순간 이동 (Teleport)",
    Action.SELECT: "선택 (Select)",
    Action.MENU: "마이크 켜고 끄기 (Microphone)",
    Action.WAVE: "손 흔들기 (Wave)",
    Action.GRIP: "손 (Hand)",
    Action.AIM: "가리키기 (Point)",
    Action.HAPTIC: "진동 (Vibration)",
}


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action to create.

    Attributes:
        action: Which.
        kind: Its type.
        per_hand: Whether left and right are asked for separately (subaction paths).
        localised: What people read.
    """

    action: Action
    kind: Kind
    per_hand: bool
    localised: str


ACTIONS = tuple(ActionSpec(action, KINDS[action], action in PER_HAND, LOCALISED[action]) for action in Action)


def usable_profiles(extensions: Collection[str]) -> tuple[InteractionProfile, ...]:
    """Return the profiles that may be named when these extensions are enabled."""
    return tuple(each for each in PROFILES if each.extension is None or each.extension in extensions)
