import numpy as np
import pytest

from streaming.interest import nearest


def _by_hand(positions: np.ndarray, most: int, radius: float) -> list[set[int]]:
    result = []
    for row, place in enumerate(positions):
        distances = np.linalg.norm(positions - place, axis=1)
        distances[row] = np.inf
        order = [int(other) for other in np.argsort(distances) if distances[other] <= radius]
        result.append(set(order[:most]))
    return result


@pytest.mark.parametrize(("people", "spread"), [(1, 1.0), (2, 10.0), (50, 30.0), (300, 100.0), (500, 2000.0)])
def test_everybody_is_shown_their_nearest_within_sight(people: int, spread: float) -> None:
    positions = np.random.default_rng(people).uniform(-spread, spread, (people, 3))
    found = nearest(positions, most=64, radius=60.0)
    assert [set(rows.tolist()) for rows in found] == _by_hand(positions, 64, 60.0)


def test_the_nearest_come_first_and_nobody_sees_themselves() -> None:
    positions = np.random.default_rng(3).uniform(-40, 40, (100, 3))
    for row, rows in enumerate(nearest(positions)):
        assert row not in rows
        distances = np.linalg.norm(positions[rows] - positions[row], axis=1)
        assert np.all(np.diff(distances) >= 0.0)


def test_people_across_a_cell_border_see_each_other() -> None:
    positions = np.array([[59.9, 0.0, -0.1], [60.1, 0.0, 0.1], [-1.0, 0.0, 0.0]])
    assert [rows.tolist() for rows in nearest(positions)] == [[1], [0], []]


def test_an_empty_city_and_people_on_one_point_are_no_trouble() -> None:
    assert nearest(np.zeros((0, 3))) == []
    crowd = nearest(np.zeros((100, 3)))
    assert all(len(rows) == 64 and row not in rows for row, rows in enumerate(crowd))
