"""Speech for simulated citizens: espeak-ng where it is installed, else a short sample that it made.

The sample (``data/speech_ko.ogg``) was synthesised by espeak-ng 1.51 with its Korean voice; what the program
speaks is not covered by the program's licence.
"""

import shutil
import subprocess
import wave
from importlib import resources
from io import BytesIO
from math import gcd
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from streaming.audio import RATE
from streaming.errors import AudioDataError

Samples = NDArray[np.floating[Any]]

#: What simulated citizens say.
SENTENCES = (
    "안녕하세요. 메타 광주에 오신 것을 환영합니다. 광장을 함께 걸어 볼까요?",
    "저기 분수대 옆에서 만나요. 조금 있다가 문화전당에도 가 봅시다.",
    "오늘은 날씨가 참 좋네요. 무등산이 아주 가까이 보여요.",
    "이 근처에 지하철역이 있나요? 저는 처음 와 봤어요.",
)
_PEAK = 0.5
_SPEAK_SECONDS = 20.0


def spoken(number: int) -> Samples:
    """Return (n,) float32 samples of somebody speaking Korean at 48 kHz; `number` chooses text and pitch.

    Raises:
        AudioDataError: Neither espeak-ng nor the shipped sample gave any sound.
    """
    program = shutil.which("espeak-ng")
    samples = None if program is None else _synthesised(program, number)
    return _sample() if samples is None else samples


def _synthesised(program: str, number: int) -> Samples | None:
    text, pitch = SENTENCES[number % len(SENTENCES)], 35 + 11 * (number % 5)
    command = [program, "-v", "ko", "-s", "150", "-p", str(pitch), "--stdout", text]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SPEAK_SECONDS, check=True)  # noqa: S603 - a fixed command
        # espeak-ng cannot seek on standard output, so the header's length is made up; the data is read whole.
        with wave.open(BytesIO(done.stdout)) as sound:
            rate = sound.getframerate()
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError):
        return None
    samples = np.frombuffer(done.stdout[44 : len(done.stdout) // 2 * 2], np.int16).astype(np.float32)
    if not samples.any():
        return None
    common = gcd(RATE, rate)
    return _even(resample_poly(samples, RATE // common, rate // common))


def _sample() -> Samples:
    try:
        source = resources.files("streaming.audio") / "data" / "speech_ko.ogg"
        with resources.as_file(source) as path, av.open(str(path)) as container:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            frames = [whole for part in container.decode(audio=0) for whole in resampler.resample(part)]
    except (OSError, av.FFmpegError) as error:
        raise AudioDataError(f"The shipped speech cannot be read: {error}") from error
    return _even(np.concatenate([frame.to_ndarray()[0] for frame in frames]))


def _even(samples: Samples) -> Samples:
    return np.asarray(samples * (_PEAK / max(float(np.abs(samples).max()), 1e-9)), np.float32)
