import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial import quaternion as q
from streaming import codec, codec_json
from streaming.errors import MalformedMessageError, MalformedPacketError
from streaming.messages import (
    MAX_EVENT_BYTES,
    MAX_SIGNAL_BYTES,
    MAX_STATE_BYTES,
    PROTOCOL_VERSION,
    Body,
    Bye,
    Candidate,
    Census,
    Entered,
    Hello,
    Left,
    Message,
    Microphone,
    MicrophoneChanged,
    Moved,
    Notice,
    Offer,
    PacketType,
    Refusal,
    Said,
    Say,
    Teleport,
    Wave,
    Waved,
    Welcome,
)
from streaming.packing import WORST_TURN
from streaming.replication import Replication
from streaming.state.quantise import parts_of
from streaming.state.view import View
from world.commands import BodyPose
from world.entity import Appearance, PersonId
from world.state import World

MILLIMETRE = 0.0005 + 1e-9
TURN = math.tau / 65536 / 2 + 1e-9

finite = st.floats(allow_nan=False, allow_infinity=False)
coordinate = st.floats(-20_000.0, 20_000.0)
reach = st.floats(-3.0, 3.0)
yaw = st.floats(-7.0, 7.0)
rotation = st.tuples(*[st.floats(-1.0, 1.0)] * 4).filter(lambda parts: math.hypot(*parts) > 0.01)


def vectors(of: st.SearchStrategy[float], count: int) -> st.SearchStrategy[np.ndarray]:
    return st.lists(st.tuples(of, of, of), min_size=count, max_size=count).map(np.array)


poses = st.builds(
    BodyPose,
    position=vectors(coordinate, 1).map(lambda rows: rows[0]),
    yaw=yaw,
    parts=vectors(reach, 3),
    orientations=st.lists(rotation, min_size=3, max_size=3).map(lambda rows: q.normalise(np.array(rows))),
    has_left=st.booleans(),
    has_right=st.booleans(),
)


def turned_by(first: float, second: float) -> float:
    return abs(math.remainder(first - second, math.tau))


@given(poses, st.integers(0, 0xFFFF))
def test_a_pose_comes_back_within_the_stated_steps(pose: BodyPose, sequence: int) -> None:
    sample = codec.decode_pose_sample(codec.encode_pose_sample(sequence, pose))
    assert sample.sequence == sequence
    assert np.abs(sample.pose.position - pose.position).max() <= MILLIMETRE
    assert np.abs(sample.pose.parts - pose.parts).max() <= MILLIMETRE
    assert turned_by(sample.pose.yaw, pose.yaw) <= TURN
    assert q.angle_between(sample.pose.orientations, pose.orientations).max() <= WORST_TURN
    assert (sample.pose.has_left, sample.pose.has_right) == (pose.has_left, pose.has_right)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_sample_says_which_packets_the_client_has(seen: int, before: int) -> None:
    turns = np.tile(q.IDENTITY, (3, 1))
    pose = BodyPose(np.zeros(3), 0.0, np.zeros((3, 3)), turns, has_left=False, has_right=False)
    sample = codec.decode_pose_sample(codec.encode_pose_sample(1, pose, seen, before))
    assert (sample.seen, sample.seen_before) == (seen, before)


def _packets(viewer: int = 0, people: int = 5, ticks: int = 3) -> list[bytes]:
    """Packets of the first ticks of a small world, to somebody who said that they have the first."""
    world, random, packets = World(8), np.random.default_rng(1), []
    replication = Replication(world)
    for number in range(people):
        row = world.add(PersonId(number + 1), Appearance("", 0, "headset"))
        world.position[row] = random.uniform(-9, 9, 3)
        world.hands[row] = number % 2
        world.acknowledged[row], world.yaw[row] = 500 + number, 0.5
        replication.enter(number)
    for world.tick in range(1, ticks + 1):
        world.position[:people] += random.uniform(-0.1, 0.1, (people, 3))
        packets.append(replication.step(world.slot[:people]).of(viewer))
        replication.heard(viewer, 1, 0)
    return packets


def test_the_head_of_a_packet_says_what_the_server_holds_of_me() -> None:
    people = codec.decode_people(_packets(viewer=2)[0], View())
    assert people is not None
    assert (people.listener.acknowledged, people.listener.tick) == (502, 1)
    assert np.abs(people.listener.position).max() < 10.0
    assert turned_by(people.listener.yaw, 0.5) <= TURN


def test_a_packet_that_is_late_or_comes_twice_is_left_aside_and_not_said_to_be_there() -> None:
    first, second, third = _packets()
    view = View()
    assert codec.decode_people(first, view) is not None
    assert codec.decode_people(third, view) is not None
    assert (view.seen, view.seen_before) == (3, 0b10)
    held = view.there(0)[1].copy()
    for late in (second, third, first):
        assert codec.decode_people(late, view) is None
    assert (view.seen, view.seen_before) == (3, 0b10)
    assert np.array_equal(view.there(0)[1], held)


@given(st.data())
def test_bent_packets_are_read_or_refused_and_leave_no_half_of_them(data: st.DataObject) -> None:
    packets, view = _PACKETS, View()
    codec.decode_people(packets[0], view)
    bent = bytearray(packets[data.draw(st.integers(0, 2))])
    for _ in range(data.draw(st.integers(1, 3))):
        bent[data.draw(st.integers(2, len(bent) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(bent[: data.draw(st.integers(0, len(bent)))])
    for packet in (bytes(bent), cut):
        before = (view.seen, view.ids.tolist(), view.there(0)[1].tolist())
        try:
            codec.decode_people(packet, view)
        except MalformedPacketError:
            assert (view.seen, view.ids.tolist(), view.there(0)[1].tolist()) == before
        places, states = view.there(0)
        assert len(places) <= 64
        positions, turns = parts_of(states)
        assert np.isfinite(positions).all()
        assert np.allclose(np.linalg.norm(turns, axis=-1), 1.0)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sample_or_refused(data: bytes) -> None:
    head = bytes([PROTOCOL_VERSION, PacketType.PEOPLE])
    for decode, packet in (
        (codec.decode_pose_sample, data),
        (lambda packet: codec.decode_people(packet, View()), data),
        (lambda packet: codec.decode_people(packet, View()), head + data),
    ):
        try:
            decode(packet)
        except MalformedPacketError:
            continue


@given(poses, st.integers(0, 56), st.integers(0, 255))
def test_a_bent_byte_gives_a_finite_pose_or_is_refused(pose: BodyPose, place: int, value: int) -> None:
    data = bytearray(codec.encode_pose_sample(1, pose))
    data[place] = value
    try:
        bent = codec.decode_pose_sample(bytes(data)).pose
    except MalformedPacketError:
        return
    assert all(np.isfinite(part).all() for part in (bent.position, bent.parts, bent.orientations))
    assert np.allclose(np.linalg.norm(bent.orientations, axis=-1), 1.0)


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_text_is_a_message_or_refused(text: str | bytes) -> None:
    for decode in (
        codec_json.decode_client_signal,
        codec_json.decode_client_event,
        codec_json.decode_server_signal,
        codec_json.decode_server_event,
    ):
        try:
            decode(text)
        except MalformedMessageError:
            continue


GOOD = codec.encode_pose_sample(
    1,
    BodyPose(np.zeros(3), 0.0, np.zeros((3, 3)), np.tile(q.IDENTITY, (3, 1)), has_left=True, has_right=True),
)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        GOOD[:-1],
        GOOD + b"\0",
        bytes([PROTOCOL_VERSION + 1]) + GOOD[1:],
        GOOD[:1] + bytes([PacketType.PEOPLE]) + GOOD[2:],
        GOOD[:12] + bytes([Body.SPEAKING]) + GOOD[13:],
        GOOD[:12] + b"\x80" + GOOD[13:],
        GOOD[:-4] + b"\xff\xff\xff\xff",
    ],
)
def test_a_packet_of_wrong_size_version_type_flags_or_rotation_is_refused(packet: bytes) -> None:
    with pytest.raises(MalformedPacketError):
        codec.decode_pose_sample(packet)


_PACKETS = _packets()


def test_a_people_packet_that_is_cut_short_or_goes_on_is_refused() -> None:
    packet = _PACKETS[1]
    longer = (packet + b"\0", packet + b"\x80\0", packet + bytes(MAX_STATE_BYTES))
    for wrong in (packet[:-1], packet[:22], *longer):
        view = View()
        codec.decode_people(_PACKETS[0], view)
        with pytest.raises(MalformedPacketError):
            codec.decode_people(wrong, view)


def test_a_difference_to_what_was_never_sent_is_refused() -> None:
    with pytest.raises(MalformedPacketError, match=r"never sent|crowd"):
        codec.decode_people(_PACKETS[2], View())


MESSAGES = (
    (
        codec_json.decode_client_signal,
        Hello(protocol=1, name="나은", colour=9, language="ko", kind="browser"),
    ),
    (codec_json.decode_client_signal, Offer(sdp="v=0")),
    (codec_json.decode_client_signal, Candidate(candidate=None)),
    (codec_json.decode_client_signal, Bye()),
    (
        codec_json.decode_server_signal,
        Welcome(
            protocol=1, session="s" * 32, person=7, resumed=True, name="나은", city="gwangju",
            position=(1.0, 2.0, 3.0), yaw=0.5, tick_hz=20,
        ),
    ),
    (codec_json.decode_server_signal, Refusal(code="full", ko="자리가 없습니다", en="Full", fatal=True)),
    (codec_json.decode_client_event, Say(text="안녕하세요")),
    (codec_json.decode_client_event, Wave()),
    (codec_json.decode_client_event, Teleport(position=(1.0, 2.0, 3.0), yaw=1.0)),
    (codec_json.decode_client_event, Microphone(live=True)),
    (
        codec_json.decode_server_event,
        Entered(person=1, name="Minh", colour=0, kind="headset", microphone=False),
    ),
    (codec_json.decode_server_event, Left(person=1)),
    (codec_json.decode_server_event, Said(person=1, name="Minh", text="xin chào", seconds=1.5)),
    (codec_json.decode_server_event, Waved(person=1)),
    (codec_json.decode_server_event, MicrophoneChanged(person=1, live=False)),
    (codec_json.decode_server_event, Moved(position=(1.0, 2.0, 3.0), yaw=0.0, reason="teleport")),
    (codec_json.decode_server_event, Census(city=3, near=2)),
    (codec_json.decode_server_event, Notice(code="too_far", ko="멉니다", en="Too far")),
)  # fmt: skip


@pytest.mark.parametrize(("decode", "message"), MESSAGES, ids=lambda item: type(item).__name__)
def test_a_message_comes_back_as_it_was(decode: Callable[[str], object], message: Message) -> None:
    assert decode(codec_json.encode_json(message)) == message


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"say","text":""}',
        '{"type":"say","text":"x","loud":true}',
        '{"type":"shout","text":"x"}',
        '{"type":"say"}',
        '{"text":"x"}',
        '{"type":"teleport","position":[NaN,0,0]}',
        '{"type":"teleport","position":[1e999,0,0]}',
        '{"type":"teleport","position":[1e6,0,0]}',
        '{"type":"teleport","position":[0,0]}',
        '{"type":"microphone","live":1}',
        '{"type":"say","text":"\\ud800"}',
        "[" * 100_000,
        "null",
        "\ud800",
        '{"type":"say","text":"' + "가" * MAX_EVENT_BYTES + '"}',
    ],
    ids=lambda text: ascii(text[:40]),
)
def test_an_event_that_is_not_exactly_in_the_protocol_is_refused(text: str) -> None:
    with pytest.raises(MalformedMessageError):
        codec_json.decode_client_event(text)


def test_a_signal_longer_than_allowed_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(MalformedMessageError, match=str(MAX_SIGNAL_BYTES)):
        codec_json.decode_client_signal('{"type":"offer","sdp":"' + "가" * (MAX_SIGNAL_BYTES // 3) + '"}')


def test_the_outline_of_a_refused_message_tells_type_and_version() -> None:
    assert codec_json.outline('{"type":"hello","protocol":2,"face":1}') == ("hello", 2)
    assert codec_json.outline("{") == ("", None)
