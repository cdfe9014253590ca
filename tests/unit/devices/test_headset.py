import pytest

from devices.headset import HEADSETS, UNKNOWN, profile_of


@pytest.mark.parametrize(
    ("system", "name"),
    [
        ("Meta Quest 3", "Meta Quest 3"),
        ("Oculus Quest2", "Meta Quest"),
        ("SteamVR/OpenXR : lighthouse (Index)", "Valve Index"),
        ("Monado: Remote HMD", UNKNOWN.name),
        ("", UNKNOWN.name),
    ],
)
def test_a_headset_is_known_by_its_system_name(system: str, name: str) -> None:
    assert profile_of(system).name == name


def test_no_headset_is_hidden_behind_an_earlier_one() -> None:
    for headset in HEADSETS:
        assert profile_of(headset.word) is headset


def test_every_headset_has_a_pace() -> None:
    assert all(60.0 <= headset.refresh_hz <= 144.0 for headset in (*HEADSETS, UNKNOWN))
