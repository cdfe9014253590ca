import pytest

from xr_runtime.spaces import EYE_HEIGHT, ORIENTATION_VALID, POSITION_VALID, ReferenceSpace, choose, pose_of

R = ReferenceSpace
BOTH = ORIENTATION_VALID | POSITION_VALID


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ({R.VIEW, R.LOCAL, R.STAGE, R.LOCAL_FLOOR}, (R.STAGE, 0.0)),
        ({R.VIEW, R.LOCAL, R.LOCAL_FLOOR}, (R.LOCAL_FLOOR, 0.0)),
        ({R.VIEW, R.LOCAL}, (R.LOCAL, -EYE_HEIGHT)),
    ],
)
def test_the_space_with_the_surest_floor_is_chosen(
    offered: set[ReferenceSpace], expected: tuple[ReferenceSpace, float]
) -> None:
    assert choose(offered) == expected


@pytest.mark.parametrize("flags", [0, ORIENTATION_VALID, POSITION_VALID])
def test_half_a_pose_is_none(flags: int) -> None:
    assert pose_of(flags, (1.0, 2.0, 3.0), (0.0, 0.0, 0.0, 1.0)) is None


def test_a_valid_pose_is_given_as_it_is() -> None:
    pose = pose_of(BOTH, (1.0, 2.0, 3.0), (0.0, 0.0, 0.0, 2.0))
    assert pose is not None
    assert pose.position.tolist() == [1.0, 2.0, 3.0]
    assert pose.orientation.tolist() == [0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("position", "orientation"),
    [((float("nan"), 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)), ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0))],
)
def test_a_drivers_nonsense_counts_as_not_tracked(
    position: tuple[float, ...], orientation: tuple[float, ...]
) -> None:
    assert pose_of(BOTH, position, orientation) is None
