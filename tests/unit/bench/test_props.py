import numpy as np
import pytest

from bench import props
from bench.props import bytes_each, own_bytes


def test_of_a_head_sixteen_bytes_tell_of_the_receiver() -> None:
    assert own_bytes() == 2 + 12 + 2


def test_news_of_a_thing_takes_fewer_bytes_among_more_of_them() -> None:
    alone, among = bytes_each(1, 40, 20), bytes_each(40, 40, 20)
    assert 3.0 < among < alone - 4.0


def test_a_thing_that_is_decoded_elsewhere_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    states_of = props._states

    def elsewhere(places: np.ndarray, turns: np.ndarray) -> np.ndarray:
        return states_of(places + 0.002, turns)

    monkeypatch.setattr(props, "_states", elsewhere)
    with pytest.raises(RuntimeError, match=r"2\.\d\d mm"):
        bytes_each(4, 40, 1)
