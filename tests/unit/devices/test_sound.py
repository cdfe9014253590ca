"""PortAudio for real, against ALSA devices made of named pipes: the test is what sounds and what hears.

The process under test is another one, since PortAudio reads ALSA's configuration once. A pipe sets the pace,
as hardware would.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from devices.sound import BLOCK, PRIMING_BLOCKS, RING_BLOCKS, Glitches, Speaker

ALSA = """
pcm.!default {{ type file; slave.pcm "null"; {files}; format raw }}
pcm.null {{ type null }}
ctl.!default {{ type null }}
"""

LISTEN = """
import json, numpy as np, time
from devices.sound import Microphone, list_sound_devices
microphone = Microphone()
microphone.open()
heard = []
while len(heard) < 8:
    block = microphone.read()
    if block is None:
        time.sleep(0.01)
        continue
    assert block.value.shape == (960,) and block.value.dtype == np.int16
    assert abs(time.monotonic() - block.time) < 5
    heard.append(block.value)
answer = {"heard": np.concatenate(heard).tolist(), "devices": list_sound_devices().microphones}
print(json.dumps(answer), flush=True)
microphone.close()
"""

SOUND = """
import numpy as np, sys
from devices.sound import Speaker
speaker = Speaker()
left = np.arange(960 * 8, dtype=np.int16)
for block in np.stack([left, -left], axis=1).reshape(8, 960, 2):
    speaker.play(block)
speaker.open()
sys.stdin.read()
speaker.close()
"""


def environment_of(folder: Path, files: str) -> dict[str, str]:
    """The environment in which ALSA's default device is made of these files."""
    configuration = folder / "asound.conf"
    configuration.write_text(ALSA.format(files=files), encoding="utf-8")
    return {**os.environ, "ALSA_CONFIG_PATH": str(configuration)}


def test_the_microphone_gives_what_it_hears_in_order(tmp_path: Path) -> None:
    into = tmp_path / "into"
    os.mkfifo(into)
    environment = environment_of(tmp_path, f'file "/dev/null"; infile "{into}"')
    tone = np.arange(-BLOCK * 4, BLOCK * 4, dtype="<i2")
    with (
        os.fdopen(os.open(into, os.O_RDWR), "wb", buffering=0) as pipe,
        subprocess.Popen([sys.executable, "-c", LISTEN], env=environment, stdout=subprocess.PIPE) as listener,
    ):
        assert pipe.write(tone.tobytes()) == tone.nbytes  # all that a ring holds; a pipe holds more
        assert listener.stdout is not None
        answer = json.loads(listener.stdout.readline())
        os.set_blocking(pipe.fileno(), False)
        while listener.poll() is None:
            pipe.write(bytes(1920))  # its last read waits for this
    assert answer["devices"] == ["default"]
    assert answer["heard"] == tone.tolist()


def test_the_speaker_plays_left_and_right_whole_and_in_order(tmp_path: Path) -> None:
    out = tmp_path / "out"
    os.mkfifo(out)
    environment = environment_of(tmp_path, f'file "{out}"')
    sounded = b""
    with (
        os.fdopen(os.open(out, os.O_RDWR), "rb", buffering=0) as pipe,
        subprocess.Popen([sys.executable, "-c", SOUND], env=environment, stdin=subprocess.PIPE) as player,
    ):
        while np.count_nonzero(np.frombuffer(sounded, "<i2")) < 2 * (BLOCK * 8 - 1):
            sounded += pipe.read(BLOCK * 4)
        assert player.stdin is not None
        player.stdin.close()
        os.set_blocking(pipe.fileno(), False)
        while player.poll() is None:
            pipe.read(BLOCK * 4)  # its last write waits for this
        assert player.returncode == 0
    left, right = np.frombuffer(sounded, "<i2").reshape(-1, 2).astype(int).T
    start = int(np.flatnonzero(left == 1)[0]) - 1
    assert left[start : start + BLOCK * 8].tolist() == list(range(BLOCK * 8))
    assert np.array_equal(right, -left)


def test_without_a_sound_device_the_error_says_what_to_do(tmp_path: Path) -> None:
    silent = tmp_path / "asound.conf"
    silent.write_text("pcm.!default { type hw; card 99 }\n", encoding="utf-8")
    program = (
        "from devices.sound import Microphone, Speaker, list_sound_devices\n"
        "from devices.errors import SoundDeviceMissingError\n"
        "print(list_sound_devices())\n"
        "for device in (Microphone(), Speaker()):\n"
        "    try: device.open()\n"
        "    except SoundDeviceMissingError as error: print(error.ko, error.en)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "ALSA_CONFIG_PATH": str(silent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "SoundDevices(microphones=(), speakers=())",
        (
            "마이크를 찾을 수 없습니다. 장치를 연결하거나 소리 없이 계속하세요. No microphone was found. "
            "Connect one, or go on without sound."
        ),
        (
            "스피커를 찾을 수 없습니다. 장치를 연결하거나 소리 없이 계속하세요. No speaker was found. "
            "Connect one, or go on without sound."
        ),
    ]


def test_without_portaudio_the_error_names_the_package() -> None:
    program = (
        "import ctypes.util; ctypes.util.find_library = lambda name: None\n"
        "from devices.sound import Microphone\n"
        "from devices.errors import SoundLibraryMissingError\n"
        "try: Microphone().open()\n"
        "except SoundLibraryMissingError as error: print(error.en)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "apt install libportaudio2" in done.stdout


def block(value: int, frames: int = BLOCK) -> np.ndarray:
    return np.full((frames, 2), value, np.int16)


def pull(speaker: Speaker, frames: int = BLOCK) -> list[int]:
    """What PortAudio's thread would take: the left channel."""
    out = np.empty((frames, 2), np.int16)
    speaker._wanted(memoryview(out.data).cast("B"), frames, None, NoTrouble)
    return [int(value) for value in out[:, 0]]


class NoTrouble:
    output_underflow = False


def test_the_speaker_waits_for_two_blocks_before_it_begins() -> None:
    speaker = Speaker()
    for value in range(1, PRIMING_BLOCKS):
        speaker.play(block(value))
        assert set(pull(speaker)) == {0}
    speaker.play(block(PRIMING_BLOCKS))
    assert [pull(speaker)[0] for _ in range(PRIMING_BLOCKS)] == list(range(1, PRIMING_BLOCKS + 1))
    assert speaker.glitches == Glitches(dropped=0, gaps=0)


def test_a_speaker_that_runs_dry_counts_one_gap_and_fills_with_silence() -> None:
    speaker = Speaker()
    speaker.play(block(7))
    speaker.play(block(7, frames=BLOCK // 2))
    assert pull(speaker) == [7] * BLOCK
    assert pull(speaker) == [7] * (BLOCK // 2) + [0] * (BLOCK // 2)
    assert set(pull(speaker)) == {0}
    assert speaker.glitches == Glitches(dropped=0, gaps=1)


def test_a_speaker_that_nobody_drains_loses_the_oldest_and_stays_bounded() -> None:
    speaker = Speaker()
    for value in range(RING_BLOCKS + 5):
        speaker.play(block(value))
    assert speaker.glitches == Glitches(dropped=5, gaps=0)
    assert pull(speaker)[0] == 5
