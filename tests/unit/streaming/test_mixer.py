import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial import quaternion as q
from streaming.audio import FRAME
from streaming.audio.convolution import rise
from streaming.audio.hrtf import SIZE, Hrtf, kemar
from streaming.audio.limiter import CEILING
from streaming.audio.mixer import Heads, Mixer
from streaming.audio.pairs import EARSHOT, MOST_VOICES, distance_gain
from tests.support.reference_mix import ReferenceMixer, filters

FRAMES = 30
SETTLED = 4 * FRAME


@pytest.fixture(scope="module")
def hrtf() -> Hrtf:
    return kemar()


def noise(seed: int = 0, frames: int = FRAMES) -> np.ndarray:
    """Return white noise up to 20 kHz, as Opus carries it."""
    size = frames * FRAME
    spectrum = np.fft.rfft(0.1 * np.random.default_rng(seed).normal(size=size))
    spectrum[np.fft.rfftfreq(size, 1 / 48_000) > 20_000] = 0.0
    return np.fft.irfft(spectrum, size).astype(np.float32)


def heads(*places: tuple[float, float, float], facing: np.ndarray | None = None) -> Heads:
    orientations = np.tile(q.IDENTITY, (len(places), 1))
    if facing is not None:
        orientations[0] = facing
    return Heads(np.arange(1, len(places) + 1), np.array(places, float).reshape(-1, 3), orientations)


def mix(
    mixer: Mixer, scene: Heads, listeners: set[int], voices: dict[int, np.ndarray]
) -> dict[int, np.ndarray]:
    samples = np.array(list(voices.values()), np.float32).reshape(-1, FRAME)
    people, mixes = mixer.mix(scene, np.array(sorted(listeners), int), np.array(list(voices), int), samples)
    assert mixes.dtype == np.float32
    assert mixes.shape == (len(people), 2, FRAME)
    return dict(zip(people.tolist(), mixes, strict=True))


def play(mixer: Mixer, scenes: list[Heads], voices: dict[int, np.ndarray], listener: int = 1) -> np.ndarray:
    """Mix frame by frame; scenes repeat their last."""
    out = []
    for index in range(FRAMES):
        frames = {person: voice[index * FRAME : (index + 1) * FRAME] for person, voice in voices.items()}
        mixed = mix(mixer, scenes[min(index, len(scenes) - 1)], {listener}, frames)
        out.append(mixed.get(listener, np.zeros((2, FRAME), np.float32)))
    return np.concatenate(out, axis=1)


def decibels(samples: np.ndarray) -> np.ndarray:
    return 10.0 * np.log10(np.mean(np.square(samples[:, SETTLED:], dtype=float), axis=1))


def directly(direction: np.ndarray, voice: np.ndarray, distance: float) -> np.ndarray:
    """Convolve in the time domain with the filters of a direction."""
    pair = np.fft.irfft(filters(direction[None])[0], SIZE, axis=-1)
    return np.array([np.convolve(voice, ear)[: len(voice)] for ear in pair]) * distance_gain(distance, 1.0)


DIRECTIONS = {
    "left": (-1.0, 0.0, 0.0),
    "right": (1.0, 0.0, 0.0),
    "ahead": (0.0, 0.0, -1.0),
    "behind": (0.0, 0.0, 1.0),
    "up left": (-0.6, 0.6, -0.2),
    "down right": (0.7, -0.5, 0.3),
}


@pytest.mark.parametrize("direction", DIRECTIONS.values(), ids=DIRECTIONS.keys())
def test_a_voice_sounds_as_the_measured_filters_say(
    hrtf: Hrtf, direction: tuple[float, float, float]
) -> None:
    voice, way = noise(), np.array(direction) / np.linalg.norm(direction)
    mixed = play(Mixer(hrtf), [heads((0, 1.6, 0), tuple(way * 5.0 + (0, 1.6, 0)))], {2: voice})
    expected = directly(way, voice, 5.0)
    assert np.abs(decibels(mixed) - decibels(expected)).max() < 0.1
    error = (mixed - expected)[:, SETTLED:]
    assert 10 * np.log10(np.mean(error**2) / np.mean(expected**2)) < -50.0


def test_five_metres_to_the_left_is_louder_in_the_left_ear_by_the_measured_difference(hrtf: Hrtf) -> None:
    voice = noise()
    left, right = decibels(play(Mixer(hrtf), [heads((0, 1.6, 0), (-5, 1.6, 0))], {2: voice}))
    expected = decibels(directly(np.array([-1.0, 0.0, 0.0]), voice, 5.0))
    assert left - right == pytest.approx(expected[0] - expected[1], abs=0.5)
    assert left - right > 10.0


def test_turning_round_swaps_the_ears(hrtf: Hrtf) -> None:
    voice, places = noise(), ((0.0, 1.6, 0.0), (-5.0, 1.6, 0.0))
    before = decibels(play(Mixer(hrtf), [heads(*places)], {2: voice}))
    after = decibels(play(Mixer(hrtf), [heads(*places, facing=q.from_yaw(np.pi))], {2: voice}))
    assert after == pytest.approx(before[::-1], abs=0.3)


def test_the_whole_orientation_counts_not_only_the_heading(hrtf: Hrtf) -> None:
    """Lying on the right side, a voice above is at the left ear."""
    half = -np.pi / 4
    on_the_right_side = np.array([0.0, 0.0, np.sin(half), np.cos(half)])
    voice, above = noise(), heads((0, 1.6, 0), (0, 6.6, 0), facing=on_the_right_side)
    tilted = decibels(play(Mixer(hrtf), [above], {2: voice}))
    upright = decibels(play(Mixer(hrtf), [heads((0, 1.6, 0), (-5, 1.6, 0))], {2: voice}))
    assert tilted == pytest.approx(upright, abs=0.3)


def test_loudness_falls_with_distance_and_ends_at_earshot() -> None:
    gains = [distance_gain(metres, 1.0) for metres in (0.0, 1.0, 5.0, 10.0, 20.0)]
    assert gains == pytest.approx([1, 1, 0.2, 0.1, 0.05])
    assert [distance_gain(metres, 1.0) for metres in (EARSHOT, 100.0)] == [0.0, 0.0]
    steps = np.array([distance_gain(metres, 1.0) for metres in np.linspace(1.0, EARSHOT, 2901)])
    assert np.all(np.diff(steps) <= 0.0)
    assert np.abs(np.diff(steps)).max() < 0.02


def test_nobody_hears_themselves_or_who_is_out_of_earshot(hrtf: Hrtf) -> None:
    mixer, scene = Mixer(hrtf), heads((0, 1.6, 0), (EARSHOT + 1, 1.6, 0))
    frame = noise()[:FRAME]
    assert mix(mixer, scene, {1, 2}, {1: frame, 2: frame}) == {}


def test_silence_is_left_out_once_the_room_has_rung_out(hrtf: Hrtf) -> None:
    mixer, scene = Mixer(hrtf), heads((0, 1.6, 0), (2, 1.6, 0))
    assert set(mix(mixer, scene, {1}, {2: noise()[:FRAME]})) == {1}
    assert set(mix(mixer, scene, {1}, {})) == {1}
    assert mix(mixer, scene, {1}, {}) == {}


def test_voices_add_up_and_what_one_hears_does_not_depend_on_the_others(hrtf: Hrtf) -> None:
    scene = heads((0, 1.6, 0), (-3, 1.6, 0), (4, 1.6, -2))
    one, two = noise(1), noise(2)
    both = play(Mixer(hrtf), [scene], {2: one, 3: two})
    apart = play(Mixer(hrtf), [scene], {2: one}) + play(Mixer(hrtf), [scene], {3: two})
    assert np.abs(both - apart).max() < 1e-4


def _click(samples: np.ndarray) -> float:
    """Return the largest step between neighbouring samples against the typical one."""
    steps = np.abs(np.diff(samples[:, SETTLED:], axis=1))
    return float(steps.max() / np.sqrt(np.mean(steps**2)))


def test_a_turning_head_and_a_passing_voice_do_not_click(hrtf: Hrtf) -> None:
    time = np.arange(FRAMES * FRAME) / 48_000
    tone = (0.3 * np.sin(2 * np.pi * 440.0 * time)).astype(np.float32)
    still = play(Mixer(hrtf), [heads((0, 1.6, 0), (-5, 1.6, 0))], {2: tone})
    turning = [heads((0, 1.6, 0), (-5, 1.6, 0), facing=q.from_yaw(0.3 * index)) for index in range(FRAMES)]
    walking = [heads((0, 1.6, 0), (-5 + 0.3 * index, 1.6, -1)) for index in range(FRAMES)]
    for scenes in (turning, walking):
        assert _click(play(Mixer(hrtf), scenes, {2: tone})) < 3.0 * _click(still)


def test_who_comes_into_earshot_or_is_gone_fades(hrtf: Hrtf) -> None:
    tone = (0.3 * np.sin(2 * np.pi * 440.0 * np.arange(FRAMES * FRAME) / 48_000)).astype(np.float32)
    near, gone = heads((0, 1.6, 0), (-2, 1.6, 0)), heads((0, 1.6, 0), (-2000, 1.6, 0))
    still = _click(play(Mixer(hrtf), [near], {2: tone}))
    for scenes in ([near] * 15 + [gone] * 15, [gone] * 15 + [near] * 15):
        mixed = play(Mixer(hrtf), scenes, {2: tone})
        assert np.abs(mixed).max() > 0.05
        steps = np.abs(np.diff(mixed, axis=1)).max()
        assert steps < 2.0 * np.abs(np.diff(play(Mixer(hrtf), [near], {2: tone})[:, SETTLED:], axis=1)).max()
    assert still < 3.0


def test_a_crowd_does_not_clip(hrtf: Hrtf) -> None:
    places = [(0.0, 1.6, 0.0)] + [(0.5 * np.cos(k), 1.6, 0.5 * np.sin(k)) for k in range(12)]
    loud = {person: noise(person) * 8.0 for person in range(2, 14)}
    mixed = play(Mixer(hrtf), [heads(*places)], loud)
    assert CEILING * 0.5 < np.abs(mixed).max() <= CEILING


def test_only_the_nearest_voices_are_mixed(hrtf: Hrtf) -> None:
    count = MOST_VOICES + 6
    places = [(0.0, 1.6, 0.0)] + [(1.0 + 0.5 * k, 1.6, 0.0) for k in range(count)]
    frames = {person: noise(person)[:FRAME] * 0.1 for person in range(2, count + 2)}
    nearest = {person: frames[person] for person in range(2, MOST_VOICES + 2)}
    heard = mix(Mixer(hrtf), heads(*places), {1}, frames)[1]
    assert np.array_equal(heard, mix(Mixer(hrtf), heads(*places), {1}, nearest)[1])
    assert not np.array_equal(
        heard, mix(Mixer(hrtf), heads(*places), {1}, dict(list(nearest.items())[:-1]))[1]
    )


def test_nothing_is_kept_of_people_who_left(hrtf: Hrtf) -> None:
    mixer, frame = Mixer(hrtf), noise()[:FRAME]
    mix(mixer, heads((0, 1.6, 0), (2, 1.6, 0)), {1, 2}, {1: frame, 2: frame})
    mix(mixer, heads(), set(), {})
    mix(mixer, heads(), set(), {})
    before = mixer._before
    kept = before.sounds, before.past, before.listeners, before.gains, before.counts, before.pairs
    assert [len(one) for one in kept] == [0] * 6


def test_a_voice_is_as_loud_after_a_pause_as_before(hrtf: Hrtf) -> None:
    """Denormal numbers are exact silence, and nothing of it stays."""
    scene, frame = heads((0, 1.6, 0), (2, 1.6, 0)), noise()[:FRAME]
    mixer, fresh = Mixer(hrtf), Mixer(hrtf)
    mix(mixer, scene, {1}, {2: frame})
    mix(mixer, scene, {1}, {2: frame * np.float32(1e-36)})
    assert not mix(mixer, scene, {1}, {2: frame * np.float32(1e-36)})[1].any()
    again = mix(mixer, scene, {1}, {2: frame})[1]
    mix(fresh, scene, {1}, {2: np.zeros(FRAME, np.float32)})
    assert np.array_equal(again, mix(fresh, scene, {1}, {2: frame})[1])


def test_what_is_no_number_is_silence(hrtf: Hrtf) -> None:
    scene, frame = heads((0, 1.6, 0), (2, 1.6, 0), (3, 1.6, 0)), noise()[:FRAME]
    mixer, other = Mixer(hrtf), Mixer(hrtf)
    for broken in (np.nan, np.inf):
        heard = mix(mixer, scene, {1}, {2: np.full(FRAME, broken, np.float32), 3: frame})
        assert np.array_equal(heard[1], mix(other, scene, {1}, {2: 0.0 * frame, 3: frame})[1])


def test_the_crossfade_rises_from_nothing_to_all_and_is_flat_at_both_ends() -> None:
    steps = np.diff(rise()[-FRAME:])
    assert rise()[-FRAME] == pytest.approx(0.0, abs=1e-5)
    assert rise()[-1] == pytest.approx(1.0, abs=1e-5)
    assert steps.min() > 0.0
    assert steps.max() < np.pi / 2 / FRAME, "gentler than half a cosine"
    assert steps[[0, -1]] == pytest.approx([0.0, 0.0], abs=1e-4)


@pytest.mark.parametrize("facing", [np.full(4, np.nan), np.full(4, np.inf), np.zeros(4)])
def test_a_head_that_looks_nowhere_is_heard_and_hears(hrtf: Hrtf, facing: np.ndarray) -> None:
    frame = noise()[:FRAME]
    mixed = mix(Mixer(hrtf), heads((0, 1.6, 0), (2, 1.6, 0), facing=facing), {1, 2}, {1: frame, 2: frame})
    assert set(mixed) == {1, 2}
    assert np.isfinite(mixed[1]).all()
    nowhere = heads((0, 1.6, 0), (np.nan, 1.6, np.inf))
    assert mix(Mixer(hrtf), nowhere, {1, 2}, {1: frame, 2: frame}) == {}


@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_the_mix_is_what_the_reference_says(hrtf: Hrtf, data: st.DataObject, seed: int) -> None:
    """People who come, go, turn, walk, stand, fall silent and are too many, and booths that reach further."""
    count = data.draw(st.integers(1, MOST_VOICES + 8))
    spread = data.draw(st.sampled_from([0.0, 3.0, 25.0]))
    share = data.draw(st.sampled_from([0.3, 0.9, 1.0]))
    loud = data.draw(st.sampled_from([0.02, 0.5]))
    rng = np.random.default_rng(seed)
    mixer, reference = Mixer(hrtf), ReferenceMixer()
    ids = rng.permutation(1000)[:count] - 20
    positions, reaches = rng.uniform(-spread, spread, (count, 3)), rng.choice([1.0, 4.0], count)
    orientations = q.normalise(rng.normal(size=(count, 4)))
    for _ in range(4):
        moving = rng.random(count) < 0.5
        positions[moving] += rng.normal(size=(moving.sum(), 3)) * rng.choice([0.001, 0.5])
        orientations[rng.random(count) < 0.1] = q.IDENTITY
        here = rng.random(count) < share
        scene = Heads(ids[here], positions[here], orientations[here], reaches[here])
        listeners, voices = ids[rng.random(count) < 0.2], ids[rng.random(count) < share]
        samples = (loud * rng.normal(size=(len(voices), FRAME))).astype(np.float32)
        people, mixes = mixer.mix(scene, listeners, voices, samples)
        expected = reference.mix(scene, listeners.tolist(), dict(zip(voices.tolist(), samples, strict=True)))
        assert people.tolist() == list(expected)
        assert all(np.abs(mixes[k] - expected[one]).max() < 1e-4 for k, one in enumerate(people.tolist()))
