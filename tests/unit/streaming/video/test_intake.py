from streaming.video.intake import MOST_BITS, Intake


def test_a_picture_of_ordinary_size_is_taken_for_as_long_as_it_comes() -> None:
    intake = Intake()
    # 2.5 Mbit/s in packets of 1,200 bytes.
    assert all(intake.admits(1200, 100.0 + number / 260.0) for number in range(260 * 30))
    assert not intake.spent


def test_more_than_the_most_is_left_out_and_going_on_is_the_end() -> None:
    intake = Intake()
    rate = 3 * MOST_BITS / 8 / 1200
    taken = 0
    number = 0
    while not intake.spent:
        taken += intake.admits(1200, number / rate)
        number += 1
        assert number < 60 * rate
    seconds = number / rate
    assert taken * 1200 * 8 <= MOST_BITS * (seconds + 2.0)
    assert seconds < 10.0


def test_small_packets_are_counted_as_well() -> None:
    intake = Intake()
    assert sum(intake.admits(20, 50.0) for _ in range(10_000)) <= 3000


def test_a_few_broken_packets_are_forgiven() -> None:
    intake = Intake()
    for number in range(600):
        intake.refuse(100.0 + number / 30.0)
    assert not intake.spent


def test_sound_beyond_its_rate_is_only_left_out() -> None:
    intake = Intake()
    assert sum(intake.admits_sound(10.0) for _ in range(1000)) == 220
    assert not intake.spent
