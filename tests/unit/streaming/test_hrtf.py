import numpy as np
import pytest

from streaming.audio.hrtf import FINE, PAST, SIZE, Hrtf, kemar
from streaming.audio.pairs import FILTER, point
from streaming.errors import AudioDataError
from tests.support import reference_mix


@pytest.fixture(scope="module")
def hrtf() -> Hrtf:
    return kemar()


def _responses(directions: np.ndarray) -> np.ndarray:
    return np.fft.irfft(reference_mix.filters(directions), SIZE, axis=-1)


def _blend(
    hrtf: Hrtf, directions: np.ndarray, gain: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what the mix makes of directions: corners, their weights, the ears' delays in samples."""
    made = np.zeros(len(directions), FILTER)
    for index, direction in enumerate(directions):
        point(hrtf.around, *direction, gain, made[index])
    weights = made["gain"][:, None] * np.stack([np.ones(len(made)), made["second"], made["third"]], axis=1)
    return made["corners"], weights, np.stack([made["left"], made["right"]], axis=1) / FINE


def _level(responses: np.ndarray) -> np.ndarray:
    return 10.0 * np.log10((responses**2).sum(axis=-1))


def test_a_measured_direction_gives_the_measurement_back(hrtf: Hrtf) -> None:
    some = np.arange(0, len(hrtf.directions), 17)
    corners, weights, _ = _blend(hrtf, hrtf.directions[some])
    chosen = np.take_along_axis(corners, weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    assert np.allclose(weights.max(axis=1), 1.0, atol=1e-6)
    assert np.array_equal(chosen, some)


def test_a_blend_points_where_it_was_asked_to(hrtf: Hrtf) -> None:
    asked = np.random.default_rng(1).normal(size=(2000, 3))
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    corners, weights, _ = _blend(hrtf, asked)
    got = np.einsum("nc,ncj->nj", weights, hrtf.directions[corners])
    got /= np.linalg.norm(got, axis=1, keepdims=True)
    assert np.degrees(np.arccos(np.clip((got * asked).sum(axis=1), -1, 1))).max() < 1.0
    assert np.allclose(weights.sum(axis=1), 1.0)
    assert weights.min() >= 0.0


def test_the_near_ear_is_louder_and_earlier() -> None:
    left, right = _responses(np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]))
    assert _level(left)[0] - _level(left)[1] > 10.0
    assert _level(right)[1] - _level(right)[0] > 10.0
    # Woodworth's sphere of 8.75 cm gives 656 µs; a head with a torso a little more.
    late = (np.abs(left[1]).argmax() - np.abs(left[0]).argmax()) / 48_000
    assert 500e-6 < late < 900e-6


def test_ahead_is_even_and_neither_louder_nor_softer_than_the_voice() -> None:
    (ahead,) = _responses(np.array([[0.0, 0.0, -3.0]]))
    assert np.abs(_level(ahead)).max() < 0.2
    assert abs(_level(ahead)[0] - _level(ahead)[1]) < 0.2


def test_a_blend_in_between_keeps_the_loudness_of_its_neighbours(hrtf: Hrtf) -> None:
    """Responses that are not aligned would comb when they are blended, and lose loudness."""
    inner = hrtf.directions[:, 1] > -0.6
    corners = hrtf.around.triangles[inner[hrtf.around.triangles].all(axis=1)][::5]
    middle = _level(_responses(hrtf.directions[corners].mean(axis=1)))
    around = np.stack([_level(_responses(hrtf.directions[corners[:, k]])) for k in range(3)])
    lost = np.maximum(around.min(axis=0) - middle, 0.0)
    gained = np.maximum(middle - around.max(axis=0), 0.0)
    assert np.percentile(lost, 95) < 0.7
    assert lost.max() < 1.6
    assert gained.max() < 0.5


def test_filters_end_before_the_transform_wraps() -> None:
    responses = _responses(np.random.default_rng(2).normal(size=(50, 3)))
    tail = (responses[..., PAST:] ** 2).sum() / (responses**2).sum()
    assert 10.0 * np.log10(tail) < -50.0


def test_no_direction_counts_as_ahead(hrtf: Hrtf) -> None:
    directions = np.array([[0.0, 0.0, -1.0], [0.0, 0.0, 0.0], [np.nan, 0.0, 1.0], [np.inf, 0.0, 1.0]])
    for ahead, *others in _blend(hrtf, directions):
        assert all(np.array_equal(ahead, other) for other in others)


def test_the_mix_blends_as_the_reference_does(hrtf: Hrtf) -> None:
    asked = np.random.default_rng(3).normal(size=(2000, 3)) * 5.0
    corners, weights, delays = _blend(hrtf, asked, 0.25)
    expected_corners, expected = reference_mix.blend(asked)
    order, other = np.argsort(corners), np.argsort(expected_corners)
    assert np.array_equal(
        np.take_along_axis(corners, order, 1), np.take_along_axis(expected_corners, other, 1)
    )
    got, expected = np.take_along_axis(weights, order, 1), 0.25 * np.take_along_axis(expected, other, 1)
    assert np.abs(got - expected).max() < 1e-6
    onsets = reference_mix.measured()["delays"].astype(float)[np.take_along_axis(expected_corners, other, 1)]
    assert np.abs(delays - np.einsum("nc,nce->ne", expected / 0.25, onsets)).max() < 0.51 / FINE


def test_the_measurements_are_credited(hrtf: Hrtf) -> None:
    assert "Gardner" in hrtf.credit
    assert "Martin" in hrtf.credit


def test_a_damaged_table_is_told() -> None:
    with pytest.raises(AudioDataError):
        Hrtf({"directions": np.zeros((3, 3))})
