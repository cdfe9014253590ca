import pytest

from meta_gwangju.pace import Pace


def test_steps_are_due_one_period_apart_however_long_each_takes() -> None:
    pace = Pace(0.05, 10.0)
    assert pace.wait(10.0) == pytest.approx(0.05)
    assert pace.take(10.051) == 0
    assert pace.wait(10.06) == pytest.approx(0.04)
    assert pace.take(10.1) == 0
    assert pace.wait(10.1) == pytest.approx(0.05)


def test_a_step_a_little_late_keeps_the_beat() -> None:
    pace = Pace(0.05, 10.0)
    assert pace.take(10.09) == 0
    assert pace.wait(10.09) == pytest.approx(0.01)


def test_after_a_stall_the_steps_that_are_over_are_left_out() -> None:
    pace = Pace(0.05, 10.0)
    assert pace.wait(11.02) == 0.0
    assert pace.take(11.02) == 19
    assert pace.wait(11.02) == pytest.approx(0.03)
