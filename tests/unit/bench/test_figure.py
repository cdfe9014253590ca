import json
from pathlib import Path

import pytest

from bench.figure import Question, percentile, read, satisfies, write
from bench.report import page

QUESTION = Question("mouth to ear", "ms", must="<= 150", aim="<= 100", peer="none")


def test_a_figure_is_the_median_of_its_runs_between_the_extremes() -> None:
    figure = QUESTION.answered([120.0, 90.0, 100.0], "a machine")
    assert (figure.value, figure.low, figure.high, figure.runs) == (100.0, 90.0, 120.0, 3)


@pytest.mark.parametrize(("value", "kept"), [(150.0, True), (150.1, False)])
def test_a_bound_is_a_direction_and_a_number(value: float, kept: bool) -> None:  # noqa: FBT001 - a table
    assert satisfies(value, "<= 150") is kept
    assert satisfies(-value, ">= -150") is kept


def test_a_bound_without_a_direction_is_refused() -> None:
    with pytest.raises(ValueError, match="no bound"):
        satisfies(1.0, "150")


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([5.0, 1.0, 4.0, 2.0, 3.0], 0.5) == 3.0
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile([7.0], 0.95) == 7.0


def test_figures_come_back_from_their_file(tmp_path: Path) -> None:
    figures = [QUESTION.answered([99.0], "a machine")]
    write(figures, tmp_path / "figures.json")
    assert read(tmp_path / "figures.json") == figures
    assert set(json.loads((tmp_path / "figures.json").read_text())[0]) == {
        *("figure", "value", "unit", "low", "high", "runs"),
        *("must", "aim", "peer", "peer_value", "ratio", "machine"),
    }


def test_the_page_names_the_machine_and_says_what_is_not_kept() -> None:
    good, bad = QUESTION.answered([99.0], "a machine"), QUESTION.answered([200.0], "a machine")
    text = page({"first-light": [good, bad]})
    assert "Machine: a machine." in text
    assert text.count("**not kept**") == 1
    assert "| mouth to ear | 200 ms **not kept** |" in text
