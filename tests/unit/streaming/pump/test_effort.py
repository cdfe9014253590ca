"""Encoders try less while there is no time, and no more than is wanted."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streaming.pump.effort import AT_EASE, LOOK_SECONDS, TOO_BUSY, Effort
from streaming.pump.functions import addresses
from streaming.pump.opus import encode, make_encoder
from streaming.pump.table import Table


def _work(effort: Effort, busy: float, seconds: int) -> list[int]:
    """Return the complexity after each second of a load."""
    start = getattr(effort, "_since", 0.0)
    found = []
    for second in range(1, seconds + 1):
        effort.note(busy * LOOK_SECONDS, start + second * LOOK_SECONDS)
        found.append(effort.complexity)
    return found


def test_a_busy_pump_steps_down_at_once_and_comes_back_when_it_is_at_ease_for_long() -> None:
    effort = Effort(5, adapts=True)
    assert _work(effort, 0.9, 5) == [3, 1, 0, 0, 0]
    assert _work(effort, 0.6, 20)[-1] == 0
    assert _work(effort, 0.2, 15) == [0] * 4 + [1] * 5 + [3] * 5 + [5]
    assert _work(effort, 0.2, 20)[-1] == 5


def test_what_is_wanted_is_the_most_and_a_fixed_effort_stays() -> None:
    assert _work(Effort(2, adapts=True), 0.9, 3) == [1, 0, 0]
    assert _work(Effort(0, adapts=True), 0.9, 3) == [0, 0, 0]
    assert _work(Effort(9, adapts=False), 5.0, 3) == [9, 9, 9]


@given(st.lists(st.floats(0.0, 2.0), max_size=60))
def test_a_steady_load_between_the_bounds_never_changes_it(loads: list[float]) -> None:
    effort = Effort(5, adapts=True)
    for load in loads:
        _work(effort, load, 1)
    before = effort.complexity
    assert set(_work(effort, (TOO_BUSY + AT_EASE) / 2, 30)) == {before}


def test_the_encoders_of_those_who_are_there_are_set_and_sound_goes_on() -> None:
    table = Table(2)
    for row in range(2):
        make_encoder(table.rows.encoders[row], 10)
    table.rows.attached[0] = 1
    noise = np.random.default_rng(1).normal(0.0, 0.1, 2 * 960).astype(np.float32)
    packets = np.zeros((2, 2048), np.uint8)
    sizes = [encode(addresses(), table.rows.encoders[row], noise, packets[row], 0) for row in range(2)]
    assert (packets[0] == packets[1]).all()
    table.tune(0)
    sizes = [encode(addresses(), table.rows.encoders[row], noise, packets[row], 0) for row in range(2)]
    assert min(sizes) > 20
    assert (packets[0] != packets[1]).any()
