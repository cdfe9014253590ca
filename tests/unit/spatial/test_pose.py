import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spatial import InvalidPoseError, Pose

rotations = arrays(float, 4, elements=st.floats(-1.0, 1.0, allow_subnormal=False)).filter(
    lambda r: float(np.linalg.norm(r)) > 0.1
)
points = arrays(float, 3, elements=st.floats(-1e4, 1e4))
poses = st.builds(Pose.of, points, rotations)


@given(poses, poses, points)
def test_composed_poses_map_like_one_after_the_other(first: Pose, second: Pose, point: np.ndarray) -> None:
    assert np.allclose((first @ second).apply(point), first.apply(second.apply(point)), atol=1e-6)


@given(poses, points)
def test_the_inverse_brings_a_point_back(pose: Pose, point: np.ndarray) -> None:
    assert np.allclose(pose.inverse().apply(pose.apply(point)), point, atol=1e-6)


@pytest.mark.parametrize(
    ("position", "orientation"),
    [
        ([np.nan, 0, 0], [0, 0, 0, 1]),
        ([0, 0, np.inf], [0, 0, 0, 1]),
        ([0, 0], [0, 0, 0, 1]),
        ([0, 0, 0], [0, 0, 0]),
        ([0, 0, 0], [0, 0, 0, 0]),
    ],
)
def test_a_pose_that_is_none_is_refused(position: list[float], orientation: list[float]) -> None:
    with pytest.raises(InvalidPoseError):
        Pose.of(position, orientation)
