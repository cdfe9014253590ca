import numpy as np
import pytest

from bench.crowd import Crowd
from bench.gathering import TICK, Gathering, Plaza
from bench.replication import delayed


def gathering(count: int = 24, viewers: int | None = None, plazas: int = 1) -> Gathering:
    crowds = (Crowd(count, seed, radius=20.0) for seed in range(plazas))
    return Gathering(
        [Plaza(crowd, 200.0 * index) for index, crowd in enumerate(crowds)], viewers=viewers, looked_at=3
    )


def test_viewers_decode_everybody_of_their_plaza_and_nobody_else() -> None:
    city = gathering(count=24, viewers=20, plazas=2)
    for _ in range(12):
        city.acknowledge()
        packets = city.step(city.move())
        city.look(packets)
    assert len(city.viewers) == 40
    assert city.untold() == 0
    # 16 of the 23 others at every tick, 7 at every other.
    assert packets.records == pytest.approx(40 * (16 + 7 / 2), rel=0.2)
    assert city.decoded > 3 * 23


def test_a_viewer_who_is_shown_somebody_elsewhere_is_noticed() -> None:
    city = gathering()
    packets = city.step(city.move())
    city.world.position[:, 0] += 0.01
    with pytest.raises(RuntimeError, match=r"shown 1\d\.\d mm, 0\.\d\d° and 0\.\d\d° off"):
        city.look(packets)


def test_a_viewer_who_is_shown_a_hand_turned_is_noticed() -> None:
    city = gathering()
    packets = city.step(city.move())
    city.world.orientations[:, 1] = np.roll(city.world.orientations[:, 1], 1, axis=-1)
    with pytest.raises(RuntimeError, match="is shown"):
        city.look(packets)


def test_a_viewer_who_missed_a_packet_is_noticed() -> None:
    city = gathering()
    city.look(city.step(city.move()))
    city.step(city.move())
    with pytest.raises(RuntimeError, match="acknowledges something else"):
        city.look(city.step(city.move()))


def test_a_crowd_that_runs_too_fast_is_noticed() -> None:
    city = gathering()
    moves = city.move()
    moves.position[:, 0] += 30.0
    with pytest.raises(RuntimeError, match="nobody may"):
        city.step(moves)


@pytest.mark.parametrize("round_trip", [0.0, 0.02, 0.08, 0.16])
def test_an_acknowledgement_is_back_after_the_round_trip_and_a_sample(round_trip: float) -> None:
    late = np.array(delayed(round_trip, seed=1)) * TICK
    assert round_trip < late.min()
    assert late.max() < round_trip + 2 * TICK
