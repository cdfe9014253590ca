import numpy as np
import pytest

from streaming.audio.hrtf import PAST, SIZE, Hrtf, kemar
from streaming.errors import AudioDataError


@pytest.fixture(scope="module")
def hrtf() -> Hrtf:
    return kemar()


def _responses(hrtf: Hrtf, directions: np.ndarray) -> np.ndarray:
    return np.fft.irfft(hrtf.filters(directions), SIZE, axis=-1)


def _level(responses: np.ndarray) -> np.ndarray:
    return 10.0 * np.log10((responses**2).sum(axis=-1))


def test_a_measured_direction_gives_the_measurement_back(hrtf: Hrtf) -> None:
    some = np.arange(0, len(hrtf.directions), 17)
    corners, weights = hrtf.blend(hrtf.directions[some])
    chosen = np.take_along_axis(corners, weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    assert np.allclose(weights.max(axis=1), 1.0, atol=1e-6)
    assert np.array_equal(chosen, some)


def test_a_blend_points_where_it_was_asked_to(hrtf: Hrtf) -> None:
    asked = np.random.default_rng(1).normal(size=(2000, 3))
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    corners, weights = hrtf.blend(asked)
    got = np.einsum("nc,ncj->nj", weights, hrtf.directions[corners])
    got /= np.linalg.norm(got, axis=1, keepdims=True)
    assert np.degrees(np.arccos(np.clip((got * asked).sum(axis=1), -1, 1))).max() < 1.0
    assert np.allclose(weights.sum(axis=1), 1.0)
    assert weights.min() >= 0.0


def test_the_near_ear_is_louder_and_earlier(hrtf: Hrtf) -> None:
    left, right = _responses(hrtf, np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]))
    assert _level(left)[0] - _level(left)[1] > 10.0
    assert _level(right)[1] - _level(right)[0] > 10.0
    # Woodworth's sphere of 8.75 cm gives 656 µs; a head with a torso a little more.
    late = (np.abs(left[1]).argmax() - np.abs(left[0]).argmax()) / 48_000
    assert 500e-6 < late < 900e-6


def test_ahead_is_even_and_neither_louder_nor_softer_than_the_voice(hrtf: Hrtf) -> None:
    (ahead,) = _responses(hrtf, np.array([[0.0, 0.0, -3.0]]))
    assert np.abs(_level(ahead)).max() < 0.2
    assert abs(_level(ahead)[0] - _level(ahead)[1]) < 0.2


def test_a_blend_in_between_keeps_the_loudness_of_its_neighbours(hrtf: Hrtf) -> None:
    """Responses that are not aligned would comb when they are blended, and lose loudness."""
    inner = hrtf.directions[:, 1] > -0.6
    corners = hrtf._triangles[inner[hrtf._triangles].all(axis=1)][::5]
    middle = _level(_responses(hrtf, hrtf.directions[corners].mean(axis=1)))
    around = np.stack([_level(_responses(hrtf, hrtf.directions[corners[:, k]])) for k in range(3)])
    lost = np.maximum(around.min(axis=0) - middle, 0.0)
    gained = np.maximum(middle - around.max(axis=0), 0.0)
    assert np.percentile(lost, 95) < 0.7
    assert lost.max() < 1.6
    assert gained.max() < 0.5


def test_filters_end_before_the_transform_wraps(hrtf: Hrtf) -> None:
    responses = _responses(hrtf, np.random.default_rng(2).normal(size=(50, 3)))
    tail = (responses[..., PAST:] ** 2).sum() / (responses**2).sum()
    assert 10.0 * np.log10(tail) < -50.0


def test_no_direction_counts_as_ahead(hrtf: Hrtf) -> None:
    nowhere, ahead = hrtf.filters(np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -1.0]]))
    assert np.array_equal(nowhere, ahead)


def test_the_measurements_are_credited(hrtf: Hrtf) -> None:
    assert "Gardner" in hrtf.credit
    assert "Martin" in hrtf.credit


def test_a_damaged_table_is_told() -> None:
    with pytest.raises(AudioDataError):
        Hrtf({"directions": np.zeros((3, 3))})
