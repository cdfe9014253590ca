"""Numbers, losses and reports of one stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.video.reception import MOST_MISSING, Reception


def _taken(reception: Reception, sequences: list[int], now: float = 100.0) -> list[int | None]:
    return [reception.take(sequence % 65536, 0, now) for sequence in sequences]


def test_numbers_go_on_over_the_wrap() -> None:
    first, *rest = _taken(Reception(1, 90_000), list(range(65_530, 65_550)))
    assert first is not None
    assert rest == [first + step for step in range(1, 20)]


def test_a_duplicate_is_dropped_and_a_late_packet_is_taken_once() -> None:
    reception = Reception(1, 90_000)
    one, three, two, again = _taken(reception, [1, 3, 2, 2])
    assert one is not None
    assert (three, two, again) == (one + 2, one + 1, None)


def test_what_is_missing_is_asked_for_again_and_given_up_in_the_end() -> None:
    reception = Reception(1, 90_000)
    _taken(reception, [10, 14], 100.0)
    assert reception.wanted(100.0) == [11, 12, 13]
    assert reception.wanted(100.01) == []
    _taken(reception, [12], 100.05)
    assert reception.wanted(100.07) == [11, 13]
    asked = 2
    while reception.wanted(100.0 + 0.07 * asked):
        asked += 1
        assert asked < 20
    assert reception.lost_for_good == 2
    assert _taken(reception, [11], 103.0) == [None]


def test_a_hole_that_is_too_large_is_not_asked_for() -> None:
    reception = Reception(1, 90_000)
    _taken(reception, [0, MOST_MISSING + 2])
    assert reception.wanted(100.0) == []
    assert reception.lost_for_good == MOST_MISSING + 1


def test_one_packet_from_far_away_is_dropped_two_in_a_row_are_a_new_count() -> None:
    reception = Reception(1, 90_000)
    _taken(reception, [1, 2, 3])
    assert _taken(reception, [30_000]) == [None]
    assert not reception.strayed
    assert _taken(reception, [4]) != [None]
    assert _taken(reception, [30_000, 30_001]) == [None, None]
    assert reception.strayed


@given(st.integers(0, 65_535), st.lists(st.booleans(), min_size=2, max_size=200))
def test_a_report_counts_what_was_lost(first: int, came: list[bool]) -> None:
    came[0] = came[-1] = True
    reception = Reception(5, 90_000)
    _taken(reception, [first + number for number, one in enumerate(came) if one])
    report = reception.report(100.0)
    assert report is not None
    lost = came.count(False)
    # Every hole was small enough to be waited for.
    assert report.ssrc == 5
    assert report.lost == lost
    assert report.fraction == lost * 256 // len(came)
    assert report.highest % 65536 == (first + len(came) - 1) % 65536


def test_a_report_tells_of_the_time_since_the_last_one_alone() -> None:
    reception = Reception(1, 90_000)
    assert reception.report(99.0) is None
    _taken(reception, [0, 1, 3])
    first, second = reception.report(100.0), None
    _taken(reception, [4, 5, 6])
    second = reception.report(101.0)
    assert first is not None
    assert second is not None
    assert (first.fraction, second.fraction) == (64, 0)
    assert second.lost == 1


def test_a_report_names_the_senders_last_one() -> None:
    reception = Reception(1, 90_000)
    _taken(reception, [0])
    reception.sender_says(0x1234, 100.0)
    report = reception.report(100.5)
    assert report is not None
    assert (report.sender, report.delay) == (0x1234, 32768)


def test_jitter_is_the_scatter_of_the_way() -> None:
    steady, shaky = Reception(1, 90_000), Reception(1, 90_000)
    for number in range(400):
        steady.take(number, number * 3000, number / 30.0)
        shaky.take(number, number * 3000, number / 30.0 + (number % 2) * 0.010)
    calm, nervous = steady.report(20.0), shaky.report(20.0)
    assert calm is not None
    assert nervous is not None
    assert calm.jitter <= 1
    # Every packet is 10 ms off the one before, 900 ticks.
    assert nervous.jitter == pytest.approx(900, rel=0.02)
