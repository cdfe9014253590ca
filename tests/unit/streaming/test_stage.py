"""Sounds that are no person's stand in the mix where they are put."""

import numpy as np
import pytest

from streaming.audio import FRAME
from streaming.audio.hrtf import kemar
from streaming.audio.mixer import Heads
from streaming.audio.opus import STEREO_BITS, Encoder
from streaming.audio.pairs import EARSHOT, FADES_FROM, distance_gain
from streaming.audio.stage import Packet, Stage
from streaming.ears import Ears

LISTENER = 3


def _stage() -> tuple[Stage, list[Packet]]:
    packets: list[Packet] = []
    stage = Stage(kemar(), packets.extend)
    stage.enter(LISTENER)
    # At the middle, looking north.
    stage.look(Heads(np.array([LISTENER]), np.zeros((1, 3)), np.array([[0.0, 0.0, 0.0, 1.0]])))
    return stage, packets


def _levels(position: tuple[float, float, float], reach: float) -> tuple[float | None, float | None]:
    """Return what the listener's ears hear of a loud tone there, dBFS."""
    stage, packets = _stage()
    _, voice = stage.sources.place(position, reach)
    encoder, ears = Encoder(2, STEREO_BITS), Ears()
    for number in range(40):
        wave = 0.3 * np.sin(2.0 * np.pi * 700.0 * (number * FRAME + np.arange(FRAME)) / 48_000)
        voice.push(number, encoder.encode(np.stack([wave, wave])))
        stage.step()
    for number, packet in enumerate(packets):
        assert packet.person == LISTENER
        ears.take(number, packet.payload)
    return ears.levels()


@pytest.mark.parametrize(("east", "louder"), [(6.0, 1), (-6.0, 0)])
def test_a_screen_is_heard_from_its_side(east: float, louder: int) -> None:
    levels = _levels((east, 0.0, 0.0), 4.0)
    near, far = levels[louder], levels[1 - louder]
    assert near is not None
    assert far is not None
    assert near - far > 6.0


def test_a_longer_reach_carries_further() -> None:
    near, far = _levels((0.0, 0.0, -8.0), 1.0)[0], _levels((0.0, 0.0, -8.0), 4.0)[0]
    assert near is not None
    assert far is not None
    assert far - near == pytest.approx(20.0 * np.log10(4.0), abs=1.0)


def test_the_gain_is_one_within_the_reach_and_nothing_beyond_earshot() -> None:
    assert [distance_gain(metres, 4.0) for metres in (0.5, 4.0)] == pytest.approx([1.0, 1.0])
    assert distance_gain(FADES_FROM, 4.0) == pytest.approx(4.0 / FADES_FROM)
    assert distance_gain(EARSHOT, 4.0) == 0.0
    assert [distance_gain(metres, 1.0) for metres in (0.5, 2.0)] == pytest.approx([1.0, 0.5])


def test_a_sound_that_is_taken_away_is_silent_and_nobody_speaks() -> None:
    stage, packets = _stage()
    source, voice = stage.sources.place((1.0, 0.0, 0.0), 4.0)
    assert source < 0
    stage.sources.remove(source)
    encoder = Encoder(2, STEREO_BITS)
    for number in range(10):
        voice.push(number, encoder.encode(np.full((2, FRAME), 0.5)))
        stage.step()
    assert packets == []
    assert stage.speaking == frozenset()
    again, _ = stage.sources.place((1.0, 0.0, 0.0), 4.0)
    assert again != source
