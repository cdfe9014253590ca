import re

from devices.controller import HANDS, PER_HAND, PROFILES, Action
from xr_runtime.actions import ACTION_SET, ACTIONS, usable_profiles


def test_every_action_is_created_once_with_names_that_openxr_allows() -> None:
    assert {spec.action for spec in ACTIONS} == set(Action)
    assert len({spec.localised for spec in ACTIONS}) == len(ACTIONS)
    # XR_MAX_ACTION_NAME_SIZE 64, XR_MAX_LOCALIZED_ACTION_NAME_SIZE 128, both with the closing zero.
    for name, localised in (ACTION_SET, *((spec.action.value, spec.localised) for spec in ACTIONS)):
        assert re.fullmatch(r"[a-z0-9_.-]{1,63}", name)
        assert 0 < len(localised.encode()) < 128


def test_hands_are_asked_for_separately_where_they_differ() -> None:
    assert {spec.action for spec in ACTIONS if spec.per_hand} == PER_HAND


def test_a_profile_of_an_extension_is_named_only_when_it_is_enabled() -> None:
    assert HANDS not in usable_profiles(())
    assert usable_profiles({"XR_EXT_hand_interaction"}) == PROFILES
