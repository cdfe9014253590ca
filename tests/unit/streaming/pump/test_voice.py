"""A microphone's way through the pump: the portable path's sound, and made-up sound where it must."""

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.audio import FRAME, RATE
from streaming.audio.gate import Gate
from streaming.audio.opus import STEREO_BITS, VOICE_BITS, Decoder, Encoder
from streaming.pump.functions import addresses
from streaming.pump.gate import GATE, pass_through
from streaming.pump.jitter import LEAST_TARGET, MOST_CONCEALED, MOST_TARGET, SLOTS
from streaming.pump.opus import MOST_BYTES, encode, encoders, make_encoder
from tests.unit.streaming.pump.microphone import Microphone


def _tone(frame: int, hertz: float = 440.0, rate: float = RATE) -> np.ndarray:
    when = (frame * FRAME + np.arange(FRAME)) / rate
    return (0.3 * np.sin(2.0 * np.pi * hertz * when)).astype(np.float32)


@pytest.fixture(scope="module")
def packets() -> list[bytes]:
    """A second and a half of a tone, as a browser would send it."""
    encoder = Encoder(1, VOICE_BITS)
    return [encoder.encode(_tone(number)[None]) for number in range(75)]


@pytest.fixture(scope="module")
def decoded(packets: list[bytes]) -> list[np.ndarray]:
    decoder = Decoder(1)
    frames = [decoder.decode(packet) for packet in packets]
    return [frame[0] for frame in frames if frame is not None]


def _play(
    microphone: Microphone, packets: list[bytes], arrivals: list[float | None]
) -> list[np.ndarray | None]:
    """Play, with each packet arriving at its time in frames, or not at all."""
    heard = []
    for now in range(len(packets) + SLOTS):
        for number, arrival in enumerate(arrivals):
            if arrival is not None and now <= arrival < now + 1:
                microphone.push(number, packets[number], arrival)
        heard.append(microphone.frame())
    return heard


def test_what_arrives_in_time_sounds_bit_for_bit_as_in_the_portable_path(
    packets: list[bytes], decoded: list[np.ndarray]
) -> None:
    microphone = Microphone()
    heard = _play(microphone, packets, [float(number) for number in range(75)])
    first = next(index for index, frame in enumerate(heard) if frame is not None)
    assert first == LEAST_TARGET - 1
    for number, frame in enumerate(decoded):
        played = heard[first + number]
        assert played is not None
        assert np.array_equal(played, frame), number
    assert microphone.stream["lost"] == MOST_CONCEALED
    assert heard[-1] is None


def test_reordered_and_doubled_packets_change_nothing(
    packets: list[bytes], decoded: list[np.ndarray]
) -> None:
    microphone = Microphone()
    heard: list[np.ndarray] = []
    for now in range(75):
        # Of every four packets two come in the wrong order, and twice.
        for number in {1: (), 2: (now, now - 1, now, now - 1)}.get(now % 4, (now,)):
            microphone.push(number + 65500, packets[number], float(now))
        frame = microphone.frame()
        if frame is not None:
            heard.append(frame)
    assert len(heard) >= 70
    assert all(np.array_equal(one, two) for one, two in zip(heard, decoded, strict=False))
    assert microphone.stream["lost"] == 0


def test_a_lost_packet_is_concealed_by_the_codec(packets: list[bytes], decoded: list[np.ndarray]) -> None:
    microphone = Microphone()
    heard = _play(microphone, packets, [None if number == 30 else float(number) for number in range(75)])
    made_up, silence = heard[30 + LEAST_TARGET - 1], np.zeros(FRAME)
    assert made_up is not None
    # The tone goes on through the gap.
    error = float(np.abs(made_up - decoded[30]).mean())
    assert error < 0.5 * float(np.abs(silence - decoded[30]).mean())
    assert microphone.stream["lost"] == 1 + MOST_CONCEALED


def test_redundancy_in_the_packet_after_repairs_a_loss() -> None:
    coder = av.CodecContext.create("libopus", "w")
    coder.sample_rate, coder.layout, coder.format, coder.bit_rate = RATE, "mono", "flt", 32_000
    coder.options = {"application": "voip", "frame_duration": "20", "packet_loss": "20", "fec": "1"}
    packets = []
    speech = np.random.default_rng(5).standard_normal(75 * FRAME).cumsum()
    speech = (0.3 * speech / np.abs(speech).max()).astype(np.float32)
    for number in range(75):
        frame = av.AudioFrame(format="flt", layout="mono", samples=FRAME)
        frame.sample_rate = RATE
        frame.planes[0].update(speech[number * FRAME : (number + 1) * FRAME].tobytes())
        packets += [bytes(packet) for packet in coder.encode(frame)]
    microphone = Microphone()
    _play(microphone, packets, [None if number == 30 else float(number) for number in range(len(packets))])
    assert microphone.stream["repaired"] == 1


def test_a_pause_of_the_sender_is_silence_and_no_loss_after_it(packets: list[bytes]) -> None:
    microphone = Microphone()
    arrivals = [float(number if number < 20 else number + 40) for number in range(40)]
    heard: list[np.ndarray | None] = []
    for now in range(120):
        for number, arrival in enumerate(arrivals):
            if arrival == now:
                microphone.push(number, packets[number], arrival, timestamp=int(arrival) * FRAME)
        heard.append(microphone.frame())
    assert all(frame is None for frame in heard[30:58])
    assert sum(frame is not None for frame in heard) == 40 + 2 * MOST_CONCEALED


def test_the_buffer_waits_longer_on_a_line_that_jitters_and_then_loses_nothing(packets: list[bytes]) -> None:
    calm, rough = Microphone(), Microphone()
    late = np.random.default_rng(3).uniform(0.0, 5.0, 75)
    _play(calm, packets, [number + 0.1 for number in range(75)])
    _play(rough, packets, [number + float(late[number]) for number in range(75)])
    assert calm.stream["target"] == LEAST_TARGET
    assert 5 <= rough.stream["target"] <= MOST_TARGET


@pytest.mark.parametrize("ppm", [-2000.0, 2000.0])
def test_clocks_that_drift_apart_are_followed_without_a_gap(packets: list[bytes], ppm: float) -> None:
    """4 ms a second, ten times what sound cards do; after 20 s the clocks are four frames apart."""
    microphone = Microphone()
    sent, gaps, levels = 0, 0, []
    for now in range(1000):
        while sent * (1.0 + ppm * 1e-6) < now + 0.5:
            microphone.push(sent, packets[sent % 75], sent * (1.0 + ppm * 1e-6))
            sent += 1
        gaps += microphone.frame() is None
        levels.append(float(microphone.stream["level"]) / FRAME)
    assert gaps <= LEAST_TARGET
    assert microphone.stream["lost"] <= 1
    assert abs(levels[-1] - microphone.stream["target"]) < 2.0


def test_a_new_source_takes_the_place_of_the_one_before(packets: list[bytes]) -> None:
    microphone = Microphone()
    for number in range(5):
        microphone.push(number, packets[number], float(number))
        microphone.frame()
    assert microphone.push(40_000, packets[5], 5.0, source=2)
    assert microphone.stream["source"] == 2
    assert microphone.stream["held"] == 1


def test_what_is_no_opus_is_concealed(packets: list[bytes]) -> None:
    microphone = Microphone()
    for number in range(10):
        microphone.push(number, b"\xff" * 7 if number == 5 else packets[number], float(number))
        microphone.frame()
    # Code 3 with 63 frames: more than 120 ms.
    assert microphone.stream["lost"] == 1


_packet = st.tuples(
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 3),
    st.binary(max_size=40) | st.just(b"\0" * 1400),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.none(), _packet), max_size=80), st.sampled_from([64, 0x10000]))
def test_nothing_that_arrives_breaks_the_buffer(
    events: list[tuple[int, int, int, bytes] | None], span: int
) -> None:
    microphone = Microphone()
    for now, event in enumerate(events):
        if event is None:
            frame = microphone.frame()
            assert frame is None or bool(np.isfinite(frame).all())
        else:
            sequence, timestamp, source, payload = event
            microphone.push(sequence % span, payload, now, source=source, timestamp=timestamp)
        stream = microphone.stream
        assert 0 <= stream["held"] <= SLOTS
        assert LEAST_TARGET <= stream["target"] <= MOST_TARGET
        held = int((microphone._buffers.numbers[1] >= 0).sum())
        assert held == stream["held"]


def test_the_gate_is_the_portable_gate() -> None:
    gates, portable, rng = np.zeros(1, GATE), Gate(), np.random.default_rng(1)
    for number in range(200):
        loud = 10.0 ** rng.uniform(-3.5, -1.0) if number // 40 % 2 else 10.0 ** rng.uniform(-4.0, -2.4)
        there = bool(rng.random() < 0.95)
        frame = (loud * rng.standard_normal(FRAME)).astype(np.float32)
        expected = portable.pass_through(frame.copy() if there else None)
        passed = pass_through(gates[0], frame, there)
        assert passed == (expected is not None)
        assert bool(gates[0]["speaking"]) == portable.speaking
        if expected is not None:
            assert np.array_equal(frame, expected)


def test_the_encoder_writes_the_very_packets_of_the_portable_path() -> None:
    rows, portable = encoders(2), Encoder(2, STEREO_BITS)
    make_encoder(rows[1])
    packet = np.zeros(MOST_BYTES + 12, np.uint8)
    for number in range(40):
        stereo = np.stack([_tone(number), _tone(number, 700.0)])
        expected = portable.encode(stereo)
        size = encode(addresses(), rows[1], np.ascontiguousarray(stereo.T).ravel(), packet, 12)
        assert packet[12 : 12 + size].tobytes() == expected, number
    assert encode(addresses(), rows[1], np.zeros(2 * FRAME, np.float32), packet, 13) == -1
    assert encode(addresses(), rows[1], np.zeros(2 * FRAME - 1, np.float32), packet, 12) == -1
