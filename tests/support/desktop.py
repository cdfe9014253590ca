"""A screen and a sound card that exist only in memory, for programs that do not run without them.

Firefox draws WebGL only on an X display, and its audio clock stands still without a sound card: it gets Xvfb
and a PulseAudio with a null sink (Debian packages `xvfb` and `pulseaudio`).
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.deadline import eventually


@contextmanager
def _running(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def _screen(width: int, height: int) -> Iterator[str]:
    """Start an X server on a free display and give its name."""
    reading, writing = os.pipe()
    geometry = f"{width}x{height}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", geometry, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with _running(server), os.fdopen(reading, encoding="ascii") as announced:
        yield f":{announced.readline().strip()}"


@contextmanager
def _sound_card(folder: Path) -> Iterator[str]:
    """Start a sound server whose only output is a null sink and give its address."""
    address = folder / "pulse.socket"
    server = subprocess.Popen(
        [
            *(
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--disable-shm=yes",
                "--use-pid-file=no",
            ),
            "--load=module-null-sink",
            f"--load=module-native-protocol-unix auth-anonymous=1 socket={address}",
        ],
        env={**os.environ, "PULSE_RUNTIME_PATH": str(folder), "HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with _running(server):
        eventually(address.exists, 10, "pulseaudio opened no socket")
        yield f"unix:{address}"


@contextmanager
def desktop(folder: Path, width: int = 1280, height: int = 800) -> Iterator[dict[str, str]]:
    """Start both and give the environment of a program that uses them."""
    with _screen(width, height) as display, _sound_card(folder) as sound:
        yield {**os.environ, "DISPLAY": display, "PULSE_SERVER": sound, "LIBGL_ALWAYS_SOFTWARE": "1"}
