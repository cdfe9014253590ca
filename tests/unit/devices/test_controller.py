from itertools import product

import pytest

from devices.controller import KINDS, PER_HAND, PROFILES, SIMPLE, Action, InteractionProfile, Kind

#: What the specification gives each controller (OpenXR 1.1, section 6.4.4; XR_EXT_hand_interaction).
#: "left right" means both hands.
COMPONENTS = {
    "/interaction_profiles/khr/simple_controller": {
        "left right": "input/select/click input/menu/click input/grip/pose input/aim/pose output/haptic"
    },
    "/interaction_profiles/oculus/touch_controller": {
        "left": "input/x/click input/y/click input/menu/click",
        "right": "input/a/click input/b/click input/system/click",
        "left right": "input/squeeze/value input/trigger/value input/thumbstick input/thumbstick/click "
        "input/grip/pose input/aim/pose output/haptic",
    },
    "/interaction_profiles/valve/index_controller": {
        "left right": "input/a/click input/b/click input/trigger/click input/trigger/value input/trackpad "
        "input/thumbstick input/thumbstick/click input/grip/pose input/aim/pose output/haptic"
    },
    "/interaction_profiles/htc/vive_controller": {
        "left right": "input/squeeze/click input/menu/click input/trigger/click input/trigger/value "
        "input/trackpad input/trackpad/click input/grip/pose input/aim/pose output/haptic"
    },
    "/interaction_profiles/ext/hand_interaction_ext": {
        "left right": "input/pinch_ext/value input/aim_activate_ext/value input/grasp_ext/value "
        "input/grip/pose input/aim/pose"
    },
}


def allowed(profile: InteractionProfile) -> set[str]:
    paths = set()
    for sides, components in COMPONENTS[profile.path].items():
        for each, component in product(sides.split(), components.split()):
            paths.add(f"/user/hand/{each}/{component}")
    return paths


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
def test_every_binding_names_an_input_that_the_controller_has(profile: InteractionProfile) -> None:
    assert {binding.path for binding in profile.bindings} <= allowed(profile)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
def test_no_input_means_two_things(profile: InteractionProfile) -> None:
    paths = [binding.path for binding in profile.bindings]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
def test_each_hand_has_its_poses(profile: InteractionProfile) -> None:
    bound = {(binding.action, binding.path) for binding in profile.bindings}
    for side, (action, pose) in product(("left", "right"), ((Action.GRIP, "grip"), (Action.AIM, "aim"))):
        assert (action, f"/user/hand/{side}/input/{pose}/pose") in bound


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
def test_components_fit_the_type_of_their_action(profile: InteractionProfile) -> None:
    endings = {
        Kind.BOOLEAN: ("/click", "/value"),
        Kind.STICK: ("/thumbstick", "/trackpad"),
        Kind.POSE: ("/pose",),
        Kind.VIBRATION: ("/haptic",),
    }
    for binding in profile.bindings:
        assert binding.path.endswith(endings[KINDS[binding.action]]), binding


@pytest.mark.parametrize(
    "profile",
    [each for each in PROFILES if each.extension is None and each is not SIMPLE],
    ids=lambda each: each.name,
)
def test_a_controller_with_a_stick_carries_every_action(profile: InteractionProfile) -> None:
    assert {binding.action for binding in profile.bindings} == set(Action)


def test_every_action_has_a_type_and_hands_only_where_hands_differ() -> None:
    assert set(KINDS) == set(Action)
    assert {Action.GRIP, Action.AIM} <= PER_HAND
