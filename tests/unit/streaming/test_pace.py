from itertools import count

from streaming.messages import MAX_STATE_BYTES
from streaming.pace import Pace
from streaming.replication import LEAST


def test_a_line_that_is_too_slow_gets_smaller_packets_and_larger_ones_again_later() -> None:
    pace = Pace()
    assert pace.size == MAX_STATE_BYTES
    pace.note(went=False)
    assert pace.size == MAX_STATE_BYTES // 2
    for _ in range(20):
        pace.note(went=False)
    assert pace.size == LEAST
    ticks = 0
    for ticks in count(1):  # noqa: B007 - how many is what is asked
        pace.note(went=True)
        if pace.size == MAX_STATE_BYTES:
            break
    assert 20 < ticks < 200


def test_on_a_line_of_so_many_bytes_a_tick_packets_come_to_use_most_of_it() -> None:
    pace, waiting, carried = Pace(), 0, 0
    for tick in range(2000):
        waiting = max(waiting - 500, 0)
        went = waiting == 0
        if went:
            waiting += pace.size
            carried += pace.size if tick >= 200 else 0
        pace.note(went=went)
    assert 0.6 < carried / (1800 * 500) <= 1.0
