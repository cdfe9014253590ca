import av
import numpy as np
import pytest

from streaming.audio import FRAME
from streaming.audio.gate import HANGOVER, Gate
from streaming.audio.jitter import MOST, PATIENCE, TARGET, Gap, Jitter
from streaming.audio.opus import STEREO_BITS, VOICE_BITS, Decoder, Encoder
from streaming.audio.voice import Voice

TIME = np.arange(200 * FRAME) / 48_000
TONE = (0.2 * np.sin(2 * np.pi * 600.0 * TIME)).astype(np.float32)


def frame(number: int, samples: np.ndarray = TONE) -> np.ndarray:
    return samples[number * FRAME : (number + 1) * FRAME]


# --- gate


def test_a_steady_tone_is_speech_for_as_long_as_it_lasts() -> None:
    gate = Gate()
    passed = [gate.pass_through(frame(number)) is not None for number in range(200)]
    assert all(passed)
    assert gate.speaking


def test_a_quiet_microphone_is_exact_silence() -> None:
    gate, hiss = Gate(), (1e-4 * np.random.default_rng(1).normal(size=FRAME)).astype(np.float32)
    assert all(gate.pass_through(hiss) is None for _ in range(50))
    assert not gate.speaking


def test_the_gate_opens_and_closes_with_a_fade_after_the_hangover() -> None:
    gate, quiet = Gate(), np.full(FRAME, 1e-4, np.float32)
    first = gate.pass_through(frame(0) + 0.1)
    assert first is not None
    assert first[0] == 0.0
    kept = [gate.pass_through(quiet) for _ in range(HANGOVER + 2)]
    assert [passed is not None for passed in kept] == [True] * HANGOVER + [False, False]
    last = kept[HANGOVER - 1]
    assert last is not None
    assert abs(last[-1]) < abs(last[0]) / 100
    assert not gate.speaking


# --- jitter


def drain(jitter: Jitter, count: int) -> list[bytes | Gap]:
    return [jitter.pop() for _ in range(count)]


def test_packets_play_in_order_after_a_short_wait() -> None:
    jitter = Jitter()
    assert jitter.pop() is Gap.IDLE
    for number in (65534, 0, 65535, 1):
        jitter.push(number, str(number).encode())
    assert drain(jitter, 4) == [b"65534", b"65535", b"0", b"1"]


def test_a_lost_packet_is_told_and_a_late_one_dropped() -> None:
    jitter = Jitter()
    for number in (10, 11, 13, 14):
        jitter.push(number, bytes([number]))
    assert drain(jitter, 3) == [b"\x0a", b"\x0b", Gap.LOST]
    jitter.push(12, b"late")
    assert drain(jitter, 2) == [b"\x0d", b"\x0e"]


def test_a_stream_that_stops_is_lost_once_and_then_idle_and_starts_again() -> None:
    jitter = Jitter()
    for number in range(3):
        jitter.push(number, b"x")
    assert drain(jitter, 5) == [b"x", b"x", b"x", Gap.LOST, Gap.IDLE]
    for number in range(40, 43):
        jitter.push(number, b"y")
    assert drain(jitter, 3) == [b"y"] * 3


def test_a_single_packet_plays_too() -> None:
    jitter = Jitter()
    jitter.push(7, b"x")
    assert b"x" in drain(jitter, TARGET + 1)


def test_a_flood_is_bounded_and_the_newest_stay() -> None:
    jitter = Jitter()
    for number in range(1000):
        jitter.push(number % 0x10000, number.to_bytes(2, "big"))
        assert len(jitter) <= MOST
    assert jitter.pop() != Gap.IDLE


def test_a_jump_in_numbers_is_a_new_stream() -> None:
    jitter = Jitter()
    for number in (1, 2, 3):
        jitter.push(number, b"old")
    for number in (30000, 30001, 30002):
        jitter.push(number, b"new")
    assert drain(jitter, 3) == [b"new"] * 3


def test_a_fast_clock_is_caught_up_with() -> None:
    jitter, number = Jitter(), 0
    for _ in range(TARGET + 5):
        jitter.push(number, b"x")
        number += 1
    for _ in range(PATIENCE * 6):
        jitter.pop()
        jitter.push(number, b"x")
        number += 1
    assert len(jitter) <= TARGET + 2


# --- opus


@pytest.mark.parametrize(("channels", "bits"), [(1, VOICE_BITS), (2, STEREO_BITS)])
def test_what_is_coded_comes_back_as_loud(channels: int, bits: int) -> None:
    encoder, decoder = Encoder(channels, bits), Decoder(channels)
    loudness = np.array([1.0, 0.25])[:channels, None]
    decoded = []
    for number in range(25):
        packet = encoder.encode(loudness * frame(number))
        assert 0 < len(packet) < 400
        samples = decoder.decode(packet)
        assert samples is not None
        assert samples.shape == (channels, FRAME)
        decoded.append(samples)
    level = np.sqrt(np.mean(np.square(np.concatenate(decoded[5:], axis=1)), axis=1))
    assert 20 * np.log10(level / (loudness[:, 0] * 0.2 / np.sqrt(2))) == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize("packet", [b"", b"\xff", b"\xff\x00\x01", bytes(2000), b"\x03\xff" * 700])
def test_what_is_no_opus_gives_nothing_or_bounded_sound(packet: bytes) -> None:
    samples = Decoder(1).decode(packet)
    assert samples is None or samples.shape[1] <= 5760


# --- voice


def test_packets_become_frames_and_losses_fade() -> None:
    voice, encoder = Voice(), Encoder(1, VOICE_BITS)
    packets = [encoder.encode(frame(number)[None]) for number in range(12)]
    for number, packet in enumerate(packets):
        if number != 6:
            voice.push(number, packet)
    frames = [voice.frame() for _ in range(14)]
    assert all(samples is not None for samples in frames[:12])
    assert voice.speaking
    assert frames[6] is not None
    assert np.abs(frames[6][-48:]).max() < 0.02
    assert frames[11] is not None
    # After the last one fades there is silence, while the hangover still counts as speech.
    assert frames[13] is None


def test_sixty_millisecond_packets_are_cut_into_frames() -> None:
    coder = av.CodecContext.create("libopus", "w")
    coder.sample_rate, coder.layout, coder.format = 48_000, "mono", "flt"
    coder.options = {"frame_duration": "60"}
    voice = Voice()
    for number in range(4):
        sound = av.AudioFrame(format="flt", layout="mono", samples=3 * FRAME)
        sound.sample_rate = 48_000
        sound.planes[0].update(TONE[number * 3 * FRAME : (number + 1) * 3 * FRAME].tobytes())
        for packet in coder.encode(sound):
            voice.push(number, bytes(packet))
    frames = [voice.frame() for _ in range(9)]
    assert all(samples is not None and samples.shape == (FRAME,) for samples in frames)


def test_rubbish_packets_are_silence() -> None:
    voice = Voice()
    for number in range(50):
        voice.push(number, bytes([number]) * 40)
        voice.frame()
