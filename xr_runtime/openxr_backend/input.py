"""The action set on a session: created, bound to controllers, read."""

from typing import Any

import xr

from devices.controller import LEFT, RIGHT, Action, Kind
from xr_runtime.actions import ACTION_SET, ACTIONS, usable_profiles
from xr_runtime.backend import ControllerChanged, Side
from xr_runtime.frame import Actions
from xr_runtime.openxr_backend.instance import Instance, text

HANDS: dict[Side, str] = {"left": LEFT, "right": RIGHT}

ACTION_TYPES = {
    Kind.BOOLEAN: xr.ActionType.BOOLEAN_INPUT,
    Kind.STICK: xr.ActionType.VECTOR2F_INPUT,
    Kind.POSE: xr.ActionType.POSE_INPUT,
    Kind.VIBRATION: xr.ActionType.VIBRATION_OUTPUT,
}


class Input:
    """The product's actions, attached to a session."""

    def __init__(self, instance: Instance, session: Any) -> None:
        self._instance = instance
        self._session = session
        self._hands = {side: instance.path(path) for side, path in HANDS.items()}
        both = list(self._hands.values())
        name, localised = ACTION_SET
        action_set = xr.create_action_set(instance.handle, xr.ActionSetCreateInfo(name, localised, 0))
        self._actions = {
            spec.action: xr.create_action(
                action_set,
                xr.ActionCreateInfo(
                    action_name=spec.action.value,
                    action_type=ACTION_TYPES[spec.kind],
                    subaction_paths=both if spec.per_hand else None,
                    localized_action_name=spec.localised,
                ),
            )
            for spec in ACTIONS
        }
        self._suggest()
        xr.attach_session_action_sets(session, xr.SessionActionSetsAttachInfo(action_sets=[action_set]))
        active = xr.ActiveActionSet(action_set, xr.NULL_PATH)
        self._sync_info = xr.ActionsSyncInfo(active_action_sets=[active])

    def space(self, action: Action, side: Side) -> Any:
        """Create the space that follows a pose action of one hand."""
        info = xr.ActionSpaceCreateInfo(
            action=self._actions[action], subaction_path=self._hands[side], pose_in_action_space=xr.Posef()
        )
        return xr.create_action_space(self._session, info)

    def sync(self) -> bool:
        """Take in what the controllers do; False while another application has the person's input."""
        try:
            xr.sync_actions(self._session, self._sync_info)
        except xr.SessionNotFocused:
            return False
        return True

    def actions(self) -> Actions:
        """Return what `sync` took in."""
        return Actions(
            move=self._stick(Action.MOVE),
            turn=self._stick(Action.TURN),
            run=self._pressed(Action.RUN, xr.NULL_PATH),
            teleport=self._pressed(Action.TELEPORT, xr.NULL_PATH),
            menu=self._pressed(Action.MENU, xr.NULL_PATH),
            wave=self._pressed(Action.WAVE, xr.NULL_PATH),
        )

    def select(self, side: Side) -> bool:
        """Return whether this hand takes hold."""
        return self._pressed(Action.SELECT, self._hands[side])

    def pulse(self, side: Side, seconds: float, amplitude: float) -> None:
        """Let a controller vibrate."""
        target = xr.HapticActionInfo(self._actions[Action.HAPTIC], self._hands[side])
        vibration = xr.HapticVibration(duration=round(seconds * 1e9), frequency=0.0, amplitude=amplitude)
        try:
            xr.apply_haptic_feedback(self._session, target, vibration)
        except xr.SessionNotFocused:
            return  # the controllers are not ours now

    def controllers(self) -> list[ControllerChanged]:
        """Return what each hand holds now."""
        found = []
        for side, path in self._hands.items():
            profile = xr.get_current_interaction_profile(self._session, path).interaction_profile
            name = xr.path_to_string(self._instance.handle, profile) if profile else ""
            found.append(ControllerChanged(side, text(name)))
        return found

    def _suggest(self) -> None:
        for profile in usable_profiles(self._instance.extensions):
            bindings = [
                xr.ActionSuggestedBinding(self._actions[each.action], self._instance.path(each.path))
                for each in profile.bindings
            ]
            xr.suggest_interaction_profile_bindings(
                self._instance.handle,
                xr.InteractionProfileSuggestedBinding(
                    interaction_profile=self._instance.path(profile.path), suggested_bindings=bindings
                ),
            )

    def _pressed(self, action: Action, path: Any) -> bool:
        info = xr.ActionStateGetInfo(action=self._actions[action], subaction_path=path)
        return bool(xr.get_action_state_boolean(self._session, info).current_state)

    def _stick(self, action: Action) -> tuple[float, float]:
        info = xr.ActionStateGetInfo(action=self._actions[action], subaction_path=xr.NULL_PATH)
        tilt = xr.get_action_state_vector2f(self._session, info).current_state
        return tilt.x, tilt.y
