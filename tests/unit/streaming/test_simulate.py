import asyncio
import math
import random
import shutil

import numpy as np
import pytest

from meta_gwangju.simulate import (
    PACE,
    RANGE,
    SimulationError,
    SimulationSettings,
    Speaker,
    Summary,
    Walker,
    name_of,
    simulate,
)
from streaming.audio import FRAME, RATE
from streaming.audio import speech as speech_module
from streaming.audio.speech import spoken
from streaming.messages import MAX_NAME
from tests.unit.streaming.city import open_city, until
from world.entity import PersonId


def test_a_walker_keeps_the_pace_and_stays_near_home() -> None:
    walker = Walker(random.Random(1), (100.0, 5.0, -200.0), 0.3)
    before = walker.step(0.05)
    farthest = 0.0
    for _ in range(20_000):
        pose = walker.step(0.05)
        stride = float(np.linalg.norm(pose.position - before.position))
        assert stride == pytest.approx(PACE * 0.05)
        farthest = max(farthest, math.hypot(pose.position[0] - 100.0, pose.position[2] + 200.0))
        before = pose
    assert RANGE * 0.3 < farthest <= RANGE
    assert np.allclose(np.linalg.norm(before.orientations, axis=-1), 1.0)


def test_a_walker_looks_where_it_walks_and_swings_its_hands() -> None:
    walker = Walker(random.Random(2), (0.0, 0.0, 0.0), 0.0)
    poses = [walker.step(0.05) for _ in range(100)]
    ahead = poses[1].position - poses[0].position
    assert math.remainder(math.atan2(-ahead[0], -ahead[2]) - poses[1].yaw, math.tau) == pytest.approx(
        0.0, abs=1e-6
    )
    left = [pose.parts[1, 2] for pose in poses]
    assert max(left) > 0.15
    assert min(left) < -0.15


def test_a_seed_gives_the_same_walk_again() -> None:
    walks = [Walker(random.Random("7/3"), (0.0, 0.0, 0.0), 0.0) for _ in range(2)]
    assert np.array_equal(*([walker.step(0.1) for _ in range(50)][-1].position for walker in walks))


def test_names_are_korean_different_and_short_enough() -> None:
    names = [name_of(number) for number in range(480)]
    assert len(set(names)) == 480
    assert all("가" <= character <= "힣" for name in names for character in name)
    assert len(name_of(5000)) <= MAX_NAME


def test_a_speaker_takes_turns_and_pauses() -> None:
    speaker = Speaker(random.Random(1), np.ones(10 * FRAME + 17, np.float32))
    frames = [speaker.frame() for _ in range(600)]
    assert all(frame is None or frame.shape == (FRAME,) for frame in frames)
    assert 0 < sum(frame is None for frame in frames) < 600


def test_the_shipped_sample_speaks_where_espeak_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    samples = spoken(0)
    assert samples.dtype == np.float32
    assert 3 * RATE < len(samples) < 30 * RATE
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.01)
    assert np.sqrt(np.mean(samples**2)) > 0.03


def test_a_broken_espeak_falls_back_to_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: shutil.os.path.join("/bin", "false"))  # type: ignore[attr-defined]
    assert len(spoken(0)) == len(speech_module._sample())


def test_simulated_citizens_come_in_walk_speak_and_leave() -> None:
    async def body() -> list[Summary]:
        reports: list[Summary] = []
        async with open_city() as city:
            settings = SimulationSettings(server=city.url, citizens=5, talkers=2, seconds=6.0, seed=3)
            await simulate(settings, reports.append)
            kinds = {entered.kind for entered in city.bridge._delivery._roster.values()}
            assert kinds <= {"simulated"}
            await until(lambda: set(city.door.gone) == {(PersonId(person), True) for person in range(1, 6)})
        return reports

    reports = asyncio.run(asyncio.wait_for(body(), 60.0))
    assert max(report.connected for report in reports) == 5
    assert max(report.near for report in reports) == pytest.approx(4.0)
    assert max(report.speaking for report in reports) >= 1
    assert max(report.hearing for report in reports) >= 4
    assert "5/5" in reports[-1].line()


def test_over_the_socket_they_walk_in_silence() -> None:
    async def body() -> list[Summary]:
        reports: list[Summary] = []
        async with open_city() as city:
            settings = SimulationSettings(
                server=city.url, citizens=3, talkers=1, seconds=3.0, seed=3, link="socket"
            )
            await simulate(settings, reports.append)
            assert not any(guest.seat for guest in city.bridge._guests.values())
        return reports

    reports = asyncio.run(asyncio.wait_for(body(), 60.0))
    assert max(report.near for report in reports) == pytest.approx(2.0)
    assert max(report.speaking + report.hearing for report in reports) == 0


def test_a_city_that_is_not_there_is_a_sentence() -> None:
    settings = SimulationSettings(server="http://127.0.0.1:9", citizens=2, talkers=0)
    with pytest.raises(SimulationError, match="meta-gwangju serve") as told:
        asyncio.run(simulate(settings, lambda _: None))
    assert "연결할 수 없습니다" in told.value.ko
