import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.interest import SQUARES, TIERS, cells_of, nearest
from streaming.messages import MAX_NEAR, NEAR_RADIUS


def _found(positions: np.ndarray, hint: int = 0) -> list[np.ndarray]:
    """Return for everybody the rows of whom they are shown, in the order in which they come."""
    count = len(positions)
    cells = cells_of(positions)
    order = np.argsort(cells, kind="stable")
    sorted_positions, sorted_cells = positions[order], cells[order]
    squares, found = np.zeros(count + 1), np.zeros(count + 1, np.int32)
    result: list[np.ndarray] = [np.empty(0, int)] * count
    for place in range(count):
        many, _ = nearest(place, sorted_positions, sorted_cells, hint, squares, found)
        result[order[place]] = order[found[:many]]
    return result


def _by_hand(positions: np.ndarray, row: int, most: int) -> list[float]:
    """Return the distances of the nearest, ascending."""
    distances = np.linalg.norm(positions - positions[row], axis=1)
    distances[row] = np.inf
    return np.sort(distances[distances <= NEAR_RADIUS])[:most].tolist()


@pytest.mark.parametrize(("people", "spread"), [(1, 1.0), (2, 10.0), (50, 30.0), (300, 100.0), (500, 2000.0)])
@pytest.mark.parametrize("hint", [0, len(SQUARES) - 1])
def test_everybody_is_shown_their_nearest_within_sight(people: int, spread: float, hint: int) -> None:
    positions = np.random.default_rng(people).uniform(-spread, spread, (people, 3))
    for row, rows in enumerate(_found(positions, hint)):
        distances = np.linalg.norm(positions[rows] - positions[row], axis=1)
        assert np.allclose(np.sort(distances), _by_hand(positions, row, MAX_NEAR))
        assert row not in rows


@settings(deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 200), st.floats(0.1, 300.0), st.integers(0, len(SQUARES) - 1)
)
def test_the_nearest_sixteen_come_first_then_the_next(
    seed: int, people: int, spread: float, hint: int
) -> None:
    random = np.random.default_rng(seed)
    positions = random.uniform(-spread, spread, (people, 3)) + random.uniform(-17_000, 17_000, 3)
    for row, rows in enumerate(_found(positions, hint)):
        distances = np.linalg.norm(positions[rows] - positions[row], axis=1)
        for tier in TIERS:
            assert np.allclose(np.sort(distances[:tier]), _by_hand(positions, row, tier))


def test_people_across_a_cell_border_see_each_other() -> None:
    positions = np.array([[59.9, 0.0, -0.1], [60.1, 0.0, 0.1], [-1.0, 0.0, 0.0]])
    assert [rows.tolist() for rows in _found(positions)] == [[1], [0], []]


def test_an_empty_city_and_people_on_one_point_are_no_trouble() -> None:
    assert _found(np.zeros((0, 3))) == []
    crowd = _found(np.zeros((100, 3)))
    assert all(len(rows) == MAX_NEAR and row not in rows for row, rows in enumerate(crowd))
