from streaming.budget import Budget


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    budget = Budget(10.0, 5.0)
    assert [budget.take(100.0) for _ in range(6)] == [True] * 5 + [False]
    assert not budget.take(100.05)
    assert budget.take(100.16)
    assert [budget.take(1000.0) for _ in range(6)] == [True] * 5 + [False]


def test_a_clock_that_goes_back_gives_nothing() -> None:
    budget = Budget(1.0, 1.0)
    assert budget.take(50.0)
    assert not budget.take(10.0)
