"""Sound for fake microphones: a tone that swells like syllables, so that noise suppression keeps it."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000


def syllables(hertz: float, seconds: float, level_db: float = -15.0) -> NDArray[np.float32]:
    """Return a tone that rises and falls four times a second.

    Args:
        hertz: Frequency of the tone.
        seconds: Length; a whole number of quarter seconds loops without a click.
        level_db: RMS over the whole, dBFS.

    Returns:
        (n,) float32 at 48 kHz, −1 … 1.
    """
    time = np.arange(round(seconds * RATE)) / RATE
    swell = 0.5 - 0.5 * np.cos(2.0 * np.pi * 4.0 * time)
    sound = swell * np.sin(2.0 * np.pi * hertz * time)
    scale = 10 ** (level_db / 20) / np.sqrt(np.mean(sound**2))
    return np.asarray(sound * scale, np.float32)


def write_wave(path: Path, sound: NDArray[np.float32]) -> Path:
    """Write (n,) float32 at 48 kHz as 16 bit mono WAV, as Chromium's fake microphone reads it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1.0, 1.0) * 32767).astype("<i2").tobytes())
    return path
