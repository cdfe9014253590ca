"""The bridge with real peer connections over loopback, in one process."""

import asyncio
import json
import math
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import uvloop

from spatial import quaternion as q
from streaming import bridge as bridge_module
from streaming import visit as visit_module
from streaming.audio import FRAME
from streaming.audio.hrtf import SIZE
from streaming.client import Citizen, Identity, Sound, standing
from streaming.errors import ConnectionLostError, RefusedError
from streaming.messages import (
    Census,
    Close,
    Entered,
    Left,
    MicrophoneChanged,
    Moved,
    Said,
    ServerEvent,
    Waved,
)
from tests.support.reference_mix import filters
from tests.unit.streaming.city import open_city, until
from world.commands import BodyPose
from world.entity import PersonId

pytestmark = pytest.mark.usefixtures("media")

TONE_HERTZ = 1000.0


def run(body: Coroutine[Any, Any, None]) -> None:
    # The loop that the server runs on.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(body, 60.0))


class Tone:
    """A microphone that hears a steady tone."""

    def __init__(self, amplitude: float = 0.3) -> None:
        self._amplitude = amplitude
        self._at = 0

    def frame(self) -> np.ndarray:
        turns = TONE_HERTZ * (np.arange(FRAME) + self._at) / 48_000
        self._at += FRAME
        return (self._amplitude * np.sin(2 * np.pi * turns)).astype(np.float32)


def named(name: str, **changes: Any) -> Identity:
    return Identity(name=name, **changes)


class Diary:
    """Keeps what a citizen is told."""

    def __init__(self, citizen: Citizen) -> None:
        self.events: list[ServerEvent] = []
        self.task = asyncio.create_task(self._keep(citizen))

    async def _keep(self, citizen: Citizen) -> None:
        async for event in citizen.events():
            self.events.append(event)

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def seen(citizen: Citizen, name: str) -> BodyPose | None:
    return next((person.pose for person in citizen.people if person.name == name), None)


def test_three_citizens_see_each_other_where_they_are() -> None:
    async def body() -> None:
        async with open_city() as city:
            a, b, c = (Citizen(city.url, named(name)) for name in ("가온", "나은", "Minh"))
            async with a, b, c:
                turned = q.normalise(
                    np.array([[0.1, 0.2, 0.3, 0.9], [0.5, 0.0, 0.1, 0.8], [0.0, 0.7, 0.0, 0.7]])
                )
                poses = {
                    "가온": standing((1.0, 0.0, 2.0), 0.5),
                    "나은": BodyPose(
                        np.array([-3.0, 0.0, 1.5]), -2.0,
                        np.array([[0.1, 1.7, 0.0], [-0.4, 1.2, -0.3], [0.4, 1.1, -0.2]]),
                        turned, has_left=True, has_right=True,
                    ),
                    "Minh": standing((2.0, 0.0, -4.0), 3.0),
                }  # fmt: skip
                for citizen, name in ((a, "가온"), (b, "나은"), (c, "Minh")):
                    citizen.send_pose(poses[name])
                await until(
                    lambda: all(
                        (pose := seen(who, name)) is not None
                        and np.linalg.norm(pose.position - poses[name].position) < 0.05
                        for who, own in ((a, "가온"), (b, "나은"), (c, "Minh"))
                        for name in poses
                        if name != own
                    )
                )
                pose = seen(a, "나은")
                assert pose is not None
                assert abs(math.remainder(pose.yaw - poses["나은"].yaw, math.tau)) < math.radians(3)
                assert np.degrees(q.angle_between(pose.orientations, turned)).max() < 3.0
                assert np.abs(pose.parts - poses["나은"].parts).max() < 0.05
                assert (pose.has_left, pose.has_right) == (True, True)
                assert city.world.count == 3
                # They say what they have, so that they are told differences.
                guests = [guest for guest in city.bridge._guests.values() if guest.entered]
                assert len(guests) == 3
                await until(lambda: all(guest.seen > 0 and guest.seen_before > 0 for guest in guests))

    run(body())


def test_a_tone_five_metres_to_the_left_is_measured_at_the_ears_and_swaps() -> None:
    responses = np.fft.rfft(np.fft.irfft(filters(np.array([[-1.0, 0.0, 0.0]]))[0], SIZE, axis=-1), 48_000)
    gains = 20 * np.log10(np.abs(responses[:, int(TONE_HERTZ)]))
    expected = gains[0] - gains[1]
    source = 20 * math.log10(0.3 / math.sqrt(2)) - 20 * math.log10(5.0)

    async def body() -> None:
        heard: list[np.ndarray] = []
        async with open_city() as city:
            listener = Citizen(city.url, named("듣는이"), sound=Sound(sink=heard.append))
            speaker = Citizen(city.url, named("말하는이"), sound=Sound(source=Tone().frame))
            async with listener, speaker:
                listener.send_pose(standing((0.0, 0.0, 0.0), 0.0))
                speaker.send_pose(standing((-5.0, 0.0, 0.0), 0.0))
                speaker.microphone(live=True)

                def difference() -> float:
                    left, right = listener.ears()
                    return math.nan if left is None or right is None else left - right

                def levels_are(left: float, right: float) -> bool:
                    heard_left, heard_right = listener.ears()
                    return heard_left == pytest.approx(left, abs=1.0) and heard_right == pytest.approx(
                        right, abs=1.0
                    )

                await until(lambda: abs(difference() - expected) < 0.5)
                await until(lambda: levels_are(source + gains[0], source + gains[1]))
                await until(lambda: any(person.speaking for person in listener.people))
                assert speaker.ears() == (None, None)
                listener.send_pose(standing((0.0, 0.0, 0.0), math.pi))
                await until(lambda: abs(difference() + expected) < 0.5)
                speaker.microphone(live=False)
                await until(lambda: listener.ears() == (None, None))
                await until(lambda: not any(person.speaking for person in listener.people))
        assert all(frame.shape[0] == 2 for frame in heard)

    run(body())


def test_a_microphone_that_was_not_switched_on_is_not_heard() -> None:
    async def body() -> None:
        async with open_city() as city:
            listener = Citizen(city.url, named("듣는이"))
            speaker = Citizen(city.url, named("켜지않은이"), sound=Sound(source=Tone().frame))
            async with listener, speaker:
                # Let it send without having said so: the server must not pass it on.
                speaker._live = True
                seat = city.bridge._guests[PersonId(speaker.person or 0)].seat
                assert seat is not None
                receiver: Any = seat.peer._connection.getReceivers()[0]

                def came() -> int:
                    # Rebound when the pump takes the connection over.
                    streams = receiver._RTCRtpReceiver__remote_streams
                    return sum(stream.packets_received for _, stream in streams.items())

                await until(lambda: came() > 25)
                assert listener.ears() == (None, None)
                assert speaker.microphone(live=True)
                await until(lambda: listener.ears() != (None, None))

    run(body())


def test_words_waves_and_who_comes_and_goes_are_told() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, named("가온", colour=3)) as a:
            diary = Diary(a)
            async with Citizen(city.url, named("Minh", colour=5)) as b:
                other = Diary(b)
                await until(lambda: diary.of(Entered) and other.of(Entered))
                assert diary.of(Entered)[0] == Entered(
                    person=b.person or 0, name="Minh", colour=5, kind="headset", microphone=False
                )
                assert other.of(Entered)[0].name == "가온"
                assert b.say("안녕하세요 <b>여러분</b>")
                assert a.wave()
                await until(lambda: diary.of(Said) and other.of(Said) and other.of(Waved))
                said = diary.of(Said)[0]
                assert (said.person, said.name, said.text) == (b.person, "Minh", "안녕하세요 <b>여러분</b>")
                await until(lambda: any(census.city == 2 and census.near == 1 for census in diary.of(Census)))
                assert b.teleport(spot="far")
                await until(lambda: other.of(Moved))
                assert other.of(Moved)[0].position == (100.0, 0.0, 0.0)
                await until(lambda: not a.people)
                # Too far to be near, but in sight: of where they were they are told once more at most.
                await until(
                    lambda: (
                        a.crowd.positions[a.crowd.person == b.person, 0].tolist()
                        == pytest.approx([100.0], abs=0.07)
                    )
                )
                assert b.place[0] == pytest.approx((100.0, 0.0, 0.0), abs=0.01)
            await until(lambda: diary.of(Left))
            assert diary.of(Left)[0].person == b.person
            assert city.world.count == 1
            assert city.door.gone == [(b.person, True)]

    run(body())


def test_a_citizen_whose_connection_is_cut_comes_back_as_the_same_person() -> None:
    async def body() -> None:
        async with open_city() as city:
            a, b = Citizen(city.url, named("가온")), Citizen(city.url, named("나은"))
            async with a, b:
                diary = Diary(a)
                b.send_pose(standing((2.0, 0.0, 2.0), 1.0))
                await until(lambda: (pose := seen(a, "나은")) is not None and pose.position[0] > 1.95)
                person, session = b.person, b.session
                visit = b._visit
                assert visit is not None
                assert visit._socket is not None
                visit._socket.transport.abort()
                await until(lambda: b.reconnects == 1)
                assert (b.person, b.session, b.state) == (person, session, "connected")
                assert b.inspect()["connection"]["resumed"]
                assert b.place[0] == pytest.approx((2.0, 0.0, 2.0), abs=0.05)
                b.send_pose(standing((2.5, 0.0, 2.0), 1.0))
                await until(lambda: (pose := seen(a, "나은")) is not None and pose.position[0] > 2.45)
                assert not diary.of(Left)

    run(body())


def test_a_citizen_who_hears_nothing_for_two_seconds_connects_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit_module, "WATCHDOG_SECONDS", 0.5)

    async def body() -> None:
        async with open_city() as city, Citizen(city.url, named("가온")) as a:
            guest = city.bridge._guests[PersonId(a.person or 0)]
            assert guest.link is not None
            guest.link.send_state = lambda _: False  # type: ignore[method-assign]
            await until(lambda: a.reconnects == 1)
            assert a.inspect()["connection"]["resumed"]

    run(body())


def test_who_vanishes_stays_for_the_grace_and_then_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_module, "SOCKET_SECONDS", 0.4)

    async def body() -> None:
        async with open_city() as city, Citizen(city.url, named("가온")) as a:
            diary = Diary(a)
            b = Citizen(city.url, named("나은"))
            await b.__aenter__()
            b.send_pose(standing((3.0, 0.0, 0.0), 0.5))
            await until(lambda: (pose := seen(a, "나은")) is not None and pose.position[0] > 2.95)
            await b.leave(for_good=False)
            assert b.state == "closed"
            await until(lambda: diary.of(Left))
            assert city.door.gone == [(b.person, False)]
            again = Citizen(city.url, named("나은", session=b.session))
            async with again:
                assert again.person == b.person
                assert again.place[0] == pytest.approx((3.0, 0.0, 0.0), abs=0.05)

    run(body())


def test_a_socket_whose_peer_connection_is_lost_is_told_and_the_citizen_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bridge_module, "_LOST_SECONDS", 0.05)

    async def body() -> None:
        async with open_city() as city, Citizen(city.url, named("가온")) as a:
            guest = city.bridge._guests[PersonId(a.person or 0)]
            visit = a._visit
            assert visit is not None
            # The client does not notice; the server does, and closes the socket.
            visit.lost = lambda: None  # type: ignore[method-assign]
            city.bridge.lost(guest)
            await until(lambda: a.reconnects == 1)
            assert a.inspect()["connection"]["resumed"]

    run(body())


def test_whose_connection_drops_is_told_as_muted_to_everybody_before_they_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bridge_module, "_LOST_SECONDS", 60.0)

    async def body() -> None:
        async with open_city() as city:
            watcher, speaker = Citizen(city.url, named("보는이")), Citizen(city.url, named("말하는이"))
            async with watcher, speaker:
                diary = Diary(watcher)
                assert speaker.microphone(live=True)
                await until(lambda: [event.live for event in diary.of(MicrophoneChanged)][-1:] == [True])
                visit = speaker._visit
                assert visit is not None
                # The client does not notice: nothing but the server's own word mutes them.
                visit.lost = lambda: None  # type: ignore[method-assign]
                city.bridge.lost(city.bridge._guests[PersonId(speaker.person or 0)])
                await until(lambda: not diary.of(MicrophoneChanged)[-1].live)
                assert not diary.of(Left)
                assert city.world.count == 2

    run(body())


def test_who_falls_silent_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_module, "SILENCE_SECONDS", 0.5)

    async def body() -> None:
        async with open_city() as city, Citizen(city.url, named("가온")) as a:
            visit = a._visit
            assert visit is not None
            visit.send_state = lambda _: False  # type: ignore[method-assign]
            await until(lambda: (PersonId(a.person or 0), False) in city.door.gone)
            # Told to go with a code that lets it come back, it does.
            await until(lambda: a.reconnects == 1)
            assert a.inspect()["connection"]["resumed"]

    run(body())


def test_the_same_session_from_elsewhere_replaces_the_older_connection() -> None:
    async def body() -> None:
        async with open_city() as city, Citizen(city.url, named("보는이")) as watcher:
            diary = Diary(watcher)
            first = Citizen(city.url, named("나은"))
            await first.__aenter__()
            first.send_pose(standing((2.0, 0.0, 0.0), 0.0))
            await until(lambda: (pose := seen(watcher, "나은")) is not None and pose.position[0] > 1.95)
            second = Citizen(city.url, named("나은", session=first.session))
            async with second:
                await until(lambda: first.state == "refused")
                assert "replaced" in str(first.inspect()["connection"]["detail"]) or "somewhere else" in str(
                    first.inspect()["connection"]["detail"]
                )
                assert second.person == first.person
                assert second.place[0] == pytest.approx((2.0, 0.0, 0.0), abs=0.05)
                second.send_pose(standing((2.6, 0.0, 0.0), 0.0))
                await until(lambda: (pose := seen(watcher, "나은")) is not None and pose.position[0] > 2.55)
                assert city.world.count == 2
                assert not diary.of(Left)
            await first.leave(for_good=False)

    run(body())


def test_a_refused_citizen_is_told_why() -> None:
    async def body() -> None:
        async with open_city() as city:
            citizen = Citizen(city.url, named("nobody"))
            with pytest.raises(RefusedError) as refused:
                await citizen.__aenter__()
            assert (refused.value.close, refused.value.code) == (Close.BAD_NAME, "bad_name")
            assert citizen.state == "refused"

    run(body())


def test_somebody_who_is_removed_is_told_why_and_gone_for_everybody() -> None:
    async def body() -> None:
        async with open_city() as city:
            removed, watcher = Citizen(city.url, named("가온")), Citizen(city.url, named("나은"))
            async with watcher:
                await removed.__aenter__()
                diary = Diary(watcher)
                await until(lambda: seen(watcher, "가온") is not None)
                person = PersonId(removed.person)
                assert city.bridge.remove(person, "소란을 피워서 내보냈어요.", "Removed for noise.")
                await until(lambda: removed.state == "refused")
                assert "Removed for noise." in str(removed.inspect()["connection"]["detail"])
                await until(lambda: [event.person for event in diary.of(Left)] == [person])
                assert city.door.gone == [(person, False)]
                assert not city.bridge.remove(person, "또", "Again")
                assert city.world.count == 1

    run(body())


def test_a_city_that_is_not_there_is_told() -> None:
    async def body() -> None:
        with pytest.raises(ConnectionLostError):
            await Citizen("http://127.0.0.1:9", named("가온")).__aenter__()

    run(body())


def test_a_stopping_server_tells_everyone_and_they_may_come_back() -> None:
    async def body() -> None:
        async with open_city() as city:
            a = Citizen(city.url, named("가온"))
            await a.__aenter__()
            await city.bridge.close()
            await until(lambda: a.state == "reconnecting" or a.reconnects > 0)
            await a.leave(for_good=False)

    run(body())


def test_inspection_is_plain_json_with_every_part() -> None:
    async def body() -> None:
        async with open_city() as city:
            a, b = Citizen(city.url, named("가온")), Citizen(city.url, named("나은"))
            async with a, b:
                a.send_pose(replace(standing((0.0, 0.0, 0.0), math.pi / 2), has_left=True))
                b.send_pose(standing((0.0, 0.0, -3.0), 0.0))
                b.say("여기요")
                await until(lambda: a.people and a.inspect()["chat"] and a.inspect()["counts"]["near"])
                await until(lambda: abs(a.inspect()["people"][0]["distance_m"] - 3.0) < 0.05)
                found = json.loads(json.dumps(a.inspect()))
        assert set(found) == {
            "version", "connection", "self", "people", "ears", "counts", "chat", "frames_per_second", "city",
            "vr", "language",
        }  # fmt: skip
        assert found["version"] == 1
        assert len(found["connection"]["session"]) == 8
        head = found["self"]["pose"]["head"]
        assert head["position"] == pytest.approx([0.0, 1.6, 0.0], abs=1e-6)
        assert head["orientation"] == pytest.approx(q.from_yaw(math.pi / 2).tolist(), abs=1e-6)
        assert found["self"]["pose"]["left_hand"] is not None
        assert found["self"]["pose"]["right_hand"] is None
        assert found["people"][0]["name"] == "나은"
        assert found["chat"] == [{"person": b.person, "name": "나은", "text": "여기요"}]
        assert found["counts"] == {"city": 2, "near": 1}

    run(body())


def test_nothing_is_kept_of_people_who_came_and_went() -> None:
    async def body() -> None:
        async with open_city() as city:
            for number in range(5):
                async with Citizen(city.url, named(f"나그네{number}")) as citizen:
                    await until(lambda citizen=citizen: citizen.person in city.world.person)  # type: ignore[misc]
            await until(lambda: city.world.count == 0)
            await until(lambda: not city.bridge._parting)
            bridge = city.bridge
            assert not bridge._guests
            assert not bridge._of
            assert not bridge._delivery._roster
            assert city.seats() == 0

    run(body())
