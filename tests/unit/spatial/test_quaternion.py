import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spatial import quaternion as q
from spatial.errors import InvalidPoseError

components = st.floats(-1.0, 1.0, allow_subnormal=False)
rotations = (
    arrays(float, 4, elements=components).filter(lambda r: float(np.linalg.norm(r)) > 0.1).map(q.normalise)
)
vectors = arrays(float, 3, elements=st.floats(-1e4, 1e4))


def matrix(rotation: np.ndarray) -> np.ndarray:
    """Textbook rotation matrix (Diebel 2006, eq. 125), independent of the code under test."""
    x, y, z, w = rotation
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


@given(rotations, vectors)
def test_rotating_agrees_with_the_rotation_matrix(rotation: np.ndarray, vector: np.ndarray) -> None:
    assert np.allclose(q.rotate(rotation, vector), matrix(rotation) @ vector, atol=1e-8)


@given(rotations, rotations, vectors)
def test_composing_rotates_twice(first: np.ndarray, second: np.ndarray, vector: np.ndarray) -> None:
    once = q.rotate(q.multiply(first, second), vector)
    assert np.allclose(once, q.rotate(first, q.rotate(second, vector)), atol=1e-7)


@given(st.floats(-3.1, 3.1))
def test_yaw_survives_the_round_trip(yaw: float) -> None:
    assert np.isclose(q.yaw_of(q.from_yaw(yaw)), yaw, atol=1e-9)


def test_positive_yaw_turns_left() -> None:
    ahead = q.rotate(q.from_yaw(np.pi / 2), np.array([0.0, 0.0, -1.0]))
    assert np.allclose(ahead, [-1.0, 0.0, 0.0])


@given(rotations, st.floats(0.0, 3.1))
def test_the_angle_between_is_the_angle_turned(rotation: np.ndarray, angle: float) -> None:
    turned = q.multiply(rotation, q.from_yaw(angle))
    assert np.isclose(q.angle_between(rotation, turned), angle, atol=1e-6)
    assert np.isclose(q.angle_between(rotation, -turned), angle, atol=1e-6)


@pytest.mark.parametrize("bad", [[0, 0, 0, 0], [np.nan, 0, 0, 1], [np.inf, 0, 0, 1]])
def test_a_quaternion_without_direction_is_refused(bad: list[float]) -> None:
    with pytest.raises(InvalidPoseError):
        q.normalise(np.array(bad, float))
