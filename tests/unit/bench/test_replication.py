from bench.replication import COST, VALUES, _beside, _views


def test_runs_are_compared_each_with_the_peer_beside_it() -> None:
    ratio, cost = _views([0.5, 0.9], [1.0, 0.6], "", "a machine")
    assert (ratio.low, ratio.value, ratio.high) == (0.5, 1.0, 1.5)
    assert (cost.value, cost.peer_value, cost.ratio) == (0.7, 0.8, 0.875)


def test_a_peer_that_is_missing_is_said_to_be_and_never_remembered() -> None:
    (cost,) = _views([0.5], [], "missing here: no npm", "a machine")
    assert cost.figure == COST.figure
    values = _beside(VALUES.answered([6.0], "a machine"), [], "missing here: no npm")
    for figure in (cost, values):
        assert "missing here: no npm" in figure.peer
        assert figure.peer_value is figure.ratio is None
