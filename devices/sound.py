"""Microphone and speaker through PortAudio: 48 kHz, 16 bit, 20 ms blocks, rings that make nobody wait.

PortAudio calls back on its own thread; the callbacks only move a block between its buffer and a bounded ring.
When a ring is full its oldest block goes (late sound is worse than lost sound), and a counter tells.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices.device import Sample, now
from devices.errors import SoundDeviceFailedError, SoundDeviceMissingError, SoundLibraryMissingError

RATE = 48_000
#: Samples in a block of 20 ms: the frame of Opus, and of the city's mixer.
BLOCK = 960
#: Blocks a ring holds, 160 ms: two clocks that drift apart must not pile up delay.
RING_BLOCKS = 8
#: Blocks to wait for before playing begins (again): two swallow the jitter of a 50 Hz source.
PRIMING_BLOCKS = 2

Block = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Glitches:
    """What went wrong so far.

    Attributes:
        dropped: Blocks that a full ring lost.
        gaps: Times that the hardware had no room (microphone) or nothing to play (speaker).
    """

    dropped: int
    gaps: int


@dataclass(frozen=True, slots=True)
class SoundDevices:
    """Names of what this machine has; the defaults come first."""

    microphones: tuple[str, ...]
    speakers: tuple[str, ...]


def _portaudio() -> Any:
    """Load PortAudio.

    Raises:
        SoundLibraryMissingError: It is not installed.
    """
    try:
        import sounddevice  # noqa: PLC0415 - loading it looks for PortAudio, which a server need not have
    except OSError as error:
        raise SoundLibraryMissingError(
            "소리 라이브러리 PortAudio가 없습니다. libportaudio2 패키지를 설치하세요 "
            "(apt install libportaudio2).",
            "The sound library PortAudio is missing. Install the package libportaudio2 "
            "(apt install libportaudio2).",
        ) from error
    return sounddevice


def list_sound_devices() -> SoundDevices:
    """Return the machine's microphones and speakers; empty tuples where there are none.

    Raises:
        SoundLibraryMissingError: PortAudio is not installed.
    """
    sounddevice = _portaudio()
    found = list(sounddevice.query_devices())
    default_in, default_out = sounddevice.default.device

    def named(channels: str, default: int) -> tuple[str, ...]:
        able = [device for device in found if device[channels] > 0]
        return tuple(
            str(device["name"]) for device in sorted(able, key=lambda each: each["index"] != default)
        )

    return SoundDevices(named("max_input_channels", default_in), named("max_output_channels", default_out))


def _open(kind: str, channels: int, callback: Any) -> tuple[Any, str]:
    """Open and start a raw stream on the default device of `kind` ("input" or "output").

    Raises:
        SoundLibraryMissingError, SoundDeviceMissingError, SoundDeviceFailedError: As their names say.
    """
    sounddevice = _portaudio()
    ko, en = ("마이크", "microphone") if kind == "input" else ("스피커", "speaker")
    try:
        device = sounddevice.query_devices(kind=kind)
    except (ValueError, sounddevice.PortAudioError) as error:
        raise SoundDeviceMissingError(
            f"{ko}를 찾을 수 없습니다. 장치를 연결하거나 소리 없이 계속하세요.",
            f"No {en} was found. Connect one, or go on without sound.",
        ) from error
    make = sounddevice.RawInputStream if kind == "input" else sounddevice.RawOutputStream
    try:
        stream = make(
            samplerate=RATE,
            blocksize=BLOCK,
            channels=channels,
            dtype="int16",
            latency="low",
            callback=callback,
        )
        stream.start()
    except sounddevice.PortAudioError as error:
        raise SoundDeviceFailedError(
            f"{ko} '{device['name']}'를 열 수 없습니다: {error}. 다른 프로그램이 쓰고 있는지 확인하세요.",
            f"The {en} '{device['name']}' would not open: {error}. See whether another program holds it.",
        ) from error
    return stream, str(device["name"])


class Microphone:
    """The default microphone, mono. `read` gives blocks of (960,) int16 in the order they were heard."""

    def __init__(self) -> None:
        self.name = ""
        self._ring: deque[Sample[Block]] = deque(maxlen=RING_BLOCKS)
        self._stream: Any = None
        self._dropped = 0
        self._gaps = 0

    @property
    def glitches(self) -> Glitches:
        """What was lost so far."""
        return Glitches(self._dropped, self._gaps)

    def open(self) -> None:
        """Begin to listen.

        Raises:
            SoundLibraryMissingError, SoundDeviceMissingError, SoundDeviceFailedError: As their names say.
        """
        self._stream, self.name = _open("input", 1, self._heard)

    def read(self) -> Sample[Block] | None:
        """Take the oldest block that waits; None when there is none."""
        try:
            return self._ring.popleft()
        except IndexError:
            return None

    def close(self) -> None:
        """Stop listening."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _heard(self, data: Any, _frames: int, timing: Any, status: Any) -> None:
        self._gaps += bool(status.input_overflow)
        self._dropped += len(self._ring) == RING_BLOCKS
        age = max(0.0, timing.currentTime - timing.inputBufferAdcTime) if timing.inputBufferAdcTime else 0.0
        self._ring.append(Sample(now() - age, np.frombuffer(bytes(data), np.int16)))


class Speaker:
    """The default speaker, stereo. `play` takes blocks of (n, 2) int16 and returns at once."""

    def __init__(self) -> None:
        self.name = ""
        self._ring: deque[bytes] = deque(maxlen=RING_BLOCKS)
        self._rest = b""
        self._primed = False
        self._stream: Any = None
        self._dropped = 0
        self._gaps = 0

    @property
    def glitches(self) -> Glitches:
        """What was lost so far."""
        return Glitches(self._dropped, self._gaps)

    def open(self) -> None:
        """Begin to sound; silence until the first blocks come.

        Raises:
            SoundLibraryMissingError, SoundDeviceMissingError, SoundDeviceFailedError: As their names say.
        """
        self._stream, self.name = _open("output", 2, self._wanted)

    def play(self, block: Block) -> None:
        """Add a block of (n, 2) int16 at 48 kHz to what is to be played."""
        self._dropped += len(self._ring) == RING_BLOCKS
        self._ring.append(np.ascontiguousarray(block, np.int16).tobytes())

    def close(self) -> None:
        """Stop sounding."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _wanted(self, out: Any, _frames: int, _timing: Any, status: Any) -> None:
        self._gaps += bool(status.output_underflow)
        out[:] = self._pull(len(out))

    def _pull(self, size: int) -> bytes:
        """Return exactly `size` bytes: what waits, then silence."""
        if not self._primed:
            if len(self._ring) < PRIMING_BLOCKS:
                return bytes(size)
            self._primed = True
        while len(self._rest) < size and self._ring:
            self._rest += self._ring.popleft()
        taken, self._rest = self._rest[:size], self._rest[size:]
        if len(taken) < size:
            self._primed = False
            self._gaps += 1
        return taken + bytes(size - len(taken))
